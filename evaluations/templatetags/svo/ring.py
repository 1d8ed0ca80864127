"""``{% svo_ring points target="prosocial" title="Angles of all trials" %}`` draws the SVO ring."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.template import Context

from evaluations.instruments.svo.figures import ring as geometry
from evaluations.pages.svo.ring_drawing import drawing

register = template.Library()

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
    """The context of the drawing; `points` and ValueErrors as in `svo.figures.ring.ring`."""
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
