"""The cells of a run in figures, over the scores of its kind's own metric."""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from evaluations.models import Cell, Score, Trial
from evaluations.pages.queries import ScoreRow


@dataclass
class CellFigures:
    """One cell in figures. What cannot be computed is None; `undefined` says why in words."""

    cell: Cell
    trials: int = 0
    complete: int = 0
    failed: int = 0
    scorable: int = 0
    mean: float | None = None
    sd: float | None = None
    labels: Counter[str] = field(default_factory=Counter)
    hit_rate: float | None = None
    distance: float | None = None
    fit: float | None = None
    fit_corrected: float | None = None

    @property
    def undefined(self) -> str:
        if self.scorable:
            return ""
        return "no trial is complete yet" if not self.complete else "no trial is scorable"

    @property
    def scorable_percent(self) -> int | None:
        return round(100 * self.scorable / self.complete) if self.complete else None

    @property
    def label_counts(self) -> list[tuple[str, int]]:
        """The labels that occur, the most frequent first."""
        return self.labels.most_common()

    @property
    def hit_rate_percent(self) -> int | None:
        return None if self.hit_rate is None else round(100 * self.hit_rate)


Made = TypeVar("Made", bound=CellFigures)


def cell_figures(cells: Iterable[Cell], rows: Sequence[ScoreRow], made: type[Made]) -> list[Made]:
    """The figures of each cell over its scorable trials."""
    by_cell: dict[int, list[ScoreRow]] = {}
    for row in rows:
        by_cell.setdefault(row.cell_id, []).append(row)
    return [_figures(cell, by_cell.get(cell.pk, []), made) for cell in cells]


def _figures(cell: Cell, rows: Sequence[ScoreRow], made: type[Made]) -> Made:
    scored = [row for row in rows if row.outcome == Score.Outcome.SCORED]
    numbers = [row.number for row in scored if row.number is not None]
    figures = made(
        cell=cell,
        trials=len(rows),
        complete=sum(row.state == Trial.State.COMPLETE for row in rows),
        failed=sum(row.state == Trial.State.FAILED for row in rows),
        scorable=len(scored),
        labels=Counter(row.label for row in scored if row.label),
    )
    if numbers:
        figures.mean = statistics.fmean(numbers)
        figures.sd = statistics.stdev(numbers) if len(numbers) > 1 else None
    if scored:
        figures.distance = _mean(row.distance for row in scored)
        figures.hit_rate = _mean(row.hit for row in scored)
        figures.fit = _mean(row.fit for row in scored)
        figures.fit_corrected = _mean(row.fit_corrected for row in scored)
    return figures


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.fmean(known) if known else None
