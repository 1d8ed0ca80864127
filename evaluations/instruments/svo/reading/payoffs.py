"""The payoffs an answer quotes beside a label, and whether they are that option's.

A letter that stands beside another option's payoffs, or beside payoffs no option has, contradicts
itself: which of the two was meant cannot be known.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evaluations.instruments.svo.measure.items import Allocation

from .languages import Language

_N = r"(\d{1,7}(?:\.\d{1,4})?)(?!\d| ?%| (?:{no_payoff})\b)"
_SIDES = ("own", "you", "other", "both")
_PUNCTUATION = r" ?(?:[:),;=\n-]|\d|[.] ?\d)"
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_REACH = 160
"""Characters after a label within which payoffs can belong to it."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Payoffs quoted beside a label: to the chooser, to the other, or of no stated side."""

    own: tuple[float, ...] = ()
    other: tuple[float, ...] = ()
    unattributed: tuple[float, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.own or self.other or self.unattributed)

    @property
    def attributed(self) -> bool:
        """Whether it says for at least one payoff whose it is."""
        return bool(self.own or self.other)

    def fits(self, allocation: Allocation) -> bool:
        """Whether every quoted payoff is the allocation's, on the stated side if one is stated.

        Without a side it may also be the sum or the difference, which answers that compute quote.
        """
        return (
            all(_same(amount, allocation.self_) for amount in self.own)
            and all(_same(amount, allocation.other) for amount in self.other)
            and all(
                any(_same(amount, printed) for printed in _derived(allocation))
                for amount in self.unattributed
            )
        )


def _derived(allocation: Allocation) -> tuple[float, ...]:
    own, other = allocation
    return own, other, own + other, abs(own - other)


def _same(quoted: float, printed: float) -> bool:
    # Printed payoffs carry at most two decimals.
    return abs(quoted - printed) < 0.0051


@dataclass(frozen=True, slots=True)
class _Rules:
    """The patterns by which payoffs are told apart in one language."""

    sides: Mapping[str, tuple[re.Pattern[str], ...]]
    pair: re.Pattern[str]
    single: re.Pattern[str]
    attached: re.Pattern[str]
    spelled: re.Pattern[str]


@lru_cache(maxsize=16)
def _rules(language: Language) -> _Rules:
    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern.replace("{n}", number).replace("{unit}", unit), re.IGNORECASE)

    def words(entry: str) -> str:
        return language.source("payoffs", entry)

    number, unit = _N.replace("{no_payoff}", words("no_payoff")), words("unit")
    leads = rf" ?(?:[:).,=-]|{words('leads')})? ?(?:{words('article')})?"
    return _Rules(
        sides={
            side: tuple(compiled(pattern) for pattern in language.each("payoffs", side))
            for side in _SIDES
        },
        pair=compiled(
            rf"{leads}{{n}}{{unit}} ?(?:[/,;:-]|{words('pairs')}) ?{{n}}{{unit}}"
            rf" ?(?=[.,;:!\n]|$|{words('split')})"
        ),
        single=compiled(rf" ?(?:[:).,=-]|{words('leads_alone')})? ?{{n}}"),
        attached=compiled(f"{_PUNCTUATION}|{words('attached')}"),
        spelled=compiled(words("spelled")),
    )


def quote_after(text: str, end: int, stop: int, languages: Sequence[Language]) -> Quote:
    """Return the payoffs plain text quotes for the label that ends at `end`, up to `stop`."""
    tail = in_digits(text[end : min(stop, end + _REACH)], languages)
    if not any(_rules(language).attached.match(tail) for language in languages):
        return Quote()
    return read_quote(tail, languages)


def read_quote(tail: str, languages: Sequence[Language]) -> Quote:
    """Return the payoffs a piece of plain text quotes, told apart by the words around them.

    The first language in which they are told apart decides.
    """
    for language in languages:
        rules = _rules(language)
        own, you, other, both = (_amounts(rules.sides[side], tail) for side in _SIDES)
        # 'You' echoes the question and means the chooser, unless the answer also says 'I'.
        own, other = (own, other + you) if own else (you, other)
        if own or other or both:
            return Quote(own + both, other + both)
    for language in languages:
        if pair := _rules(language).pair.match(tail):
            return Quote((float(pair.group(1)),), (float(pair.group(2)),))
    for language in languages:
        if single := _rules(language).single.match(tail):
            return Quote(unattributed=(float(single.group(1)),))
    return Quote()


def pairs_quoted(text: str, languages: Sequence[Language]) -> list[Quote]:
    """Return the pairs of payoffs a text quotes without saying whose they are: 'the 85/15 split'.

    The first of a pair is the chooser's, as in the question.
    """
    joins = "|".join(language.source("payoffs", "pairs") for language in languages)
    pair = re.compile(
        rf"(?<![\d.])(\d{{1,7}}(?:\.\d{{1,4}})?)\b ?(?:[/,;:-]|{joins}) ?"
        r"(\d{1,7}(?:\.\d{1,4})?)(?![\d%]| %)",
        re.IGNORECASE,
    )
    return [
        Quote((float(found.group(1)),), (float(found.group(2)),)) for found in pair.finditer(text)
    ]


def amounts(text: str) -> tuple[float, ...]:
    """Every number of a text."""
    return tuple(float(number.group()) for number in _NUMBER.finditer(text))


def _amounts(rules: Sequence[re.Pattern[str]], tail: str) -> tuple[float, ...]:
    return tuple(float(match.group(1)) for rule in rules for match in rule.finditer(tail))


def fitting(quote: Quote, allocations: Sequence[Allocation]) -> list[int]:
    """Return the indexes of the allocations a non-empty quote fits."""
    return [
        index for index, allocation in enumerate(allocations) if quote and quote.fits(allocation)
    ]


def in_digits(text: str, languages: Sequence[Language]) -> str:
    """The text with the numbers from twenty to a hundred that it spells out in digits."""
    for language in languages:
        text = _rules(language).spelled.sub(_digits(language), text)
    return text


def _digits(language: Language) -> Callable[[re.Match[str]], str]:
    """What turns a spelled number of a language into digits."""
    tens, units = (language.each("payoffs", entry) for entry in ("tens", "units"))

    def digits(spelled: re.Match[str]) -> str:
        if spelled.group("hundred"):
            return "100"
        ten, unit = spelled.group("ten").casefold(), (spelled.group("unit") or "").casefold()
        return str(10 * (tens.index(ten) + 2) + (units.index(unit) + 1 if unit else 0))

    return digits
