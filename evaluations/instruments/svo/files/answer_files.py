"""Answers of people as a table, scored row by row: id,item1..item6[,item7..item15] in, angles out.

Pure: reads and writes streams, knows no database. Cells hold option numbers (1-9), letters (A-I) or
the pair of payoffs (85|76, also as survey tools export it); an empty cell is a missing answer.
"""

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from evaluations.instruments.svo import (
    SLIDER,
    Measure,
    boundary_case,
    option_of,
    score,
    secondary_index,
    straight_lining,
    transitivity,
)
from evaluations.text.table_reader import Notes, Problems, Source, Table, pair_of

SHOWN = 1000
"""Problems that are told one by one."""

_PLAIN_PAIR = re.compile(r"[\d.]+\|[\d.]+", re.ASCII)

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


EXPECTED = "expected the columns id,item1,...,item6 or id,item1,...,item15"


@dataclass
class Summary:
    """What was read, and in `notes` what of it was converted; the result is to be used only when
    there are no problems."""

    scored: int = 0
    undefined: int = 0
    problems: Problems = field(default_factory=lambda: Problems(kept=SHOWN))
    notes: Notes = field(default_factory=Notes)


def score_file(
    source: Source,
    result: IO[str],
    *,
    allow_incomplete: bool = False,
    measure: Measure = SLIDER,
    progress: Callable[[int], None] = lambda rows: None,
) -> Summary:
    """Score every row of *source* into *result*, holding one row at a time.

    Goes on after a bad row, so that all of them are named; whoever calls it must then discard
    *result*. Raises RejectedFile when the header or the encoding is wrong.
    """
    summary = Summary()
    writer = csv.DictWriter(result, COLUMNS, lineterminator="\n")
    writer.writeheader()
    seen: dict[str, int] = {}
    table = Table(
        source,
        ("id", *PRIMARY),
        SECONDARY,
        refuses_others=True,
        problems=summary.problems,
        notes=summary.notes,
    )
    _check_secondary(table)
    for line, cells in table:
        progress(1)
        row = _Row(line, cells, table)
        choices = row.choices(measure, seen)
        if choices is not None:
            scored = _scored(choices, allow_incomplete, measure)
            summary.undefined += scored["angle"] == ""
            summary.scored += scored["angle"] != ""
            writer.writerow({"id": row.id, **scored})
    if not table.read:
        raise table.problems.stop(0, "the file has a header and no rows")
    table.decimals.check(table.problems)
    return summary


def _check_secondary(table: Table) -> None:
    """All secondary items or none."""
    there = [name for name in SECONDARY if name in table.columns]
    if there and (missing := [name for name in SECONDARY if name not in there]):
        raise table.problems.stop(1, f"the header lacks {missing[0]}: {EXPECTED}")


@dataclass
class _Row:
    """One row on its way from cells to option numbers; tells the table what is wrong with it."""

    line: int
    cells: dict[str, str]
    table: Table
    id: str = ""

    def choices(self, measure: Measure, seen: dict[str, int]) -> dict[int, int | None] | None:
        """Option numbers by item number, or None when the row has a problem."""
        before = self.table.problems.total
        self._check_id(self.cells.pop("id"), seen)
        choices = {
            int(name.removeprefix("item")): self._option(name, cell, measure)
            for name, cell in self.cells.items()
            if name
        }
        return choices if self.table.problems.total == before else None

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
        if len(cell) == 1 and not cell.isdecimal():
            with suppress(ValueError):
                return option_of(cell, measure.labels)
        with suppress(ValueError):
            number = self.table.decimals.whole(cell, self.line)
            if number is not None and 1 <= number <= len(item.options):
                return number
        last = measure.labels[-1]
        self._wrong(
            name,
            f"{cell!r} is no option: give 1 to {len(item.options)}, A to {last} or self|other",
        )
        return None

    def _of_pair(self, name: str, cell: str, options: list[tuple[float, ...]]) -> int | None:
        try:
            pair = pair_of(cell)
        except ValueError as error:
            self._wrong(name, str(error))
            return None
        if pair in options:
            if not _PLAIN_PAIR.fullmatch(cell):
                example = f"{cell!r} is {pair[0]:g}|{pair[1]:g}"
                self.table.notes.count("A pair of payoffs is read", self.line, example)
            return options.index(pair) + 1
        printed = ", ".join(f"{own:g}|{other:g}" for own, other in options)
        self._wrong(name, f"{cell!r} is none of the item's options: {printed}")
        return None

    def _wrong(self, column: str, reason: str) -> None:
        self.table.problems.add(self.line, reason, column)


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
