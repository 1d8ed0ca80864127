"""The ten basic values in the order of their circle, and the geometry of a vector of them.

Order and wedges: Schwartz (1992); FULCRA (arXiv 2311.10766) uses the same order. Pure: standard
library only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin
from statistics import fmean

VALUES = (
    "self-direction",
    "stimulation",
    "hedonism",
    "achievement",
    "power",
    "security",
    "tradition",
    "conformity",
    "benevolence",
    "universalism",
)

STEP = 360 / len(VALUES)
"""Degrees from one value to the next; self-direction stands at 0."""

HIGHER_ORDER: Mapping[str, tuple[str, ...]] = {
    "openness_to_change": ("self-direction", "stimulation"),
    "self_enhancement": ("achievement", "power"),
    "conservation": ("security", "tradition", "conformity"),
    "self_transcendence": ("benevolence", "universalism"),
}
"""The four higher-order values. Hedonism is shared by the first two and counted in neither."""

Vector = Mapping[str, float]
"""A number for each of the ten values, by name; the order of its keys means nothing."""


@dataclass(frozen=True)
class Resultant:
    """The sum of the ten spokes: its end, its length, and its direction in degrees from
    self-direction (0 up to 360), None where the spokes cancel out."""

    x: float
    y: float
    length: float
    angle: float | None


def in_order(vector: Vector) -> list[float]:
    """The ten numbers in the order of the circle. Raises ValueError unless it has exactly these."""
    if missing := [value for value in VALUES if value not in vector]:
        raise ValueError(f"has no {', '.join(missing)}: a vector has all ten values by name")
    if unknown := [name for name in vector if name not in VALUES]:
        raise ValueError(f"{unknown[0]!r} is none of the ten values: {', '.join(VALUES)}")
    return [float(vector[value]) for value in VALUES]


def distance(one: str, other: str) -> int:
    """How many steps of the circle two values lie apart, 0 to 5."""
    apart = abs(VALUES.index(one) - VALUES.index(other))
    return min(apart, len(VALUES) - apart)


def resultant(vector: Vector) -> Resultant:
    """Where the spokes of *vector* end when they are laid end to end."""
    numbers = in_order(vector)
    x = sum(number * cos(radians(STEP * step)) for step, number in enumerate(numbers))
    y = sum(number * sin(radians(STEP * step)) for step, number in enumerate(numbers))
    length = hypot(x, y)
    cancelled = length <= 1e-12 * max(1.0, *(abs(number) for number in numbers))
    return Resultant(x, y, length, None if cancelled else degrees(atan2(y, x)) % 360)


def higher_order(vector: Vector) -> dict[str, float]:
    """The means of the four higher-order values, in the unit of *vector*."""
    in_order(vector)
    return {name: fmean(vector[value] for value in of) for name, of in HIGHER_ORDER.items()}
