"""The three things that can be said of a value, as codes of a declared list, and what most raters
say. Pure."""

from __future__ import annotations

import numpy as np

from analysis.statistics.core.ratings import FloatArray, Ratings
from annotations.scales.consensus import majority

SIGNS = (-1, 0, 1)
NAMES = ("opposes", "not involved", "supports")
OPPOSES, SUPPORTS = 0, 2
"""Codes of the two signs that say something."""
FEW = 10
"""Cases of a sign below which its figures rest on too little."""
LEAST = 2
"""Raters of an answer without whom there is no majority."""


def coded(signs: FloatArray) -> FloatArray:
    """Codes 0, 1, 2 of the signs -1, 0, 1; NaN stays NaN."""
    return signs - SIGNS[0]


def majorities(ratings: Ratings) -> FloatArray:
    """The code that more than half of the raters of each unit gave, shape (units,).

    *ratings*: codes of one value. NaN where fewer than two raters judged or none has the majority:
    that is a result, and never 0.
    """
    patterns, which = np.unique(ratings.category_counts(len(SIGNS)), axis=0, return_inverse=True)
    settled = [_settled(pattern) for pattern in patterns.tolist()]
    return np.array(settled, dtype=np.float64)[which.ravel()]


def _settled(pattern: list[int]) -> float:
    said = [code for code, times in enumerate(pattern) for _ in range(times)]
    code = majority(said) if len(said) >= LEAST else None
    return np.nan if code is None else float(code)
