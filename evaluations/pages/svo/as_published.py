"""A run as the published analysis would tell it, beside ours, so that the gap is seen.

Zhang et al. (arXiv 2305.17147) had a second model name a letter for every answer, averaged the
angles of ten trials, and called a model rational where the orientation of that mean is the target.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.models import Metric, Run, Trial
from evaluations.pages.cells import cell_figures
from evaluations.pages.queries import ScoreRow, score_rows
from evaluations.pages.svo.cells import SliderFigures

TRIALS = 10
"""Trials of a condition whose angles the published analysis averages."""


@dataclass(frozen=True)
class PublishedCell:
    """A cell twice: as ours and as published. `holds`: whether the orientation of the mean angle is
    the target; None without a target or an angle. `gap`: the published mean minus ours, degrees."""

    ours: SliderFigures
    published: SliderFigures

    @property
    def holds(self) -> bool | None:
        if not self.ours.cell.target or self.published.mean is None:
            return None
        return self.published.orientation_of_mean == self.ours.cell.target

    @property
    def gap(self) -> float | None:
        if self.ours.mean is None or self.published.mean is None:
            return None
        return self.published.mean - self.ours.mean


@dataclass(frozen=True)
class AsPublished:
    """The comparison of a run. `filled`: trials that have no score by our reading and one as
    published, of `trials` that are compared."""

    metric: Metric
    cells: Sequence[PublishedCell]
    filled: int
    trials: int

    @property
    def held(self) -> list[PublishedCell]:
        return [cell for cell in self.cells if cell.holds]

    @property
    def with_target(self) -> list[PublishedCell]:
        return [cell for cell in self.cells if cell.holds is not None]


def as_published(
    run: Run, cells: Sequence[SliderFigures], rows: Sequence[ScoreRow]
) -> AsPublished | None:
    """The comparison with the last metric that read *run* as published; None where none did.
    *cells* and *rows* are ours; of each cell the first `TRIALS` complete trials are published."""
    metric = (
        Metric.objects.filter(kind=Metric.Kind.PUBLISHED, scores__trial__run=run)
        .order_by("-id")
        .first()
    )
    if metric is None:
        return None
    first = _first(score_rows(run, metric))
    figures = cell_figures([row.cell for row in cells], first, SliderFigures)
    scored = {row.trial_id for row in rows if row.number is not None}
    named = [row.trial_id for row in first if row.number is not None]
    return AsPublished(
        metric,
        [PublishedCell(*pair) for pair in zip(cells, figures, strict=True)],
        filled=sum(trial not in scored for trial in named),
        trials=len(named),
    )


def _first(rows: Sequence[ScoreRow]) -> list[ScoreRow]:
    """Of each cell the first complete trials, by their numbers."""
    taken: dict[int, int] = {}
    found = []
    for row in sorted(rows, key=lambda row: (row.cell_id, row.trial_number)):
        if row.state == Trial.State.COMPLETE and taken.get(row.cell_id, 0) < TRIALS:
            taken[row.cell_id] = taken.get(row.cell_id, 0) + 1
            found.append(row)
    return found
