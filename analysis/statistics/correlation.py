"""Pearson, Spearman and Kendall correlation of two columns.

Intervals by Fisher's z: SE 1/sqrt(n - 3) for Pearson (Fisher 1921), sqrt((1 + r^2/2)/(n - 3)) for
Spearman (Bonett & Wright 2000), sqrt(.437/(n - 4)) for Kendall's tau-b (Fieller et al. 1957).
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.bootstrap import normal_interval
from analysis.statistics.ratings import FloatArray, paired_columns
from analysis.statistics.result import Estimate, Interval, Result, Undefined

Kind = Literal["pearson", "spearman", "kendall"]


def correlation(
    first: ArrayLike, second: ArrayLike, kind: Kind = "pearson", *, level: float = 0.95
) -> Result:
    """Correlation of two columns, one row a unit (NaN = missing).

    Undefined with fewer than three pairs or when a column does not vary. Correlation is no
    agreement: a constant bias leaves it unchanged.
    """
    x, y, _ = paired_columns(first, second)
    n = {"units": len(x)}
    if len(x) < 3:
        return Undefined("fewer than three units have both values", n)
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return Undefined("one column does not vary, so nothing can vary with it", n)
    value = _value(x, y, kind)
    return Estimate.of(value, _interval(value, len(x), kind, level), n)


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
