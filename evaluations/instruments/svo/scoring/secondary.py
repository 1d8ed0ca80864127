"""The inequality-aversion / joint-gain index of the nine secondary items.

Murphy, Ackermann & Handgraaf (2011); logic of the authors' SVO_Slider.m (Ackermann, 2011):
DIA / (DIA + DJG), where DIA is the mean of ``|option - ideal| / 8`` over all nine items against the
inequality-averse ideal and DJG the same over the six items that tell joint-gain maximisation
apart. 0 is inequality averse, 1 maximises joint gain.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ITEMS = tuple(range(7, 16))
"""Numbers of the secondary items."""

_JOINT_GAIN_ITEMS = (7, 9, 10, 12, 14, 15)
# Ideal option numbers of items 7 to 15. Items 8, 11 and 13 keep the joint gain constant or give it
# no single best option, so their joint-gain ideal is not used.
_INEQUALITY_AVERSE = dict(zip(ITEMS, (6, 5, 4, 7, 5, 8, 5, 3, 2), strict=True))
_JOINT_GAIN = dict(zip(ITEMS, (9, 5, 1, 9, 5, 9, 5, 1, 1), strict=True))
_INDIVIDUALIST = dict(zip(ITEMS, (1, 9, 1, 1, 9, 9, 9, 1, 9), strict=True))
_ALTRUIST = dict(zip(ITEMS, (9, 1, 9, 9, 1, 1, 1, 9, 1), strict=True))


@dataclass(frozen=True, slots=True)
class SecondaryIndex:
    """The index in 0..1, None exactly when `reason` says why, and the four distances in 0..1.

    The distances to the ideal types are None when an item is missing.
    """

    index: float | None
    inequality_aversion: float | None
    joint_gain: float | None
    individualist: float | None
    altruist: float | None
    reason: str


def secondary_index(choices: Mapping[int, int | None]) -> SecondaryIndex:
    """Return the index of option numbers (1 to 9) given by item number (7 to 15).

    Undefined when an item has no usable answer, or unless inequality aversion and joint gain are
    the two nearest of the four ideal types (a tie with the third counts as near enough): the
    index would then part two motives of which neither, or only one, is the chooser's.
    Items outside 7 to 15 are ignored.
    """
    answered: dict[int, int] = {}
    for number in ITEMS:
        option = choices.get(number)
        if option is None or not 1 <= option <= 9:
            return _undefined(f"no usable answer to secondary item {number}")
        answered[number] = option
    aversion = _distance(answered, _INEQUALITY_AVERSE, ITEMS)
    gain = _distance(answered, _JOINT_GAIN, _JOINT_GAIN_ITEMS)
    individualist = _distance(answered, _INDIVIDUALIST, ITEMS)
    altruist = _distance(answered, _ALTRUIST, ITEMS)
    if max(aversion, gain) > min(individualist, altruist):
        nearer = "individualist" if individualist <= altruist else "altruist"
        return SecondaryIndex(
            None,
            aversion,
            gain,
            individualist,
            altruist,
            f"the {nearer} ideal is nearer than inequality aversion or joint gain",
        )
    return SecondaryIndex(aversion / (aversion + gain), aversion, gain, individualist, altruist, "")


def _undefined(reason: str) -> SecondaryIndex:
    return SecondaryIndex(None, None, None, None, None, reason)


def _distance(
    answered: Mapping[int, int], ideal: Mapping[int, int], numbers: Iterable[int]
) -> float:
    # Whole numbers are added up first so that equal distances compare as equal.
    steps = [abs(answered[number] - ideal[number]) for number in numbers]
    return sum(steps) / (8 * len(steps))
