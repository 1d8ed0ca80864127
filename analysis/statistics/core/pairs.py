"""The mean difference of pairs with its t interval, for whatever tests it."""

from __future__ import annotations

import math

from analysis.statistics.core.bootstrap import t_interval
from analysis.statistics.core.ratings import FloatArray, paired_columns
from analysis.statistics.core.result import ANY, Estimate, Range, Result, Undefined
from analysis.statistics.core.rounding import noise


def mean_difference(
    first: FloatArray, second: FloatArray, of: str, *, level: float = 0.95, within: Range = ANY
) -> tuple[Result, int | None]:
    """Mean of first minus second over the pairs that have both, with the t interval of the
    differences; ``details["se"]`` is its standard error. ``of``: what the pairs are, in the plural.
    Beside it the degrees of freedom of its test; None where there is none."""
    x, y, _ = paired_columns(first, second)
    d = x - y
    n = {of: len(d)}
    if len(d) < 2:
        return Undefined(f"fewer than two {of} have both", n), None
    value, se = float(d.mean()), float(d.std(ddof=1)) / math.sqrt(len(d))
    if se <= noise(x, y):
        reason = f"the {of} do not differ, so they show no spread"
        return Estimate.of(value, reason, n, within=within), None
    interval = t_interval(value, se, len(d) - 1, level, f"t on {len(d)} {of}")
    return Estimate.of(value, interval, n, (), {"se": se}, within=within), len(d) - 1
