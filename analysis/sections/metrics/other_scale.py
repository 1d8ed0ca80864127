"""Are a metric's numbers on the raters' scale at all?

A metric from 0 to 10 beside raters from -100 to 100 has no bias in their units, and its limits of
agreement mean nothing: it is compared by correlations. What scale numbers are on is declared at
import (``study.ranges``); without that it is taken from the numbers where they leave no doubt.
"""

from __future__ import annotations

import numpy as np

from analysis.data.frozen import Automated, FloatArray, Frozen
from analysis.words.wording import number

APART = 4.0
"""How many times wider one set of numbers must be, as a whole and between its 5th and 95th
percentile, before undeclared numbers are taken for another scale."""


def other_scale(data: Frozen, scorer: Automated) -> str:
    """Why the numbers of *scorer* are not on the raters' scale; empty where they are taken to be.

    Numbers of trials are in the unit of the raters' numbers.
    """
    if not data.is_interval or data.study["source"] == "trials":
        return ""
    declared = data.study.get("ranges") or {}
    raters, metric = declared.get("raters"), declared.get("metrics", {}).get(scorer.scorer)
    said, given = data.ratings.value, scorer.number[~np.isnan(scorer.number)]
    if raters and metric:
        if raters == metric:
            return ""
        return f"its scale is declared from {_span(metric)}, the raters' from {_span(raters)}"
    if not len(said) or not len(given):
        return ""
    if raters and _outside(given, raters):
        return f"its numbers run from {_ends(given)}, the raters' scale from {_span(raters)}"
    if metric and _outside(said, metric):
        scale = _span(metric)
        return f"its scale is declared from {scale}, the raters' numbers run from {_ends(said)}"
    if _far_apart(said, given):
        return (
            f"its numbers run from {_ends(given)}, the raters' from {_ends(said)}: neither scale "
            "was declared, so it is taken for another one"
        )
    return ""


def _outside(values: FloatArray, limits: list[float]) -> bool:
    return bool(values.min() < limits[0] or values.max() > limits[1])


def _far_apart(first: FloatArray, second: FloatArray) -> bool:
    """Whether one is more than APART times as wide as the other, with and without its tails."""
    for low, high in ((0.0, 1.0), (0.05, 0.95)):
        one, other = (float(np.ptp(np.quantile(x, (low, high)))) for x in (first, second))
        narrow, wide = sorted((one, other))
        if narrow <= 0 or wide <= APART * narrow:
            return False
    return True


def _ends(values: FloatArray) -> str:
    return _span([float(values.min()), float(values.max())])


def _span(limits: list[float]) -> str:
    return f"{_short(limits[0])} to {_short(limits[1])}"


def _short(value: float) -> str:
    return number(value, 0) if value == round(value) else number(value)
