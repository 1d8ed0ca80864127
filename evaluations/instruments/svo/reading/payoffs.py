"""The payoffs an answer quotes beside a label, and whether they are that option's.

A letter that stands beside another option's payoffs, or beside payoffs no option has, contradicts
itself: which of the two was meant cannot be known.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.instruments.svo.measure.items import Allocation

_N = (
    r"(\d{1,7}(?:\.\d{1,4})?)(?!\d| ?%"
    r"| (?:more|less|fewer|higher|lower|percent|options?|choices?|times)\b)"
)
_UNIT = r"(?: (?:coins?|points?|dollars?|units?|tokens?|credits?|euros?))?"
_GETS = (
    r"(?:'ll|'d)?(?: (?:would|will|can|could|to|still|also|both|each)){0,2}"
    r" (?:gets?|getting|receives?|receiving|keeps?|keeping|earns?|earning|has|have|takes?|gains?)"
    r"(?: (?:only|exactly|about|to keep))?"
)
_OTHER = (
    r"(?:(?:the |my |an)?other(?: person| one| participant| player| party)?|they|them|he|she|him"
    r"|her|my partner|the partner)"
)
_SHARE = r"(?:payoff|share|part|reward|amount|outcome|gain)"
_AMOUNTS_TO = r"(?: (?:is|would be|being|of))? ?[:=]? ?"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_OWN_RULES = (
    _compiled(rf"\bI{_GETS} {_N}"),
    _compiled(rf"\b{_N}{_UNIT} (?:for|to) (?:me|myself)\b"),
    _compiled(rf"\b(?:gives?|giving|pays?|paying|earns?|gets?) me {_N}"),
    _compiled(rf"\b(?:keep|keeping) {_N}"),
    _compiled(rf"\b(?:me|myself) ?[:=] ?{_N}"),
    _compiled(rf"\b(?:self|mine|my (?:own )?{_SHARE}){_AMOUNTS_TO}{_N}"),
)
_YOU_RULES = (
    _compiled(rf"\byou{_GETS} {_N}"),
    _compiled(rf"\b{_N}{_UNIT} (?:for|to) (?:you|yourself)\b"),
    _compiled(rf"\byou ?[:=] ?{_N}"),
)
_OTHER_RULES = (
    _compiled(rf"\b{_OTHER}{_GETS} {_N}"),
    _compiled(rf"\b{_N}{_UNIT} (?:for|to) {_OTHER}\b"),
    _compiled(rf"\b(?:gives?|giving|pays?|paying|gets?|leaves?|leaving) {_OTHER} {_N}"),
    _compiled(rf"\b{_OTHER} ?[:=] ?{_N}"),
    _compiled(
        rf"\b(?:other(?: person)?|theirs|(?:their|his|her|other(?: person| one)?'s) {_SHARE})"
        rf"{_AMOUNTS_TO}{_N}"
    ),
)
_BOTH_RULES = (
    _compiled(rf"\b(?:both|each)(?: of us)?{_GETS} {_N}"),
    _compiled(rf"\bwe(?: both| each)?{_GETS} {_N}{_UNIT} each\b"),
    _compiled(rf"\b{_N}{_UNIT} (?:each|for (?:both|each)(?: of us)?)\b"),
)
_PAIR = _compiled(
    rf" ?(?:[:).,=-]|with|of|is)? ?(?:the |an? )?{_N}{_UNIT} ?(?:[/,;:-]|and|vs\.?) ?{_N}{_UNIT}"
    r" ?(?=[.,;:!\n]|$|(?:split|division|allocation|distribution|option)\b)"
)
_SINGLE = _compiled(rf" ?(?:[:).,=-]|,? ?which is)? ?{_N}")
_ATTACHED = _compiled(
    r" ?(?:[:),;=\n-]|\d|[.] ?(?:\d|(?:this|that|it|I|you|we|my|the other)\b)|self\b"
    r"|me\b|mine\b|which|where|with|because|since|as|giving|gives|give|pays|paying|means|meaning|is|offers|provides|yields"
    r"|in which|I|you|for|so)"
)
_UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPELLED = _compiled(
    rf"\b(?:(?P<hundred>(?:one|a) hundred)"
    rf"|(?P<ten>{'|'.join(_TENS)})(?:[ -](?P<unit>{'|'.join(_UNITS)}))?)\b"
)
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

        Without a side it may also be the sum, which answers that add up payoffs quote.
        """
        return (
            all(_same(amount, allocation.self_) for amount in self.own)
            and all(_same(amount, allocation.other) for amount in self.other)
            and all(
                any(_same(amount, printed) for printed in (*allocation, sum(allocation)))
                for amount in self.unattributed
            )
        )


def _same(quoted: float, printed: float) -> bool:
    # Printed payoffs carry at most two decimals.
    return abs(quoted - printed) < 0.0051


def quote_after(text: str, end: int, stop: int) -> Quote:
    """Return the payoffs plain text quotes for the label that ends at `end`, up to `stop`."""
    tail = in_digits(text[end : min(stop, end + _REACH)])
    if not _ATTACHED.match(tail):
        return Quote()
    return read_quote(tail)


def read_quote(tail: str) -> Quote:
    """Return the payoffs a piece of plain text quotes, told apart by the words around them."""
    both = _amounts(_BOTH_RULES, tail)
    own = _amounts(_OWN_RULES, tail)
    other = _amounts(_OTHER_RULES, tail)
    you = _amounts(_YOU_RULES, tail)
    # 'You' echoes the question and means the chooser, unless the answer also says 'I'.
    own, other = (own, other + you) if own else (you, other)
    if own or other or both:
        return Quote(own + both, other + both)
    if pair := _PAIR.match(tail):
        return Quote((float(pair.group(1)),), (float(pair.group(2)),))
    if single := _SINGLE.match(tail):
        return Quote(unattributed=(float(single.group(1)),))
    return Quote()


def _amounts(rules: Sequence[re.Pattern[str]], tail: str) -> tuple[float, ...]:
    return tuple(float(match.group(1)) for rule in rules for match in rule.finditer(tail))


def fitting(quote: Quote, allocations: Sequence[Allocation]) -> list[int]:
    """Return the indexes of the allocations a non-empty quote fits."""
    return [
        index for index, allocation in enumerate(allocations) if quote and quote.fits(allocation)
    ]


def in_digits(text: str) -> str:
    """The text with the numbers from twenty to a hundred that it spells out in digits."""
    return _SPELLED.sub(_digits, text)


def _digits(spelled: re.Match[str]) -> str:
    if spelled.group("hundred"):
        return "100"
    unit = spelled.group("unit")
    tens = 10 * (_TENS.index(spelled.group("ten").casefold()) + 2)
    return str(tens + (_UNITS.index(unit.casefold()) + 1 if unit else 0))
