"""What the pages and commands read: runs with their counts, cells with their figures, one trial.

Figures of a run come from one query over its scores, however many trials it has.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, FilteredRelation, Q, QuerySet

from accounts.models import Project
from evaluations.instruments.kinds import KINDS, kind_of
from evaluations.instruments.svo import orientation
from evaluations.models import Cell, Metric, Run, Score, Trial, ValueOrientation
from evaluations.scoring.metrics import in_force, in_force_by_run


def runs(project: Project) -> QuerySet[Run]:
    """The runs of a project, newest first, each with its numbers of trials."""
    found = Run.objects.filter(project=project)
    return (
        found.select_related("instrument")
        .annotate(
            trial_count=Count("trials", distinct=True),
            complete_count=Count(
                "trials", filter=Q(trials__state=Trial.State.COMPLETE), distinct=True
            ),
            failed_count=Count("trials", filter=Q(trials__state=Trial.State.FAILED), distinct=True),
            scorable_count=Count("trials", filter=_scored(found), distinct=True),
            simulated_count=Count("trials", filter=Q(trials__is_simulated=True), distinct=True),
        )
        .order_by("-id")
    )


def _scored(runs: QuerySet[Run]) -> Q:
    """The trials of *runs* that were scored, each run by its version in force."""
    by_metric: dict[int, list[int]] = defaultdict(list)
    for key, kind in KINDS.items():
        of_kind = runs.filter(instrument__kind=key)
        for run, metric in in_force_by_run(kind.scorers[0].name, of_kind).items():
            by_metric[metric.pk].append(run)
    of_runs = Q(pk__in=[])
    for metric_id, keys in by_metric.items():
        of_runs |= Q(pk__in=keys, trials__scores__metric=metric_id)
    return Q(trials__scores__outcome=Score.Outcome.SCORED) & of_runs


def metric_in_force(run: Run) -> Metric | None:
    """The own metric of the run's kind in the version that counts in *run*; None where it is not
    scored."""
    return in_force(own_scorer(run), Trial.objects.filter(run=run))


def own_scorer(run: Run) -> str:
    """The name of the metric that comes with the kind of a run's instrument."""
    return kind_of(run.instrument.kind).scorers[0].name


@dataclass(frozen=True)
class ScoreRow:
    """What a run's figures need of one trial's score; `outcome` is '' for an unscored trial."""

    trial_id: int
    cell_id: int
    trial_number: int
    state: str
    is_simulated: bool
    outcome: str
    reason: str
    label: str
    number: float | None
    hit: bool | None
    fit: float | None
    fit_corrected: float | None
    distance: float | None
    flags: Sequence[str]
    letters: str


def score_rows(run: Run) -> list[ScoreRow]:
    """Every trial of a run with its score in the version in force, in order; few queries."""
    metric = metric_in_force(run)
    # No metric has the key 0: a run that was never scored shows its trials without scores.
    counts = Q(scores__metric=metric.pk if metric else 0)
    present = FilteredRelation("scores", condition=counts)
    rows = (
        Trial.objects.filter(run=run)
        .annotate(present=present)
        .order_by("pk")
        .values_list(
            *_TRIAL_FIELDS,
            *(f"present__{name}" for name in _SCORE_FIELDS),
            "present__detail__letters",
        )
    )
    return [_score_row(row) for row in rows]


def _score_row(row: Sequence[Any]) -> ScoreRow:
    own = len(_TRIAL_FIELDS)
    values = dict(zip((*_SCORE_FIELDS, "letters"), row[own:], strict=True))
    for name, nothing in _NOTHING.items():
        values[name] = values[name] or nothing
    return ScoreRow(*row[:own], **values)


_TRIAL_FIELDS = ("pk", "cell_id", "number", "state", "is_simulated")
_NOTHING = {"outcome": "", "reason": "", "label": "", "letters": "", "flags": ()}
_SCORE_FIELDS = (
    "outcome",
    "reason",
    "label",
    "number",
    "hit",
    "fit",
    "fit_corrected",
    "distance",
    "flags",
)


@dataclass
class CellFigures:
    """One cell in figures. What cannot be computed is None; `undefined` says why in words."""

    cell: Cell
    trials: int = 0
    complete: int = 0
    failed: int = 0
    scorable: int = 0
    mean_angle: float | None = None
    sd_angle: float | None = None
    orientation_of_mean: str = ""
    orientations: Counter[str] = field(default_factory=Counter)
    hit_rate: float | None = None
    distance: float | None = None
    value_rationality: float | None = None
    value_rationality_corrected: float | None = None

    @property
    def undefined(self) -> str:
        if self.scorable:
            return ""
        return "no trial is complete yet" if not self.complete else "no trial is scorable"

    @property
    def scorable_percent(self) -> int | None:
        return round(100 * self.scorable / self.complete) if self.complete else None

    @property
    def hit_rate_percent(self) -> int | None:
        return None if self.hit_rate is None else round(100 * self.hit_rate)

    @property
    def orientation_counts(self) -> list[tuple[str, int]]:
        """The orientations that occur, in the order of the product's words."""
        return [
            (value, self.orientations[value])
            for value in ValueOrientation.values
            if self.orientations[value]
        ]


def cell_figures(cells: Iterable[Cell], rows: Sequence[ScoreRow]) -> list[CellFigures]:
    """The figures of each cell over its scorable trials."""
    by_cell: dict[int, list[ScoreRow]] = {}
    for row in rows:
        by_cell.setdefault(row.cell_id, []).append(row)
    return [_figures(cell, by_cell.get(cell.pk, [])) for cell in cells]


def _figures(cell: Cell, rows: Sequence[ScoreRow]) -> CellFigures:
    scored = [row for row in rows if row.number is not None]
    angles = [row.number for row in scored if row.number is not None]
    figures = CellFigures(
        cell=cell,
        trials=len(rows),
        complete=sum(row.state == Trial.State.COMPLETE for row in rows),
        failed=sum(row.state == Trial.State.FAILED for row in rows),
        scorable=len(scored),
        orientations=Counter(row.label for row in scored),
    )
    if angles:
        figures.mean_angle = statistics.fmean(angles)
        figures.orientation_of_mean = orientation(figures.mean_angle).value
        figures.sd_angle = statistics.stdev(angles) if len(angles) > 1 else None
        figures.distance = _mean(row.distance for row in scored)
        figures.hit_rate = _mean(row.hit for row in scored)
        figures.value_rationality = _mean(row.fit for row in scored)
        figures.value_rationality_corrected = _mean(row.fit_corrected for row in scored)
    return figures


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known else None


@dataclass(frozen=True)
class StraightLine:
    """Trials that answered one letter throughout, and the angle this alone gives them."""

    trials: int
    of: int
    letter: str
    angle: float
    orientation: str
    constrained: bool

    @property
    def sentence(self) -> str:
        kind = "constrained trials" if self.constrained else "trials"
        sit = "sits" if self.trials == 1 else "sit"
        answers = "it answers" if self.trials == 1 else "they answer"
        return (
            f"{self.trials} of {self.of} scorable {kind} {sit} at exactly {self.angle:.1f}°, "
            f"{self.orientation}, because {answers} {self.letter} throughout."
        )


def straight_lines(cells: Iterable[Cell], rows: Sequence[ScoreRow]) -> list[StraightLine]:
    """Groups of two or more trials that answered the same letter throughout and got one angle."""
    constrained = {cell.pk: cell.condition["answer_format"] == "constrained" for cell in cells}
    scored = [row for row in rows if row.number is not None]
    totals = Counter(constrained[row.cell_id] for row in scored)
    groups = Counter(
        (constrained[row.cell_id], row.letters[0], row.number, row.label)
        for row in scored
        if "straight_lining" in row.flags
    )
    return [
        StraightLine(number, totals[kind], letter, angle, word, kind)
        for (kind, letter, angle, word), number in groups.most_common()
        if number > 1 and angle is not None
    ]


@dataclass(frozen=True)
class LetterShare:
    """How often the most chosen letter was chosen over all items of all trials."""

    letter: str
    chosen: int
    answers: int
    letters: int

    @property
    def share(self) -> float:
        return self.chosen / self.answers

    @property
    def is_lopsided(self) -> bool:
        """Whether it was chosen more often than all others together.

        Less is no sign: as printed, what three of the four ideal types choose stands at A or I.
        """
        return self.answers >= self.letters and self.share > 0.5


def letter_share(rows: Sequence[ScoreRow], letters: int) -> LetterShare | None:
    """The most chosen of a number of *letters*; None when nothing was chosen."""
    counts = Counter("".join(row.letters for row in rows).replace("?", ""))
    if not counts:
        return None
    letter, chosen = counts.most_common(1)[0]
    return LetterShare(letter, chosen, counts.total(), letters)


def scorable(run: Run) -> int:
    """How many trials of a run the present scorer could score."""
    scored = Score.objects.filter(trial__run=run, outcome=Score.Outcome.SCORED)
    return scored.filter(metric=metric_in_force(run)).count()


def scorable_sentence(run: Run) -> str:
    """'23 of 40 trials are scorable.' for the console."""
    trials = run.trials.filter(state=Trial.State.COMPLETE).count()
    return f"{scorable(run)} of {trials} trials are scorable."
