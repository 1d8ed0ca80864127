"""One Altair chart a figure. Altair is imported when a figure is drawn and never before."""

from __future__ import annotations

from typing import Any

from analysis.render.figures import data
from analysis.render.theme import Theme
from analysis.words.wording import count, number

Part = dict[str, Any]
WIDTH, ROW, CELL = 420, 24, 56
NAMES = 420
"""Pixels for the name of a model: with its build it is long, and the end tells models apart."""


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
        color=alt.condition("datum.share > 0.65", alt.value(strong), alt.value(dark_text)),
    )
    return (cells + words).properties(width=CELL * 1.4 * len(x[1]), height=CELL * len(present))


def forest(result: Part, theme: Theme) -> Any:
    rows = data.forest(result)
    shares = rows[0]["statistic"] != "Lin's concordance correlation"
    title = "Agreement with the human consensus" if shares else rows[0]["statistic"]
    return _forest(rows, theme, title, [0.0, 1.0] if shares else None, "%" if shares else "")


def forest_humans(result: Part, theme: Theme) -> Any:
    rows = data.forest_humans(result)
    return _forest(rows, theme, "Krippendorff's alpha among the raters", None, "")


def noted(note: str, theme: Theme) -> Any:
    """A note that stays with a figure wherever it goes."""
    import altair as alt

    return alt.TitleParams(
        note, orient="bottom", anchor="start", color=theme.soft, fontSize=11, fontWeight="normal"
    )


TWO_LINES = (
    "indexof(datum.label, ' (') > 0 ? [slice(datum.label, 0, indexof(datum.label, ' (')), "
    "slice(datum.label, indexof(datum.label, ' (') + 1)] : datum.label"
)
"""A long name breaks before what is in brackets."""


def _forest(rows: Any, theme: Theme, title: str, domain: Any, mark: str) -> Any:
    """A point with its interval for each group; each kind of group has a panel of its own."""
    import altair as alt

    row_height = ROW if not any(" (" in row["group"] for row in rows) else ROW + 8
    low, high = domain or [min(0.0, *(row["low"] for row in rows)), 1.0]
    scale = alt.Scale(domain=[low, high], nice=not domain)
    axis = alt.Axis(format=mark, title=title) if mark else alt.Axis(title=title)
    groups = alt.Axis(labelExpr=TWO_LINES, labelLimit=NAMES)
    base = alt.Chart().encode(y=alt.Y("group:N", title=None, sort=None, axis=groups))
    ends = {"x": alt.X("low:Q", scale=scale, axis=axis), "x2": "high:Q"}
    bars = base.mark_rule(color=theme.accent, strokeWidth=2).encode(**ends)
    points = base.mark_point(filled=True, size=70, color=theme.accent, opacity=1).encode(
        x=alt.X("value:Q", scale=scale, axis=axis)
    )
    counts = base.mark_text(align="left", dx=6, color=theme.soft).encode(
        text=alt.Text("count:N"), x=alt.value(WIDTH)
    )
    shown = [row | {"count": count(row["items"], "item")} for row in rows]
    layered = alt.layer(bars, points, counts, data=alt.Data(values=shown))
    return (
        layered.properties(width=WIDTH, height=alt.Step(row_height))
        .facet(
            row=alt.Row(
                "by:N",
                title=None,
                sort=list(dict.fromkeys(row["by"] for row in rows)),
                header=alt.Header(labelOrient="top", labelAnchor="start", labelFontWeight="bold"),
            )
        )
        .resolve_scale(y="independent")
    )


def corrected(result: Part, theme: Theme) -> Any:
    """What the metric says of all trials, and beside it what the raters would have said."""
    import altair as alt

    rows = data.corrected(result)
    kinds = {"uncorrected": "by the metric", "corrected": "corrected by the raters"}
    points = [
        {"what": row["what"], "kind": words, "value": row[key]}
        for row in rows
        for key, words in kinds.items()
    ]
    x = alt.Scale(domain=[0, 1])
    axis = alt.Axis(format="%", title="All that was scored")
    y = alt.Y("what:N", title=None, sort=None, axis=alt.Axis(labelLimit=NAMES))
    domain, colours = list(kinds.values()), list(reversed(theme.pair))
    key = alt.Legend(title=None, orient="bottom")
    bars = alt.Chart(alt.Data(values=rows)).mark_rule(color=theme.pair[0], strokeWidth=2)
    marks = alt.Chart(alt.Data(values=points)).mark_point(filled=True, opacity=1)
    return alt.layer(
        bars.encode(y=y, x=alt.X("low:Q", scale=x, axis=axis), x2="high:Q"),
        marks.encode(
            y=y,
            x=alt.X("value:Q", scale=x, axis=axis),
            color=alt.Color("kind:N", scale=alt.Scale(domain=domain, range=colours), legend=key),
            shape=alt.Shape(
                "kind:N", scale=alt.Scale(domain=domain, range=["diamond", "circle"]), legend=key
            ),
            # The diamond lies below the circle: larger, it shows where both are at one place.
            size=alt.Size("kind:N", scale=alt.Scale(domain=domain, range=[200, 45]), legend=key),
        ),
    ).properties(width=WIDTH, height=alt.Step(ROW))


def bland_altman(result: Part, theme: Theme) -> Any:
    import altair as alt

    section = data.differences(result)
    found = {row["key"]: row for row in section["statistics"]}  # type: ignore[index]
    lines = [
        {
            "at": found[key]["value"],
            "name": f"{name} {number(found[key]['value'], 2)}",
            "low": (found[key]["interval"] or {}).get("low", found[key]["value"]),
            "high": (found[key]["interval"] or {}).get("high", found[key]["value"]),
        }
        for key, name in (
            ("upper_limit", "upper limit"),
            ("bias", "bias"),
            ("lower_limit", "lower limit"),
        )
        if found[key]["defined"]
    ]
    base = alt.Chart(alt.Data(values=lines)).encode(
        y=alt.Y("at:Q", title="Metric minus raters' mean")
    )
    bands = (
        alt.Chart(alt.Data(values=lines))
        .mark_rect(color=theme.pair[1], opacity=0.14)
        .encode(y="low:Q", y2="high:Q", x=alt.value(0), x2=alt.value(WIDTH))
    )
    points = (
        alt.Chart(alt.Data(values=data.bland_altman(result)))
        .mark_point(filled=True, size=24, opacity=0.5, color=theme.accent)
        .encode(
            x=alt.X("mean:Q", title="Mean of metric and raters", scale=alt.Scale(zero=False)),
            y=alt.Y("difference:Q", title="Metric minus raters' mean"),
        )
    )
    zero = alt.Chart(alt.Data(values=[{"at": 0}])).mark_rule(color=theme.soft).encode(y="at:Q")
    rules = base.mark_rule(color=theme.pair[1], strokeDash=[6, 4], strokeWidth=1.5)
    words = base.mark_text(align="left", dx=6, color=theme.ink).encode(
        text="name:N", x=alt.value(WIDTH)
    )
    return (bands + zero + points + rules + words).properties(width=WIDTH, height=WIDTH * 0.6)


def calibration(result: Part, theme: Theme) -> Any:
    import altair as alt

    rows = data.calibration(result)
    base = alt.Chart(alt.Data(values=rows)).encode(
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
        size=alt.Size(
            "judgments:Q",
            title="Judgments",
            scale=alt.Scale(domainMin=0),
            legend=alt.Legend(values=sorted({row["judgments"] for row in rows})),
        )
    )
    return (line + points).properties(width=WIDTH * 0.8, height=WIDTH * 0.5)
