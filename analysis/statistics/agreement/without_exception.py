"""Limits of alpha where units show no exception, so that resampling them shows no spread.

Raters who agree on every unit leave a bootstrap nothing to vary, and so do two who never agree.
What is known then is how rare an exception can be: with none in n units its share is at most
1 - ((1 - level)/2)^(1/n) (Clopper & Pearson 1934; the 'rule of three' of Hanley & Lippman-Hand
1983). A unit that is an exception is taken at its worst, at the largest distance between two of
the values used (or at none, where every unit disagrees alike); the expected disagreement stays as
it is estimated, so this is an approximation on the safe side.
"""

from __future__ import annotations

import numpy as np

from analysis.statistics.core.ratings import FloatArray, Ratings
from analysis.statistics.core.result import Interval


def alpha_without_exception(
    value: float, data: Ratings, points: FloatArray | None, *, clusters: int, level: float
) -> Interval | None:
    """Limits of an alpha of *value*; None where units differ in how far their raters disagree.

    ``data``: the pairable judgments. ``points``: a number for each judgment whose squared
    difference is the distance of two values; None for a nominal scale, where it is 0 or 1.
    ``clusters``: how many clusters of units were sampled; 0 where units were.
    """
    expected, largest = _expected(data, points)
    observed = _observed(data, points)
    if not expected > 0 or np.ptp(observed) > 1e-12 * largest:
        return None
    rare = 1 - ((1 - level) / 2) ** (1 / (clusters or data.n_units))
    what = f"on {clusters} clusters" if clusters else "on units"
    if observed[0] <= 1e-12 * largest:
        low, high = 1 - rare * largest / expected, value
    else:
        low, high = value, value + rare * float(observed[0]) / expected
    return Interval(
        min(low, value), max(high, value), level, f"exact binomial {what} without exception"
    )


def _observed(data: Ratings, points: FloatArray | None) -> FloatArray:
    """Mean distance over the pairs of judgments of each unit."""
    m = data.per_unit().astype(np.float64)
    if points is not None:
        s, ss = data.sums(points), data.sums(points**2)
        return np.maximum(2 * (m * ss - s**2), 0.0) / (m * (m - 1))
    cells = np.column_stack([data.unit, data.value])
    _, at, held = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    same = data.sums(held[at.ravel()].astype(np.float64) - 1)
    return 1 - same / (m * (m - 1))


def _expected(data: Ratings, points: FloatArray | None) -> tuple[float, float]:
    """Mean distance over all pairs of judgments, and the largest one."""
    if points is not None:
        return 2 * float(points.var(ddof=1)), float(np.ptp(points)) ** 2
    n = data.n_judgments
    held = np.unique(data.value, return_counts=True)[1].astype(np.float64)
    return 1 - float(held @ (held - 1)) / (n * (n - 1)), 1.0
