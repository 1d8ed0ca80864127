"""What of a run can be judged, and the seeded draw of it into a study."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from annotations.kinds import KINDS, doubts
from annotations.models import Item, Study
from annotations.studies.sampling import Drawn, grouped_draw, sample_size
from evaluations.instruments.kinds import kind_of
from evaluations.models import Answer, Metric, Reading, Run, Score, Trial, Turn
from evaluations.scoring import metrics
from evaluations.scoring.scorers import own_scorer

AMBIGUOUS = "ambiguous"


def groups(instrument: str = "") -> dict[str, str]:
    """Groups of trials of a kind of *instrument* ('': of all kinds) that a sample can hold more of,
    in words. A trial that belongs to several counts to the first that has a chosen share."""
    kinds = [kind for key, kind in KINDS.items() if instrument in ("", key)]
    doubtful = {doubt.group: doubt.name for kind in kinds for doubt in kind.doubts}
    labels = {label: f"Scored {label}" for kind in kinds for label in kind.labels}
    return {AMBIGUOUS: "Trials with an ambiguous extraction"} | doubtful | labels


class NothingToDraw(Exception):
    """A draw that cannot be made; says why and what to do. ``field``: the argument of `draw` that
    is wrong, '' for the draw as a whole."""

    def __init__(self, words: str, field: str = "") -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing that can be drawn: a trial, or one answer of it."""

    trial: Trial
    answer_number: int | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """Units with their draw, and how many there were to draw from."""

    units: Sequence[Unit]
    drawn: Sequence[Drawn]

    @property
    def population(self) -> int:
        return len(self.units)


def draw(
    runs: Sequence[Run],
    unit: str,
    seed: int,
    *,
    n: int | None = None,
    share: float | None = None,
    shares: Mapping[str, float] | None = None,
    metric: tuple[str, str] | None = None,
) -> Sample:
    """Draw *n* units of the complete trials of *runs*, or a *share* of them, or all.

    Stratified over the cells (model x target value x condition); *shares* names groups (keys of
    `groups`) with the share of the sample that each shall have, by the *metric* of that name and
    version ('' for the one in force; None for the one that comes with the instrument) and the
    readings it rests on. Raises NothingToDraw.
    """
    units = _units(runs, unit)
    if not units:
        raise NothingToDraw(_WHY_NOTHING[unit])
    there_are = f"({_WHAT[unit]} in these runs: {len(units)})"
    try:
        size = sample_size(len(units), n, share)
    except ValueError as error:
        field = "share" if n is None else "n"
        raise NothingToDraw(_sentence(f"{error} {there_are}"), field) from error
    try:
        drawn = grouped_draw(
            [found.trial.cell_id for found in units],
            _groups(units, shares or {}, metric or (own_scorer(runs[0]), "")),
            dict(shares or {}),
            size,
            seed,
        )
    except ValueError as error:
        raise NothingToDraw(_sentence(f"{error} {there_are}")) from error
    return Sample(units, drawn)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


_WHAT: Mapping[str, str] = {
    Study.Unit.TRIAL: "complete trials",
    Study.Unit.ANSWER: "answers of complete trials",
    Study.Unit.GOAL: "complete trials with a goal",
}
_WHY_NOTHING: Mapping[str, str] = {
    Study.Unit.TRIAL: "These runs have no complete trial to judge yet.",
    Study.Unit.ANSWER: "These runs have no answer of a complete trial to judge yet.",
    Study.Unit.GOAL: "These runs have no complete trial in which the model wrote a goal.",
}


def items_of(study: Study, sample: Sample) -> list[Item]:
    """The items of a sample, in random order, each with its weight; not saved yet."""
    return [
        Item(
            study=study,
            position=position,
            trial=sample.units[drawn.index].trial,
            answer_number=sample.units[drawn.index].answer_number,
            stratum=stratum_of(sample.units[drawn.index].trial),
            weight=drawn.weight,
            places=study.overlap,
        )
        for position, drawn in enumerate(sample.drawn, start=1)
    ]


def stratum_of(trial: Trial) -> str:
    return f"{trial.run.name}: {trial.cell}"[:200]


def _units(runs: Sequence[Run], unit: str) -> list[Unit]:
    answers = Answer.objects.filter(trial=OuterRef("pk"))
    trials = Trial.objects.filter(Exists(answers), run__in=runs, state=Trial.State.COMPLETE)
    if unit == Study.Unit.GOAL:
        goal = Turn.objects.filter(
            trial=OuterRef("pk"), role=Turn.Role.ASSISTANT, step=Turn.Step.GOAL
        )
        trials = trials.filter(Exists(goal))
    found = trials.select_related("run__instrument", "cell__endpoint").order_by("pk")
    if unit != Study.Unit.ANSWER:
        return [Unit(trial) for trial in found]
    by_id = {trial.pk: trial for trial in found}
    numbers = Answer.objects.filter(trial__in=trials).order_by("trial_id", "item_number")
    pairs = numbers.values_list("trial_id", "item_number")
    return [Unit(by_id[trial], number) for trial, number in pairs]


def _groups(
    units: Sequence[Unit], shares: Mapping[str, float], metric: tuple[str, str]
) -> list[str]:
    """The group of each unit, '' for one in no group that has a share."""
    kind = units[0].trial.run.instrument.kind
    if unknown := set(shares) - set(groups(kind)):
        raise NothingToDraw(
            f"There is no group {min(unknown)!r} among trials of {kind_of(kind).name}: use "
            f"{', '.join(groups(kind))}."
        )
    if not shares:
        return [""] * len(units)
    drawable = Trial.objects.filter(run__in={unit.trial.run_id for unit in units})
    counts = _counting(metric, units[0].trial.run.project_id, drawable)
    scores = _scores(drawable, counts)
    reader = metrics.reader_of(counts, drawable)
    ambiguous = _ambiguous_answers(drawable, reader) if AMBIGUOUS in shares else {}
    return [_group(unit, shares, scores, ambiguous) for unit in units]


def _group(
    unit: Unit,
    shares: Mapping[str, float],
    scores: Mapping[int, tuple[str, Sequence[str]]],
    ambiguous: Mapping[int, set[int]],
) -> str:
    doubtful = ambiguous.get(unit.trial.pk, set())
    if unit.answer_number in doubtful or (unit.answer_number is None and doubtful):
        return AMBIGUOUS
    label, flags = scores.get(unit.trial.pk, ("", ()))
    uncertain = (doubt.group for flag, doubt in doubts().items() if flag in flags)
    return next((group for group in (*uncertain, label) if group in shares), "")


def _counting(named: tuple[str, str], project: int, trials: QuerySet[Trial]) -> Metric | None:
    """The metric of that name: the version it is pinned to, else the one in force."""
    name, version = named
    return metrics.pinned(name, version, project) if version else metrics.in_force(name, trials)


def _scores(trials: QuerySet[Trial], metric: Metric | None) -> dict[int, tuple[str, Sequence[str]]]:
    """Label and flags of each trial by *metric*."""
    rows = Score.objects.filter(trial__in=trials, metric=metric)
    columns = rows.values_list("trial_id", "label", "flags")
    return {trial: (label, flags) for trial, label, flags in columns}


def _ambiguous_answers(trials: QuerySet[Trial], reader: metrics.Reader) -> dict[int, set[int]]:
    """Item numbers of the answers that *reader* finds ambiguous, by trial."""
    ambiguous: dict[int, set[int]] = {}
    for trial, number in metrics.answers_read_as(Reading.Outcome.AMBIGUOUS, trials, reader):
        ambiguous.setdefault(trial, set()).add(number)
    return ambiguous
