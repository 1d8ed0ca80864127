"""The number the raters put an item at: the one they gave, or the one their labels stand for.

Where raters choose among labels they give no number. An instrument's kind may know numbers that
its labels stand for (``Kind.coded``). A coded number has as many values as there are labels, so its
differences from a metric's number hold the coding as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.data.frozen import FloatArray, Frozen
from analysis.statistics.core.ratings import Ratings

GIVEN: Literal["given"] = "given"
CODED: Literal["coded"] = "coded"
MOST_STEPS = 20
"""Different numbers up to which raters are taken to have chosen among few steps."""


@dataclass(frozen=True, slots=True)
class HumanNumber:
    """``ratings``: one number a judgment; ``mean``: of each item, NaN for none; ``kind``: GIVEN or
    CODED; ``note``: what the number is, for readers; ``bounds``: ends of the scale, if known."""

    ratings: Ratings
    mean: FloatArray
    kind: Literal["given", "coded"]
    note: str
    bounds: tuple[float, float] | None


def given(data: Frozen, called: str, bounds: tuple[float, float] | None) -> HumanNumber:
    """The numbers that raters gave; *called*: what they are, in the plural; *bounds*: the ends of
    the scale where its kind knows them."""
    note = f"the mean of the {called} that the raters gave"
    return HumanNumber(data.ratings, mean_of(data.ratings), GIVEN, note, bounds or _bounds(data))


def coded(
    data: Frozen, numbers: dict[str, float], note: str, bounds: tuple[float, float]
) -> HumanNumber:
    """The numbers that the raters' labels stand for; judgments of other labels have none."""
    by_code = np.array([numbers.get(name, np.nan) for name in data.categories])
    value = by_code[data.ratings.value.astype(np.int64)]
    there, kept = ~np.isnan(value), data.ratings
    ratings = Ratings(
        kept.unit[there], kept.rater[there], value[there], kept.n_units, kept.n_raters
    )
    return HumanNumber(ratings, mean_of(ratings), CODED, note, bounds)


def mean_of(ratings: Ratings) -> FloatArray:
    """The mean of each unit, NaN where nobody judged."""
    judged = ratings.per_unit()
    sums = ratings.sums(ratings.value)
    return np.divide(sums, judged, out=np.full(ratings.n_units, np.nan), where=judged > 0)


def _bounds(data: Frozen) -> tuple[float, float] | None:
    """The ends that were declared, or the values used where raters chose among few steps."""
    if declared := (data.study.get("ranges") or {}).get("raters"):
        low, high = declared
        return float(low), float(high)
    used = np.unique(data.ratings.value)
    return (float(used[0]), float(used[-1])) if 1 < len(used) <= MOST_STEPS else None
