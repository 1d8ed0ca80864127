"""A table of a report as values, and how its cells are written.

A table is defined once, as a sheet: its headings, its rows, what digits and units its numbers have,
and which rows lie behind a number. Page, Markdown, LaTeX and CSV all draw it from that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from analysis.words.units import Unit
from analysis.words.wording import digits_of, number

SHARE, SECONDS, PLAIN = "share", "seconds", "plain"
P_VALUE, RATIO, APART, THREE = "p", "ratio", "apart", "three decimals"
STATISTIC = ("Statistic", "Value and interval")
HOW = "Interval by"
SAME = 1e-8
"""Two implementations of a formula that differ by no more than this agree."""
LIMITS_DIGITS = 6
Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that is no statistic with an interval; ``kind`` says with which digits it is
    written, or is the unit of an instrument's number. ``none`` is written where there is none.
    ``query`` asks for the rows it is a share of, where it has some of its own."""

    value: float | None
    kind: str | Unit = PLAIN
    query: Mapping[str, str] | None = None
    none: str = "–"

    def text(self) -> str:
        if self.value is None:
            return self.none
        if isinstance(self.kind, Unit):
            return self.kind.text(self.value)
        if self.kind == SHARE:
            return f"{100 * self.value:.1f} %"
        if self.kind == P_VALUE:
            return "< 0.001" if self.value < 0.001 else number(self.value, 3)
        if self.kind == RATIO:
            return number(self.value, 2 if abs(self.value) > 1 else 3)
        if self.kind == APART:
            return "below 1e-8" if self.value <= SAME else f"{self.value:.1e}"
        if self.kind == THREE:
            return number(self.value, 3)
        if self.kind == SECONDS:
            return f"{number(self.value, 1)} s"
        return number(self.value, 2)


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of items, judgments or trials, and what asks for the rows (analysis.pages.rows)."""

    items: int
    query: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Limits:
    """A value with its limits to six decimals, for comparing implementations; any may be None."""

    value: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, values: Mapping[str, float | None] | None) -> Limits:
        return cls(**values) if values else cls(None, None, None)

    def said(self) -> Said:
        if self.value is None:
            return Said("none")
        value = number(self.value, LIMITS_DIGITS)
        if self.low is None or self.high is None:
            return Said(value)
        low, high = number(self.low, LIMITS_DIGITS), number(self.high, LIMITS_DIGITS)
        return Said(value, f"[{low}, {high}]")


Cell = str | int | Figure | Counted | Limits | dict[str, Any] | None
"""A dict is a statistic (analysis.sections.computing.entry)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``key`` names the table in files, ``section`` the part of the report it belongs to;
    ``text_columns`` counts the leading columns that hold words. ``how``: the last column says how
    an interval was made or why there is none, so that the cells need no notes. ``shaded``: counts
    whose share of the last column, the sum of their row, a page shades."""

    key: str
    section: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    remarks: Sequence[str] = ()
    text_columns: int = 1
    how: bool = False
    shaded: bool = False

    @property
    def numeric(self) -> list[bool]:
        """Whether each column holds numbers; columns of words are read from the left."""
        return [
            at >= self.text_columns and not all(isinstance(row[at], str) for row in self.rows)
            for at in range(len(self.head))
        ]

    def written(self) -> Written:
        """The sheet in words, with the reasons for missing numbers as notes below it."""
        notes: dict[str, str] = {}
        rows = [[_said(cell, None if self.how else notes) for cell in row] for row in self.rows]
        return Written(rows, [Note(mark, text) for text, mark in notes.items()])


def listing(key: str, section: str, title: str, statistics: list[Part], **more: Any) -> Sheet:
    """A table with a statistic a row, and how its interval was made."""
    rows: list[list[Cell]] = [[row["name"], row, how(row)] for row in statistics]
    return Sheet(key, section, title, (*STATISTIC, HOW), rows, how=True, **more)


def how(row: Part) -> str:
    """How the interval of a statistic was made, or why there is none."""
    if not row["defined"]:
        return str(row["reason"])
    return str(row["interval"]["method"] if row["interval"] else row["interval_reason"])


@dataclass(frozen=True, slots=True)
class Said:
    """A cell in words: its value, the interval behind it, and the mark of the note that says why
    there is none."""

    value: str
    interval: str = ""
    mark: str = ""
    defined: bool = True

    def __str__(self) -> str:
        mark = f"({self.mark})" if self.mark else ""
        return " ".join(filter(None, [self.value, self.interval, mark]))


@dataclass(frozen=True, slots=True)
class Note:
    """What stands below a table and explains the mark in its cells."""

    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.mark}: {self.text}."


@dataclass(frozen=True, slots=True)
class Written:
    """The cells of a sheet in words, and the notes on them."""

    cells: list[list[Said]]
    notes: list[Note]

    @property
    def rows(self) -> list[list[str]]:
        return [[str(cell) for cell in row] for row in self.cells]


def _said(cell: Cell, notes: dict[str, str] | None) -> Said:
    """*notes* takes up the reasons; None where another column says them."""
    if isinstance(cell, Limits):
        return cell.said()
    if isinstance(cell, dict):
        return _statistic(cell, notes)
    if isinstance(cell, Figure):
        return Said(cell.text())
    if isinstance(cell, Counted):
        return Said(f"{cell.items:,}")
    return Said("" if cell is None else f"{cell:,}" if isinstance(cell, int) else cell)


def _statistic(row: Part, notes: dict[str, str] | None) -> Said:
    if not row["defined"]:
        mark = "" if notes is None else _mark(row["reason"], notes)
        return Said("undefined", mark=mark, defined=False)
    digits = digits_of(row)
    value = number(row["value"], digits)
    if row["interval"] is None:
        mark = "no interval" if notes is None else _mark(row["interval_reason"], notes)
        return Said(value, mark=mark)
    low, high = row["interval"]["low"], row["interval"]["high"]
    return Said(value, f"[{number(low, digits)}, {number(high, digits)}]")


def _mark(reason: str, notes: dict[str, str]) -> str:
    """The letter of a note; equal reasons share one."""
    text = reason.rstrip(".")
    if text not in notes:
        at = len(notes)
        notes[text] = ascii_lowercase[at] if at < 26 else f"n{at + 1}"
    return notes[text]
