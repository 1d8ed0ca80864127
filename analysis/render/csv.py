"""The tables of a report as CSV: one file a table, or all of them long."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from analysis.models import Report
from analysis.render.sheets.every import sheets
from analysis.words.sheet import Cell, Counted, Figure, Limits, Sheet
from evaluations.text.storable import with_marks_shown
from evaluations.text.table_cells import marked

LONG = ("table", "row", "column", "value", "low", "high", "reason")
Row = Sequence[Any]


def as_csv(report: Report) -> str:
    """All tables in one long file: table, row, column, value, low, high, reason."""
    return written([LONG, *_long(sheets(report.result))])


def table_csv(sheet: Sheet, note: str = "") -> str:
    """One table; a statistic takes four columns: its value, low, high, and the reason for none. A
    *note* on all of it has a column of its own."""
    wide = [
        any(isinstance(row[at], dict | Limits) for row in sheet.rows)
        for at in range(len(sheet.head))
    ]
    head: list[str] = []
    for name, statistic in zip(sheet.head, wide, strict=True):
        head += [name, f"{name}: low", f"{name}: high", f"{name}: reason"] if statistic else [name]
    lines: list[list[Any]] = [head]
    more = [note] if note else []
    head += ["note"] if note else []
    for row in sheet.rows:
        line: list[Any] = []
        for cell, statistic in zip(row, wide, strict=True):
            line += four(cell) if statistic else [four(cell)[0]]
        lines.append(line + more)
    return written(lines)


def four(cell: Cell) -> list[Any]:
    """Value, low, high and reason of a cell, unrounded; empty where there is none."""
    if isinstance(cell, Figure):
        return ["" if cell.value is None else cell.value, "", "", ""]
    if isinstance(cell, Counted):
        return [cell.items, "", "", ""]
    if isinstance(cell, Limits):
        limits = (cell.value, cell.low, cell.high)
        return [*("" if limit is None else limit for limit in limits), ""]
    if not isinstance(cell, dict):
        return ["" if cell is None else cell, "", "", ""]
    if not cell["defined"]:
        return ["", "", "", cell["reason"]]
    if cell["interval"] is None:
        return [cell["value"], "", "", cell["interval_reason"]]
    return [cell["value"], cell["interval"]["low"], cell["interval"]["high"], ""]


def written(rows: Iterable[Row]) -> str:
    """Rows as CSV with line feeds; words that a spreadsheet would run as a formula are defused."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    for row in rows:
        writer.writerow([_defused(cell) for cell in row])
    return target.getvalue()


def _long(tables: Iterable[Sheet]) -> Iterator[Row]:
    for sheet in tables:
        # A table of words alone is named by all but its last column.
        named = min(sheet.text_columns, len(sheet.head) - 1)
        for row in sheet.rows:
            name = " / ".join(str(cell) for cell in row[:named])
            for column, cell in zip(sheet.head[named:], row[named:], strict=True):
                yield [sheet.key, name, column, *four(cell)]


def _defused(cell: Any) -> Any:
    return marked(with_marks_shown(cell)) if isinstance(cell, str) else cell
