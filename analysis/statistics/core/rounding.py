"""What rounding leaves of zero, and when computed numbers are equal.

Values as they were given may be compared as they are: equal ones stay equal in any unit. What was
computed from them may not: a variance of nothing is 1e-33 in one unit and 0 in
another, and a branch on it would make a number depend on the unit it is measured in.
"""

from __future__ import annotations

import numpy as np

from analysis.statistics.core.ratings import FloatArray

RELATIVE = 1e-12
SAME = 1e-9
_EPSILONS = 64 * float(np.finfo(np.float64).eps)


def noise(*given: FloatArray) -> float:
    """How large a difference of two numbers computed from these may be by rounding alone.

    A part of the spread of the values, and what storing them took from each.
    """
    parts = [values for values in given if len(values)]
    if not parts:
        return 0.0
    low, high = min(float(x.min()) for x in parts), max(float(x.max()) for x in parts)
    return RELATIVE * (high - low) + _EPSILONS * max(abs(low), abs(high))


def is_larger(first: float, second: float) -> bool:
    """Whether a number of 0 or more is larger than another by more than rounding."""
    return first > second * (1 + SAME)


def snapped(values: FloatArray) -> FloatArray:
    """Values in which those that differ by rounding alone are equal."""
    order = np.argsort(values, kind="stable")
    apart = np.diff(values[order], prepend=-np.inf) > noise(values)
    out = np.empty_like(values)
    out[order] = values[order][np.maximum.accumulate(np.where(apart, np.arange(len(values)), 0))]
    return out
