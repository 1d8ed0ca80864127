"""The angle the raters put a response at: the one they gave, or the one their labels stand for.

A number is an angle only where an angle was asked for. Raters who choose an orientation give none.
To speak of degrees all the same, each orientation stands for its ideal angle on the slider measure,
the middle where the ideal is a range. A coded angle has four values only, so its differences from
a metric's angle hold the coding as well.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from analysis.data.frozen import FloatArray, Frozen
from analysis.sections.computing import Computing
from analysis.sections.human_number import HumanNumber, coded, given
from analysis.svo.unit import ANGLE
from analysis.words.wording import listed
from evaluations.instruments.svo.measure.cutoffs import Orientation
from evaluations.instruments.svo.scoring.enumeration import reachable_angles
from evaluations.instruments.svo.scoring.rationality import ideal_set


@cache
def ideal_angles() -> dict[str, float]:
    """The angle that stands for each orientation: its ideal, the middle of an ideal range."""
    return {str(target): sum(ideal_set(target)) / 2 for target in Orientation}


def human_angle(computing: Computing) -> HumanNumber | None:
    """The raters' angle of each item, in degrees; None where their answers stand for none."""
    data = computing.data
    return None if data.is_interval and not data.is_angle else computing.number


def number_of(data: Frozen) -> HumanNumber | None:
    """The raters' number of each item, an angle where they were asked for one or chose among
    orientations; None where their answers are no numbers."""
    if data.is_angle:
        return given(data, "angles, in degrees,", reachable_angles())
    if data.is_interval:
        return given(data, "numbers", None)
    known = ideal_angles()
    used = [name for name in data.categories if name in known]
    if len(used) < 2:
        return None
    codes = listed([f"{name} {ANGLE.text(known[name])}" for name in used])
    note = (
        f"raters choose an orientation, which stands for its ideal angle here ({codes}); the mean "
        "over the raters of an item who chose one. Differences in degrees hold this coding as well"
    )
    return coded(data, known, note, reachable_angles())


def coded_labels(labels: list[str]) -> FloatArray:
    """The ideal angle of each label, NaN for a label that is no orientation."""
    known = ideal_angles()
    return np.array([known.get(label, np.nan) for label in labels], dtype=np.float64)
