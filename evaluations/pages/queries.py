"""What the pages and commands read: runs with their counts, cells with their figures, one trial.

Figures of a run come from one query over its scores, however many trials it has.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, FilteredRelation, Q, QuerySet

from evaluations.instruments.kinds import KINDS
from evaluations.models import Metric, Run, Score, Trial
from evaluations.scoring.metrics import in_force, in_force_by_run
from evaluations.scoring.scorers import own_scorer


def counted(runs: QuerySet[Run]) -> QuerySet[Run]:
    """*runs*, each with its numbers of trials."""
    is_complete, is_failed = (
        Q(trials__state=state) for state in (Trial.State.COMPLETE, Trial.State.FAILED)
    )
    return runs.select_related("instrument").annotate(
        trial_count=Count("trials", distinct=True),
        complete_count=Count("trials", filter=is_complete, distinct=True),
        failed_count=Count("trials", filter=is_failed, distinct=True),
        scorable_count=Count("trials", filter=_scored(runs), distinct=True),
        simulated_count=Count("trials", filter=Q(trials__is_simulated=True), distinct=True),
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


def score_rows(run: Run, metric: Metric | None = None) -> list[ScoreRow]:
    """Every trial of a run with its score by *metric*, or by the own metric of its kind in the
    version in force, in order; few queries."""
    metric = metric or metric_in_force(run)
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


def scorable(run: Run) -> int:
    """How many trials of a run the present scorer could score."""
    scored = Score.objects.filter(trial__run=run, outcome=Score.Outcome.SCORED)
    return scored.filter(metric=metric_in_force(run)).count()


def scorable_sentence(run: Run) -> str:
    """'23 of 40 trials are scorable.' for the console."""
    trials = run.trials.filter(state=Trial.State.COMPLETE).count()
    return f"{scorable(run)} of {trials} trials are scorable."
