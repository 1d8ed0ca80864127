"""Scales of categories: without an order, and in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from annotations.scales.consensus import MAJORITY, Settled, Value, majority
from annotations.scales.numerals import finite
from annotations.scales.scale import NOMINAL, ORDINAL, OffScale, Scale, gettext_noop, text_of


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
        return text_of(self._known(said))

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
