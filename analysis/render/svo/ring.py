"""The SVO ring of automated against human angles: the arc of the measure, from competitive below to
altruistic above, with the metric's angle of each trial outside and the raters' inside."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import cycle
from typing import Any

from analysis.render.theme import Rows, Theme
from analysis.svo.unit import ANGLE
from evaluations.instruments.svo.measure.cutoffs import CUT_OFFS, Orientation

Part = dict[str, Any]
WIDTH = 420
MAX_ON_RING = 400
ORIENTATIONS = tuple(str(one) for one in Orientation)
SHAPES = ("triangle-up", "circle", "square", "triangle-down")
"""Of the marks, in the order of ``ORIENTATIONS``."""

OTHERS = ("cross", "diamond", "triangle-right", "triangle-left")
"""Of whatever else raters say."""

ACROSS, UP = (0.26, 1.36), (-0.46, 1.02)
"""The part of the plane that is drawn; the radius of the outer arc is 1."""
OUTER, INNER = 1.0, 0.7
ENDS = (-20.0, 66.0)


def rows(result: Part) -> Rows:
    """Each judged trial: the metric's angle, the raters' angle and what they call it."""
    section = result.get("ring")
    if section is None:
        return []
    step = max(1, -(-len(section["points"]) // MAX_ON_RING))
    return [
        {
            "item": point["position"],
            "automated": point["angle"],
            "human": point.get("human"),
            "consensus": point["consensus"],
        }
        for point in section["points"][::step]
    ]


def chart(result: Part, theme: Theme) -> Any:
    """Marks on both arcs, joined for each trial and coloured by what the raters call it."""
    import altair as alt

    found = rows(result)
    colour, shape = _called(found, theme)
    x = alt.X("x:Q", scale=alt.Scale(domain=list(ACROSS), nice=False)).axis(None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=list(UP), nice=False)).axis(None)

    def layer(values: Any) -> Any:
        return alt.Chart(alt.Data(values=values)).encode(x=x, y=y)

    arcs = layer(_arcs()).mark_line(color=theme.line, strokeWidth=1.5)
    cuts = layer(_cuts()).mark_line(color=theme.soft, strokeDash=[4, 4], strokeWidth=1)
    words = layer(_sectors()).mark_text(color=theme.ink, align="left", fontSize=12)
    captions = layer(_captions()).mark_text(color=theme.soft, align="left", fontSize=11)
    joined = layer([part for row in found for part in _joined(row)])
    marks = layer(_marks(found)).mark_point(filled=True, size=44, opacity=0.75)
    tall = WIDTH * (UP[1] - UP[0]) / (ACROSS[1] - ACROSS[0])
    return alt.layer(
        arcs.encode(detail="arc:N", order="step:Q"),
        cuts.encode(detail="cut:N"),
        joined.mark_line(strokeWidth=1, opacity=0.35).encode(detail="item:N", color=colour),
        marks.encode(color=colour, shape=shape),
        words.encode(text="name:N"),
        captions.encode(text="name:N"),
    ).properties(width=WIDTH, height=tall)


def _called(rows: Rows, theme: Theme) -> tuple[Any, Any]:
    """Colour and shape by what the raters say: the orientations in their order, then the rest."""
    import altair as alt

    said = {row["consensus"] for row in rows}
    known = dict(zip(ORIENTATIONS, zip(theme.classes, SHAPES, strict=True), strict=True))
    names = [name for name in ORIENTATIONS if name in said] + sorted(said - set(ORIENTATIONS))
    others = dict(zip([name for name in names if name not in known], cycle(OTHERS), strict=False))
    looks = [known.get(name) or (theme.soft, others[name]) for name in names]
    colours = alt.Scale(domain=names, range=[colour for colour, _ in looks])
    shapes = alt.Scale(domain=names, range=[shape for _, shape in looks])
    legend = alt.Legend(orient="bottom", columns=3, symbolOpacity=1)
    return (
        alt.Color("consensus:N", title="Raters say", scale=colours, legend=legend),
        alt.Shape("consensus:N", title="Raters say", scale=shapes),
    )


def _at(angle: float, radius: float) -> Part:
    turn = math.radians(angle)
    return {"x": radius * math.cos(turn), "y": radius * math.sin(turn)}


def _arcs() -> list[Part]:
    low, high = ENDS
    steps = [low + (high - low) * step / 60 for step in range(61)]
    return [
        {"arc": str(radius), "step": step, **_at(angle, radius)}
        for radius in (INNER, OUTER)
        for step, angle in enumerate(steps)
    ]


def _cuts() -> list[Part]:
    return [
        {"cut": str(angle), **_at(angle, radius)}
        for angle in CUT_OFFS
        for radius in (INNER - 0.12, OUTER + 0.06)
    ]


def _sectors() -> list[Part]:
    edges = (ENDS[1], *reversed(CUT_OFFS), ENDS[0])
    return [
        {"name": name, **_at((high + low) / 2, OUTER + 0.06)}
        for name, high, low in zip(ORIENTATIONS, edges, edges[1:], strict=False)
    ]


def _captions() -> list[Part]:
    below = ENDS[0] - 3
    return [
        {"name": "raters", **_at(below, INNER)},
        {"name": "metric", **_at(below, OUTER)},
    ]


def _marks(rows: Any) -> list[Part]:
    outer = [{"consensus": row["consensus"], **_at(row["automated"], OUTER)} for row in rows]
    inner = [
        {"consensus": row["consensus"], **_at(row["human"], INNER)}
        for row in rows
        if row["human"] is not None
    ]
    return outer + inner


def _joined(row: Part) -> list[Part]:
    if row["human"] is None:
        return []
    facts = {"item": row["item"], "consensus": row["consensus"]}
    return [
        facts | _at(row["human"], INNER),
        facts | _at(row["automated"], OUTER),
    ]


def on_page(section: Part | None, address_of: Callable[[int], str]) -> Part | None:
    """The points for the ring of a page, evenly thinned above MAX_ON_RING; *address_of* a trial by
    its id. None where there are none."""
    if section is None or not section["points"]:
        return None
    every = section["points"]
    step = -(-len(every) // MAX_ON_RING)
    return section | {
        "drawn": [_point(point, address_of) for point in every[::step]],
        "left_out": len(every) - len(every[::step]),
    }


def _point(point: Part, address_of: Callable[[int], str]) -> Part:
    called = point["consensus"]
    at = f"item {point['position']}: {ANGLE.text(point['angle'])}"
    return {
        "angle": point["angle"],
        "radius": None,
        "kind": called if called in ORIENTATIONS else "trial",
        "label": f"{at}, raters say {called}",
        "href": address_of(point["trial"]),
    }
