"""Judgments and automated labels from tables: every row is checked before any is used.

Knows no database. docs/reference/judgment-files.md describes both files. A file with a problem is
rejected as a whole, with the line and the reason of each problem.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

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
from evaluations.table_reader import Notes, Problems, Source, Table

MAX_ITEM, MAX_RATER, MAX_VALUE, MAX_SCORER = 200, 80, 80, 60
"""Longest item id, rater id, value and scorer name, in characters."""

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


REMEMBERED = 10_000
"""Different cells whose reading is kept in memory."""

CATEGORY = "A number is read as the category of that number"


class Labels:
    """Reads the values of one table into the words of the scale, each different cell once.

    A decimal comma and a number that names a category in other digits are noted.
    """

    def __init__(self, values: Values, table: Table) -> None:
        self._values = values
        self._table = table
        self._plain: dict[str, str] = {}

    def read(self, cell: str, line: int) -> str:
        """Raises ValueError for an empty cell, and for what the scale does not have."""
        if cell in self._plain:
            return self._plain[cell]
        label = self._values.label(self._written(_filled(cell, "value", MAX_VALUE), line))
        if label == cell:
            # Of what is converted every cell is counted, so only plain ones are remembered; of
            # numbers there may be as many as rows.
            if len(self._plain) < REMEMBERED:
                self._plain[cell] = label
        elif not self._values.is_numeric and self._values.scale != VECTOR:
            self._table.notes.count(CATEGORY, line, f"{cell!r} is {label!r}")
        return label

    def _written(self, cell: str, line: int) -> str:
        if self._values.scale == VECTOR or cell in self._values.categories:
            return cell  # the commas of a vector stand between its dimensions
        return self._table.decimals.text(cell, line)


@dataclass
class Column:
    """The cells of a further column: ``words[codes[k]]`` stands in the k-th row."""

    words: dict[str, int] = field(default_factory=dict)
    codes: array = field(default_factory=lambda: array("I"))

    def add(self, cell: str) -> None:
        self.codes.append(self.words.setdefault(cell, len(self.words)))

    def cells(self) -> Iterator[str]:
        """The cells in the order of the rows; '' where nothing was said."""
        words = list(self.words)
        return (words[code] for code in self.codes)


def _codes() -> array:
    return array("I")


@dataclass
class JudgmentFile:
    """Judgments in compact form: ``items[item_of[k]]`` was judged ``labels[label_of[k]]`` by
    ``raters[rater_of[k]]``, in line ``line_of[k]``. ``texts`` holds the text of an item by its
    index, where one is given; ``further`` the columns that were asked for and are there.
    """

    items: dict[str, int] = field(default_factory=dict)
    raters: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    item_of: array = field(default_factory=_codes)
    rater_of: array = field(default_factory=_codes)
    label_of: array = field(default_factory=_codes)
    line_of: array = field(default_factory=_codes)
    further: dict[str, Column] = field(default_factory=dict)
    ignored_columns: list[str] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)

    def __len__(self) -> int:
        return len(self.label_of)


@dataclass(frozen=True, slots=True)
class AutomatedRow:
    """What a scorer said of an item, the item by its index in the `JudgmentFile`."""

    item: int
    scorer: str
    label: str


def read_judgments(
    source: Source,
    values: Values,
    further: Sequence[str] = (),
    on_read: Callable[[int], object] = lambda size: None,
) -> JudgmentFile:
    """Read a long table with the columns item, rater, value and, if wanted, text.

    *further*: names of columns that are kept as well, where the file has them. Raises RejectedFile
    when anything is wrong: a missing column, an empty cell, a value the scale does not have, a
    second judgment of the same rater on an item, or two texts for one item.
    """
    table = Table(source, ("item", "rater", "value"), ("text", *further), on_read=on_read)
    found = JudgmentFile(
        ignored_columns=table.further,
        notes=table.notes,
        further={name: Column() for name in further if name in table.columns},
    )
    table.note_ignored(table.further)
    labels = Labels(values, table)
    at = [table.columns.index(name) for name in ("item", "rater", "value")]
    text_at = table.columns.index("text") if "text" in table.columns else None
    kept = [(table.columns.index(name), column) for name, column in found.further.items()]
    for line, cells in table.lists():
        item_cell, rater_cell, value_cell = (cells[place] for place in at)
        try:
            label = labels.read(value_cell, line)
            item = _index(found.items, item_cell, "item", MAX_ITEM)
            rater = _index(found.raters, rater_cell, "rater", MAX_RATER)
            if text_at is not None:
                _keep_text(found, item, cells[text_at])
        except ValueError as error:
            table.problems.add(line, str(error))
            continue
        found.item_of.append(item)
        found.rater_of.append(rater)
        found.label_of.append(found.labels.setdefault(label, len(found.labels)))
        found.line_of.append(line)
        for place, column in kept:
            column.add(cells[place])
    if not table.read:
        table.problems.add(0, "the file holds no judgment, only a header")
    _refuse_second_ones(found, table.problems)
    table.decimals.check(table.problems)
    table.problems.raise_if_any()
    return found


def _refuse_second_ones(found: JudgmentFile, problems: Problems) -> None:
    """Add a problem for each judgment of an item whose rater judged it in an earlier line."""
    item, rater = (np.frombuffer(codes, np.uint32) for codes in (found.item_of, found.rater_of))
    pairs = item.astype(np.uint64) << np.uint64(32) | rater
    order = np.argsort(pairs, kind="stable")
    same = pairs[order][1:] == pairs[order][:-1]
    again = order[1:][same]
    if len(again):
        first_at = {int(pair): at for at, pair in zip(order[::-1], pairs[order[::-1]], strict=True)}
        for at in sorted(again):
            first = found.line_of[first_at[int(pairs[at])]]
            problems.add(found.line_of[at], f"this rater judged this item already in line {first}")


def read_automated(
    source: Source,
    values: Values,
    items: Mapping[str, int],
    on_read: Callable[[int], object] = lambda size: None,
    notes: Notes | None = None,
) -> list[AutomatedRow]:
    """Read a long table with the columns item, scorer and value, about items that were judged.

    Raises RejectedFile when anything is wrong: also for an item nobody judged, and for a second
    label of the same scorer on an item.
    """
    table = Table(source, ("item", "scorer", "value"), notes=notes, on_read=on_read)
    table.note_ignored(table.further)
    labels = Labels(values, table)
    found: dict[tuple[int, str], AutomatedRow] = {}
    for line, cells in table:
        try:
            label = labels.read(cells["value"], line)
            name = _filled(cells["item"], "item", MAX_ITEM)
            scorer = _filled(cells["scorer"], "scorer", MAX_SCORER)
        except ValueError as error:
            table.problems.add(line, str(error))
            continue
        item = items.get(name)
        if item is None:
            table.problems.add(line, f"the item {name!r} is not among the judged items")
        elif (item, scorer) in found:
            table.problems.add(line, f"the scorer {scorer!r} labelled this item already")
        else:
            found[item, scorer] = AutomatedRow(item, scorer, label)
    if not table.read:
        table.problems.add(0, "the file holds no automated label, only a header")
    table.decimals.check(table.problems)
    table.problems.raise_if_any()
    return list(found.values())


def _filled(cell: str, what: str, longest: int) -> str:
    if not cell:
        raise ValueError(f"the {what} is empty")
    if len(cell) > longest:
        raise ValueError(f"the {what} has {len(cell)} characters, {longest} are allowed")
    return cell


def _index(known: dict[str, int], name: str, what: str, longest: int) -> int:
    if (index := known.get(name)) is not None:
        return index
    return known.setdefault(_filled(name, what, longest), len(known))


def _keep_text(found: JudgmentFile, item: int, text: str) -> None:
    if text and found.texts.setdefault(item, text) != text:
        raise ValueError("this item has another text in an earlier line")
