"""Tables value by value: the raters among themselves, and each metric against most of them."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.words.sheet import SHARE, Cell, Figure, Part, Sheet

RATERS = (
    "Value",
    "Judgments",
    "Commonest label",
    "Alpha, ordinal",
    "AC1",
    "AC2, ordinal",
    "On supports",
    "On opposes",
)
FOUND = ("cases", "precision", "recall", "F1")
METRIC = (
    "Value",
    "Answers",
    *(f"Supports: {what}" for what in FOUND),
    *(f"Opposes: {what}" for what in FOUND),
)
MEAN = "Mean of measurable values"


def by_value(section: Part | None) -> Iterator[Sheet]:
    """The raters first, then a table for each metric."""
    if section is None:
        return
    rows: list[list[Cell]] = [_raters(row) for row in section["raters"]]
    yield Sheet(
        "by-value",
        "by_value",
        "How far the raters agree, value by value",
        RATERS,
        [*rows, [MEAN, None, None, section["alpha_macro"], None, None, None, None]],
        remarks=[*_left_out("the mean alpha", section["left_out"]), *_warnings(section["raters"])],
    )
    for at, metric in enumerate(section["metrics"], start=1):
        yield _metric(metric, at)


def _raters(row: Part) -> list[Cell]:
    statistics = [row[key] for key in ("alpha", "ac1", "ac2", "supports", "opposes")]
    return [row["value"], row["judgments"], Figure(row["commonest"], SHARE), *statistics]


def _metric(metric: Part, at: int) -> Sheet:
    rows: list[list[Cell]] = [
        [row["value"], row["items"], *_finding(row["supports"]), *_finding(row["opposes"])]
        for row in metric["values"]
    ]
    means = [[None, None, None, metric[sign]["f1"]] for sign in ("supports", "opposes")]
    remarks = [
        *_left_out("the mean F1 of supports", metric["supports"]["left_out"]),
        *_left_out("the mean F1 of opposes", metric["opposes"]["left_out"]),
        *_warnings(metric["values"]),
    ]
    return Sheet(
        f"by-value-metric{at}",
        "by_value",
        f"{metric['name']} against the majority of the raters, value by value",
        METRIC,
        [*rows, [MEAN, None, *means[0], *means[1]]],
        remarks=remarks,
    )


def _finding(part: Part) -> list[Cell]:
    return [part["cases"], part["precision"], part["recall"], part["f1"]]


def _left_out(mean: str, rows: list[Part]) -> list[str]:
    named = "; ".join(f"{row['value']} ({row['reason']})" for row in rows)
    return [f"Left out of {mean}: {named}."] if rows else []


def _warnings(rows: list[Part]) -> Iterator[str]:
    """A sentence for each value that has something to mind."""
    for row in rows:
        if row["warnings"]:
            yield f"{row['value']}: {'; '.join(row['warnings'])}."
