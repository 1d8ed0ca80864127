"""From the result of a report to what its page draws: tiles, tables, figures, pieces."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.urls import reverse

from analysis.kinds import kind_of
from analysis.models import Computed
from analysis.pages.tables import ShownSheet, opening, shown
from analysis.render.figures.rendering import drawings_of, table_of
from analysis.render.kinds import shown_of
from analysis.render.sheets.every import by_section
from analysis.render.theme import Drawing
from analysis.report.answer import find
from analysis.report.methods import methods
from analysis.words.earlier import with_later_parts
from analysis.words.sheet import THREE, Cell, Figure, Sheet
from annotations.models import Study

MOST_ROWS = 100
DOWNLOADS = [("json", "JSON"), ("markdown", "Markdown"), ("csv", "CSV"), ("latex", "LaTeX")]
Facts = dict[str, Any]


def page_of(study: Study, report: Computed, query: str = "") -> Facts:
    """The context of the report page; *query* is the filter that its addresses carry on."""
    result = with_later_parts(report.result)
    opens = opening(study, query)
    kind, own = kind_of(result["study"]), shown_of(result["study"])
    tables = {
        section: [shown(sheet, opens) for sheet in found]
        for section, found in by_section(result).items()
    }
    return {
        "result": result,
        "kind": kind,
        "query": f"?{query}" if query else "",
        "sheets": tables,
        "figures": figures(study, result, query),
        "uncorrected": [part for part in result["corrected"] if not part["defined"]],
        "methods": methods(result),
        "downloads": DOWNLOADS,
        "tiles": tiles(result),
        "metrics": [
            section
            | {"tables": _of_metric(f"metric{at}-", tables), "beside": section.get(kind.beside_key)}
            for at, section in enumerate(result["automated"], start=1)
        ],
        "pieces": {
            place: [piece.template for piece in pieces if piece.applies(result)]
            for place, pieces in own.pieces.items()
        },
        "own": own.facts(result, partial(_trial_page, study)),
        "versions": sorted(
            (name, text) for name, text in result["versions"].items() if name != "scorers"
        ),
    }


def _trial_page(study: Study, trial: int) -> str:
    return reverse("trial", args=[study.project.slug, trial])


def _of_metric(prefix: str, tables: dict[str, list[ShownSheet]]) -> dict[str, list[ShownSheet]]:
    """The tables of one metric by their part of its section."""
    return {
        section.removeprefix(prefix): found
        for section, found in tables.items()
        if section.startswith(prefix)
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
            "title": drawing.title,
            "alt": drawing.alt,
            "light": figure_url(study, name, "svg", query, "light"),
            "dark": figure_url(study, name, "svg", query, "dark"),
            "downloads": [
                (suffix, figure_url(study, name, suffix, query))
                for suffix in ("svg", "png", "pdf", "csv")
            ],
            "drawn": shown(_drawn(result, name, drawing)),
        }
        for name, drawing in drawings_of(result).items()
    }


def _drawn(result: Facts, name: str, drawing: Drawing) -> Sheet:
    """What a figure draws, as a table; a long one is cut."""
    head, rows = table_of(result, drawing)
    left_out = len(rows) - MOST_ROWS
    cut = f" The first {MOST_ROWS} rows; the CSV holds {left_out:,} more." if left_out > 0 else ""
    cells = [[_drawn_cell(value) for value in row] for row in rows[:MOST_ROWS]]
    return Sheet(f"drawn-{name}", name, drawing.title + cut, head, cells)


def _drawn_cell(value: Any) -> Cell:
    return Figure(value, THREE, none="none") if value is None or isinstance(value, float) else value


def figure_url(study: Study, name: str, suffix: str, query: str, theme: str = "") -> str:
    address = reverse("report_figure", args=[study.project.slug, study.slug, name, suffix])
    asked = "&".join(filter(None, [query, f"theme={theme}" if theme else ""]))
    return f"{address}?{asked}" if asked else address
