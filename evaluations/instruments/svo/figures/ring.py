"""Geometry of the SVO ring as SVG: angles in degrees to coordinates, paths and marks.

Pure: no Django, no colours (CSS classes carry those). Angles run counter-clockwise from the axis
'payoff to itself'; the y axis of SVG points down. Lengths are SVG user units, the published ring's
radius of 50 coins being `RADIUS`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, degrees, isfinite, radians, sin, sqrt
from typing import Any

from evaluations.instruments.svo import CUT_OFFS, Orientation, ideal_set

WIDTH, HEIGHT = 400, 352
CENTRE = (28.0, 252.0)
RADIUS = 232.0
"""Distance of the middle of the band from the centre: a vector of relative length 1."""

_BAND = (RADIUS - 7, RADIUS + 7)
_TRACK = (-26.0, 72.0)
_SWARM_TOP = RADIUS - 17
_SWARM_DEPTH = 150.0
_RISING = (
    Orientation.COMPETITIVE,
    Orientation.INDIVIDUALISTIC,
    Orientation.PROSOCIAL,
    Orientation.ALTRUISTIC,
)
_LABEL_ANGLES = {
    Orientation.ALTRUISTIC: 64.5,
    Orientation.PROSOCIAL: 40.0,
    Orientation.INDIVIDUALISTIC: 5.2,
    Orientation.COMPETITIVE: -17.5,
}
_LABEL_GAP = 15.0
_GOLDEN_ANGLE = 137.50776405

SHAPES = {
    "trial": "circle",
    "mean": "diamond",
    "human": "circle",
    "automated": "square",
    "altruistic": "triangle",
    "prosocial": "circle",
    "individualistic": "square",
    "competitive": "triangle-down",
}
"""Kind of a mark -> its shape, so that colour never carries the meaning alone."""

_SIZES = {"mean": 8.0, "human": 5.5, "automated": 5.5}
_DEFAULT_SIZE = 4.5
_CROWDED = 60
"""From this many marks on, single ones are drawn smaller."""


@dataclass(frozen=True, slots=True)
class XY:
    """A place on the drawing, rounded to a hundredth of a unit."""

    x: float
    y: float

    def __str__(self) -> str:
        return f"{self.x:g} {self.y:g}"


@dataclass(frozen=True, slots=True)
class Mark:
    """One point: where it stands, how it is drawn, what it is called, where it leads."""

    at: XY
    path: str
    kind: str
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Sector:
    """The arc of one orientation, the wedge between it and the centre, the place of its word."""

    orientation: str
    path: str
    wedge: str
    label_at: XY


@dataclass(frozen=True, slots=True)
class Tick:
    """A cut-off between two orientations."""

    start: XY
    end: XY
    label_at: XY
    text: str


@dataclass(frozen=True, slots=True)
class Ring:
    """Everything a template needs to draw the ring; paths are SVG path data."""

    centre: XY
    track: str
    grid: tuple[str, ...]
    axes: tuple[tuple[XY, XY], ...]
    sectors: tuple[Sector, ...]
    ticks: tuple[Tick, ...]
    target: str
    marks: tuple[Mark, ...]
    vectors: tuple[XY, ...]
    kinds: tuple[str, ...]


def place(angle: float, distance: float) -> XY:
    """Return where a vector of `distance` units at `angle` degrees ends."""
    turn = radians(angle)
    return XY(
        round(CENTRE[0] + distance * cos(turn), 2), round(CENTRE[1] - distance * sin(turn), 2)
    )


def arc(start: float, end: float, distance: float) -> str:
    """Return the path of the arc from `start` to `end` degrees (counter-clockwise when rising)."""
    large = int(abs(end - start) > 180)
    sweep = int(end < start)
    return (
        f"M{place(start, distance)}"
        f"A{distance:g} {distance:g} 0 {large} {sweep} {place(end, distance)}"
    )


def band(start: float, end: float, inner: float, outer: float) -> str:
    """Return the closed path of a piece of ring between two angles and two distances."""
    back = arc(end, start, inner).removeprefix("M")
    return f"{arc(start, end, outer)}L{back}Z"


def wedge(start: float, end: float, distance: float) -> str:
    """Return the closed path of the slice between two angles, from the centre outwards."""
    return f"M{XY(*CENTRE)}L{arc(start, end, distance).removeprefix('M')}Z"


def shape(name: str, at: XY, size: float) -> str:
    """Return the path of a mark of half-width `size`; ValueError for a shape there is none of."""
    x, y = at.x, at.y
    if name == "circle":
        half = f"a{size:g} {size:g} 0 1 0"
        return f"M{x - size:.2f} {y:g}{half} {2 * size:g} 0{half} {-2 * size:g} 0Z"
    corners = {
        "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
        "diamond": ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
        "triangle": ((0, -1.1), (1.1, 0.9), (-1.1, 0.9)),
        "triangle-down": ((0, 1.1), (1.1, -0.9), (-1.1, -0.9)),
    }.get(name)
    if corners is None:
        raise ValueError(f"there is no mark of the shape {name!r}")
    return "M" + "L".join(f"{x + dx * size:.2f} {y + dy * size:.2f}" for dx, dy in corners) + "Z"


def beeswarm(angles: Sequence[float], size: float) -> list[float]:
    """Return the distance from the centre for each angle, so that no two marks cover each other.

    Marks of half-width `size` stand at their exact angle and are stacked inwards from the band
    where they would touch. When more must be stacked than there is room for, the rows move
    closer together and marks overlap instead of leaving the ring. The answer depends on the angles
    and, for equal ones, on their order.
    """
    width = 2 * size + 1
    # Degrees a mark takes up half-way down: a little too much at the band, too little at the foot.
    taken = degrees(width / (_SWARM_TOP - _SWARM_DEPTH / 2))
    free_from: list[float] = []
    row_of: dict[int, int] = {}
    for index in sorted(range(len(angles)), key=lambda i: angles[i]):
        angle = angles[index]
        row = next((r for r, start in enumerate(free_from) if start <= angle), len(free_from))
        free_from[row : row + 1] = [angle + taken]
        row_of[index] = row
    step = min(width, _SWARM_DEPTH / max(len(free_from) - 1, 1))
    return [_SWARM_TOP - size - row_of[index] * step for index in range(len(angles))]


def spread(repeat: int, size: float) -> tuple[float, float]:
    """Return the shift of the `repeat`-th mark at one and the same place (0 for the first).

    A sunflower spiral: every repeat stays visible and the heap stays round. The n-th repeat is
    moved by ``size * sqrt(n)`` units at most, so a heap says 'many', not a different value.
    """
    turn = radians(repeat * _GOLDEN_ANGLE)
    far = 0.8 * size * sqrt(repeat)
    return far * cos(turn), far * sin(turn)


def ring(points: Sequence[Mapping[str, Any]] = (), target: str = "", vector: bool = False) -> Ring:
    """Lay out the ring with marks for `points` and the ideal arc of the `target` value.

    A point is a mapping: ``angle`` in degrees; ``radius``, the length of its vector as a share of
    the ring's (0 at the centre, 1 on the ring) or None for a place beside the band; ``kind``, one
    of `SHAPES`; ``label``, words for it; ``href`` or None. With `vector`, a line leads from the
    centre to each point. Raises ValueError naming the point that has no finite angle, a negative
    radius or an unknown kind, or a target that is no value orientation.
    """
    wanted = Orientation(target) if target else None
    checked = [_checked(number, point) for number, point in enumerate(points, start=1)]
    marks = _marks(checked)
    return Ring(
        centre=XY(*CENTRE),
        track=band(*_TRACK, *_BAND),
        grid=(arc(*_TRACK, RADIUS / 2),),
        axes=(
            (XY(*CENTRE), place(0, _BAND[0])),
            (XY(*CENTRE), place(90, RADIUS + 7)),
        ),
        sectors=_sectors(),
        ticks=tuple(_tick(cut) for cut in CUT_OFFS),
        target=_target_path(wanted),
        marks=marks,
        vectors=tuple(mark.at for mark in marks) if vector else (),
        kinds=tuple(kind for kind in SHAPES if any(mark.kind == kind for mark in marks)),
    )


def _checked(number: int, point: Mapping[str, Any]) -> dict[str, Any]:
    angle, radius = point.get("angle"), point.get("radius")
    kind = point.get("kind") or "trial"
    if angle is None or not isfinite(angle):
        raise ValueError(
            f"point {number} has no finite angle ({angle!r}): leave it out of the ring"
        )
    if radius is not None and not (isfinite(radius) and radius >= 0):
        raise ValueError(f"point {number} has the radius {radius!r}: give None or 0 and above")
    if kind not in SHAPES:
        raise ValueError(f"point {number} is of kind {kind!r}: use one of {', '.join(SHAPES)}")
    return {
        "angle": float(angle),
        "radius": radius,
        "kind": kind,
        "label": point.get("label") or f"{angle:.1f}°",
        "href": point.get("href") or "",
    }


def _marks(points: list[dict[str, Any]]) -> tuple[Mark, ...]:
    crowded = len(points) >= _CROWDED
    small = 3.2 if crowded else _DEFAULT_SIZE
    beside = [point for point in points if point["radius"] is None]
    distances = iter(beeswarm([point["angle"] for point in beside], small))
    met: dict[XY, int] = {}
    marks = []
    for point in points:
        size = _SIZES.get(point["kind"], small)
        if point["radius"] is None:
            at = place(point["angle"], next(distances))
        else:
            at = place(point["angle"], point["radius"] * RADIUS)
            repeat = met.get(at, 0)
            met[at] = repeat + 1
            dx, dy = spread(repeat, size)
            at = XY(round(at.x + dx, 2), round(at.y + dy, 2))
        marks.append(
            Mark(
                at,
                shape(SHAPES[point["kind"]], at, size),
                point["kind"],
                point["label"],
                point["href"],
            )
        )
    # Means are drawn last, on top of the trials they summarise.
    return tuple(sorted(marks, key=lambda mark: mark.kind == "mean"))


@cache
def _reach() -> tuple[float, float]:
    """The ends of the reachable range: the competitor's and the altruist's ideal."""
    return ideal_set(Orientation.COMPETITIVE)[0], ideal_set(Orientation.ALTRUISTIC)[1]


def sector_of(orientation: Orientation) -> tuple[float, float]:
    """Return the reachable angles, in degrees, that count as `orientation`."""
    low, high = _reach()
    edges = [low, *sorted(CUT_OFFS), high]
    position = _RISING.index(orientation)
    return edges[position], edges[position + 1]


def _sectors() -> tuple[Sector, ...]:
    return tuple(
        Sector(
            orientation.value,
            band(*sector_of(orientation), *_BAND),
            wedge(*sector_of(orientation), _BAND[0]),
            place(_LABEL_ANGLES[orientation], _BAND[1] + _LABEL_GAP),
        )
        for orientation in _LABEL_ANGLES
    )


def _tick(cut_off: float) -> Tick:
    text = f"{cut_off:.2f}°".replace("-", "−")
    return Tick(
        place(cut_off, _BAND[0] - 4),
        place(cut_off, _BAND[1] + 6),
        place(cut_off, _BAND[1] + _LABEL_GAP),
        text,
    )


def _target_path(target: Orientation | None) -> str:
    """The ideal arc of the target just inside the band; a pointer where it is a single angle."""
    if target is None:
        return ""
    low, high = ideal_set(target)
    if high - low > 0.5:
        return arc(low, high, _BAND[0] - 6)
    foot = _BAND[0] - 15
    tip, left, right = place(low, _BAND[0] - 4), place(low - 1.6, foot), place(low + 1.6, foot)
    return f"M{tip}L{left}L{right}Z"
