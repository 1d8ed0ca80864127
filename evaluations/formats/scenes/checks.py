"""What a scene's languages must say alike, and what reads badly in one of them.

Each check looks at one thing and says what it found, in which language and entry. Those of
`REFUSED` would change what is measured, so that a file is not stored; the others are for people to
look at. No check replaces a reader of the language.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from string import Formatter

from evaluations.formats.definitions import DefinitionError

from .parsing import NUMERALS, OPTION_PLACES, Scene, SceneText

LEAST, MOST = 15, 100
"""The least and the largest amount of the published items; a test compares them."""
LONGEST_SENTENCE = 20
"""Words."""
LONGEST_CHINESE = 40
"""Characters of a sentence in a script without blanks: about as long to read as 20 words."""

YOU = {
    "en": r"\byou\b",
    "es": r"\b(?:tú|ti|te|usted)\b",
    "zh": r"[你您](?!的)",
    "ar": r"(?<!\w)و?(?:لك|أنت)(?!\w)",
    "de": r"\b(?:du|dir|dich|sie|ihnen)\b",
    "fr": r"\b(?:tu|toi|te|vous)\b",
}
"""What speaks to the reader, of the languages that cue words for it are known of."""
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
SCRIPTS = {"zh": "CJK", "ar": "ARABIC", "fa": "ARABIC", "ur": "ARABIC", "he": "HEBREW"}
SCRIPTS |= {"ru": "CYRILLIC", "uk": "CYRILLIC", "el": "GREEK", "hi": "DEVANAGARI"}
"""The script of a language, as Unicode names begin; LATIN of every other."""
ALMOST_LATIN = ("CYRILLIC", "GREEK")
SINGULAR = {"en": (1, 1), "es": (1, 1), "ar": (1, 10)}
"""The whole amounts, from and to, before which a word for many would be wrong."""

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_GROUPED = re.compile(r"\d[.,'\u066c\u00a0\u202f ]\d{3}(?!\d)")
_CLAUSE = re.compile(r"[,;，；、،؛。]|\.(?:\s|$)")
_SENTENCE = re.compile(r"[.!?。！？؟]+(?:\s|$)|[。！？]|\n")
_LONE_LETTER = re.compile(r"(?<![\w{])[A-Z](?![\w}])")


@dataclass(frozen=True)
class Failed:
    """A check that failed: its name, the language, the entry ('' for the whole text), and why."""

    check: str
    language: str
    entry: str
    problem: str

    @property
    def refuses(self) -> bool:
        return self.check in REFUSED

    def __str__(self) -> str:
        where = f"texts.{self.language}.{self.entry}".rstrip(".")
        return f"{where}: {self.problem}"


Found = Iterator[tuple[str, str]]
"""Entries with what is wrong in them."""


def failed(scene: Scene) -> list[Failed]:
    """Every check that fails, in the order of `CHECKS` and of the languages."""
    return [
        Failed(name, language, entry, problem)
        for name, check in CHECKS.items()
        for language, text in scene.texts.items()
        for entry, problem in check(scene, text)
    ]


def refuse(scene: Scene, source: str) -> None:
    """Raise DefinitionError, with all that would change what is measured, one a line."""
    problems = [str(each) for each in failed(scene) if each.refuses]
    if problems:
        raise DefinitionError("\n".join(f"{source}: {problem}" for problem in problems))


def language_of(tag: str) -> str:
    """The language of a tag without its region: 'pt' of 'pt-BR'."""
    return tag.partition("-")[0].casefold()


def _numbers(scene: Scene, text: SceneText) -> Found:
    """The same numbers stand in the same entry of every language."""
    for entry, said in text.words().items():
        first = Counter(_digits(scene.texts[scene.language].words()[entry]))
        own = Counter(_digits(said))
        if own != first:
            yield entry, f"has the numbers {_list(own)}, {scene.language} has {_list(first)}"


def _digits(said: str) -> list[str]:
    western = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in said)
    return re.findall(r"\d+(?:[.,٫]\d+)?", western)


def _list(numbers: Counter[str]) -> str:
    return ", ".join(sorted(numbers.elements())) or "none"


def _numerals(scene: Scene, text: SceneText) -> Found:
    """Digits are those the text says it uses, and no others."""
    known = NUMERALS[text.numerals]
    for entry, said in text.words().items():
        if mixed := [sign for sign in said if sign.isdecimal() and sign not in known]:
            yield entry, f"has the digit {mixed[0]!r}, and its numerals are {known}"


def _grouping(scene: Scene, text: SceneText) -> Found:
    """1.500 is one and a half in one place and fifteen hundred in another."""
    for entry, said in text.words().items():
        if grouped := _GROUPED.search(said):
            yield entry, f"{grouped[0]!r} is read in two ways: write its digits without a mark"


def _bidi(scene: Scene, text: SceneText) -> Found:
    for entry, said in text.words().items():
        if found := _BIDI.search(said):
            name = unicodedata.name(found[0])
            yield entry, f"holds the invisible {name}, which can turn numbers round: take it out"


def _order(scene: Scene, text: SceneText) -> Found:
    """The letter, then what the reader gets, then what the other gets, each once."""
    places = [name for _, name, _, _ in Formatter().parse(text.option) if name is not None]
    if places != list(OPTION_PLACES):
        wanted = ", ".join(f"{{{name}}}" for name in OPTION_PLACES)
        yield "option", f"must have {wanted} once each and in this order, not {', '.join(places)}"


def _swapped(scene: Scene, text: SceneText) -> Found:
    """The clause of {self} speaks to the reader, the clause of {other} does not."""
    you = YOU.get(language_of(text.language))
    if you is None:
        return
    for name, wanted in (("self", True), ("other", False)):
        clause = next((part for part in _CLAUSE.split(text.option) if f"{{{name}}}" in part), "")
        if bool(re.search(you, clause, re.IGNORECASE)) != wanted:
            says = "does not speak" if wanted else "speaks"
            yield (
                "option",
                f"the clause of {{{name}}} {says} to the reader ({clause.strip()!r}): are {{self}} "
                "and {other} the wrong way round, or in one clause?",
            )


def _untranslated(scene: Scene, text: SceneText) -> Found:
    """An entry in the words of another language, or in another script than its own."""
    script = SCRIPTS.get(language_of(text.language), "LATIN")
    for entry, said in text.words().items():
        same = [
            other.language
            for other in scene.texts.values()
            if language_of(other.language) != language_of(text.language)
            and other.words()[entry].casefold() == said.casefold()
        ]
        if same:
            yield entry, f"says the same as {same[0]}: is it translated?"
        elif not any(unicodedata.name(sign, "").startswith(script) for sign in said):
            yield entry, f"has no {script.title()} letter: is it translated?"


def _scripts(scene: Scene, text: SceneText) -> Found:
    """Letters of another script that look like the letters of options."""
    own = SCRIPTS.get(language_of(text.language), "LATIN")
    for entry, said in text.words().items():
        for sign in said:
            name = unicodedata.name(sign, "")
            script = name.partition(" ")[0]
            if script in ALMOST_LATIN and script != own and sign.isalpha():
                yield entry, f"{sign!r} is a {script.title()} letter that looks like a Latin one"
                break


def _direction(scene: Scene, text: SceneText) -> Found:
    wanted = "rtl" if language_of(text.language) in RIGHT_TO_LEFT else "ltr"
    if text.direction != wanted:
        yield "", f"the direction is {text.direction}, and {text.language} is written {wanted}"


def _letters(scene: Scene, text: SceneText) -> Found:
    """A capital that stands alone reads as the letter of an option."""
    words = {"A", "I"} if language_of(text.language) in ("en", "es", "fr") else set()
    for entry, said in text.words().items():
        if alone := [found[0] for found in _LONE_LETTER.finditer(said) if found[0] not in words]:
            yield entry, f"{alone[0]!r} stands alone and reads as the letter of an option"


def _sentences(scene: Scene, text: SceneText) -> Found:
    for entry in ("intro", "item", "goal"):
        for sentence in _SENTENCE.split(text.words()[entry]):
            if too_long := _too_long(sentence):
                yield entry, f"a sentence has {too_long}: {sentence.strip()[:60]!r}"


def _too_long(sentence: str) -> str:
    if any(unicodedata.name(sign, "").startswith("CJK") for sign in sentence):
        length = sum(sign.isalnum() for sign in sentence)
        return f"{length} characters" if length > LONGEST_CHINESE else ""
    length = len(sentence.split())
    return f"{length} words" if length > LONGEST_SENTENCE else ""


def _speaks(scene: Scene, text: SceneText) -> Found:
    """The item speaks to the reader."""
    you = YOU.get(language_of(text.language))
    if you and not re.search(rf"{you}|\byour?\b|\btus?\b|你|ك(?!\w)", text.item, re.IGNORECASE):
        yield "item", "does not speak to the reader in the second person"


def _plausible(scene: Scene, text: SceneText) -> Found:
    told = scene.resource
    least, most = LEAST * told.factor, MOST * told.factor
    if text.language == scene.language and (
        least < told.plausible_min or most > told.plausible_max
    ):
        yield (
            "",
            f"amounts go from {least:g} to {most:g} {told.unit}, and plausible are "
            f"{told.plausible_min:g} to {told.plausible_max:g}",
        )


def _plural(scene: Scene, text: SceneText) -> Found:
    """Amounts before which the one form of the option's noun would be wrong."""
    bounds = SINGULAR.get(language_of(text.language))
    least = LEAST * scene.resource.factor
    if bounds and least <= bounds[1]:
        yield (
            "option",
            f"amounts go down to {least:g}, and up to {bounds[1]} the noun has another form",
        )


CHECKS: dict[str, Callable[[Scene, SceneText], Found]] = {
    "placeholders": _order,
    "self and other": _swapped,
    "numbers": _numbers,
    "numerals": _numerals,
    "grouped digits": _grouping,
    "signs of direction": _bidi,
    "translated": _untranslated,
    "scripts": _scripts,
    "direction": _direction,
    "lone letters": _letters,
    "sentences": _sentences,
    "second person": _speaks,
    "plausible amounts": _plausible,
    "plural": _plural,
}
REFUSED = {
    "placeholders",
    "self and other",
    "numbers",
    "numerals",
    "grouped digits",
    "signs of direction",
    "translated",
    "scripts",
    "direction",
}
"""The checks that a stored scene has passed."""
