"""What the raters of one item settled on, and the rule that more than half have to say so.

`Scale.consensus` counts the answers and asks its scale to settle: categories on what more than half
say (`majority`, below; a tie is none), ordered ones on the median, numbers on the mean, vectors on
what more than half say in each dimension. Each of these rules stands in `settle` of its scale.
Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Value = str | float | tuple[str, ...]
"""A label, a number, or a label for each dimension."""

MAJORITY = "more than half of the judgments"


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


T = TypeVar("T")


def majority(values: Sequence[T]) -> T | None:
    """What more than half of *values* are; None where half or fewer agree."""
    value, most = Counter(values).most_common(1)[0]
    return value if 2 * most > len(values) else None
