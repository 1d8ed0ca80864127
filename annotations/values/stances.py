"""The scale of the ten values: of each a text supports it, opposes it, does both, or neither."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan

from annotations.scales.categories import Category
from annotations.scales.scale import OffScale, gettext_noop
from annotations.scales.vectors import SIGNS, Vector

BOTH = "both"
STANCES = Category((*SIGNS.categories, BOTH))
"""What can be said of one value. 'Both' is a finding of its own: a text that pulls both ways."""

CANNOT_TELL = "cannot tell"
"""The answer of somebody who cannot judge a text."""


@dataclass(frozen=True)
class Stances(Vector):
    """A stance on each of the ten values; untouched is not 'not involved', so each must be said."""

    of: Category = field(default=STANCES)

    def _value(self, said: object) -> tuple[str, ...]:
        parts = self.parts(said)
        open_ones = sum(not part for part in parts)
        if len(parts) == len(self.dimensions) and open_ones > 0:
            raise OffScale(
                gettext_noop(
                    "Values without an answer: %(number)d. Say that the others are not involved, "
                    "or choose for each."
                ),
                number=open_ones,
            )
        return super()._value(said)

    def numbers(self, said: object) -> tuple[float, ...] | None:
        """A sign for each value, NaN for 'both', which lies nowhere between them; None for a way
        out or no vector."""
        value = self.place(said)
        if not isinstance(value, tuple):
            return None
        return tuple(nan if stance == BOTH else float(stance) for stance in value)
