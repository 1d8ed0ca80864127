"""Value rationality as a web for each model, with one spoke a target value."""

from __future__ import annotations

import math
from typing import Any, Literal

from analysis.render.theme import Rows, Theme

Part = dict[str, Any]
SPOKES = 150
MAX_MODELS = 6


def rows(result: Part) -> Rows:
    """Corners of the polygons: value rationality by model, goal and kind, one spoke a target.

    Raw values lie between 0 and 1 and are drawn as they are; corrected ones below 0 are drawn at
    the centre, which the title says.
    """
    section = result.get("rationality")
    if section is None:
        return []
    spokes = sorted({row["target_value"] for row in section["rows"]})
    if len(spokes) < 3:
        return []
    models = sorted({row["model"] for row in section["rows"]})[:MAX_MODELS]
    found = []
    for row in section["rows"]:
        if row["model"] not in models:
            continue
        turn = 2 * math.pi * spokes.index(row["target_value"]) / len(spokes)
        for kind, value in (("raw", row["raw"]), ("chance-corrected", row["corrected"])):
            if value is None:
                continue
            length = min(max(value, 0.0), 1.0)
            found.append(
                {
                    "model": row["model"],
                    "goal": "goal named" if row["with_goal"] else "goal not named",
                    "kind": kind,
                    "target": row["target_value"],
                    "spoke": spokes.index(row["target_value"]),
                    "value": value,
                    "x": length * math.sin(turn),
                    "y": length * math.cos(turn),
                }
            )
    return found


def chart(result: Part, theme: Theme) -> Any:
    """A row of webs for each model: raw, and corrected for chance."""
    import altair as alt

    found = rows(result)
    goals = [goal for goal in GOALS if any(row["goal"] == goal for row in found)]
    models = sorted({row["model"] for row in found})
    webs = [
        _webs([row for row in found if row["model"] == model], goals, theme).properties(
            title=alt.TitleParams(model, anchor="start", color=theme.ink, fontSize=12)
        )
        for model in models
    ]
    return alt.vconcat(*webs)


GOALS = ("goal named", "goal not named")


def _webs(rows: Any, goals: list[str], theme: Theme) -> Any:
    """The webs of one model side by side, one a kind of value rationality."""
    import altair as alt

    wide, high = (alt.Scale(domain=[-end, end]) for end in (1.8, 1.3))
    base = alt.Chart().encode(
        x=alt.X("x:Q", scale=wide, axis=None), y=alt.Y("y:Q", scale=high, axis=None)
    )
    lines = base.transform_filter("datum.part == 'net'").mark_line(color=theme.line, strokeWidth=1)
    shapes = base.transform_filter("datum.part == 'shape'").mark_line(point=True, strokeWidth=2)
    words = [
        base.transform_filter(f"datum.part == 'end' && datum.side == {side}")
        .mark_text(color=theme.ink, fontSize=11, align=align)
        .encode(text="target:N")
        for side, align in SIDES
    ]
    colours = alt.Scale(domain=goals, range=list(theme.pair)[: len(goals)])
    chart = alt.layer(
        lines.encode(detail="ring:N", order="step:Q"),
        shapes.encode(
            order="step:Q",
            color=alt.Color(
                "goal:N", title=None, scale=colours, legend=alt.Legend(orient="bottom")
            ),
            strokeDash=alt.StrokeDash("goal:N", sort=goals, legend=None),
        ),
        *words,
        data=alt.Data(values=_parts(rows)),
    )
    kinds = alt.Column("kind:N", title=None, sort=["raw", "chance-corrected"])
    return chart.properties(width=SPOKES * 1.8, height=SPOKES * 1.3).facet(column=kinds)


def _parts(rows: Any) -> list[Part]:
    """Everything that is drawn of one model: shapes, the net below them and the spokes' names."""
    kinds = sorted({row["kind"] for row in rows})
    found = [{"part": "shape", **row} for row in _closed(rows)]
    for kind in kinds:
        found += [{"part": "net", "kind": kind, **point} for point in _net(rows)]
        found += [
            {"part": "end", "kind": kind, "target": name}
            | {"side": round(x), "x": 1.1 * x, "y": 1.14 * y}
            for name, x, y in _ends(rows)
        ]
    return found


SIDES: tuple[tuple[int, Literal["right", "center", "left"]], ...] = (
    (-1, "right"),
    (0, "center"),
    (1, "left"),
)
"""On which side of the web the name of a spoke stands, and how it is aligned there."""


def _ends(rows: Any) -> list[tuple[str, float, float]]:
    spokes = sorted({row["target"] for row in rows})
    turns = [2 * math.pi * at / len(spokes) for at in range(len(spokes))]
    return [(name, math.sin(t), math.cos(t)) for name, t in zip(spokes, turns, strict=True)]


def _net(rows: Any) -> list[Part]:
    """Rings at .5 and 1 and the spokes."""
    ends = _ends(rows)
    found = [
        {"ring": f"at {size}", "step": step, "x": size * x, "y": size * y}
        for size in (0.5, 1.0)
        for step, (_, x, y) in enumerate([*ends, ends[0]])
    ]
    for name, x, y in ends:
        found += [{"ring": name, "step": step, "x": step * x, "y": step * y} for step in (0, 1)]
    return found


def _closed(rows: Any) -> list[Part]:
    """Each polygon's corners in turn, the first one once more at the end."""
    found: list[Part] = []
    shapes = sorted({(row["model"], row["kind"], row["goal"]) for row in rows})
    for key in shapes:
        own = [row for row in rows if (row["model"], row["kind"], row["goal"]) == key]
        corners = sorted(own, key=lambda row: row["spoke"])
        found += [row | {"step": step} for step, row in enumerate([*corners, corners[0]])]
    return found
