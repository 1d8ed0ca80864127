"""The number the raters put a response at: the one they gave, or the angle their labels stand for.

A number is an angle only where an angle was asked for. Raters who choose an orientation give none.
To speak of degrees all the same, each orientation stands for its ideal angle on the slider measure,
the middle where the ideal is a range. A coded angle has four values only, so its differences from
a metric's angle hold the coding as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from analysis.data.frozen import FloatArray, Frozen
from analysis.statistics.core.ratings import Ratings
from analysis.words.wording import degrees, listed
from evaluations.instruments.svo.cutoffs import Orientation
from evaluations.instruments.svo.enumeration import reachable_angles
from evaluations.instruments.svo.rationality import ideal_set

GIVEN, CODED = "given", "coded"


@dataclass(frozen=True, slots=True)
class HumanNumber:
    """``ratings``: one number a judgment; ``mean``: of each item, NaN for none; ``kind``: GIVEN or
    CODED; ``note``: what the number is, for readers; ``bounds``: ends of the scale, if known;
    ``is_angle``: whether it is in degrees on the ring."""

    ratings: Ratings
    mean: FloatArray
    kind: str
    note: str
    bounds: tuple[float, float] | None
    is_angle: bool


@cache
def ideal_angles() -> dict[str, float]:
    """The angle that stands for each orientation: its ideal, the middle of an ideal range."""
    return {str(target): sum(ideal_set(target)) / 2 for target in Orientation}


def human_angle(data: Frozen) -> HumanNumber | None:
    """The raters' angle of each item; None where their answers stand for none."""
    found = human_number(data)
    return found if found and found.is_angle else None


def human_number(data: Frozen) -> HumanNumber | None:
    """The raters' number of each item, on whatever scale; None where their answers are none."""
    if data.is_interval:
        what = "angles, in degrees," if data.is_angle else "numbers"
        note = f"the mean of the {what} that the raters gave"
        mean = _mean(data.ratings)
        return HumanNumber(data.ratings, mean, GIVEN, note, _bounds(data), data.is_angle)
    known = ideal_angles()
    used = [name for name in data.categories if name in known]
    if len(used) < 2:
        return None
    coded = np.array([known.get(name, np.nan) for name in data.categories])
    value = coded[data.ratings.value.astype(np.int64)]
    there = ~np.isnan(value)
    kept = data.ratings
    ratings = Ratings(
        kept.unit[there], kept.rater[there], value[there], kept.n_units, kept.n_raters
    )
    codes = listed([f"{name} {degrees(known[name])}" for name in used])
    note = (
        f"raters choose an orientation, which stands for its ideal angle here ({codes}); the mean "
        "over the raters of an item who chose one. Differences in degrees hold this coding as well"
    )
    return HumanNumber(ratings, _mean(ratings), CODED, note, reachable_angles(), True)


def coded_labels(labels: list[str]) -> FloatArray:
    """The ideal angle of each label, NaN for a label that is no orientation."""
    known = ideal_angles()
    return np.array([known.get(label, np.nan) for label in labels], dtype=np.float64)


def _mean(ratings: Ratings) -> FloatArray:
    judged = ratings.per_unit()
    sums = ratings.sums(ratings.value)
    return np.divide(sums, judged, out=np.full(ratings.n_units, np.nan), where=judged > 0)


MOST_STEPS = 20


def _bounds(data: Frozen) -> tuple[float, float] | None:
    """The reachable angles for angles; else the ends that were declared, or the values used where
    raters chose among few steps."""
    if data.is_angle:
        return reachable_angles()
    if declared := (data.study.get("ranges") or {}).get("raters"):
        low, high = declared
        return float(low), float(high)
    used = np.unique(data.ratings.value)
    return (float(used[0]), float(used[-1])) if 1 < len(used) <= MOST_STEPS else None
