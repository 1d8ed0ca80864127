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

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from annotations.scales.consensus import Consensus, Settled, Value

NOMINAL, ORDINAL, INTERVAL, VECTOR = "nominal", "ordinal", "interval", "vector"
ANGLE = "angle"


def gettext_noop(words: str) -> str:
    """Mark *words* for translation: raters read them."""
    return words


class OffScale(ValueError):
    """What was said is no value of the scale; ``words % facts`` says why and what would be."""

    def __init__(self, words: str, **facts: Any) -> None:
        super().__init__(words % facts)
        self.words = words
        self.facts = facts


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
        return text_of(self._known(said))

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
        texts = (text_of(self._known(one) if value is None else value) for one, value in placed)
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

    def grounds(self, found: Consensus, automated: object | None) -> list[str] | None:
        """Codes of the reasons for which a reviewer should look at an item, beside a split, where a
        scale has its own; None where it is enough whether the *automated* label differs."""
        return None

    def differs(self, found: Consensus, automated: object) -> bool:
        """Whether an automated label is something else than a consensus that was found."""
        return not self.same(found.value, automated)


def text_of(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return numeral(value) if isinstance(value, float) else str(value)


def numeral(number: float) -> str:
    """The shortest text that is this number again: '3', '-1.5', '1e+20'."""
    whole = number.is_integer() and abs(number) < 1e16
    return str(int(number)) if whole else repr(number)
