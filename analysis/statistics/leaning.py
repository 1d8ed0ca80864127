"""Does where a rater stands colour what they see in others?

A rater's *leaning* is the mean, over the items they share with others, of their number minus the
mean number of the other raters of the item: above 0 they see more of it than the others do. The
answer is the least-squares slope of the leaning on the rater's own number, one point a rater
(projection: Krueger & Clement 1994). Leaving the rater out of the mean they are compared
with keeps their own judgment off both sides; with all cells filled it scales leanings by k/(k - 1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.bootstrap import t_interval
from analysis.statistics.core.ratings import FloatArray, IntArray, RatingsLike, as_ratings
from analysis.statistics.core.result import ANY, Estimate, Interval, Result, Undefined
from analysis.statistics.core.rounding import noise
from analysis.statistics.numbers.correlation import correlation

FEWEST, FEW = 3, 10


@dataclass(frozen=True, slots=True, eq=False)
class Leanings:
    """``slope`` (of leaning on a unit of the own number) and ``correlation`` over raters;
    ``leaning`` of each rater (NaN without a shared item) on ``items`` shared ones."""

    slope: Result
    correlation: Result
    leaning: FloatArray
    items: IntArray


def leaning_effect(
    own: ArrayLike, ratings: RatingsLike, *, level: float = 0.95, called: str = "number"
) -> Leanings:
    """*own*: one number a rater, in the order of ``ratings`` (NaN = not known); *called*: what it
    is, in reasons.

    Undefined below three raters with an own number and a shared item, or when these do not differ.
    ValueError for another number of raters.
    """
    data = as_ratings(ratings)
    mine = np.asarray(own, dtype=np.float64)
    if mine.shape != (data.n_raters,):
        raise ValueError(f"{data.n_raters} raters need as many own numbers, got {mine.shape}")
    held, sums = data.per_unit()[data.unit], data.sums(data.value)[data.unit]
    shared = held > 1
    gap = data.value[shared] - (sums[shared] - data.value[shared]) / (held[shared] - 1)
    items = np.bincount(data.rater[shared], minlength=data.n_raters)
    total = np.bincount(data.rater[shared], gap, minlength=data.n_raters)
    leaning = np.divide(total, items, out=np.full(len(items), np.nan), where=items > 0)
    leaning = np.where(np.abs(leaning) <= noise(data.value), 0.0, leaning)
    known = ~np.isnan(mine) & ~np.isnan(leaning)
    slope = _slope(mine[known], leaning[known], level, called)
    if not slope.defined:
        return Leanings(slope, slope, leaning, items)
    together = correlation(mine, leaning, level=level)
    return Leanings(slope, together, leaning, items)


def _slope(x: FloatArray, y: FloatArray, level: float, called: str) -> Result:
    n = {"raters": len(x)}
    if len(x) < FEWEST:
        known = f"no rater's own {called} is known" if not len(x) else f"only {len(x)} raters"
        return Undefined(f"{known} with an item that others judged too: it takes {FEWEST}", n)
    if np.ptp(x) == 0:
        return Undefined(f"the raters' own {called}s do not differ", n)
    centred = x - x.mean()
    squares = float(centred @ centred)
    value = float(centred @ y) / squares
    residual = y - y.mean() - value * centred
    df = len(x) - 2
    se = math.sqrt(float(residual @ residual) / df / squares)
    few = [f"only {len(x)} raters: a slope over so few is hardly known"] if len(x) < FEW else []
    interval: Interval | str = "the leanings lie on one line, so they show no spread"
    if se > 1e-12 * max(1.0, abs(value)):
        interval = t_interval(value, se, df, level, f"t on {df} degrees of freedom")
    return Estimate.of(value, interval, n, few, {"se": se}, within=ANY)
