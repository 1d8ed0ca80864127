"""The scale of vectors: a label for each of several named dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from annotations.scales.categories import Category
from annotations.scales.consensus import MAJORITY, Consensus, Settled, majority
from annotations.scales.numerals import finite
from annotations.scales.scale import VECTOR, OffScale, Scale, gettext_noop, numeral

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
        value = self.place(tuple(numeral(float(numbers[name])) for name in self.dimensions))
        return None if value is None else self.label(value)

    def numbers(self, said: object) -> tuple[float, ...] | None:
        """A vector as numbers, one a dimension (NaN where what was said is none); None for a way
        out or no vector."""
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

    def by_dimension(self, found: Consensus) -> list[list[str]]:
        """What the raters of an item said of each dimension, one entry a rater who could tell."""
        placed = [(self.place(label), times) for label, times in found.counts.items()]
        votes = [(value, times) for value, times in placed if isinstance(value, tuple)]
        return [
            [value[at] for value, times in votes for _ in range(times)]
            for at in range(len(self.dimensions))
        ]

    def grounds_of(self, name: str, votes: list[str], sign: str) -> list[str]:
        """Codes of the reasons for which a reviewer should look at one dimension, by what raters
        said of it and the *sign* that a metric gave it ('' for none)."""
        return []

    def settle(self, values: Sequence[tuple[str, ...]]) -> Settled:
        found = [majority(column) for column in zip(*values, strict=True)]
        pairs = list(zip(self.dimensions, found, strict=True))
        if split := [name for name, value in pairs if value is None]:
            why = f"no value has more than half of the judgments of {', '.join(split)}"
            return Settled(None, why)
        return Settled(tuple(map(str, found)), self.rule)
