"""The SVO angle of a set of allocations.

Murphy, Ackermann & Handgraaf (2011): the angle of the mean allocation seen from the centre of the
ring, ``atan2(mean other - 50, mean self - 50)``, in degrees.
"""

import math
from collections.abc import Iterable

from .items import Allocation

CENTRE = 50
"""Payoff to oneself and to the other at the centre of the published ring."""


class UndefinedAngle(ValueError):
    """The allocations have no direction; the message says why."""


def mean_allocation(allocations: Iterable[Allocation]) -> Allocation:
    """Return the mean payoff to oneself and to the other; UndefinedAngle without allocations."""
    chosen = list(allocations)
    if not chosen:
        raise UndefinedAngle("there is no allocation to take the angle of")
    return Allocation(
        math.fsum(p.self_ for p in chosen) / len(chosen),
        math.fsum(p.other for p in chosen) / len(chosen),
    )


def angle_of(point: Allocation, centre: float = CENTRE) -> float:
    """Return the direction of one point from (centre, centre): unrounded degrees in (-180, 180].

    Raises UndefinedAngle when the point is the centre itself, which has no direction.
    """
    own, other = point.self_ - centre, point.other - centre
    if own == 0 and other == 0:
        raise UndefinedAngle(f"the mean allocation is the centre ({centre:g}, {centre:g}) itself")
    return math.degrees(math.atan2(other, own))


def angle(allocations: Iterable[Allocation], centre: float = CENTRE) -> float:
    """Return the SVO angle of allocations in unrounded degrees, in (-180, 180].

    The published items reach -16.26 to 61.39 degrees. Raises UndefinedAngle when there is no
    allocation or when their mean lies at the centre.
    """
    return angle_of(mean_allocation(allocations), centre)
