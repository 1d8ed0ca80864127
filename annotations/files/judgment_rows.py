"""What stands in files of judgments and of automated labels, once read: in compact form."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from annotations.files.judgment_columns import (
    Details,
)
from annotations.files.properties import ItemFacts
from evaluations.text.table_cells import within
from evaluations.text.table_reader import Notes


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


def index_of(known: dict[str, int], name: str, what: str, longest: int) -> int:
    if (index := known.get(name)) is not None:
        return index
    return known.setdefault(within(name, what, longest), len(known))
