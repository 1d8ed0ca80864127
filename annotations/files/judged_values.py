"""Which values a file of judgments or of automated labels may hold, and how its cells are read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from annotations.base import DECLARED, QuestionKind, article
from annotations.kinds import Asks, own_questions, question_kind
from annotations.scales.numerals import LARGEST, SMALLEST, finite
from annotations.scales.scale import INTERVAL, NOMINAL, ORDINAL, VECTOR, OffScale, Scale
from evaluations.text.table_cells import within
from evaluations.text.table_reader import Table
from evaluations.text.table_words import BadCell

MAX_ITEM, MAX_RATER, MAX_VALUE, MAX_SCORER = 200, 80, 80, 60
"""Longest item id, rater id, value and scorer name, in characters."""


def scales() -> tuple[str, ...]:
    """What judgments of a file can be: on a scale that is declared, or on one that a kind of
    question has for itself, which its key names."""
    own = (kind.key for kind in own_questions().values() if kind.off_scale or kind.stances)
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
        if self.question.stances:
            own = tuple(self.question.choices)
            if self.categories not in ((), own):
                raise ValueError(
                    f"{self.scale} are {', '.join(own)}, in this order: leave them out"
                )
            object.__setattr__(self, "categories", own)
        self._check_categories()
        asked = self.question.scale_for(self.categories, self.tolerance)
        object.__setattr__(self, "asked", asked)

    def _check_categories(self) -> None:
        least, what = (1, "dimensions") if self.is_vector else (2, "categories")
        if self.is_numeric:
            if self.categories:
                raise ValueError(
                    f"an {self.scale} scale has numbers, no categories: leave them out"
                )
            return
        if len(self.categories) < least:
            raise ValueError(f"{article(self.scale)} scale needs its {what}: at least {least}")
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
    def is_vector(self) -> bool:
        return self.question.is_vector

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
        if self.is_vector:
            stances = ", ".join(self.question.stances) or "-1, 0 or 1"
            of_each = f"{said} is not {stances} for each of {', '.join(self.categories)}"
            ways_out = "".join(f", or {way!r}" for way in self.question.ways_out)
            return f"{of_each}, with commas{ways_out}"
        if not self.is_numeric:
            return f"{said} is none of: {', '.join(self.categories)}"
        if self.question.off_scale and finite(raw) is not None:
            return f"{said} {self.question.off_scale}: {off}"
        return (
            f"{said} is neither 0 nor a finite number of a size between {SMALLEST:g} and "
            f"{LARGEST:g}"
        )

    def signs(self, label: str) -> dict[str, str]:
        """What a vector says of the dimensions that it involves; none of another label."""
        said = self.asked.place(label)
        pairs = zip(self.categories, said, strict=False) if isinstance(said, tuple) else ()
        return {name: sign for name, sign in pairs if sign != "0"}

    def number(self, label: str) -> float | None:
        """The number that a label of the file is; None where labels are no numbers."""
        value = self.asked.place(label)
        return value if isinstance(value, float) else None

    def numbers(self, said: Iterable[tuple[str, str]]) -> Iterator[tuple[str, float]]:
        """Item and number of what was *said* of it, where that is a number."""
        for item, label in said:
            if (number := self.number(label)) is not None:
                yield item, number


def values_of(study: Asks) -> Values:
    """The values that judgments and automated labels of a study can have, as in files."""
    own = str(study.kind)
    scale = own if own in scales() else str(study.scale)
    asked = question_kind(scale)
    return Values(scale, () if asked.is_numeric else tuple(map(str, study.categories)))


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
        written = self._written(within(cell, "value", MAX_VALUE), line)
        try:
            label = self._values.label(written)
        except ValueError as error:
            raise BadCell(str(error), "value") from error
        if label == cell:
            # Of what is converted every cell is counted, so only plain ones are remembered; of
            # numbers there may be as many as rows.
            if len(self._plain) < REMEMBERED:
                self._plain[cell] = label
        elif not self._values.is_numeric and not self._values.is_vector:
            self._table.notes.count(CATEGORY, line, f"{cell!r} is {label!r}")
        return label

    def _written(self, cell: str, line: int) -> str:
        if self._values.is_vector or cell in self._values.categories:
            return cell  # the commas of a vector stand between its dimensions
        return self._table.decimals.text(cell, line)
