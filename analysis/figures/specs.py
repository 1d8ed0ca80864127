"""One Altair chart a figure. Altair is imported when a figure is drawn and never before."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from analysis.figures import data
from analysis.figures.theme import Theme

Part = dict[str, Any]
WIDTH, ROW, CELL, SPOKES = 420, 24, 56, 150


def confusion(result: Part, theme: Theme) -> Any:
    matrix = data.first_labels(result)["matrix"]  # type: ignore[index]
    rows = data.confusion(result)
    return _heat(
        rows,
        theme,
        ("automated", matrix["columns"], "Automated label"),
        ("consensus", matrix["rows"], "Human consensus"),
        "items",
    )


def disagreement(result: Part, theme: Theme) -> Any:
    names = result["overview"]["categories"]
    rows = [row | {"percent": f"{100 * row['share']:.0f} %"} for row in data.disagreement(result)]
    return _heat(
        rows,
        theme,
        ("other", names, "another rater said"),
        ("one", names, "When one rater said"),
        "percent:N",
    )


def _heat(rows: Any, theme: Theme, x: Any, y: Any, text: str) -> Any:
    """Cells shaded by the share of their row, with a number in each."""
    import altair as alt

    present = [name for name in y[1] if any(row[y[0]] == name for row in rows)]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X(f"{x[0]}:N", sort=x[1], title=x[2], axis=alt.Axis(orient="top", labelAngle=-30)),
        y=alt.Y(f"{y[0]}:N", sort=present, title=y[2]),
    )
    scale = alt.Scale(domain=[0, 1], range=list(theme.heat), interpolate="rgb")
    cells = base.mark_rect(stroke=theme.line).encode(
        color=alt.Color("share:Q", scale=scale, legend=None)
    )
    dark_text = theme.ink if theme.ink < theme.heat[0] else "#ffffff"
    strong = "#ffffff" if theme.ink < theme.heat[0] else "#1a2130"
    words = base.mark_text(fontSize=13).encode(
        text=text if ":" in text else f"{text}:Q",
        color=alt.condition("datum.share > 0.5", alt.value(strong), alt.value(dark_text)),
    )
    return (cells + words).properties(width=CELL * 1.4 * len(x[1]), height=CELL * len(present))


def forest(result: Part, theme: Theme) -> Any:
    import altair as alt

    rows = data.forest(result)
    base = alt.Chart().encode(
        y=alt.Y("group:N", title=None),
        tooltip=["group:N", "items:Q"],
    )
    scale = alt.Scale(domain=[0, 1])
    axis = alt.Axis(format="%", title="Agreement with the human consensus")
    bars = base.mark_rule(color=theme.accent, strokeWidth=2).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=70, color=theme.accent, opacity=1).encode(
        x=alt.X("value:Q", scale=scale, axis=axis)
    )
    layered = alt.layer(bars, points, data=alt.Data(values=rows))
    return (
        layered.properties(width=WIDTH, height=alt.Step(ROW))
        .facet(
            row=alt.Row(
                "by:N",
                title=None,
                sort=["Model", "Target value", "Condition"],
                header=alt.Header(labelOrient="top", labelAnchor="start"),
            )
        )
        .resolve_scale(y="independent")
    )


def radar(result: Part, theme: Theme) -> Any:
    import altair as alt

    rows = data.radar(result)
    facets = sorted({(row["model"], row["kind"]) for row in rows})
    net = [point | {"model": model, "kind": kind} for model, kind in facets for point in _net(rows)]
    ends = [
        {"model": model, "kind": kind, "target": name, "x": 1.3 * x, "y": 1.16 * y}
        for model, kind in facets
        for name, x, y in _ends(rows)
    ]
    plain: dict[str, Any] = {"scale": alt.Scale(domain=[-1.6, 1.6]), "axis": None}
    x, y = alt.X("x:Q", **plain), alt.Y("y:Q", **plain)
    values = [{"part": "shape", **row} for row in _closed(rows)]
    values += [{"part": "net", **row} for row in net] + [{"part": "end", **row} for row in ends]
    base = alt.Chart().encode(x=x, y=y)
    lines = base.transform_filter("datum.part == 'net'").mark_line(color=theme.line, strokeWidth=1)
    shapes = base.transform_filter("datum.part == 'shape'").mark_line(point=True, strokeWidth=2)
    words = base.transform_filter("datum.part == 'end'").mark_text(color=theme.ink, fontSize=10)
    goals = ["goal named", "goal not named"]
    chart = alt.layer(
        lines.encode(detail="ring:N", order="step:Q"),
        shapes.encode(
            order="step:Q",
            color=alt.Color(
                "goal:N",
                title=None,
                scale=alt.Scale(domain=goals, range=list(theme.pair)),
                legend=alt.Legend(orient="bottom"),
            ),
            strokeDash=alt.StrokeDash("goal:N", sort=goals, legend=None),
        ),
        words.encode(text="target:N"),
        data=alt.Data(values=values),
    )
    return chart.properties(width=SPOKES * 1.5, height=SPOKES * 1.5).facet(
        row=alt.Row("kind:N", title=None, sort=["raw", "corrected"]),
        column=alt.Column("model:N", title=None, header=alt.Header(labelLimit=int(SPOKES * 1.5))),
    )


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


def bland_altman(result: Part, theme: Theme) -> Any:
    import altair as alt

    section = data.numbers(result)
    found = {row["key"]: row for row in section["statistics"]}  # type: ignore[index]
    lines = [
        {"at": found[key]["value"], "name": name}
        for key, name in (
            ("upper_limit", "upper limit"),
            ("bias", "bias"),
            ("lower_limit", "lower limit"),
        )
        if found[key]["defined"]
    ]
    points = (
        alt.Chart(alt.Data(values=data.bland_altman(result)))
        .mark_point(filled=True, size=24, opacity=0.5, color=theme.accent)
        .encode(
            x=alt.X("mean:Q", title="Mean of metric and raters", scale=alt.Scale(zero=False)),
            y=alt.Y("difference:Q", title="Metric minus raters' mean"),
        )
    )
    base = alt.Chart(alt.Data(values=lines)).encode(y="at:Q")
    rules = base.mark_rule(color=theme.pair[1], strokeDash=[6, 4])
    words = base.mark_text(align="left", dx=4, color=theme.ink).encode(
        text="name:N", x=alt.value(WIDTH)
    )
    return (points + rules + words).properties(width=WIDTH, height=WIDTH * 0.6)


def calibration(result: Part, theme: Theme) -> Any:
    import altair as alt

    base = alt.Chart(alt.Data(values=data.calibration(result))).encode(
        x=alt.X("confidence:O", title="Confidence given", axis=alt.Axis(labelAngle=0)),
        y=alt.Y(
            "agreement:Q",
            title="Agrees with the other raters",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format="%"),
        ),
    )
    line = base.mark_line(color=theme.accent, strokeWidth=2)
    points = base.mark_point(filled=True, color=theme.accent, opacity=1).encode(
        size=alt.Size("judgments:Q", title="Judgments")
    )
    return (line + points).properties(width=WIDTH * 0.8, height=WIDTH * 0.5)


SPECS: dict[str, Callable[[Part, Theme], Any]] = {
    "confusion": confusion,
    "forest": forest,
    "radar": radar,
    "bland-altman": bland_altman,
    "calibration": calibration,
    "disagreement": disagreement,
}
