"""Geometry of a radar figure: one axis a target value, a polygon with goal and one without.

Pure: no Django, no colours. Lengths are SVG user units; an axis runs from 0 at the centre to 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, isfinite, radians, sin

SIZE = 320
CENTRE = SIZE / 2
RADIUS = 104.0
LABEL_GAP = 14.0
AXES = ("altruistic", "prosocial", "individualistic", "competitive")
"""Clockwise from the top."""

STEPS = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis with the place of its word; `anchor` is the text-anchor that keeps it outside."""

    name: str
    path: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Shape:
    """One series: its outline (closed only when every axis has a value) and its marks."""

    name: str
    outline: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Radar:
    """Everything a template needs to draw the figure; paths are SVG path data."""

    grid: tuple[str, ...]
    axes: tuple[Axis, ...]
    shapes: tuple[Shape, ...]


def radar(series: Mapping[str, Mapping[str, float]]) -> Radar:
    """Lay out *series*: name -> axis -> value from 0 to 1; a missing value leaves a gap.

    Raises ValueError for an axis there is none of, or a value outside 0 to 1.
    """
    for name, values in series.items():
        for axis, value in values.items():
            if axis not in AXES:
                raise ValueError(f"{name}: there is no axis {axis!r}, only {', '.join(AXES)}")
            if not (isfinite(value) and 0 <= value <= 1):
                raise ValueError(f"{name}: {axis} is {value!r}, must be from 0 to 1")
    return Radar(
        grid=tuple(_closed([_place(axis, step) for axis in AXES]) for step in STEPS),
        axes=tuple(_axis(axis) for axis in AXES),
        shapes=tuple(_shape(name, values) for name, values in series.items()),
    )


def _place(axis: str, value: float) -> tuple[float, float]:
    turn = radians(90 - 90 * AXES.index(axis))
    far = RADIUS * value
    return round(CENTRE + far * cos(turn), 2), round(CENTRE - far * sin(turn), 2)


def _axis(name: str) -> Axis:
    x, y = _place(name, 1 + LABEL_GAP / RADIUS)
    anchor = "start" if x > CENTRE + 1 else "end" if x < CENTRE - 1 else "middle"
    return Axis(name, _line([(CENTRE, CENTRE), _place(name, 1)]), x, y, anchor)


def _shape(name: str, values: Mapping[str, float]) -> Shape:
    places = [_place(axis, values[axis]) for axis in AXES if axis in values]
    outline = _closed(places) if len(places) == len(AXES) else ""
    return Shape(name, outline, tuple(_mark(name, x, y) for x, y in places))


def _mark(series: str, x: float, y: float) -> str:
    """A circle with goal, a square without: colour never carries the meaning alone."""
    if series == "with goal":
        return f"M{x - 4:g} {y:g}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z"
    return f"M{x - 3.6:g} {y - 3.6:g}h7.2v7.2h-7.2Z"


def _line(places: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in places)


def _closed(places: list[tuple[float, float]]) -> str:
    return f"{_line(places)}Z"
