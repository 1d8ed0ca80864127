"""Pearson, Spearman and Kendall correlation of two columns, and what noise leaves of one.

Intervals by Fisher's z: SE 1/sqrt(n - 3) for Pearson (Fisher 1921), sqrt((1 + r^2/2)/(n - 3)) for
Spearman (Bonett & Wright 2000), sqrt(.437/(n - 4)) for Kendall's tau-b (Fieller et al. 1957). With
four clusters or more: delete-one-cluster jackknife, t over clusters.

A mean of k raters is not what all raters would say: no metric correlates with it by more than the
square root of its reliability, the noise ceiling (Spearman 1904), whatever its scale.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.bootstrap import (
    MIN_CLUSTERS,
    WeightResampler,
    few_clusters_warning,
    jackknife_t,
    normal_interval,
)
from analysis.statistics.core.ratings import FloatArray, IntArray, paired_columns, unit_clusters
from analysis.statistics.core.result import (
    COEFFICIENT,
    SHARE,
    Estimate,
    Interval,
    Result,
    Undefined,
    kept_inside,
)
from analysis.statistics.core.rounding import RELATIVE, snapped

Kind = Literal["pearson", "spearman", "kendall"]


def correlation(
    first: ArrayLike,
    second: ArrayLike,
    kind: Kind = "pearson",
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Result:
    """Correlation of two columns, one row a unit (NaN = missing); *clusters*: one label a row.

    Undefined with fewer than three pairs or when a column does not vary. Correlation is no
    agreement: a constant bias leaves it unchanged. Values that differ by rounding alone are tied.
    """
    x, y, kept = paired_columns(first, second)
    x, y = snapped(x), snapped(y)
    codes = unit_clusters(clusters, len(kept))
    n = {"units": len(x)}
    if len(x) < 3:
        return Undefined("fewer than three units have both values", n)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return Undefined("one column does not vary, so nothing can vary with it", n)
    value = _value(x, y, kind)
    if codes is None:
        interval = _interval(value, len(x), kind, level)
        return Estimate.of(value, interval, n, within=COEFFICIENT)
    groups = np.unique(codes[kept], return_inverse=True)[1]
    if (held := int(groups.max()) + 1) < MIN_CLUSTERS:
        warnings = [few_clusters_warning(held)]
        interval = _interval(value, len(x), kind, level)
        return Estimate.of(value, interval, n, warnings, within=COEFFICIENT)
    over, se = _over_clusters(x, y, kind, groups, level)
    return Estimate.of(value, over, n, (), {"clusters": held, "se": se}, within=COEFFICIENT)


def _over_clusters(
    x: FloatArray, y: FloatArray, kind: Kind, groups: IntArray, level: float
) -> tuple[Interval | str, float | None]:
    def weighted(weights: FloatArray) -> float:
        """Of the rows that are kept; NaN where they do not vary."""
        a, b = x[weights > 0], y[weights > 0]
        varies = len(a) > 2 and np.ptp(a) > 0 and np.ptp(b) > 0
        return _value(a, b, kind) if varies else math.nan

    return jackknife_t(WeightResampler(len(x), weighted), level, groups)


def noise_ceiling(reliability: Result) -> Result:
    """The highest correlation a metric can have with the mean of the raters: sqrt(reliability).

    *reliability*: an ICC of the mean of the raters (., k). Its limits are taken through the root, a
    negative one as 0. Undefined where the reliability is, or is not above 0.
    """
    if not reliability.defined:
        return Undefined(reliability.reason, reliability.n)
    if reliability.value <= RELATIVE:
        reason = "the mean of the raters is not reliable: its ICC is 0 or less"
        return Undefined(reason, reliability.n)
    interval: Interval | str = reliability.interval_reason or ""
    if reliability.interval is not None:
        known = reliability.interval
        low, high = (math.sqrt(kept_inside(end, SHARE)) for end in (known.low, known.high))
        interval = Interval(low, high, known.level, f"root of: {known.method}")
    return Estimate.of(math.sqrt(reliability.value), interval, reliability.n, within=SHARE)


def disattenuated(observed: Result, ceiling: Result) -> Result:
    """A Pearson correlation over the noise ceiling: with what all such raters would say on average.

    Spearman 1904. The interval is that of a ratio of two independent estimates, from the limits of
    each (MOVER-R: Donner & Zou 2012; Newcombe 2016), so that it holds the uncertainty of the
    ceiling as well. Estimate and limits are kept within -1 and 1; a warning says where noise alone
    took the quotient beyond.
    """
    for part in (observed, ceiling):
        if not part.defined:
            return Undefined(part.reason, observed.n)
    assert observed.defined and ceiling.defined  # noqa: S101  (as has just been seen)
    raw = observed.value / ceiling.value
    beyond = abs(raw) > 1 + 1e-12
    warnings = ["the correlation is above the noise ceiling: at most 1 is shown"] if beyond else []
    interval = _ratio(observed, ceiling)
    value = kept_inside(raw, COEFFICIENT)
    details = {"observed": observed.value, "ceiling": ceiling.value}
    return Estimate.of(value, interval, observed.n, warnings, details, within=COEFFICIENT)


def _ratio(top: Estimate, bottom: Estimate) -> Interval | str:
    """MOVER-R limits of a quotient whose denominator is positive (Donner & Zou 2012, eq. 9)."""
    if top.interval is None or bottom.interval is None:
        return (top if top.interval is None else bottom).interval_reason or ""
    a, b = top.value, bottom.value
    l1, u1, l2, u2 = top.interval.low, top.interval.high, bottom.interval.low, bottom.interval.high
    if l2 <= RELATIVE:
        return "the reliability of the raters' mean is not shown to be above 0"
    under_low = (a * b) ** 2 - l1 * u2 * (2 * a - l1) * (2 * b - u2)
    under_high = (a * b) ** 2 - u1 * l2 * (2 * a - u1) * (2 * b - l2)
    low_bottom, high_bottom = u2 * (2 * b - u2), l2 * (2 * b - l2)
    if min(under_low, under_high) < 0 or low_bottom <= 0 or high_bottom <= 0:
        return "the limits of the raters' reliability are too far apart for a quotient"
    low = (a * b - math.sqrt(under_low)) / low_bottom
    high = (a * b + math.sqrt(under_high)) / high_bottom
    low, high = min(low, a / b), max(high, a / b)
    return Interval(low, high, top.interval.level, "MOVER-R of a quotient")


def _value(x: FloatArray, y: FloatArray, kind: Kind) -> float:
    if kind == "pearson":
        return _pearson(x, y)
    if kind == "spearman":
        return _pearson(_ranks(x), _ranks(y))
    if kind == "kendall":
        from scipy.stats import kendalltau

        return float(kendalltau(x, y).statistic)
    raise ValueError(f"kind is 'pearson', 'spearman' or 'kendall', not {kind!r}")


def _pearson(x: FloatArray, y: FloatArray) -> float:
    a, b = x - x.mean(), y - y.mean()
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    return float(np.clip(a @ b, -1.0, 1.0))


def _ranks(values: FloatArray) -> FloatArray:
    """Ranks from 1, ties sharing their mean rank."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]


def _interval(value: float, n: int, kind: Kind, level: float) -> Interval | str:
    if 1 - abs(value) < 1e-12:
        return "at a value of -1 or 1 the z-transform does not exist"
    lost = 4 if kind == "kendall" else 3
    if n <= lost:
        return f"an interval needs more than {lost} units"
    spread = {"pearson": 1.0, "spearman": 1 + value**2 / 2, "kendall": 0.437}[kind]
    turned = normal_interval(math.atanh(value), math.sqrt(spread / (n - lost)), level, "")
    return Interval(math.tanh(turned.low), math.tanh(turned.high), level, "Fisher z")
