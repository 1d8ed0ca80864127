"""Judgments and automated labels from CSV files: every row is checked before any is used.

Knows no database. docs/reference/judgment-files.md describes both files. A file with a problem is
rejected as a whole, with the line and the reason of each problem.
"""

import csv
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from annotations.numerals import LARGEST, SMALLEST, finite
from annotations.scales import (
    ANGLE,
    ANGLE_TOLERANCE,
    DECLARED,
    INTERVAL,
    NOMINAL,
    ORDINAL,
    VECTOR,
    OffScale,
    Scale,
    scale_of,
)

MAX_ITEM, MAX_RATER, MAX_VALUE, MAX_SCORER = 200, 80, 80, 60
"""Longest item id, rater id, value and scorer name, in characters."""

LONGEST_CELL = 10_000_000
"""Characters of one cell; the csv module stops at 131,072 unless told otherwise."""

KEPT_PROBLEMS = 20
"""Problems of a file that are told one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which line (the header is line 1; 0: the file as a whole)."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}" if self.line else self.reason


class RejectedFile(Exception):
    """A file that is not taken: the first problems, and how many there are in all."""

    def __init__(self, problems: Sequence[Problem], total: int) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems
        self.total = total


class Problems:
    """Collects what is wrong with a file."""

    def __init__(self) -> None:
        self.first: list[Problem] = []
        self.total = 0

    def add(self, line: int, reason: str) -> None:
        self.total += 1
        if len(self.first) < KEPT_PROBLEMS:
            self.first.append(Problem(line, reason))

    def stop(self, line: int, reason: str) -> RejectedFile:
        """The end of reading: a problem after which no line can be understood."""
        self.add(line, reason)
        return RejectedFile(self.first, self.total)

    def raise_if_any(self) -> None:
        if self.total:
            raise RejectedFile(self.first, self.total)


SCALES = (NOMINAL, ORDINAL, INTERVAL, ANGLE, VECTOR)
"""What judgments of a file can be: an angle is a number too, but one of degrees on the ring."""

NUMBERS = (INTERVAL, ANGLE)


@dataclass(frozen=True)
class Values:
    """Which values a file may hold: the scale, and its categories in order (the dimensions of a
    vector).

    Raises ValueError for an unknown scale, and for categories that are missing, repeated, too
    long, or given for numbers.
    """

    scale: str
    categories: tuple[str, ...] = ()
    asked: Scale = field(init=False)

    def __post_init__(self) -> None:
        if self.scale not in SCALES:
            raise ValueError(f"unknown scale {self.scale!r}: use {', '.join(SCALES)}")
        self._check_categories()
        object.__setattr__(self, "asked", scale_of(self.scale, self.categories, self.tolerance))

    def _check_categories(self) -> None:
        least, what = (1, "dimensions") if self.scale == VECTOR else (2, "categories")
        if self.is_numeric:
            if self.categories:
                raise ValueError(
                    f"an {self.scale} scale has numbers, no categories: leave them out"
                )
            return
        if len(self.categories) < least:
            raise ValueError(f"a {self.scale} scale needs its {what}: at least {least}")
        if len(set(self.categories)) < len(self.categories):
            raise ValueError(f"a category is named twice: {', '.join(self.categories)}")
        if too_long := [name for name in self.categories if not 0 < len(name) <= MAX_VALUE]:
            raise ValueError(f"a category has 1 to {MAX_VALUE} characters, not {too_long[0]!r}")

    @property
    def is_numeric(self) -> bool:
        return self.scale in NUMBERS

    @property
    def kind(self) -> str:
        """What a study of such values asks for (``Study.kind``)."""
        return ANGLE if self.scale == ANGLE else DECLARED

    @property
    def level(self) -> str:
        """The scale such a study declares (``Study.scale``)."""
        return INTERVAL if self.is_numeric else self.scale

    @property
    def tolerance(self) -> float | None:
        """How far apart raters may lie: as in a study of angles that is judged here."""
        return ANGLE_TOLERANCE if self.scale == ANGLE else None

    def label(self, raw: str) -> str:
        """Return a value in the words of the scale: where a category is a number, '5.0' is the
        category '5'. A number stays in the words it was given in.

        Raises ValueError when the scale does not have it.
        """
        try:
            value = self.asked.parse(raw)
        except OffScale as off:
            raise ValueError(self._why_not(raw, off)) from off
        return raw if isinstance(value, float) else self.asked.label(value)

    def _why_not(self, raw: str, off: OffScale) -> str:
        said = f"the value {raw[:40]!r}"
        if self.scale == VECTOR:
            return f"{said} is not -1, 0 or 1 for each of {', '.join(self.categories)}, with commas"
        if not self.is_numeric:
            return f"{said} is none of: {', '.join(self.categories)}"
        if self.scale == ANGLE and finite(raw) is not None:
            return f"{said} is no angle of the ring: {off}"
        return (
            f"{said} is neither 0 nor a finite number of a size between {SMALLEST:g} and "
            f"{LARGEST:g}"
        )

    def number(self, label: str) -> float | None:
        """The number that a label of the file is; None where labels are no numbers."""
        value = self.asked.place(label)
        return value if isinstance(value, float) else None


@dataclass
class JudgmentFile:
    """Judgments in compact form: ``items[item_of[k]]`` was judged ``labels[label_of[k]]`` by
    ``raters[rater_of[k]]``. ``texts`` holds the text of an item by its index, where one is given.
    """

    items: dict[str, int] = field(default_factory=dict)
    raters: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    item_of: array = field(default_factory=lambda: array("L"))
    rater_of: array = field(default_factory=lambda: array("L"))
    label_of: array = field(default_factory=lambda: array("L"))
    ignored_columns: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.label_of)


@dataclass(frozen=True, slots=True)
class AutomatedRow:
    """What a scorer said of an item, the item by its index in the `JudgmentFile`."""

    item: int
    scorer: str
    label: str


def read_judgments(lines: Iterable[str], values: Values) -> JudgmentFile:
    """Read long CSV with the columns item, rater, value and, if wanted, text.

    Raises RejectedFile when anything is wrong: a missing column, an empty cell, a value the scale
    does not have, a second judgment of the same rater on an item, or two texts for one item.
    """
    problems = Problems()
    rows = Rows(lines, ("item", "rater", "value"), ("text",), problems)
    found = JudgmentFile(ignored_columns=rows.ignored)
    seen: dict[int, int] = {}
    for line, cells in rows:
        try:
            label = values.label(_cell(cells, "value", MAX_VALUE))
            item = _index(found.items, _cell(cells, "item", MAX_ITEM))
            rater = _index(found.raters, _cell(cells, "rater", MAX_RATER))
            _keep_text(found, item, cells.get("text", ""))
        except ValueError as error:
            problems.add(line, str(error))
            continue
        pair = item << 32 | rater
        if first := seen.get(pair):
            problems.add(line, f"this rater judged this item already in line {first}")
            continue
        seen[pair] = line
        found.item_of.append(item)
        found.rater_of.append(rater)
        found.label_of.append(_index(found.labels, label))
    if not rows.read:
        problems.add(0, "the file holds no judgment, only a header")
    problems.raise_if_any()
    return found


def read_automated(
    lines: Iterable[str], values: Values, items: Mapping[str, int]
) -> list[AutomatedRow]:
    """Read long CSV with the columns item, scorer and value, about items that were judged.

    Raises RejectedFile when anything is wrong: also for an item nobody judged, and for a second
    label of the same scorer on an item.
    """
    problems = Problems()
    rows = Rows(lines, ("item", "scorer", "value"), (), problems)
    found: dict[tuple[int, str], AutomatedRow] = {}
    for line, cells in rows:
        try:
            label = values.label(_cell(cells, "value", MAX_VALUE))
            name = _cell(cells, "item", MAX_ITEM)
            scorer = _cell(cells, "scorer", MAX_SCORER)
        except ValueError as error:
            problems.add(line, str(error))
            continue
        item = items.get(name)
        if item is None:
            problems.add(line, f"the item {name!r} is not among the judged items")
        elif (item, scorer) in found:
            problems.add(line, f"the scorer {scorer!r} labelled this item already")
        else:
            found[item, scorer] = AutomatedRow(item, scorer, label)
    if not rows.read:
        problems.add(0, "the file holds no automated label, only a header")
    problems.raise_if_any()
    return list(found.values())


def _cell(cells: Mapping[str, str], column: str, longest: int) -> str:
    cell = cells[column]
    if not cell:
        raise ValueError(f"the {column} is empty")
    if len(cell) > longest:
        raise ValueError(f"the {column} has {len(cell)} characters, {longest} are allowed")
    return cell


def _index(known: dict[str, int], name: str) -> int:
    return known.setdefault(name, len(known))


def _keep_text(found: JudgmentFile, item: int, text: str) -> None:
    if text and found.texts.setdefault(item, text) != text:
        raise ValueError("this item has another text in an earlier line")


class Rows:
    """The data rows of a CSV file as (line number, cells by column), blanks around cells cut off.

    Blank rows are skipped; ``read`` counts the others, and ``ignored`` names columns nobody asked
    for. Raises RejectedFile for a header that lacks a column, and for lines that are no CSV.
    """

    def __init__(
        self,
        lines: Iterable[str],
        required: Sequence[str],
        optional: Sequence[str],
        problems: Problems,
    ) -> None:
        self.problems = problems
        csv.field_size_limit(LONGEST_CELL)
        self.reader = csv.reader(lines, strict=True)
        self.read = 0
        header = next(self._raw(), (1, []))[1]
        self.columns = [name.strip().removeprefix("\ufeff") for name in header]
        self._check_header(required)
        wanted = (*required, *optional)
        self.ignored = [name for name in self.columns if name not in wanted]

    def _check_header(self, required: Sequence[str]) -> None:
        if missing := [name for name in required if name not in self.columns]:
            raise self.problems.stop(
                1,
                f"the header lacks {', '.join(missing)}: it must name {', '.join(required)}, "
                f"and it names {', '.join(filter(None, self.columns)) or 'nothing'}",
            )
        if twice := [name for name in self.columns if self.columns.count(name) > 1]:
            raise self.problems.stop(1, f"the header names {twice[0]!r} twice")

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        for line, row in self._raw():
            if not any(cell.strip() for cell in row):
                continue
            self.read += 1
            if len(row) != len(self.columns):
                words = f"has {len(row)} cells, the header has {len(self.columns)}"
                self.problems.add(line, words)
            elif any("\x00" in cell for cell in row):
                self.problems.add(line, "holds a NUL character, which no text has")
            else:
                cells = (cell.strip() for cell in row)
                yield line, dict(zip(self.columns, cells, strict=True))

    def _raw(self) -> Iterator[tuple[int, list[str]]]:
        """Rows with the line they begin in."""
        while True:
            line = self.reader.line_num + 1
            try:
                row = next(self.reader, None)
            except csv.Error as error:
                raise self.problems.stop(line, f"is no CSV: {error}") from error
            except UnicodeDecodeError as error:
                byte = error.object[error.start]
                words = f"is not UTF-8 text (byte {byte:#04x}): save the file as CSV in UTF-8"
                raise self.problems.stop(line, words) from error
            if row is None:
                return
            yield line, row
