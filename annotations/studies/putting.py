"""A metric that was computed elsewhere: its scores of trials and of items, sent by a program.

From then on it is a metric like ours: studies can validate it, disputes go by it, reports have it.
What it said is never changed: another computation is another version.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.audit import record
from accounts.models import Project, User
from annotations.disputes.disputes import refresh_items
from annotations.files.judged_values import MAX_SCORER, MAX_VALUE, Values, values_of
from annotations.models import AutomatedLabel, Item, Study
from annotations.scales.numerals import sized
from annotations.scales.vectors import Vector
from annotations.studies.choosing_metric import AT, judged_items
from evaluations.instruments.kinds import kind_of
from evaluations.models import Metric, Run, Score, Trial
from evaluations.scoring.metrics import kept, scored
from evaluations.scoring.scorers import scorers
from evaluations.text.table_cells import within

LONGEST_VERSION = 40
BATCH = 2000


class ScoresRefused(ValueError):
    """Scores that cannot be taken; nothing was stored. ``errors``: why, by the place of the row."""

    def __init__(self, words: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.errors = errors or {}


@dataclass(frozen=True, slots=True)
class Given:
    """What a metric said of a trial (its id) or an item (its position): a label, a number, a number
    for each dimension, or none of them with the reason why."""

    of: int
    label: str = ""
    number: float | None = None
    vector: Mapping[str, float] | None = None
    reason: str = ""

    @property
    def is_scored(self) -> bool:
        return bool(self.label) or self.number is not None or self.vector is not None


@dataclass(frozen=True, slots=True)
class Put:
    """How many scores were stored, and how many were there already, the same."""

    metric: str
    stored: int
    known: int


def put_scores(
    project: Project, actor: User | None, name: str, version: str, rows: Sequence[Given]
) -> Put:
    """Store what the metric *name* in *version* said of complete trials of *project*.

    A label is one of those that the kind of the trial's instrument has. Raises ScoresRefused for
    all of *rows* where one cannot be taken. Call it outside of any transaction: the disputes of
    studies follow after it, while people judge.
    """
    _check_metric(name, version)
    with transaction.atomic():
        trials = _trials(project, rows)
        _refuse(_once(rows) | _of_trials(rows, trials))
        metric = _metric_of(project, name, version)
        new, wrong = _new(rows, _said_of(metric, rows))
        _refuse(wrong)
        made = [_score(trials[row.of], metric, row) for row in new]
        Score.objects.bulk_create(made, batch_size=BATCH)
        if made:
            record(
                project, actor, "scores put", metric, scores=len(made), known=len(rows) - len(made)
            )
    runs = Run.objects.filter(pk__in={trial.run_id for trial in trials.values()})
    scored.send(Run, runs=runs)
    return Put(str(metric), len(made), len(rows) - len(made))


def put_labels(
    study: Study, actor: User | None, name: str, version: str, rows: Sequence[Given]
) -> Put:
    """Store what a metric said of items of *study*, by their positions.

    Where an item is a whole trial, it is the score of that trial. Elsewhere it is an automated
    label on the study's own scale, by the rule that imported ones follow, under 'NAME VERSION'.
    Raises ScoresRefused; call it outside of any transaction.
    """
    _check_metric(name, version)
    items = study.items.filter(kind=Item.Kind.REGULAR, position__in=[row.of for row in rows])
    found = {item.position: item for item in items.only("position", "trial_id")}
    unknown = {
        f"scores.{at}": f"the study has no item {row.of} that is judged."
        for at, row in enumerate(rows)
        if row.of not in found
    }
    _refuse(_once(rows) | unknown)
    if study.unit == Study.Unit.TRIAL and study.source == Study.Source.TRIALS:
        own = [
            Given(found[row.of].trial_id or 0, row.label, row.number, row.vector, row.reason)
            for row in rows
        ]
        return put_scores(study.project, actor, name, version, own)
    scorer = f"{name} {version}".strip()
    if len(scorer) > MAX_SCORER:
        raise ScoresRefused(f"Name and version have at most {MAX_SCORER} characters together.")
    with transaction.atomic():
        Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
        made, known = _labels(study, scorer, rows, found)
        AutomatedLabel.objects.bulk_create(made, batch_size=BATCH)
        if made:
            record(study.project, actor, "labels put", study, scorer=scorer, labels=len(made))
    if study.metric_name == scorer:
        refresh_items(study, judged_items(study))
    return Put(scorer, len(made), known)


# --- trials ---------------------------------------------------------------------------------------


def _check_metric(name: str, version: str) -> None:
    """Raise ScoresRefused for a name of ours, or one that NAME@VERSION could not be read from."""
    try:
        within(name, "name of the metric", MAX_SCORER)
        within(version, "version of the metric", LONGEST_VERSION)
    except ValueError as error:
        raise ScoresRefused(str(error)) from error
    if AT in name:
        raise ScoresRefused(f"The name of a metric has no {AT}: that stands before its version.")
    if name in scorers():
        raise ScoresRefused(f"{name} is a metric of this program: give yours another name.")


def _trials(project: Project, rows: Sequence[Given]) -> dict[int, Trial]:
    """The complete trials that are scored, by id; not yet changed by another transaction."""
    complete = Trial.objects.filter(run__project=project, state=Trial.State.COMPLETE)
    found: dict[int, Trial] = {}
    ids = [row.of for row in rows]
    for start in range(0, len(ids), BATCH):
        batch = complete.filter(pk__in=ids[start : start + BATCH]).only("pk", "run_id")
        found |= {trial.pk: trial for trial in batch}
    return found


def _once(rows: Sequence[Given]) -> dict[str, str]:
    seen: dict[int, int] = {}
    wrong = {}
    for at, row in enumerate(rows):
        if seen.setdefault(row.of, at) != at:
            wrong[f"scores.{at}"] = f"{row.of} is scored in row {seen[row.of]} already."
    return wrong


def _of_trials(rows: Sequence[Given], trials: Mapping[int, Trial]) -> dict[str, str]:
    kinds = _kinds({trial.run_id for trial in trials.values()})
    wrong = {}
    for at, row in enumerate(rows):
        trial = trials.get(row.of)
        if trial is None:
            wrong[f"scores.{at}"] = f"{row.of} is no complete trial of this project."
        elif why := _why_not(row, kind_of(kinds[trial.run_id]).labels):
            wrong[f"scores.{at}"] = why
    return wrong


def _kinds(runs: Iterable[int]) -> dict[int, str]:
    return dict(Run.objects.filter(pk__in=runs).values_list("pk", "instrument__kind"))


def _why_not(row: Given, labels: Sequence[str]) -> str:
    """Why a score is none; '' for one that is."""
    if not row.is_scored:
        return "" if row.reason else "has no label, number or vector: give the reason why."
    if row.label and row.label not in labels:
        known = ", ".join(labels) or "no label: give a number or a vector"
        return f"{row.label[:40]!r} is no label here. There is: {known}."
    numbers = [row.number, *(row.vector or {}).values()]
    if any(number is not None and sized(number) is None for number in numbers):
        return "a number is too large or too small to compute with."
    return "a vector needs a dimension." if row.vector == {} else ""


def _metric_of(project: Project, name: str, version: str) -> Metric:
    metric = kept(name, version, project, kind=Metric.Kind.ELSEWHERE)
    if metric.kind != Metric.Kind.ELSEWHERE:
        raise ScoresRefused(f"{metric} is {metric.get_kind_display()}: give yours another name.")
    # Whoever puts scores of the same metric at the same time waits here, and sees ours then.
    return Metric.objects.select_for_update(of=("self",)).get(pk=metric.pk)


def _said_of(metric: Metric, rows: Sequence[Given]) -> dict[int, Given]:
    """What is stored of these trials already."""
    found: dict[int, Given] = {}
    ids = [row.of for row in rows]
    for start in range(0, len(ids), BATCH):
        batch = Score.objects.filter(metric=metric, trial_id__in=ids[start : start + BATCH])
        columns = ("trial_id", "label", "number", "vector", "reason")
        found |= {row[0]: Given(*row) for row in batch.values_list(*columns)}
    return found


def _new(rows: Sequence[Given], stored: Mapping[int, Given]) -> tuple[list[Given], dict[str, str]]:
    """Those that are not stored, and what is wrong with those that are stored otherwise."""
    new, wrong = [], {}
    for at, row in enumerate(rows):
        known = stored.get(row.of)
        if known is None:
            new.append(row)
        elif known != row:
            wrong[f"scores.{at}"] = (
                f"{row.of} has another score by this version: what a metric said is never changed, "
                "send it as a new version."
            )
    return new, wrong


def _score(trial: Trial, metric: Metric, row: Given) -> Score:
    outcome = Score.Outcome.SCORED if row.is_scored else Score.Outcome.UNSCORABLE
    return Score(
        trial=trial,
        metric=metric,
        outcome=outcome,
        reason=row.reason,
        label=row.label,
        number=row.number,
        vector=dict(row.vector) if row.vector is not None else None,
    )


def _refuse(wrong: Mapping[str, str]) -> None:
    if wrong:
        first = next(iter(wrong.items()))
        words = f"{len(wrong)} cannot be taken, and nothing was stored. {first[0]}: {first[1]}"
        raise ScoresRefused(words, wrong)


# --- items ----------------------------------------------------------------------------------------


def _labels(
    study: Study, scorer: str, rows: Sequence[Given], items: Mapping[int, Item]
) -> tuple[list[AutomatedLabel], int]:
    """What is to be stored, and how much is there already."""
    values, wrong, made, known = values_of(study), {}, [], 0
    stored = AutomatedLabel.objects.filter(item__study=study, scorer=scorer)
    there = {row.item_id: (row.label, row.number, row.reason) for row in stored}
    for at, row in enumerate(rows):
        item = items[row.of]
        try:
            said = _as_label(values, row)
        except ValueError as error:
            wrong[f"scores.{at}"] = str(error)
            continue
        if item.pk not in there:
            label, number, reason = said
            made.append(
                AutomatedLabel(item=item, scorer=scorer, label=label, number=number, reason=reason)
            )
        elif there[item.pk] == said:
            known += 1
        else:
            wrong[f"scores.{at}"] = "the item has another label by this version: raise the version."
    _refuse(wrong)
    return made, known


def _as_label(values: Values, row: Given) -> tuple[str, float | None, str]:
    """Label, number and reason as an automated label has them; ValueError for what the study's
    scale does not have."""
    if not row.is_scored:
        return "", None, within(row.reason, "reason", MAX_VALUE)
    if row.vector is not None and isinstance(values.asked, Vector):
        said = values.asked.by_name(row.vector) or ""
        if not said:
            raise ValueError(f"give -1, 0 or 1 for each of {', '.join(values.categories)}")
    else:
        said = row.label or (repr(row.number) if row.number is not None else "")
    label = values.label(within(said, "value", MAX_VALUE))
    return label, values.number(label), row.reason
