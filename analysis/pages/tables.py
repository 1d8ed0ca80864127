"""A sheet as a page draws it: its cells in words, the rows behind a number, shades of a matrix."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from analysis.sections.metrics.labels import NO_CONSENSUS
from analysis.words.sheet import Cell, Counted, Figure, Note, Said, Sheet
from analysis.words.wording import share
from annotations.models import Study

HEAT_STEPS = 9
Opens = Callable[[Mapping[str, str]], str]
"""From what asks for rows to the address of the page that shows them."""


@dataclass(frozen=True, slots=True)
class Shade:
    """How dark a count of a matrix is, 0 to HEAT_STEPS, by its share of the row, and whether row
    and column say the same."""

    share: str
    heat: int
    hit: bool


@dataclass(frozen=True, slots=True)
class ShownCell:
    """``href`` leads to the rows behind a number; empty where there are none."""

    said: Said
    numeric: bool
    href: str = ""
    shade: Shade | None = None


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """What the template ``analysis/tables/_sheet.html`` draws."""

    sheet: Sheet
    head: list[tuple[str, bool]]
    rows: list[list[ShownCell]]
    notes: list[Note]


def opening(study: Study, asked: str = "") -> Opens:
    """Addresses of the rows of a report of *study*; *asked* is the filter they carry on."""
    return lambda query: items_url(study, query, asked)


def items_url(study: Study, query: Mapping[str, str], asked: str = "") -> str:
    address = reverse("report_items", args=[study.project.slug, study.slug])
    return f"{address}?{'&'.join(filter(None, [urlencode(query), asked]))}"


def shown(sheet: Sheet, opens: Opens | None = None) -> ShownSheet:
    """*sheet* with its numbers leading to the rows behind them; to none without *opens*."""
    written, numeric = sheet.written(), sheet.numeric
    rows = []
    for cells, texts in zip(sheet.rows, written.cells, strict=True):
        hrefs = [_href(cell, opens) for cell in cells]
        shades = _shades(sheet, cells)
        rows.append(list(map(ShownCell, texts, numeric, hrefs, shades)))
    return ShownSheet(sheet, list(zip(sheet.head, numeric, strict=True)), rows, written.notes)


def _href(cell: Cell, opens: Opens | None) -> str:
    """The address of the rows behind a cell; empty for a cell that has none."""
    if opens is None:
        return ""
    if isinstance(cell, Counted):
        return opens(cell.query) if cell.items else ""
    if isinstance(cell, Figure) and cell.query is not None:
        return opens(cell.query) if cell.value else ""
    return ""


def _shades(sheet: Sheet, row: Sequence[Cell]) -> list[Shade | None]:
    """A shade for each count of a shaded sheet: not for its name nor for the sum of its row."""
    if not sheet.shaded:
        return [None] * len(row)
    name, *counts, whole = row
    total = whole.items if isinstance(whole, Counted) else 0
    found = [
        _shade(cell.items / total if total else 0.0, name == column and name != NO_CONSENSUS)
        for column, cell in zip(sheet.head[1:-1], counts, strict=True)
        if isinstance(cell, Counted)
    ]
    return [None, *found, None]


def _shade(part: float, hit: bool) -> Shade:
    # A rounded-up step: a cell that holds something is never as pale as an empty one.
    return Shade(share(part) if part else "", -int(-part * HEAT_STEPS // 1), hit)
