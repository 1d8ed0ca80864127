"""A table of a report as values, and how its cells are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from analysis.words.wording import digits_of, number

SHARE, DEGREES, SECONDS, PLAIN = "share", "degrees", "seconds", "plain"
P_VALUE, RATIO = "p", "ratio"
STATISTIC = ("Statistic", "Value and interval")
Part = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that is no statistic with an interval; None is written as a dash. ``query`` asks for
    the rows it is a share of, where it has some of its own."""

    value: float | None
    kind: str = PLAIN
    query: Mapping[str, str] | None = None

    def text(self) -> str:
        if self.value is None:
            return "–"
        if self.kind == SHARE:
            return f"{100 * self.value:.1f} %"
        if self.kind == P_VALUE:
            return "< 0.001" if self.value < 0.001 else number(self.value, 3)
        if self.kind == RATIO:
            return number(self.value, 2 if abs(self.value) > 1 else 3)
        units = {DEGREES: "°", SECONDS: " s"}
        return f"{number(self.value, 2 if self.kind == PLAIN else 1)}{units.get(self.kind, '')}"


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of items, judgments or trials, and what asks for the rows (analysis.pages.rows)."""

    items: int
    query: Mapping[str, str]


Cell = str | int | Figure | Counted | dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """``key`` names the table in files, ``section`` the part of the report it belongs to;
    ``text_columns`` counts the leading columns that hold words."""

    key: str
    section: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    remarks: Sequence[str] = ()
    text_columns: int = 1

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
        rows = [[_text(cell, notes) for cell in row] for row in self.rows]
        return Written(self, rows, [f"{mark}: {text}." for text, mark in notes.items()])


def listing(key: str, section: str, title: str, statistics: list[Part], **more: Any) -> Sheet:
    """A table with a statistic a row."""
    rows: list[list[Cell]] = [[row["name"], row] for row in statistics]
    return Sheet(key, section, title, STATISTIC, rows, **more)


@dataclass(frozen=True, slots=True)
class Written:
    """A sheet whose cells are text; ``notes`` explain the marks in the cells."""

    sheet: Sheet
    rows: list[list[str]]
    notes: list[str]


def _text(cell: Cell, notes: dict[str, str]) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Figure):
        return cell.text()
    if isinstance(cell, Counted):
        return f"{cell.items:,}"
    if isinstance(cell, dict):
        return _statistic(cell, notes)
    return f"{cell:,}" if isinstance(cell, int) else cell


def _statistic(row: dict[str, Any], notes: dict[str, str]) -> str:
    if not row["defined"]:
        return f"undefined ({_mark(row['reason'], notes)})"
    digits = digits_of(row)
    value = number(row["value"], digits)
    if row["interval"] is None:
        return f"{value} ({_mark(row['interval_reason'], notes)})"
    low, high = row["interval"]["low"], row["interval"]["high"]
    return f"{value} [{number(low, digits)}, {number(high, digits)}]"


def _mark(reason: str, notes: dict[str, str]) -> str:
    """The letter of a note; equal reasons share one."""
    text = reason.rstrip(".")
    if text not in notes:
        at = len(notes)
        notes[text] = ascii_lowercase[at] if at < 26 else f"n{at + 1}"
    return notes[text]
