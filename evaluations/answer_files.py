"""Answers of people as CSV, scored row by row: id,item1..item6[,item7..item15] in, angles out.

Pure: reads and writes text streams, knows no database. Cells hold option numbers (1-9), letters
(A-I) or the pair of payoffs (85|76); an empty cell is a missing answer.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from evaluations.svo import (
    SLIDER,
    Measure,
    boundary_case,
    option_of,
    score,
    secondary_index,
    straight_lining,
    transitivity,
)

PRIMARY = tuple(f"item{item.number}" for item in SLIDER.primary)
SECONDARY = tuple(f"item{item.number}" for item in SLIDER.secondary)
COLUMNS = (
    "id",
    "angle",
    "orientation",
    "items_used",
    "boundary_case",
    "straight_lining",
    "transitive",
    "secondary_index",
    "reason",
)
"""Columns of the result. Undefined cells are empty and `reason` says why, in words."""


class FileError(ValueError):
    """The file as a whole cannot be read; the message says why and what it should look like."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one row; `column` is empty when it concerns the whole row."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return (
            f"line {self.line}, {self.column}: {self.reason}"
            if self.column
            else (f"line {self.line}: {self.reason}")
        )


@dataclass
class Summary:
    """What was read; the result is to be used only when there are no problems."""

    scored: int = 0
    undefined: int = 0
    problems: list[Problem] = field(default_factory=list)


def score_file(
    source: Iterable[str],
    result: IO[str],
    *,
    allow_incomplete: bool = False,
    measure: Measure = SLIDER,
    progress: Callable[[int], None] = lambda rows: None,
) -> Summary:
    """Score every row of *source* into *result*, holding one row at a time.

    Goes on after a bad row, so that all of them are named; whoever calls it must then discard
    *result*. Raises FileError when the header or the encoding is wrong.
    """
    summary = Summary()
    writer = csv.DictWriter(result, COLUMNS, lineterminator="\n")
    writer.writeheader()
    seen: dict[str, int] = {}
    try:
        reader = csv.reader(source, strict=True)
        columns = _header(reader)
        for line, cells in _rows(reader):
            progress(1)
            row = _Row(line, columns, cells, summary.problems)
            choices = row.choices(measure, seen)
            if choices is not None:
                scored = _scored(choices, allow_incomplete, measure)
                summary.undefined += scored["angle"] == ""
                summary.scored += scored["angle"] != ""
                writer.writerow({"id": row.id, **scored})
    except UnicodeDecodeError as error:
        raise FileError(f"the file is not UTF-8 (byte {error.start}): save it as UTF-8") from None
    except csv.Error as error:
        raise FileError(f"line {reader.line_num}: the file is not CSV ({error})") from None
    if not seen and not summary.problems:
        raise FileError("the file has a header and no rows")
    return summary


def _header(reader: Iterator[list[str]]) -> list[str]:
    """The column names, checked: id and the primary items, and all secondary items or none."""
    columns = [name.strip() for name in next(reader, [])]
    known = ("id", *PRIMARY, *SECONDARY)
    expected = "expected the columns id,item1,...,item6 or id,item1,...,item15"
    if len(columns) == 1 and ";" in columns[0]:
        raise FileError("the columns are separated by semicolons: separate them by commas")
    if not any(columns):
        raise FileError(f"the file is empty: {expected}")
    if twice := [name for name in columns if columns.count(name) > 1]:
        raise FileError(f"the column {twice[0]!r} appears twice")
    if unknown := [name for name in columns if name not in known]:
        raise FileError(f"the column {unknown[0]!r} is unknown: {expected}")
    secondary = SECONDARY if any(name in columns for name in SECONDARY) else ()
    if missing := [name for name in ("id", *PRIMARY, *secondary) if name not in columns]:
        raise FileError(f"the column {missing[0]!r} is missing: {expected}")
    return columns


def _rows(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank with the line it begins on (quoted cells may span lines)."""
    line = reader.line_num + 1  # type: ignore[attr-defined]
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]


@dataclass
class _Row:
    """One row on its way from cells to option numbers; notes what is wrong with it."""

    line: int
    columns: list[str]
    cells: list[str]
    problems: list[Problem]
    id: str = ""

    def choices(self, measure: Measure, seen: dict[str, int]) -> dict[int, int | None] | None:
        """Option numbers by item number, or None when the row has a problem."""
        before = len(self.problems)
        if len(self.cells) != len(self.columns):
            self._wrong("", f"has {len(self.cells)} cells, the header has {len(self.columns)}")
            return None
        named = dict(zip(self.columns, self.cells, strict=True))
        self._check_id(named.pop("id").strip(), seen)
        choices = {
            int(name.removeprefix("item")): self._option(name, cell.strip(), measure)
            for name, cell in named.items()
        }
        return choices if len(self.problems) == before else None

    def _check_id(self, found: str, seen: dict[str, int]) -> None:
        self.id = found
        if not found:
            self._wrong("id", "is empty")
        elif found in seen:
            self._wrong("id", f"{found!r} is already on line {seen[found]}")
        seen.setdefault(found, self.line)

    def _option(self, name: str, cell: str, measure: Measure) -> int | None:
        if not cell:
            return None
        item = measure.item(int(name.removeprefix("item")))
        if "|" in cell:
            return self._of_pair(name, cell, [tuple(option) for option in item.options])
        if cell.isdecimal() and cell.isascii():
            if 1 <= int(cell) <= len(item.options):
                return int(cell)
        elif len(cell) == 1:
            try:
                return option_of(cell, measure.labels)
            except ValueError:
                pass
        last = measure.labels[-1]
        self._wrong(
            name,
            f"{cell!r} is no option: give 1 to {len(item.options)}, A to {last} or self|other",
        )
        return None

    def _of_pair(self, name: str, cell: str, options: list[tuple[float, ...]]) -> int | None:
        try:
            pair = tuple(float(part) for part in cell.split("|"))
        except ValueError:
            pair = ()
        if pair in options:
            return options.index(pair) + 1
        printed = ", ".join(f"{own:g}|{other:g}" for own, other in options)
        self._wrong(name, f"{cell!r} is none of the item's options: {printed}")
        return None

    def _wrong(self, column: str, reason: str) -> None:
        self.problems.append(Problem(self.line, column, reason))


def _scored(
    choices: Mapping[int, int | None], allow_incomplete: bool, measure: Measure
) -> dict[str, str]:
    """The result's cells for one row."""
    found = score(choices, measure=measure, allow_incomplete=allow_incomplete)
    order = transitivity(choices, measure=measure)
    places = [
        None if (option := choices.get(item.number)) is None else option - 1
        for item in measure.primary
    ]
    reasons = [found.reason, "" if order.reason in found.reason else order.reason]
    index = ""
    if any(item.number in choices for item in measure.secondary):
        secondary = secondary_index(choices)
        index = "" if secondary.index is None else repr(secondary.index)
        reasons.append(secondary.reason and f"secondary index: {secondary.reason}")
    return {
        "angle": "" if found.angle is None else repr(found.angle),
        "orientation": found.orientation.value if found.orientation else "",
        "items_used": str(found.items_used),
        "boundary_case": _word(boundary_case(choices, measure) if found.defined else None),
        "straight_lining": _word(straight_lining(places)),
        "transitive": _word(order.transitive),
        "secondary_index": index,
        "reason": "; ".join(_distinct(reasons)),
    }


def _word(value: bool | None) -> str:
    return "" if value is None else ("yes" if value else "no")


def _distinct(reasons: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(reason for reason in reasons if reason))
