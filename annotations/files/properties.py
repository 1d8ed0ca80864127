"""What a table says of its items beside the judgments: where they come from, and what they weigh.

Pure. docs/reference/judgment-files.md describes the columns. Some have a meaning of their own
(`MEANT`, ``weight``, ``occasion``); any further one counts where it is named (``--properties``).
"""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from annotations.scales.numerals import finite
from evaluations.text.table_reader import Table

MEANT = ("model", "target_value", "condition", "cluster")
"""Properties that tables may always carry. A cluster (a document, a conversation) holds items that
belong together; items of one model do so as well."""

DOCUMENT = "document"
"""Another word for a cluster."""

WEIGHT, OCCASION = "weight", "occasion"

MOST_PROPERTIES, LONGEST_NAME, LONGEST_VALUE = 20, 40, 200
LARGEST_WEIGHT = 1e9

TAKEN = frozenset(
    {"item", "rater", "value", "text", "scorer", "id", "number", WEIGHT, OCCASION, DOCUMENT}
)
"""Columns that mean something else."""


def checked_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names of further properties, each once; ValueError for one that cannot be a property."""
    found = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    for name in found:
        if name in TAKEN:
            raise ValueError(f"the column {name!r} is no property: it means something else")
        if len(name) > LONGEST_NAME or "=" in name:
            raise ValueError(
                f"the property {name[:LONGEST_NAME]!r} needs a name of at most {LONGEST_NAME} "
                "characters without ="
            )
    if len(found) > MOST_PROPERTIES:
        raise ValueError(f"{len(found)} properties: {MOST_PROPERTIES} at most")
    return tuple(name for name in found if name not in MEANT)


@dataclass
class PerItem:
    """A word for each item, '' where none was said: ``words[codes[item]]``, kept small."""

    words: list[str] = field(default_factory=lambda: [""])
    codes: array = field(default_factory=lambda: array("I"))
    _at: dict[str, int] = field(default_factory=lambda: {"": 0})

    def say(self, item: int, word: str) -> bool:
        """Keep *word* of *item*; False where another one was said of it before."""
        while len(self.codes) <= item:
            self.codes.append(0)
        if not word:
            return True
        code = self._at.setdefault(word, len(self.words))
        if code == len(self.words):
            self.words.append(word)
        if self.codes[item] not in (0, code):
            return False
        self.codes[item] = code
        return True

    def of(self, item: int) -> str:
        return self.words[self.codes[item]] if item < len(self.codes) else ""


@dataclass
class ItemFacts:
    """What the tables of a study say of its items, by the items' numbers."""

    properties: dict[str, PerItem] = field(default_factory=dict)
    weights: PerItem = field(default_factory=PerItem)

    @property
    def names(self) -> list[str]:
        """The properties that any item has, by name."""
        return sorted(name for name, said in self.properties.items() if len(said.words) > 1)

    def of_items(self, count: int) -> Iterator[tuple[dict[str, str], float]]:
        """Of each of *count* items the properties that are known, and its weight (1 for none)."""
        kept = [(name, self.properties[name]) for name in self.names]
        weights = [float(word or 1) for word in self.weights.words]
        for item in range(count):
            pairs = ((name, said.of(item)) for name, said in kept)
            at = self.weights.codes[item] if item < len(self.weights.codes) else 0
            yield {name: word for name, word in pairs if word}, weights[at]


class FactColumns:
    """The columns of a table that hold facts of its items."""

    def __init__(self, table: Table, facts: ItemFacts, names: Sequence[str]) -> None:
        self._table, self._facts = table, facts
        self._weights: dict[str, str] = {}
        self._at: list[tuple[int, str]] = []
        for name in (*MEANT, *names):
            if name in table.columns:
                self._at.append((table.columns.index(name), name))
        if DOCUMENT in table.columns:
            if "cluster" in table.columns:
                table.problems.add(1, "the header names both cluster and document: use one")
            self._at.append((table.columns.index(DOCUMENT), "cluster"))
        self._weight_at = table.columns.index(WEIGHT) if WEIGHT in table.columns else None
        for _, name in self._at:
            facts.properties.setdefault(name, PerItem())

    def read(self, item: int, cells: Sequence[str], line: int) -> None:
        """Keep what a row says of *item*; ValueError where an earlier row says something else."""
        for place, name in self._at:
            word = cells[place]
            if len(word) > LONGEST_VALUE:
                raise ValueError(f"the {name} has {len(word)} characters, {LONGEST_VALUE} at most")
            if not self._facts.properties[name].say(item, word):
                raise ValueError(_another(name, self._facts.properties[name].of(item), word))
        if self._weight_at is None or not (cell := cells[self._weight_at]):
            return
        if cell not in self._weights:
            self._weights[cell] = self._weight(cell, line)
        if not self._facts.weights.say(item, self._weights[cell]):
            raise ValueError(_another(WEIGHT, self._facts.weights.of(item), cell))

    def _weight(self, cell: str, line: int) -> str:
        """A sampling weight as the shortest text of its number."""
        number = finite(self._table.decimals.text(cell, line))
        if number is None or not 0 < number <= LARGEST_WEIGHT:
            raise ValueError(
                f"the weight {cell[:40]!r} is no number above 0: give 1 / probability of being "
                "drawn"
            )
        return repr(number)


def columns_of(names: Sequence[str]) -> tuple[str, ...]:
    """The optional columns in which a table can say something of its items."""
    return (*MEANT, DOCUMENT, WEIGHT, *names)


def _another(name: str, known: str, word: str) -> str:
    return (
        f"this item has another {name} in an earlier line: {known[:40]!r}, not {word[:40]!r} "
        "(where the column says nothing of the item, call it otherwise)"
    )


def rounds(
    item_of: Sequence[int], rater_of: Sequence[int], occasion_of: Sequence[int]
) -> Iterator[int]:
    """Of each judgment how many earlier occasions its rater judged its item on; 0: the first.

    Occasions are numbers; what counts is their order, not what they are.
    """
    by_pair: dict[int, list[int]] = {}
    for item, rater, occasion in zip(item_of, rater_of, occasion_of, strict=True):
        by_pair.setdefault(item << 32 | rater, []).append(occasion)
    for seen in by_pair.values():
        seen.sort()
    for item, rater, occasion in zip(item_of, rater_of, occasion_of, strict=True):
        yield by_pair[item << 32 | rater].index(occasion)
