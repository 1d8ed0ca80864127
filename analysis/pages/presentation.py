"""From the result of a report to what its page draws: tiles, the confusion matrix, the ring."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from analysis.data.counted import left_out
from analysis.figures.rendering import DRAWINGS, figures_of, table_of
from analysis.models import Computed
from analysis.render.sheet import Cell, Counted, Figure, Sheet, Written
from analysis.render.sheets import by_section
from analysis.sections.automated import NO_CONSENSUS
from analysis.words.answer import find
from analysis.words.methods import methods
from analysis.words.wording import degrees, number
from annotations.models import Study
from evaluations.models import ValueOrientation

MAX_ON_RING = 400
HEAT_STEPS = 9
MOST_ROWS = 100
DOWNLOADS = [("json", "JSON"), ("markdown", "Markdown"), ("csv", "CSV"), ("latex", "LaTeX")]
METRIC_TABLES = ("classes", "raters", "substitute", "each", "degrees")
Facts = dict[str, Any]


def page_of(study: Study, report: Computed, query: str = "") -> Facts:
    """The context of the report page; *query* is the filter that its addresses carry on."""
    result = report.result
    tables = {
        section: [linked(study, sheet, query) for sheet in found]
        for section, found in by_section(result).items()
    }
    return {
        "result": result,
        "query": f"?{query}" if query else "",
        "sheets": tables,
        "figures": figures(study, result, query),
        "uncorrected": [part for part in result["corrected"] if not part["defined"]],
        "methods": methods(result),
        "downloads": DOWNLOADS,
        "tiles": tiles(result),
        "metrics": [
            metric(study, section, query)
            | {f"{name}_tables": tables.get(f"metric{at}-{name}", []) for name in METRIC_TABLES}
            for at, section in enumerate(result["automated"], start=1)
        ],
        "ring": ring_of(study, result["ring"]),
        "left_out": left_out(result["quality"]["excluded"]),
        "versions": sorted(
            (name, text) for name, text in result["versions"].items() if name != "scorers"
        ),
    }


def tiles(result: Facts) -> list[Facts]:
    """The headline numbers, each a statistic under a short label; of metrics the study's own."""
    humans = result["humans"]
    found = [("Raters among themselves", find(humans["statistics"], humans["headline"]))]
    for section in result["automated"][:1]:
        rows = section["decided"]["statistics"] if "decided" in section else section["statistics"]
        found += [
            (f"{section['name']} against consensus", find(rows, key)) for key in _of_a_tile(section)
        ]
    if result["trials"]:
        found += [("Trials of a cell", find(result["trials"]["statistics"], "within_sd"))]
    return [{"label": label, "statistic": row} for label, row in found if row is not None]


def _of_a_tile(section: Facts) -> tuple[str, ...]:
    if section.get("other_scale"):
        return ("pearson", "disattenuated")
    return ("macro_f1", "kappa", "bias", "ccc")


def figures(study: Study, result: Facts, query: str) -> dict[str, Facts]:
    """The figures there are: words, addresses in light and dark and as files, and their rows."""
    return {
        name.replace("-", "_"): {
            "name": name,
            "title": DRAWINGS[name].title,
            "alt": DRAWINGS[name].alt,
            "light": figure_url(study, name, "svg", query, "light"),
            "dark": figure_url(study, name, "svg", query, "dark"),
            "downloads": [
                (suffix, figure_url(study, name, suffix, query))
                for suffix in ("svg", "png", "pdf", "csv")
            ],
        }
        | _drawn_rows(result, name)
        for name in figures_of(result)
    }


def _drawn_rows(result: Facts, name: str) -> Facts:
    """What a figure draws, in words; a long table is cut."""
    head, rows = table_of(result, name)
    shown = [[_in_words(value) for value in row] for row in rows[:MOST_ROWS]]
    return {"head": head, "rows": shown, "left_out": len(rows) - len(shown)}


def _in_words(value: Any) -> str:
    if value is None:
        return "none"
    return (
        number(value, 3)
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )


def figure_url(study: Study, name: str, suffix: str, query: str, theme: str = "") -> str:
    address = reverse("report_figure", args=[study.project.slug, study.slug, name, suffix])
    asked = "&".join(filter(None, [query, f"theme={theme}" if theme else ""]))
    return f"{address}?{asked}" if asked else address


def metric(study: Study, section: Facts, query: str = "") -> Facts:
    """A metric's section; of one that gives labels with its confusion matrix laid out."""
    if section["kind"] != "labels":
        return section
    return section | {"drawn": matrix_of(study, section, query)}


def matrix_of(study: Study, section: Facts, asked: str = "") -> Facts:
    """The confusion matrix as rows of cells with count, share of the row, shade and link."""
    matrix = section["matrix"]
    rows = []
    for name, counts in zip(matrix["rows"], matrix["counts"], strict=True):
        total = sum(counts)
        rows.append(
            {
                "name": name,
                "total": total,
                "href": items_url(study, {"metric": section["name"], "consensus": name}, asked)
                if total
                else "",
                "cells": [
                    _cell(study, section, (name, column), count, total, asked)
                    for column, count in zip(matrix["columns"], counts, strict=True)
                ],
            }
        )
    return {"columns": matrix["columns"], "rows": rows}


def _cell(
    study: Study, section: Facts, at: tuple[str, str], count: int, total: int, asked: str
) -> Facts:
    row, column = at
    share = count / total if total else 0.0
    query = {"metric": section["name"], "consensus": row, "automated": column}
    return {
        "count": count,
        "share": share,
        # A rounded-up step: a cell that holds something is never as pale as an empty one.
        "heat": -int(-share * HEAT_STEPS // 1),
        "hit": row == column and row != NO_CONSENSUS,
        "href": items_url(study, query, asked) if count else "",
    }


def items_url(study: Study, query: dict[str, str], asked: str = "") -> str:
    address = reverse("report_items", args=[study.project.slug, study.slug])
    return f"{address}?{'&'.join(filter(None, [urlencode(query), asked]))}"


def unlinked(table: Written) -> Facts:
    """A table whose numbers open nothing, in the shape that `linked` gives."""
    rows = [
        [
            {"text": text, "href": "", "numeric": numeric}
            for text, numeric in zip(texts, table.sheet.numeric, strict=True)
        ]
        for texts in table.rows
    ]
    return _laid_out(table.sheet, rows, table.notes)


def linked(study: Study, sheet: Sheet, asked: str = "") -> Facts:
    """A table in words; a number of items opens them."""
    written = sheet.written()
    rows = [
        [
            {"text": text, "href": _opens(study, cell, asked), "numeric": numeric}
            for cell, text, numeric in zip(cells, texts, sheet.numeric, strict=True)
        ]
        for cells, texts in zip(sheet.rows, written.rows, strict=True)
    ]
    return _laid_out(sheet, rows, written.notes)


def _laid_out(sheet: Sheet, rows: list[list[Facts]], notes: list[str]) -> Facts:
    head = [
        {"text": text, "numeric": numeric}
        for text, numeric in zip(sheet.head, sheet.numeric, strict=True)
    ]
    return {"sheet": sheet, "head": head, "rows": rows, "notes": notes}


def _opens(study: Study, cell: Cell, asked: str) -> str:
    """The address of the rows behind a cell; empty for a cell that has none."""
    if isinstance(cell, Counted):
        return items_url(study, dict(cell.query), asked) if cell.items else ""
    if isinstance(cell, Figure) and cell.query is not None:
        return items_url(study, dict(cell.query), asked) if cell.value else ""
    return ""


def ring_of(study: Study, section: Facts | None) -> Facts | None:
    """Points for the ring, evenly thinned above 400, and the table beside it."""
    if section is None or not section["points"]:
        return None
    every = section["points"]
    step = -(-len(every) // MAX_ON_RING)
    return section | {
        "drawn": [_point(study, point) for point in every[::step]],
        "left_out": len(every) - len(every[::step]),
    }


def _point(study: Study, point: Facts) -> Facts:
    called = point["consensus"]
    return {
        "angle": point["angle"],
        "radius": None,
        "kind": called if called in ValueOrientation.values else "trial",
        "label": f"item {point['position']}: {degrees(point['angle'])}, raters say {called}",
        "href": reverse("trial", args=[study.project.slug, point["trial"]]),
    }
