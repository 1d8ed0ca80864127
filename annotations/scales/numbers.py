"""Scales of numbers: of any, and of angles."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from annotations.scales.consensus import Consensus, Settled
from annotations.scales.numerals import finite, sized
from annotations.scales.scale import ANGLE, INTERVAL, OffScale, Scale, gettext_noop, numeral

BEYOND = gettext_noop("A number from %(low)g to %(high)g is needed.")

Ends = tuple[float, float]
"""The lowest and the highest number of a scale."""

LONGEST = 80
"""Characters of a number as somebody wrote it."""


@dataclass(frozen=True)
class Number(Scale):
    """Finite numbers in whatever unit the question has. tolerance: how far apart the raters of an
    item may lie and still have a consensus; None for any distance. low, high: the ends of the
    scale, which both belong to it; None where it has no such end. beyond: what is said of a number
    that lies elsewhere, with these two in it; a kind of question puts it into words of its own,
    which raters read."""

    tolerance: float | None = None
    ways_out: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    beyond: str = BEYOND
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
        low, high = self.low, self.high
        if (low is not None and number < low) or (high is not None and number > high):
            raise OffScale(self.beyond, low=low, high=high)
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
        return numeral(near)

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
    angle."""

    low: float | None = -180
    high: float | None = 180
    beyond: str = "An angle from %(low)d to %(high)d is needed."
    name: ClassVar[str] = ANGLE

    def words(self, said: object) -> str:
        return f"{super().words(said)}°" if isinstance(self._known(said), float) else str(said)


def bounded(scale: Scale, ends: Ends | None) -> Scale:
    """The scale with these *ends*; itself where there are none, it has its own, or has no
    numbers."""
    if ends is None or not isinstance(scale, Number) or scale.low is not None:
        return scale
    return replace(scale, low=ends[0], high=ends[1])
