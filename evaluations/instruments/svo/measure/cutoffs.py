"""The four value orientations and the angles that part them.

Cut-offs: Murphy, Ackermann & Handgraaf (2011). Classify the unrounded angle: reachable angles lie
as near as 0.0009 degrees to a cut-off and none lies on one, so rounding first can flip a class.
"""

import math
from enum import StrEnum

ALTRUISTIC_ABOVE = 57.15
"""Degrees; a larger angle is altruistic."""
PROSOCIAL_ABOVE = 22.45
"""Degrees; a larger angle, up to `ALTRUISTIC_ABOVE`, is prosocial."""
INDIVIDUALISTIC_ABOVE = -12.04
"""Degrees; a larger angle, up to `PROSOCIAL_ABOVE`, is individualistic."""
COMPETITIVE_UP_TO = INDIVIDUALISTIC_ABOVE
"""Degrees; an angle up to this one is competitive."""

CUT_OFFS = (INDIVIDUALISTIC_ABOVE, PROSOCIAL_ABOVE, ALTRUISTIC_ABOVE)
"""The three boundaries between the four orientations, ascending, in degrees."""


class Orientation(StrEnum):
    """A value orientation; also a target value, that is, what a model was asked to hold."""

    ALTRUISTIC = "altruistic"
    PROSOCIAL = "prosocial"
    INDIVIDUALISTIC = "individualistic"
    COMPETITIVE = "competitive"


def orientation(angle: float) -> Orientation:
    """Return the orientation of an unrounded angle in degrees; ValueError unless it is finite."""
    if not math.isfinite(angle):
        raise ValueError(f"the angle must be a finite number of degrees, got {angle}")
    if angle > ALTRUISTIC_ABOVE:
        return Orientation.ALTRUISTIC
    if angle > PROSOCIAL_ABOVE:
        return Orientation.PROSOCIAL
    if angle > INDIVIDUALISTIC_ABOVE:
        return Orientation.INDIVIDUALISTIC
    return Orientation.COMPETITIVE
