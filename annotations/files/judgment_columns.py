"""The columns that a table of judgments can have beside item, rater and value. Pure.

`judgment_table` writes them and `judgment_files` reads them again; docs/reference/judgment-files.md
describes each.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from annotations.scales.numerals import finite
from evaluations.text.passages.spans import Span, SpanRefused
from evaluations.text.passages.spans import read as read_spans
from evaluations.text.table_reader import Table

JUDGING = "judging"
REPEAT = "repeat"
CONTROLS = ("practice", "qualification", "gold", "attention")
STAGES = (JUDGING, REPEAT, *CONTROLS)
"""What a row is of: a judgment that takes a place on its item, a planned repeat of one, or an
answer to an item with a known answer."""

ANSWER = "answer."
"""Before the key of a further question: the column of its answers."""

SIMULATED = "simulated"

LONGEST_COMMENT, LONGEST_EXPECTED, LONGEST_REASON = 4000, 200, 300
GIVEN_ON = "place given on"
EXCLUDED = "rater excluded: "


def _number(cell: str) -> float:
    number = finite(cell)
    if number is None or number < 0:
        raise ValueError("is no number from 0")
    return number


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(cell: str) -> int:
        number = finite(cell)
        if number is None or not number.is_integer() or not least <= number <= most:
            raise ValueError(f"is no whole number from {least} to {most:,}")
        return int(number)

    return read


def _time(cell: str) -> datetime:
    try:
        found = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError("is no time such as 2026-03-01T12:30:00+00:00") from None
    if found.tzinfo is None:
        raise ValueError("is a time without its zone: write it as 2026-03-01T12:30:00+00:00")
    return found


def _words(longest: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > longest:
            raise ValueError(f"has {len(cell):,} characters, {longest:,} are allowed")
        return cell

    return read


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a judgment is not counted: its rater was excluded (with the reason), its place given on
    to somebody else, or both."""

    excluded: str = ""
    given_on: bool = False

    def __str__(self) -> str:
        why = [f"{EXCLUDED}{self.excluded}"] if self.excluded else []
        return "; ".join([*why, GIVEN_ON] if self.given_on else why)


def left_out(cell: str) -> LeftOut:
    """Read what `LeftOut` writes."""
    rest, given_on = cell, cell == GIVEN_ON or cell.endswith(f"; {GIVEN_ON}")
    if given_on:
        rest = cell.removesuffix(GIVEN_ON).removesuffix("; ")
    reason = rest.removeprefix(EXCLUDED).strip() if rest.startswith(EXCLUDED) else ""
    if (rest and not reason) or len(reason) > LONGEST_REASON:
        raise ValueError(f"is neither {EXCLUDED + '(the reason)'!r} nor {GIVEN_ON!r}")
    return LeftOut(reason, given_on)


def _passages(cell: str) -> list[Span]:
    try:
        return read_spans(cell)
    except SpanRefused as refused:
        raise ValueError(
            "is no JSON list of passages (dimension, sign, start, end, quotation, text_sha256)"
        ) from refused


def _names(cell: str) -> list[str]:
    return [name.strip() for name in cell.split(";") if name.strip()]


OF_JUDGMENT: Mapping[str, Callable[[str], Any]] = {
    "confidence": _whole(1, 5),
    "comment": _words(LONGEST_COMMENT),
    "seconds": _number,
    "away_seconds": _number,
    "focus_losses": _whole(0, 32_767),
    "shown_at": _time,
    "sent_at": _time,
    "guideline": _whole(1, 32_767),
    "left_out": left_out,
    "marks": _passages,
    "at_once": _names,
}
"""Columns of the single judgment, each with what reads a cell that is not empty (ValueError)."""

OF_RATER: Mapping[str, Callable[[str], Any]] = {
    "language": _words(20),
    "consent": _whole(1, 32_767),
    "consented_at": _time,
    "rater_kind": _words(20),
}
"""Columns of the rater, the same in all of their rows where they stand."""

NUMERIC = ("confidence", "seconds", "away_seconds", "focus_losses", "guideline", "consent")
READ = ("stage", "expected", *OF_JUDGMENT, *OF_RATER)
"""All that can be read beside item, rater, value and text, but for the further questions."""


@dataclass
class Details:
    """What a table says of each judgment beside its value.

    of_judgment: by column, a value (None for an empty cell) for each judgment. answers: by the key
    of a further question, likewise. of_rater: by rater (its index), what is known of them.
    """

    of_judgment: dict[str, list[Any]] = field(default_factory=dict)
    answers: dict[str, list[Any]] = field(default_factory=dict)
    of_rater: dict[int, dict[str, Any]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.of_judgment or self.answers or self.of_rater)

    def at(self, index: int) -> dict[str, Any]:
        """What is said beside the value of one judgment, by column; empty cells are left out."""
        said = {name: column[index] for name, column in self.of_judgment.items()}
        return {name: value for name, value in said.items() if value is not None}

    def answers_at(self, index: int) -> dict[str, Any]:
        """Its answers to the further questions, by key."""
        said = ((key, column[index]) for key, column in self.answers.items())
        return {key: value for key, value in said if value is not None}


Said = tuple[list[Any], list[Any]]
"""A row: its values by column of the judgment, its answers by further question."""


class DetailColumns:
    """Reads the columns of `Details` that a table has into *details*, row by row.

    answers: what reads the answer to each further question, by its key; raises ValueError.
    """

    def __init__(
        self, table: Table, details: Details, answers: Mapping[str, Callable[[str], Any]]
    ) -> None:
        self._table = table
        self._details = details
        self._judgment = self._present(OF_JUDGMENT)
        self._rater = self._present(OF_RATER)
        self._answers = self._present({f"{ANSWER}{key}": read for key, read in answers.items()})
        for name, _, _ in self._judgment:
            details.of_judgment[name] = []
        for name, _, _ in self._answers:
            details.answers[name.removeprefix(ANSWER)] = []

    def _present(
        self, readers: Mapping[str, Callable[[str], Any]]
    ) -> list[tuple[str, int, Callable[[str], Any]]]:
        columns = self._table.columns
        return [
            (name, columns.index(name), read) for name, read in readers.items() if name in columns
        ]

    def read(self, rater: int, cells: Sequence[str], line: int) -> Said:
        """What a row says; raises ValueError."""
        said = [self._read(name, cells[at], read, line) for name, at, read in self._judgment]
        of_rater = {
            name: value
            for name, at, read in self._rater
            if (value := self._read(name, cells[at], read, line)) is not None
        }
        if of_rater:
            known = self._details.of_rater.setdefault(rater, {})
            for name, value in of_rater.items():
                if known.setdefault(name, value) != value:
                    raise ValueError(f"this rater has another {name} in an earlier line")
        answers = [self._read(name, cells[at], read, line) for name, at, read in self._answers]
        return said, answers

    def add(self, row: Said) -> None:
        """Keep a row as that of the next judgment."""
        for (name, _, _), value in zip(self._judgment, row[0], strict=True):
            self._details.of_judgment[name].append(value)
        for (name, _, _), answer in zip(self._answers, row[1], strict=True):
            self._details.answers[name.removeprefix(ANSWER)].append(answer)

    def alone(self, row: Said) -> Details:
        """A row as the details of one judgment."""
        names = [name for name, _, _ in self._judgment]
        keys = [name.removeprefix(ANSWER) for name, _, _ in self._answers]
        return Details(
            {name: [value] for name, value in zip(names, row[0], strict=True)},
            {key: [said] for key, said in zip(keys, row[1], strict=True)},
        )

    def _read(self, name: str, cell: str, read: Callable[[str], Any], line: int) -> Any:
        if not cell:
            return None
        try:
            return read(self._table.decimals.text(cell, line) if name in NUMERIC else cell)
        except ValueError as error:
            raise ValueError(f"the {name} {cell[:40]!r} {error}") from error
