"""What an answer is on each kind of scale: one class a scale, and nothing else knows.

=========  =====================================================  ================================
scale      a value is                                             the consensus of several
=========  =====================================================  ================================
Category   one of the categories                                  what more than half say
Ordinal    one of the categories, which have an order             the median
Number     a finite number                                        the mean
Angle      a number, with °, between two bounds                   the mean
Vector     a value for each dimension, each on a scale of its own what more than half say in each
=========  =====================================================  ================================

Pure: knows neither the database nor a page. Both those who collect judgments and those who report
on them ask here, so that '15' and '15.0' are one number and a consensus is one thing everywhere.

A way out ('unclear', where the question declares it) is an answer without a place on the scale. So
is a word that is no value of it. Among categories without an order both are labels like any other;
elsewhere they are counted and take no part in the consensus.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, ClassVar, TypeVar

from annotations.scales.numerals import finite, sized

NOMINAL, ORDINAL, INTERVAL, VECTOR = "nominal", "ordinal", "interval", "vector"
ANGLE = "angle"

LONGEST = 80
"""Characters of a number as somebody wrote it."""

MAJORITY = "more than half of the judgments"

Value = str | float | tuple[str, ...]
"""A label, a number, or a label for each dimension."""


def gettext_noop(words: str) -> str:
    """Mark *words* for translation: raters read them."""
    return words


class OffScale(ValueError):
    """What was said is no value of the scale; ``words % facts`` says why and what would be."""

    def __init__(self, words: str, **facts: Any) -> None:
        super().__init__(words % facts)
        self.words = words
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Consensus:
    """What the raters of one item settled on.

    label: the consensus in words, or None where there is none. value: the same as a value of the
    scale. counts: judgments per label, most frequent first. share: of the judgments that carry the
    consensus (0 where there is none). rule: how it was found, or why there is none, in words.
    spread: lowest and highest number on a scale of numbers, else None.
    """

    label: str | None
    counts: Mapping[str, int]
    share: float
    rule: str
    value: Value | None = None
    spread: tuple[float, float] | None = None

    @property
    def judgments(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Settled:
    """What values settle on: a value or None, with the reason in ``rule``; spread of numbers."""

    value: Value | None
    rule: str
    spread: tuple[float, float] | None = None


class Scale(ABC):
    """What every scale can do. *said* is an answer as text, or a value of the scale already."""

    name: ClassVar[str]
    """What the scale is called: one of the words of `scale_of`."""
    level: ClassVar[str]
    """Which distances mean something: 'nominal', 'ordinal' or 'interval'."""
    rule: ClassVar[str]
    """How judgments become a consensus, in words."""
    ways_out: tuple[str, ...]

    def parse(self, said: object) -> Value:
        """Return what was said as a value or a way out; OffScale where it is neither."""
        text = said.strip() if isinstance(said, str) else said
        return text if isinstance(text, str) and text in self.ways_out else self._value(text)

    @abstractmethod
    def _value(self, said: object) -> Value:
        """*said* (text without blanks around it, or a value) as a value; OffScale for any other."""

    def place(self, said: object) -> Value | None:
        """Return the value that takes part in a consensus; None for a way out or no value."""
        try:
            value = self.parse(said)
        except OffScale:
            return None
        return None if isinstance(value, str) and value in self.ways_out else value

    def same(self, one: object, other: object) -> bool:
        """Whether two people (or a person and a metric) said the same."""
        return self._known(one) == self._known(other)

    def _known(self, said: object) -> object:
        """The value, or what was said where it is none."""
        try:
            return self.parse(said)
        except OffScale:
            return said

    def label(self, said: object) -> str:
        """The one text of a value: '3' for '3', '3.0' and 3.0."""
        return _text(self._known(said))

    def words(self, said: object) -> str:
        """A value as people read it, in English."""
        return self.label(said)

    def how(self) -> str:
        """How judgments become a consensus, and when they do not, in words."""
        return self.rule

    def consensus(self, said: Iterable[object]) -> Consensus:
        """The consensus of what was said of one item, one answer a rater."""
        answers = list(said)
        placed = [(one, self.place(one)) for one in answers]
        texts = (_text(self._known(one) if value is None else value) for one, value in placed)
        counts = dict(Counter(texts).most_common())
        values = [value for _, value in placed if value is not None]
        if not values:
            why = "no judgment lies on the scale" if answers else "no judgment yet"
            return Consensus(None, counts, 0.0, why)
        found = self.settle(values)
        if found.value is None:
            return Consensus(None, counts, 0.0, found.rule, None, found.spread)
        label = self.label(found.value)
        share = self._carry(label, counts, len(values)) / len(answers)
        return Consensus(label, counts, share, found.rule, found.value, found.spread)

    @abstractmethod
    def settle(self, values: Sequence[Any]) -> Settled:
        """What one value or more, each with a `place`, settle on."""

    def _carry(self, label: str, counts: Mapping[str, int], placed: int) -> int:
        """How many answers stand behind a consensus."""
        return counts.get(label, 0)

    def differs(self, found: Consensus, automated: object) -> bool:
        """Whether an automated label is something else than a consensus that was found."""
        return not self.same(found.value, automated)


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return _numeral(value) if isinstance(value, float) else str(value)


def _numeral(number: float) -> str:
    """The shortest text that is this number again: '3', '-1.5', '1e+20'."""
    whole = number.is_integer() and abs(number) < 1e16
    return str(int(number)) if whole else repr(number)


@dataclass(frozen=True)
class Category(Scale):
    """Categories without an order; none at all takes any word. Where a category is a number,
    another way to write the number ('1.0' for '1') names it as well."""

    categories: tuple[str, ...] = ()
    ways_out: tuple[str, ...] = ()
    name: ClassVar[str] = NOMINAL
    level: ClassVar[str] = "nominal"
    rule: ClassVar[str] = MAJORITY

    @cached_property
    def _numbered(self) -> Mapping[float, str]:
        """Categories by the number they are, but for numbers that two of them are."""
        numbers = [(finite(name), name) for name in self.categories]
        often = Counter(number for number, _ in numbers)
        return {n: name for n, name in numbers if n is not None and often[n] == 1}

    def _value(self, said: object) -> str:
        text = str(said)
        if text in self.categories or not self.categories:
            return text
        number = finite(text)
        if number is not None and number in self._numbered:
            return self._numbered[number]
        words = gettext_noop("%(said)r is none of: %(allowed)s.")
        raise OffScale(words, said=text[:40], allowed=", ".join(self.categories))

    def place(self, said: object) -> Value | None:
        """Every label can be what most people say, the ways out too."""
        return _text(self._known(said))

    def settle(self, values: Sequence[str]) -> Settled:
        label = majority(values)
        split = "no label has more than half of the judgments"
        return Settled(label, split if label is None else self.rule)


@dataclass(frozen=True)
class Ordinal(Category):
    """Categories in their order, lowest first."""

    name: ClassVar[str] = ORDINAL
    level: ClassVar[str] = "ordinal"
    rule: ClassVar[str] = "median of the judgments"

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        ordered = [name for name in self.categories if name not in self.ways_out]
        return {name: rank for rank, name in enumerate(ordered)}

    def place(self, said: object) -> Value | None:
        label = self._known(said)
        return label if isinstance(label, str) and label in self._ranks else None

    def settle(self, values: Sequence[str]) -> Settled:
        ordered = sorted(values, key=self._ranks.__getitem__)
        low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
        if low != high:
            return Settled(None, f"the median falls between {low} and {high}")
        return Settled(low, self.rule)


@dataclass(frozen=True)
class Number(Scale):
    """Finite numbers in whatever unit the question has. tolerance: how far apart the raters of an
    item may lie and still have a consensus; None for any distance."""

    tolerance: float | None = None
    ways_out: tuple[str, ...] = ()
    name: ClassVar[str] = INTERVAL
    level: ClassVar[str] = "interval"
    rule: ClassVar[str] = "mean of the judgments"

    def _value(self, said: object) -> float:
        if isinstance(said, float | int):
            number = sized(float(said))
        else:
            number = finite(str(said)) if len(str(said)) <= LONGEST else None
        if number is None:
            words = gettext_noop("%(said)r is not a number: give one such as 3 or -1.5.")
            raise OffScale(words, said=str(said)[:40])
        return number

    def same(self, one: object, other: object) -> bool:
        """Equal numbers, but for what rounding does to a mean."""
        first, second = self._known(one), self._known(other)
        if isinstance(first, float) and isinstance(second, float):
            return math.isclose(first, second, rel_tol=1e-9, abs_tol=1e-12)
        return first == second

    def words(self, said: object) -> str:
        """The number with four decimals at most, or four digits where it is smaller than 1."""
        value = self._known(said)
        if not isinstance(value, float):
            return str(value)
        near = round(value, 4) if abs(value) >= 1 else float(f"{value:.4g}")
        return _numeral(near)

    def settle(self, values: Sequence[float]) -> Settled:
        low, high = min(values), max(values)
        apart = high - low
        if self.tolerance is not None and apart > self.tolerance:
            why = f"the values lie {apart:g} apart, more than {self.tolerance:g}"
            return Settled(None, why, (low, high))
        # Rounding can take the mean of equal numbers a hair beyond them.
        mean = min(max(math.fsum(values) / len(values), low), high)
        return Settled(mean, self.rule, (low, high))

    def _carry(self, label: str, counts: Mapping[str, int], placed: int) -> int:
        return placed

    def how(self) -> str:
        if self.tolerance is None:
            return self.rule
        return f"{self.rule}, none where they lie more than {self.tolerance:g} apart"

    def differs(self, found: Consensus, automated: object) -> bool:
        """Outside the range of the raters' own numbers."""
        value = self.place(automated)
        if found.spread is None or not isinstance(value, float):
            return not self.same(found.value, automated)
        low, high = found.spread
        return not low <= value <= high


@dataclass(frozen=True)
class Angle(Number):
    """Numbers from *low* to *high* that are told with a °: the one scale on which a number is an
    angle. beyond: what is said of one that lies elsewhere, with these two in it; a kind of question
    puts it into words of its own, which raters read."""

    low: int = -180
    high: int = 180
    beyond: str = "An angle from %(low)d to %(high)d is needed."
    name: ClassVar[str] = ANGLE

    def _value(self, said: object) -> float:
        number = super()._value(said)
        if not self.low <= number <= self.high:
            raise OffScale(self.beyond, low=self.low, high=self.high)
        return number

    def words(self, said: object) -> str:
        return f"{super().words(said)}°" if isinstance(self._known(said), float) else str(said)


SIGNS = Category(("-1", "0", "1"))
"""What can be said of one dimension of a vector: against, neither, for."""


@dataclass(frozen=True)
class Vector(Scale):
    """A label for each of several named dimensions, in their order, written with commas."""

    dimensions: tuple[str, ...] = ()
    ways_out: tuple[str, ...] = ()
    of: Category = field(default=SIGNS)
    """The scale of each dimension."""
    name: ClassVar[str] = VECTOR
    level: ClassVar[str] = "nominal"
    rule: ClassVar[str] = f"{MAJORITY} in each dimension"

    def _value(self, said: object) -> tuple[str, ...]:
        parts = self.parts(said)
        try:
            if len(parts) == len(self.dimensions):
                return tuple(str(self.of.parse(part)) for part in parts)
        except OffScale:
            pass
        raise OffScale(gettext_noop("Choose -1, 0 or +1 in each row."))

    @staticmethod
    def parts(said: object) -> tuple[str, ...]:
        """What was said of each dimension, unchecked; () for nothing."""
        if isinstance(said, tuple):
            return tuple(map(str, said))
        text = str(said).strip()
        return tuple(part.strip() for part in text.split(",")) if text else ()

    def by_name(self, numbers: Mapping[str, float]) -> str | None:
        """The label of a vector that names its dimensions, in whatever order; None where it leaves
        one out, or is on another scale."""
        if not set(self.dimensions) <= set(numbers):
            return None
        value = self.place(tuple(_numeral(float(numbers[name])) for name in self.dimensions))
        return None if value is None else self.label(value)

    def numbers(self, said: object) -> tuple[float, ...] | None:
        """A vector as numbers, one a dimension; None for a way out or no vector."""
        value = self.place(said)
        return tuple(map(float, value)) if isinstance(value, tuple) else None

    def words(self, said: object) -> str:
        pairs = self.named(said)
        return ", ".join(f"{name} {sign}" for name, sign in pairs) if pairs else str(said)

    def named(self, said: object) -> list[tuple[str, str]]:
        """Each dimension with its sign as people read it; [] for what is no vector."""
        value = self.place(said)
        shown = value if isinstance(value, tuple) else ()
        return [
            (name, f"+{sign}" if (finite(sign) or 0) > 0 else sign)
            for name, sign in zip(self.dimensions, shown, strict=False)
        ]

    def settle(self, values: Sequence[tuple[str, ...]]) -> Settled:
        found = [majority(column) for column in zip(*values, strict=True)]
        pairs = list(zip(self.dimensions, found, strict=True))
        if split := [name for name, value in pairs if value is None]:
            why = f"no value has more than half of the judgments of {', '.join(split)}"
            return Settled(None, why)
        return Settled(tuple(map(str, found)), self.rule)


T = TypeVar("T")


def majority(values: Sequence[T]) -> T | None:
    """What more than half of *values* are; None where half or fewer agree."""
    value, most = Counter(values).most_common(1)[0]
    return value if 2 * most > len(values) else None


@lru_cache(maxsize=256)
def scale_of(
    name: str,
    categories: tuple[str, ...] = (),
    tolerance: float | None = None,
    ways_out: tuple[str, ...] = (),
) -> Scale:
    """The scale that is called *name*: what a study declares, or a kind of question has.

    *categories*: in their order; the dimensions of a vector. ValueError for an unknown name.
    """
    if name == NOMINAL:
        return Category(categories, ways_out)
    if name == ORDINAL:
        return Ordinal(categories, ways_out)
    if name == INTERVAL:
        return Number(tolerance, ways_out)
    if name == VECTOR:
        return Vector(categories, ways_out)
    raise ValueError(f"unknown scale {name!r}: use nominal, ordinal, interval or vector")
