"""The scale of the ten values: of each a text supports it, opposes it, does both, or neither."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan

from annotations.scales.categories import Category
from annotations.scales.consensus import Consensus, majority
from annotations.scales.scale import OffScale, gettext_noop
from annotations.scales.vectors import SIGNS, Vector

BOTH = "both"
STANCES = Category((*SIGNS.categories, BOTH))
"""What can be said of one value. 'Both' is a finding of its own: a text that pulls both ways."""

SIGN_FLIP, BOTH_SIGNS, RARE_VALUE = "sign_flip", "both_signs", "rare_value"
"""Why a reviewer should look at an item."""

RARE = frozenset({"stimulation", "hedonism", "power", "tradition"})
"""Values that fewer than four in a hundred of FULCRA's published answers involve: most of what is
known of them comes from single cases."""

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

    def grounds(self, found: Consensus, automated: object | None) -> list[str]:
        """The codes of `grounds_of` that any value has, the gravest first."""
        scored = self.place(automated)
        signs = scored if isinstance(scored, tuple) else ("",) * len(self.dimensions)
        triples = zip(self.dimensions, self.by_dimension(found), signs, strict=True)
        codes = {code for triple in triples for code in self.grounds_of(*triple)}
        return [code for code in (SIGN_FLIP, BOTH_SIGNS, RARE_VALUE) if code in codes]

    def grounds_of(self, name: str, votes: list[str], sign: str) -> list[str]:
        """Why a reviewer should look at one value: a sign flip between what most raters say and the
        metric's *sign*; 'both'; a value that is rare, as each of its cases counts."""
        if not votes:
            return []
        codes = [SIGN_FLIP] if {majority(votes), sign} == {"1", "-1"} else []
        codes += [BOTH_SIGNS] if BOTH in votes else []
        return [*codes, *([RARE_VALUE] if name in RARE and set(votes) - {"0"} else [])]

    def numbers(self, said: object) -> tuple[float, ...] | None:
        """A sign for each value, NaN for 'both', which lies nowhere between them; None for a way
        out or no vector."""
        value = self.place(said)
        if not isinstance(value, tuple):
            return None
        return tuple(nan if stance == BOTH else float(stance) for stance in value)
