"""Options named by their place in the list: 'the third option', 'option number 4', 'the last one'.

A place is no label: it is read only where the answer names no label, and a bare number only where
the words around it ask for a name of an option.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from evaluations.instruments.svo.measure.shown_options import ShownOptions

from .languages import Language
from .mentions import Vocabulary

_EDGE = r"A-Za-z0-9_\u00c0-\u024f"
_NO_NOUN = r"(?:(?P<noun>(?!)))?"
_NUMBER_ENDS = r"(?= ?(?:[.!;,\n)]|$))"


@dataclass(frozen=True, slots=True)
class Places(Vocabulary):
    """The places of shown options as patterns, in the form of a vocabulary of labels."""


@lru_cache(maxsize=64)
def places(options: ShownOptions, languages: tuple[Language, ...]) -> Places:
    """Return the vocabulary of the places of shown options in some languages."""
    count = len(options.labels)
    payoffs = {amount for allocation in options.allocations for amount in allocation}
    named = [_place(place, count, languages, alone=False) for place in range(count)]
    alone = [_place(place, count, languages, alone=True) for place in range(count)]
    for place in range(count):
        if place + 1 not in payoffs:
            alone[place] += f"|{place + 1}{_NUMBER_ENDS}"
    label = rf"(?<![{_EDGE}.,/-])(?P<label>{'|'.join(named + alone)})(?![{_EDGE}])"
    mention = rf"(?<![{_EDGE}.,/-])(?P<label>{'|'.join(named)})(?![{_EDGE}])"
    return Places(
        labels=tuple(str(place + 1) for place in range(count)),
        each=tuple(
            re.compile(f"{one}|{other}|{place + 1}", re.IGNORECASE)
            for place, (one, other) in enumerate(zip(named, alone, strict=True))
        ),
        named=_NO_NOUN + label,
        any_label=rf"(?:{'|'.join(named + alone)})(?![{_EDGE}])",
        mention=re.compile(_NO_NOUN + mention, re.IGNORECASE),
        ends=re.compile(r"(?!)"),
    )


def _place(place: int, count: int, languages: Sequence[Language], *, alone: bool) -> str:
    """The ways to name a place, counted from 0, of a list."""
    entry = "alone" if alone else "named"
    ways = [
        way.replace("{nth}", f"(?:{nth})").replace("{numeral}", f"(?:{numeral})")
        for language in languages
        for nth, numeral in [_names(place, count, language)]
        for way in language.each("places", entry)
    ]
    return "|".join(ways) or "(?!)"


def _names(place: int, count: int, language: Language) -> tuple[str, str]:
    """The ordinals and the cardinal numbers of a place in one language."""
    ordinals, numerals = language.each("places", "ordinals"), language.each("places", "numerals")
    nth = [ordinals[place]] if place < len(ordinals) else []
    for entry, at in (("last", count - 1), ("last_but_one", count - 2)):
        if place == at:
            nth += language.each("places", entry)
    if count % 2 and place == count // 2:
        nth += language.each("places", "middle")
    numeral = numerals[place] if place < len(numerals) else str(place + 1)
    return "|".join(nth) or "(?!)", numeral


def names_places(text: str, languages: Sequence[Language]) -> bool:
    """Whether a text may name a place: a digit or an ordinal stands in it."""
    return any(character.isdigit() for character in text) or any(
        _any_place(language).search(text) for language in languages
    )


@lru_cache(maxsize=64)
def _any_place(language: Language) -> re.Pattern[str]:
    entries = ("ordinals", "numerals", "last", "last_but_one", "middle")
    words = [word for entry in entries for word in language.each("places", entry)]
    return re.compile("|".join(words) or "(?!)", re.IGNORECASE)


@lru_cache(maxsize=64)
def numbered(languages: tuple[Language, ...]) -> re.Pattern[str]:
    """Any number given as that of an option, in the list or not; the group ``number`` holds it."""
    ways = [way for language in languages for way in language.each("places", "named")]
    patterns = [way for way in ways if "{numeral}" in way]
    joined = "|".join(patterns).replace("{numeral}", r"\d{1,3}")
    return re.compile(rf"(?:{joined or '(?!)'})", re.IGNORECASE)
