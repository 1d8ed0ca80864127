"""``{% svo_ring points target="prosocial" title="Angles of all trials" %}`` draws the SVO ring."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.template import Context

from evaluations.instruments.svo import orientation
from evaluations.instruments.svo import ring as geometry

register = template.Library()

KIND_WORDS = {
    "trial": "trial",
    "mean": "mean",
    "human": "human consensus",
    "automated": "automated label",
}
_TABBABLE = 12
"""Up to so many linked marks are tab stops; beyond, a page's table is the way by keyboard."""

_ARC = "M4 2A18 18 0 0 1 12 14"
_POINTER = "M8 3L13 12L3 12Z"


@register.inclusion_tag("evaluations/svo/_ring.html", takes_context=True)
def svo_ring(
    context: Context,
    points: Sequence[Mapping[str, Any]] = (),
    target: str = "",
    title: str = "The SVO ring",
    desc: str = "",
    size: str = "",
    vector: bool = False,
) -> dict[str, Any]:
    """The context of the drawing; `points` and ValueErrors as in `instruments.svo.ring.ring`."""
    drawn = drawing(points, target, vector=vector)
    serial = (context.render_context.get("svo_rings") or 0) + 1
    context.render_context["svo_rings"] = serial
    linked = sum(1 for mark in drawn["ring"].marks if mark.href)
    return drawn | {
        "id": f"svo-ring-{serial}",
        "viewbox": f"0 0 {geometry.WIDTH} {geometry.HEIGHT}",
        "title": title,
        "desc": desc or drawn["desc"],
        "size": size,
        "role": "group" if linked else "img",
        "tabbable": linked <= _TABBABLE,
        "target": target,
        "target_icon": _POINTER if drawn["ring"].target.endswith("Z") else _ARC,
    }


def drawing(
    points: Sequence[Mapping[str, Any]] = (), target: str = "", vector: bool = False
) -> dict[str, Any]:
    """What the page's ring and one in a file share: the geometry, the words, the legend."""
    points = list(points or ())
    drawn = geometry.ring(points, target or "", vector=vector)
    return {"ring": drawn, "desc": describe(points, target), "legend": _legend(drawn.kinds)}


def describe(points: Sequence[Mapping[str, Any]], target: str = "") -> str:
    """The drawing in words: how many points, how many of each orientation, the target."""
    words = []
    if len(points) == 1:
        angle = points[0]["angle"]
        words.append(f"One point at {angle:.1f} degrees, {orientation(angle).value}.")
    elif points:
        counts = Counter(orientation(point["angle"]).value for point in points)
        shares = ", ".join(f"{count} {name}" for name, count in counts.most_common())
        words.append(f"{len(points)} points: {shares}.")
    else:
        words.append(
            "Angles from competitive at the bottom over individualistic and prosocial"
            " to altruistic at the top."
        )
    if target:
        words.append(f"The ideal arc of the target value, {target}, is marked.")
    return " ".join(words)


def _legend(kinds: Sequence[str]) -> list[dict[str, Any]]:
    """One entry a kind, when there is more than one to tell apart."""
    if len(kinds) < 2:
        return []
    centre = geometry.XY(8, 8)
    return [
        {
            "kind": kind,
            "path": geometry.shape(geometry.SHAPES[kind], centre, 5.5),
            "word": KIND_WORDS.get(kind, kind),
        }
        for kind in kinds
    ]
