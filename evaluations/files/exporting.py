"""Trials as files: JSON Lines and CSV that `import_trials` reads back, and a table of scores.

All stream: a batch of trials is in memory at a time, however many there are.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import Prefetch, QuerySet

from evaluations.files.trial_files import FORMAT
from evaluations.files.trial_tables import FRAME, columns, csv_line, rows_of
from evaluations.files.usage import export_usage
from evaluations.instruments.base import Kind
from evaluations.instruments.kinds import DEFAULT_KIND, KINDS, kind_of
from evaluations.models import Metric, Run, Score, Trial, Turn
from evaluations.scoring.metrics import all_in_force
from evaluations.scoring.scorers import kinds_of
from evaluations.text.storable import values_with_marks_shown

BATCH = 200
LINES_AT_ONCE = 2000
PARQUET = "application/vnd.apache.parquet"

CELL_COLUMNS = (
    "run",
    "trial",
    "model",
    "target_value",
    "goal_prompt",
    "induction",
    "value_place",
)
TRIAL_COLUMNS = ("simulated", "seed", "model_returned")
OUTCOME_COLUMNS = ("scorer", "version", "outcome", "reason")
VERDICT_COLUMNS = ("hit", "flags", "in_force")
CONFIDENCE = "confidence"
"""Of the table of scores, around what each kind calls the parts of a score: a row for each score,
and one for a complete trial without a score. ``in_force``: whether the score's version is the one
of its metric that counts in the run."""


def export_lines(runs: QuerySet[Run]) -> Iterator[str]:
    """One line of JSON (without its line end) for each complete trial of *runs*, in order."""
    for _, line in _lines(runs):
        yield json.dumps(line, ensure_ascii=False)


def export_table(runs: QuerySet[Run]) -> Iterator[str]:
    """Lines of CSV (with their line ends): the names of the columns, then a row for each message
    of each complete trial of *runs*; with columns of frames and reasoning where there are any."""
    kinds = _kinds(runs)
    turns = Turn.objects.filter(trial__in=_complete(runs).order_by())
    reasons = turns.exclude(reasoning="").exists()
    framed = bool(_material(runs))
    yield csv_line(columns(kinds, reasons=reasons, framed=framed))
    for trial_id, line in _lines(runs):
        yield from rows_of(trial_id, line, kinds, reasons=reasons, framed=framed)


def _lines(runs: QuerySet[Run]) -> Iterator[tuple[int, dict[str, Any]]]:
    turns = Prefetch("turns", Turn.objects.order_by("position"))
    trials = _complete(runs).prefetch_related(turns, "answers")
    for trial in trials.iterator(chunk_size=BATCH):
        yield trial.pk, _line(trial, list(trial.turns.all()))


def export_scores(runs: QuerySet[Run]) -> Iterator[str]:
    """Lines of CSV (with their line ends): the names of the columns, then a row for each score."""
    kinds, material = _kinds(runs), [*_material(runs), *_confidence(runs)]
    yield csv_line(score_columns(kinds, material))
    scores = Prefetch("scores", Score.objects.select_related("metric").order_by("pk"))
    counting = {run.pk: all_in_force(Trial.objects.filter(run=run)) for run in runs}
    for trial in _complete(runs).prefetch_related(scores).iterator(chunk_size=BATCH):
        found: list[Score | None] = list(trial.scores.all())
        for score in found or [None]:
            row = _row(trial, score, counting[trial.run_id], kinds, material)
            yield csv_line(values_with_marks_shown(row))


def _kinds(runs: QuerySet[Run]) -> list[Kind]:
    """The kinds of the runs, as few columns as they need; of none the first kind there is."""
    return kinds_of(runs) or [KINDS[DEFAULT_KIND]]


def _material(runs: QuerySet[Run]) -> list[str]:
    """The column of frames, where a trial of *runs* was asked in one."""
    framed = Trial.objects.filter(run__in=runs, cell__frame__isnull=False)
    return [FRAME] if framed.exists() else []


def _confidence(runs: QuerySet[Run]) -> list[str]:
    """The column of judges that were asked several times, where one scored a trial of *runs*."""
    sure = Score.objects.filter(trial__run__in=runs, confidence__isnull=False)
    return [CONFIDENCE] if sure.exists() else []


def _material_of(trial: Trial) -> dict[str, str]:
    """What a file says of the frame of a trial; nothing where it has none."""
    scene = trial.cell.frame
    return {FRAME: f"{scene.key}@{scene.version}"} if scene else {}


def _complete(runs: QuerySet[Run]) -> QuerySet[Trial]:
    return (
        Trial.objects.filter(run__in=runs, state=Trial.State.COMPLETE)
        .select_related("cell__endpoint", "cell__frame", "run__instrument")
        .defer("run__instrument__definition", "cell__frame__definition")
        .order_by("pk")
    )


def _line(trial: Trial, turns: Sequence[Turn]) -> dict[str, Any]:
    cell, kind = trial.cell, kind_of(trial.run.instrument.kind)
    shown = {answer.item_number: answer.shown for answer in trial.answers.all()}
    return {
        "format": FORMAT,
        "model": cell.endpoint.model,
        "target_value": cell.target,
        "trial": trial.number,
        **({"prompt": trial.prompt} if trial.prompt else {}),
        "goal_prompt": "goal" if cell.with_goal else "nogoal",
        "induction": cell.induction,
        "value_place": cell.value_place,
        **_material_of(trial),
        **kind.files.written(kind.condition(cell.condition)),
        "seed": trial.seed,
        "parameters": trial.parameters,
        "model_returned": trial.model_returned,
        "system_fingerprint": trial.system_fingerprint,
        "simulated": trial.is_simulated,
        "messages": [_message(turn, shown) for turn in turns],
        "calls": [turn.call for turn in turns if turn.role == Turn.Role.ASSISTANT],
    }


def _message(turn: Turn, shown: Mapping[int, Any]) -> dict[str, Any]:
    """A message; of an item also which options it shows in which order, as only packs in the words
    of the first one could be read from the text."""
    message: dict[str, Any] = {"role": turn.role, "content": turn.text}
    if turn.reasoning:
        message["reasoning"] = turn.reasoning
    if turn.role == Turn.Role.USER:
        message["step"] = turn.step
        if turn.item_number is not None:
            message["item"] = turn.item_number
            if shown.get(turn.item_number):
                message["options"] = shown[turn.item_number]
    return message


def score_columns(kinds: Collection[Kind], material: Sequence[str] = ()) -> tuple[str, ...]:
    """All columns of a table of scores of trials of these kinds; the frame and the confidence of
    judges where *material* names them."""
    return (
        *CELL_COLUMNS,
        *(name for name in material if name != CONFIDENCE),
        *_prompts(kinds),
        *_varied(kinds),
        *TRIAL_COLUMNS,
        *OUTCOME_COLUMNS,
        *_measured(kinds),
        *_dimensions(kinds),
        *VERDICT_COLUMNS[:1],
        *(name for name in material if name == CONFIDENCE),
        *VERDICT_COLUMNS[1:],
    )


def _varied(kinds: Iterable[Kind]) -> dict[str, None]:
    """What the kinds vary from cell to cell."""
    return dict.fromkeys(field.name for kind in kinds for field in kind.fields)


def _measured(kinds: Iterable[Kind]) -> dict[str, None]:
    """What the kinds call the parts of their scores."""
    return dict.fromkeys(name for kind in kinds for name in kind.files.scores.values())


def _prompts(kinds: Iterable[Kind]) -> dict[str, None]:
    """What the kinds that ask prompts in trials of their own call the prompt."""
    return dict.fromkeys(kind.files.prompt_column for kind in kinds if kind.files.prompt_column)


def _dimensions(kinds: Iterable[Kind]) -> dict[str, None]:
    """The dimensions of the kinds' vectors."""
    return dict.fromkeys(name for kind in kinds for name in kind.files.dimensions)


def _row(
    trial: Trial,
    score: Score | None,
    counting: Mapping[str, Metric],
    kinds: Collection[Kind],
    material: Sequence[str],
) -> list[object]:
    cell, said_of = trial.cell, _material_of(trial)
    row: list[object] = [
        trial.run.name,
        trial.number,
        cell.endpoint.model,
        cell.target,
        "goal" if cell.with_goal else "nogoal",
        cell.induction,
        cell.value_place,
        *(said_of.get(name, "") for name in material if name != CONFIDENCE),
        *(trial.prompt for _ in _prompts(kinds)),
        *(_said(cell.condition.get(name, "")) for name in _varied(kinds)),
        trial.is_simulated,
        trial.seed,
        trial.model_returned,
    ]
    if score is None:
        return [*row, *[""] * (len(score_columns(kinds, material)) - len(row))]
    metric = score.metric
    said = kind_of(trial.run.instrument.kind).files.scores
    measured = {name: getattr(score, field) for field, name in said.items()}
    return [
        *row,
        metric.name,
        metric.version,
        score.outcome,
        score.reason,
        *(measured.get(name, "") for name in _measured(kinds)),
        *((score.vector or {}).get(name, "") for name in _dimensions(kinds)),
        score.hit,
        *([score.confidence] if CONFIDENCE in material else []),
        " ".join(score.flags),
        counting[metric.name] == metric,
    ]


def _said(value: Any) -> object:
    """A value of a condition as a cell of the table writes it."""
    return f"{value:g}" if isinstance(value, float) else value


EXPORTS: dict[str, Callable[[QuerySet[Run]], Iterator[str]]] = {
    "jsonl": lambda runs: (f"{line}\n" for line in export_lines(runs)),
    "csv": export_table,
    "scores": export_scores,
    "usage": export_usage,
}
"""The files that runs are written as, in pieces with their line ends."""


def in_pieces(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines joined to pieces that are worth sending; no more than one is in memory."""
    rest = iter(lines)
    while piece := "".join(islice(rest, LINES_AT_ONCE)):
        yield piece.encode()
