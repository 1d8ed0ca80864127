"""What numbers are numbers of, in words: the unit of a score, and what one is called."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.words.wording import number


@dataclass(frozen=True, slots=True)
class Unit:
    """``name``: of the unit, as it stands behind a comma in a heading; ``sign``: what stands behind
    a number, with a blank before it where there should be one; ``value``: what one number is
    called; ``digits``: decimals that one is written with, at least."""

    name: str
    sign: str
    value: str
    digits: int = 1

    @property
    def a_value(self) -> str:
        """'an angle', 'a number'."""
        return f"{'an' if self.value[:1] in 'aeiou' else 'a'} {self.value}"

    def text(self, value: float) -> str:
        """*value* with its sign."""
        return f"{number(value, self.digits)}{self.sign}"


SCALE = Unit("scale units", "", "number", 2)
"""Of numbers of which nothing further is known."""
