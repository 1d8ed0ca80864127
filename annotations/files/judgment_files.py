"""Judgments and automated labels from tables: every row is checked before any is used.

Knows no database. docs/reference/judgment-files.md describes both files. A file with a problem is
rejected as a whole, with the line and the reason of each problem.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from annotations.base import DECLARED, QuestionKind
from annotations.files.judgment_columns import (
    ANSWER,
    JUDGING,
    LONGEST_EXPECTED,
    READ,
    REPEAT,
    STAGES,
    DetailColumns,
    Details,
)
from annotations.files.properties import OCCASION, FactColumns, ItemFacts, columns_of
from annotations.kinds import own_questions, question_kind
from annotations.scales.numerals import LARGEST, SMALLEST, finite
from annotations.scales.scale import INTERVAL, NOMINAL, ORDINAL, VECTOR, OffScale, Scale
from evaluations.text.table_cells import within
from evaluations.text.table_reader import Notes, Problems, Source, Table

MAX_ITEM, MAX_RATER, MAX_VALUE, MAX_SCORER = 200, 80, 80, 60
"""Longest item id, rater id, value and scorer name, in characters."""


def scales() -> tuple[str, ...]:
    """What judgments of a file can be: on a scale that is declared, or on one that a kind of
    question has for itself, which its key names."""
    own = (kind.key for kind in own_questions().values() if kind.off_scale)
    return (NOMINAL, ORDINAL, INTERVAL, *own, VECTOR)


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
        if self.scale not in scales():
            raise ValueError(f"unknown scale {self.scale!r}: use {', '.join(scales())}")
        self._check_categories()
        asked = self.question.scale_for(self.categories, self.tolerance)
        object.__setattr__(self, "asked", asked)

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
    def question(self) -> QuestionKind:
        """The kind of question that such values answer."""
        return question_kind(self.scale)

    @property
    def is_numeric(self) -> bool:
        return self.question.is_numeric

    @property
    def kind(self) -> str:
        """What a study of such values asks for (``Study.kind``)."""
        return self.scale if self.scale in own_questions() else DECLARED

    @property
    def level(self) -> str:
        """The scale such a study declares (``Study.scale``)."""
        return self.question.scale

    @property
    def tolerance(self) -> float | None:
        """How far apart raters may lie: as in a study of the kind that is judged here."""
        return self.question.tolerance

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
        if self.question.off_scale and finite(raw) is not None:
            return f"{said} {self.question.off_scale}: {off}"
        return (
            f"{said} is neither 0 nor a finite number of a size between {SMALLEST:g} and "
            f"{LARGEST:g}"
        )

    def number(self, label: str) -> float | None:
        """The number that a label of the file is; None where labels are no numbers."""
        value = self.asked.place(label)
        return value if isinstance(value, float) else None

    def numbers(self, said: Iterable[tuple[str, str]]) -> Iterator[tuple[str, float]]:
        """Item and number of what was *said* of it, where that is a number."""
        for item, label in said:
            if (number := self.number(label)) is not None:
                yield item, number


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
        label = self._values.label(self._written(within(cell, "value", MAX_VALUE), line))
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


@dataclass(frozen=True, slots=True)
class Control:
    """An item with a known answer: its kind, the answer, and its text ('' for none)."""

    kind: str
    expected: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """A repeat of a judgment, or an answer to a control item: item by name, rater by index."""

    line: int
    item: str
    rater: int
    label: str
    stage: str
    details: Details


@dataclass
class JudgmentFile:
    """Judgments in compact form: ``items[item_of[k]]`` was judged ``labels[label_of[k]]`` by
    ``raters[rater_of[k]]``, in line ``line_of[k]``. ``texts`` holds the text of an item by its
    index, where one is given; ``further`` the columns that were asked for and are there; ``facts``
    what the tables say of the items. ``occasion_of``: on which occasion, empty where the file does
    not say. Items that nobody judged come after the judged ones (`read_automated`). ``details``:
    what else is said of each judgment and rater. ``aside``: what was said beside the judgments, in
    repeats and of the items with a known answer in ``controls``.
    """

    items: dict[str, int] = field(default_factory=dict)
    raters: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    item_of: array = field(default_factory=_codes)
    rater_of: array = field(default_factory=_codes)
    label_of: array = field(default_factory=_codes)
    line_of: array = field(default_factory=_codes)
    occasion_of: array = field(default_factory=lambda: array("d"))
    further: dict[str, Column] = field(default_factory=dict)
    facts: ItemFacts = field(default_factory=ItemFacts)
    details: Details = field(default_factory=Details)
    controls: dict[str, Control] = field(default_factory=dict)
    aside: list[Aside] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)

    def __len__(self) -> int:
        return len(self.label_of)


@dataclass(frozen=True, slots=True)
class AutomatedRow:
    """What a scorer said of an item, the item by its index in the `JudgmentFile`. ``label``: ''
    where it gave no valid one; ``reason``: the word that stood for that, '' for an empty cell."""

    item: int
    scorer: str
    label: str
    reason: str = ""


def read_judgments(
    source: Source,
    values: Values,
    further: Sequence[str] = (),
    on_read: Callable[[int], object] = lambda size: None,
    properties: Sequence[str] = (),
    answers: Mapping[str, Callable[[str], object]] = {},
) -> JudgmentFile:
    """Read a long table: the columns item, rater, value and, if wanted, text, occasion, weight,
    what is known of the items (`properties.MEANT`, and *properties*) and those of
    `judgment_columns`.

    *further*: names of columns that are kept as well, where the file has them. *answers*: what
    reads the answer to each further question, by its key. Raises RejectedFile when anything is
    wrong: a missing column, an empty cell, a value the scale does not have, a second judgment of
    the same rater on an item (on the same occasion), or two texts, or two words of one property,
    for one item.
    """
    of_answers = (f"{ANSWER}{key}" for key in answers)
    known = ("text", OCCASION, *columns_of(properties), *READ, *of_answers, *further)
    table = Table(source, ("item", "rater", "value"), known, unmarks=True, on_read=on_read)
    found = JudgmentFile(
        ignored_columns=table.further,
        notes=table.notes,
        further={name: Column() for name in further if name in table.columns},
    )
    details = DetailColumns(table, found.details, answers)
    table.note_ignored(table.further)
    labels = Labels(values, table)
    at = [table.columns.index(name) for name in ("item", "rater", "value")]
    text_at, stage_at, expected_at = map(table.place, ("text", "stage", "expected"))
    kept = [(table.columns.index(name), column) for name, column in found.further.items()]
    facts = FactColumns(table, found.facts, properties)
    occasion_at = table.columns.index(OCCASION) if OCCASION in table.columns else None
    for line, cells in table.lists():
        item_cell, rater_cell, value_cell = (cells[place] for place in at)
        text = "" if text_at is None else cells[text_at]
        stage = "" if stage_at is None else cells[stage_at].casefold()
        try:
            label = labels.read(value_cell, line)
            rater = _index(found.raters, rater_cell, "rater", MAX_RATER)
            more = details.read(rater, cells, line)
            if stage not in ("", JUDGING):
                expected = "" if expected_at is None else cells[expected_at]
                _keep_control(found, item_cell, stage, expected, text)
                alone = details.alone(more)
                found.aside.append(Aside(line, item_cell, rater, label, stage, alone))
                continue
            item = _index(found.items, item_cell, "item", MAX_ITEM)
            _keep_text(found, item, text)
            facts.read(item, cells, line)
            if occasion_at is not None:
                found.occasion_of.append(_occasion(table, cells[occasion_at], line))
        except ValueError as error:
            table.problems.add(line, str(error))
            continue
        found.item_of.append(item)
        found.rater_of.append(rater)
        found.label_of.append(found.labels.setdefault(label, len(found.labels)))
        found.line_of.append(line)
        details.add(more)
        for place, column in kept:
            column.add(cells[place])
    if not found.label_of and not table.problems.total:
        only = "no judgment that takes a place" if found.aside else "no judgment, only a header"
        table.problems.add(0, f"the file holds {only}")
    _refuse_second_ones(found, table.problems)
    _check_aside(found, table.problems)
    table.decimals.check(table.problems)
    table.problems.raise_if_any()
    return found


def _keep_control(found: JudgmentFile, name: str, stage: str, expected: str, text: str) -> None:
    """Remember the item with a known answer that a row is about; ValueError where it is none."""
    if stage not in STAGES:
        raise ValueError(f"the stage {stage[:40]!r} is none of: {', '.join(STAGES)}")
    within(name, "item", MAX_ITEM)
    if stage == REPEAT:
        return
    within(expected, "expected answer", LONGEST_EXPECTED)
    known = found.controls.get(name)
    if known is None:
        found.controls[name] = Control(stage, expected, text)
    elif (known.kind, known.expected) != (stage, expected):
        raise ValueError("this item has another stage or expected answer in an earlier line")
    elif text and not known.text:
        found.controls[name] = Control(stage, expected, text)
    elif text and text != known.text:
        raise ValueError("this item has another text in an earlier line")


def _check_aside(found: JudgmentFile, problems: Problems) -> None:
    """Add a problem for a repeat of no judgment, a control item that is judged, a second row."""
    if not found.aside:
        return
    judged = set(zip(found.item_of, found.rater_of, strict=True))
    seen: dict[tuple[str, int], int] = {}
    for row in found.aside:
        item = found.items.get(row.item)
        if row.stage == REPEAT and (item is None or (item, row.rater) not in judged):
            problems.add(row.line, "repeats a judgment that is not in the file")
        elif row.stage != REPEAT and item is not None:
            problems.add(row.line, f"the item {row.item!r} is judged, and has a known answer here")
        first = seen.setdefault((row.item, row.rater), row.line)
        if first != row.line:
            words = f"this rater has a row of stage {row.stage} on this item in line {first}"
            problems.add(row.line, words)


def _refuse_second_ones(found: JudgmentFile, problems: Problems) -> None:
    """Add a problem for each judgment of an item whose rater judged it in an earlier line."""
    item, rater = (np.frombuffer(codes, np.uint32) for codes in (found.item_of, found.rater_of))
    pairs = item.astype(np.uint64) << np.uint64(32) | rater
    occasion = np.frombuffer(found.occasion_of or array("d", bytes(8 * len(pairs))), np.float64)
    if len(occasion) != len(pairs):
        return  # an occasion could not be read, which is a problem already
    order = np.lexsort((occasion, pairs))
    same = (pairs[order][1:] == pairs[order][:-1]) & (np.diff(occasion[order]) == 0)
    again = order[1:][same]
    if len(again):
        first_at = {(int(pairs[at]), float(occasion[at])): at for at in order[::-1].tolist()}
        on = " on this occasion" if found.occasion_of else ""
        for at in sorted(again):
            first = found.line_of[first_at[int(pairs[at]), float(occasion[at])]]
            problems.add(
                found.line_of[at], f"this rater judged this item already{on} in line {first}"
            )


def _occasion(table: Table, cell: str, line: int) -> float:
    number = finite(table.decimals.text(cell, line)) if cell else None
    if number is None:
        raise ValueError(f"the occasion {cell[:40]!r} is no number: 1 stands for the first")
    return number


def read_automated(
    source: Source,
    values: Values,
    judged: JudgmentFile,
    on_read: Callable[[int], object] = lambda size: None,
    notes: Notes | None = None,
    *,
    unscorable: Sequence[str] = (),
    properties: Sequence[str] = (),
) -> list[AutomatedRow]:
    """Read a long table with the columns item, scorer and value, and of items as judgments have.

    Items that nobody judged are added to those of *judged*. An empty value and the words
    *unscorable* are no valid label. Raises RejectedFile when anything is wrong: also for a second
    label of the same scorer on an item, and where not one of the items was judged.
    """
    required = ("item", "scorer", "value")
    known = columns_of(properties)
    table = Table(source, required, known, unmarks=True, notes=notes, on_read=on_read)
    table.note_ignored(table.further)
    labels = Labels(values, table)
    facts = FactColumns(table, judged.facts, properties)
    at = [table.columns.index(name) for name in required]
    found: dict[tuple[int, str], AutomatedRow] = {}
    n_judged, without = len(judged.items), frozenset(unscorable)
    for line, cells in table.lists():
        item_cell, scorer_cell, value_cell = (cells[place] for place in at)
        try:
            is_valid = value_cell and value_cell not in without
            label = labels.read(value_cell, line) if is_valid else ""
            scorer = within(scorer_cell, "scorer", MAX_SCORER)
            item = _index(judged.items, item_cell, "item", MAX_ITEM)
            facts.read(item, cells, line)
            if (item, scorer) in found:
                raise ValueError(f"the scorer {scorer!r} labelled this item already")
        except ValueError as error:
            table.problems.add(line, str(error))
            continue
        found[item, scorer] = AutomatedRow(item, scorer, label, "" if is_valid else value_cell)
    if not table.read:
        table.problems.add(0, "the file holds no automated label, only a header")
    elif found and all(item >= n_judged for item, _ in found):
        table.problems.add(0, "not one of its items was judged: are the ids the same in both?")
    table.decimals.check(table.problems)
    table.problems.raise_if_any()
    _note_what_is_missing(table.notes, found.values(), n_judged)
    return list(found.values())


def _note_what_is_missing(notes: Notes, rows: Iterable[AutomatedRow], n_judged: int) -> None:
    """Say how many labels are of items nobody judged, and how many are no valid ones."""
    unjudged = len({row.item for row in rows if row.item >= n_judged})
    if unjudged:
        items = "1 item" if unjudged == 1 else f"{unjudged:,} items"
        notes.say(f"{items} that nobody judged, with automated labels alone")
    invalid = Counter(row.reason for row in rows if not row.label)
    if invalid:
        words = [f"{n:,} {repr(word) if word else 'empty'}" for word, n in sorted(invalid.items())]
        labels = "1 label" if invalid.total() == 1 else f"{invalid.total():,} labels"
        notes.say(f"{labels} that are no valid ones: {', '.join(words)}")


def _index(known: dict[str, int], name: str, what: str, longest: int) -> int:
    if (index := known.get(name)) is not None:
        return index
    return known.setdefault(within(name, what, longest), len(known))


def _keep_text(found: JudgmentFile, item: int, text: str) -> None:
    if text and found.texts.setdefault(item, text) != text:
        raise ValueError("this item has another text in an earlier line")
