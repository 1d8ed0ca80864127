"""Automated metrics by name and version: from a trial's answers to a score beside older ones.

A scorer never changes a row. Scoring again with the same version adds nothing; a new version of a
scorer, or of the reader it rests on, adds its own rows, and the older ones stay citable.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts import audit
from accounts.models import Project
from evaluations.definitions.catalogue import instrument_of
from evaluations.instruments.base import Kind
from evaluations.instruments.conditions import Condition
from evaluations.instruments.endings import REFUSAL, ending_of, is_cut_short, is_filtered
from evaluations.instruments.kinds import KINDS, kind_of
from evaluations.instruments.readings import FILTERED, AnswerText, Reader, Reading
from evaluations.instruments.scored import AnsweredItem, AnsweredTrial, Scorer
from evaluations.models import Answer, Metric, Run, Score, Trial
from evaluations.models import Reading as StoredReading
from evaluations.scoring.metrics import kept, scored
from evaluations.scoring.readings import as_read, store

BATCH = 200


def scorers() -> dict[str, Scorer]:
    """The scorers that come with the program, by name."""
    return {scorer.name: scorer for kind in KINDS.values() for scorer in kind.scorers}


def own_scorer(run: Run) -> str:
    """The name of the metric that comes first with the kind of a run's instrument."""
    return kind_of(run.instrument.kind).scorers[0].name


def scorers_of(runs: QuerySet[Run]) -> list[str]:
    """The names of the scorers that come with the kinds of the instruments of *runs*."""
    return [own.name for kind in kinds_of(runs) for own in kind.scorers]


def kinds_of(runs: QuerySet[Run]) -> list[Kind]:
    """The kinds of the instruments of *runs*; one query."""
    keys = set(runs.order_by().values_list("instrument__kind", flat=True))
    return [kind for key, kind in KINDS.items() if key in keys]


@dataclass(frozen=True)
class StoredTrial:
    """A complete trial in memory, on its way to a score: its row with cell and run, its answers
    with their turns, and by answer id the readings that are stored already."""

    row: Trial
    answers: Sequence[Answer]
    readings: Mapping[int, Reading] = field(default_factory=dict)


def score_trials(trial_ids: Collection[int]) -> int:
    """Read and score complete trials by the scorers of their kinds; return how many scores were
    added.

    Each batch is one transaction. Trials that have a score of a scorer's version are left alone,
    and two processes may score the same trials at once.
    """
    by_kind: dict[str, list[int]] = defaultdict(list)
    found = Trial.objects.filter(pk__in=trial_ids).order_by("pk")
    for pk, key in found.values_list("pk", "run__instrument__kind"):
        by_kind[key].append(pk)
    return sum(
        score_with(scorer, own_metric(scorer), ids)
        for key, ids in by_kind.items()
        for scorer in kind_of(key).scorers
    )


def own_metric(scorer: Scorer) -> Metric:
    """The metric of a scorer that comes with the program."""
    return kept(scorer.name, scorer.version, reader=scorer.reader)


def score_with(
    scorer: Scorer,
    metric: Metric,
    trial_ids: Collection[int],
    second: tuple[str, str] | None = None,
) -> int:
    """`score_trials` by a scorer that need not be registered, as scores of *metric*.

    *second* is the reader and version whose readings, where there are some, stand before those
    of this version's own.
    """
    ids, added = list(trial_ids), 0
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            batch = _stored(ids[start : start + BATCH], metric, second)
            added += score_stored(batch, scorer, metric)
    return added


def score_stored(trials: Sequence[StoredTrial], scorer: Scorer, metric: Metric) -> int:
    """Score trials that are in memory, as scores of *metric*; in the caller's transaction. Returns
    how many."""
    new: dict[Reader, dict[Answer, Reading]] = defaultdict(dict)
    scores = []
    for trial in trials:
        readings = dict(trial.readings)
        for answer in trial.answers:
            if answer.pk not in readings:
                reader = instrument_of(trial.row.run.instrument).kind.reader
                readings[answer.pk] = new[reader][answer] = _read(trial.row, answer, reader)
        found = scorer.score(_answered(trial, readings))
        scores.append(Score(trial=trial.row, metric=metric, **found))
    for reader, read in new.items():
        store(read, reader.name, reader.version)
    Score.objects.bulk_create(scores, ignore_conflicts=True)
    return len(scores)


def _stored(
    trial_ids: Sequence[int], metric: Metric, second: tuple[str, str] | None
) -> list[StoredTrial]:
    """Those of these trials that are complete and not scored, with what is known of them."""
    read = Q(reader=second[0], version=second[1]) if second else Q(pk__in=[])
    for kind in KINDS.values():
        read |= Q(reader=kind.reader.name, version=kind.reader.version)
    rows = StoredReading.objects.filter(read).prefetch_related("evidence")
    answers = Answer.objects.select_related("turn").prefetch_related(
        Prefetch("readings", rows, to_attr="present_readings")
    )
    trials = (
        Trial.objects.filter(pk__in=trial_ids, state=Trial.State.COMPLETE)
        .filter(~Exists(Score.objects.filter(trial=OuterRef("pk"), metric=metric)))
        .select_related("cell", "run__instrument")
        # Parsed once a process (packs); decoding the definition again for every trial costs more
        # than scoring it.
        .defer("run__instrument__definition")
        .prefetch_related(Prefetch("answers", answers))
    )
    return [
        StoredTrial(trial, list(trial.answers.all()), _stored_readings(trial)) for trial in trials
    ]


def _stored_readings(trial: Trial) -> dict[int, Reading]:
    readings = {}
    rules = {kind.reader.name for kind in KINDS.values()}
    for answer in trial.answers.all():
        rows = sorted(
            answer.present_readings,  # type: ignore[attr-defined]
            key=lambda row: row.reader in rules,
        )
        if rows:
            readings[answer.pk] = as_read(rows[0])
    return readings


def _read(trial: Trial, answer: Answer, reader: Reader) -> Reading:
    if is_filtered(answer.turn.call):
        # What is left may still name something: the model need not have ended there.
        note = "a content filter withheld the answer or cut it short"
        return Reading(StoredReading.Outcome.NONE, None, "", FILTERED, False, (), note)
    said = AnswerText(
        answer.turn.text,
        answer.item_number,
        answer.shown,
        truncated=_truncated(answer),
        refused=ending_of(answer.turn.call) == REFUSAL,
    )
    return reader.read(said, instrument_of(trial.run.instrument).measure, _condition(trial))


def _condition(trial: Trial) -> Condition:
    trial.cell.run = trial.run  # the same row, and read already
    return trial.cell.asked


def _answered(trial: StoredTrial, readings: Mapping[int, Reading]) -> AnsweredTrial:
    row = trial.row
    return AnsweredTrial(
        condition=_condition(row),
        measure=instrument_of(row.run.instrument).measure,
        score_incomplete=row.run.score_incomplete,
        answers=tuple(
            AnsweredItem(
                answer.item_number,
                answer.shown,
                readings[answer.pk],
                truncated=_truncated(answer),
            )
            for answer in sorted(trial.answers, key=lambda answer: answer.item_number)
        ),
    )


def _truncated(answer: Answer) -> bool:
    """Whether the model was cut off: at the length limit, or by an error of its server."""
    return is_cut_short(answer.turn.call)


def rescore(runs: QuerySet[Run], name: str, told: Callable[[int], None] = lambda n: None) -> int:
    """Score the complete trials of *runs* that the present version of the scorer *name* has not
    scored; return how many. *told* hears of each batch how many trials it had."""
    scorer, added = scorers()[name], 0
    trials = unscored(runs, name)
    for start in range(0, len(trials), BATCH):
        batch = trials[start : start + BATCH]
        is_first, is_last = start == 0, start + BATCH >= len(trials)
        with transaction.atomic():
            if is_first and not is_last:
                tell_of_scores(runs, scorer, "score anew: begun", len(trials))
            added += score_with(scorer, own_metric(scorer), batch)
            if is_last:
                tell_of_scores(runs, scorer, "score anew", added)
        told(len(batch))
    scored.send(Run, runs=runs)
    return added


def tell_of_scores(runs: QuerySet[Run], by: Scorer | Metric, verb: str, trials: int) -> None:
    """Write down in the caller's transaction that *runs* are scored anew: with the first scores
    that it is begun, where there are more than one transaction takes; with the last what was
    scored."""
    named = {"scorer": by.name, "version": by.version, "trials": trials}
    for project in Project.objects.filter(runs__in=runs).distinct():
        audit.record(project, None, verb, project, **named)


def unscored(runs: QuerySet[Run], name: str) -> list[int]:
    """The ids of the complete trials of *runs*, of a kind that has the scorer *name*, which its
    present version has not scored."""
    keys = [key for key, kind in KINDS.items() if name in {own.name for own in kind.scorers}]
    of_kind = runs.filter(instrument__kind__in=keys)
    return without_score(of_kind, name, scorers()[name].version)


def without_score(runs: QuerySet[Run], scorer: str, version: str) -> list[int]:
    """The ids of the complete trials of *runs* that have no score by this scorer and version."""
    return list(trials_without_score(runs, scorer, version).values_list("pk", flat=True))


def trials_without_score(runs: QuerySet[Run], scorer: str, version: str) -> QuerySet[Trial]:
    """The complete trials of *runs* that have no score by this scorer and version, in order."""
    metrics = Metric.objects.filter(name=scorer, version=version)
    scores = Score.objects.filter(trial=OuterRef("pk"), metric__in=metrics)
    complete = Trial.objects.filter(run__in=runs, state=Trial.State.COMPLETE)
    return complete.filter(~Exists(scores)).order_by("pk")
