"""An answer stripped of its decoration, with the way back to the places in the original.

Language models wrap a letter in Markdown, LaTeX, quotes, brackets, JSON or tags. Prose rules stay
small when they meet one plain form; evidence must still point into the words as they were said.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from .layout import replacements

BOXED = "\u25a1"
"""Stands for LaTeX's ``\\boxed`` in plain text; the same character in an answer becomes a space."""

_REPLACED = {
    "&": " and ",
    "\u2018": "'",
    "\u2019": "'",
    "\u02bc": "'",
    "\u2013": "-",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2212": "-",
    "\u2014": " - ",
    "\u2026": "...",
    "\u21d2": " - ",
    "\u2192": " - ",
    "\uff1a": ":",
    "\u3002": ". ",
    "\uff0c": ", ",
    "\u3001": ", ",
    "\u060c": ", ",
    "\u061b": "; ",
    "\u061f": "?",
    "\uff01": "! ",
    "\uff1f": "? ",
    "\uff1b": "; ",
}
_BLANK = frozenset(
    '*_`$#>~"([{}]\\|<\u201c\u201d\u00ab\u00bb\u3010\u3011\u300c\u300d\u201e\u2039\u203a\u300a\u300b\u00bf\u00a1'
    + BOXED
)
_INVISIBLE = re.compile(
    # Joiners, marks of direction, variation selectors, keycaps; Arabic vowel signs and tatweel.
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\ufe00-\ufe0f\u20e3\u0640\u064b-\u0652]"
)
_BRACKETS = {"\uff08": "(", "\uff09": ")"}
_ORDINARY = re.compile(r"[A-Za-z0-9.,;:!?%+=/-]+(?: [A-Za-z0-9.,;:!?%+=/-]+)*")
"""Words that stand in the plain text as they are; most of an answer, so they are copied whole."""
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]{0,20})>")
_PAID_LABEL = re.compile(r"(?<![\w'])[A-Z][*_`]{0,3} ?[*_`]{0,3}[(\uff08] ?\d")
_GROUPED = re.compile(
    r"(?<!\d)(?<!\d[.,])\d{1,3}(?P<mark>[.,' \u066c])\d{3}(?:(?P=mark)\d{3})*(?!\d)"
)
_BROKEN = re.compile(r"(?<![\d.,])\d+(?P<mark>[,\u066b])\d{1,2}(?!\d)")
_LATEX = re.compile(r"\\(boxed|fbox|text(?:bf|it|rm)?|math(?:bf|rm|it)|[()\[\]])")


@dataclass(frozen=True, slots=True)
class PlainText:
    """Plain text, and for each of its characters the index of the original character it stands for.

    Runs of blanks are one space, runs of line ends one newline, no blank next to a newline.
    """

    text: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text for a non-empty span of the plain text."""
        return self.origin[start], self.origin[end - 1] + 1


class _Writer:
    """Collects plain characters with their origin and merges blanks as they come."""

    def __init__(self) -> None:
        self.characters: list[str] = []
        self.origin: list[int] = []

    def write(self, characters: str, origin: int) -> None:
        for character in characters:
            if character in " \n" and not self._wants_blank(character):
                continue
            self.characters.append(character)
            self.origin.append(origin)

    def copy(self, words: str, origin: int) -> None:
        """Write words that need no change, neither begin nor end with a blank and hold no two."""
        self.characters.extend(words)
        self.origin.extend(range(origin, origin + len(words)))

    def _wants_blank(self, blank: str) -> bool:
        """Whether a blank is still needed; a newline takes the place of the space before it."""
        if not self.characters or self.characters[-1] == "\n":
            return False
        if self.characters[-1] == " ":
            if blank == " ":
                return False
            self.characters.pop()
            self.origin.pop()
        return True

    def plain(self) -> PlainText:
        while self.characters and self.characters[-1] in " \n":
            self.characters.pop()
            self.origin.pop()
        return PlainText("".join(self.characters), tuple(self.origin))


def plain_text(answer: str) -> PlainText:
    """Return the plain form of an answer, without what `layout` says is not part of it.

    Tags, keys of JSON and heads of tables become lines (``<choice>C</choice>`` reads 'choice: C'),
    ``\\boxed`` becomes `BOXED`, full-width letters become ASCII. Takes time linear in the length.
    """
    writer = _Writer()
    open_brackets = 0
    replaced = replacements(answer)
    stops = [*sorted(replaced), len(answer)]
    position = stop = 0
    while position < len(answer):
        while stops[stop] < position:
            stop += 1
        if change := replaced.get(position):
            writer.write(change[0], position)
            position += change[1]
            continue
        if ordinary := _ORDINARY.match(answer, position, stops[stop]):
            writer.copy(ordinary.group(), position)
            position = ordinary.end()
            continue
        character = _BRACKETS.get(answer[position], answer[position])
        markup = _markup(answer, position)
        if markup is not None:
            replacement, length = markup
            writer.write(replacement, position)
            position += length
            continue
        if character == "\n":
            open_brackets = 0
        elif character == "(":
            open_brackets += 1
            # 'A (85, 15)' names an option, 'A 50/50 split' has an article.
            if _PAID_LABEL.search(answer, max(0, position - 6), position + 4):
                character = ":"
        elif character == ")" and open_brackets:
            # Only the partner of a bracket goes: the one of 'C) 85 for me' marks a label.
            open_brackets -= 1
            character = " "
        writer.write(_plain_character(answer, position, character), position)
        position += 1
    return writer.plain()


def with_plain_amounts(plain: PlainText, known: Collection[float]) -> PlainText:
    """The text with known amounts written as 8500 or 8.5, however they are marked: 8,500, 8.500,
    8 500 and, of decimals, 8,5.

    A mark between digits is read in two ways; here it is taken for one of thousands, or of
    decimals, only where that gives an amount that was shown.
    """
    large = {f"{amount:.0f}" for amount in known if amount >= 1000 and amount == int(amount)}
    broken = {f"{amount:g}" for amount in known if amount != int(amount)}
    gone: set[int] = set()
    text = list(plain.text)
    for found in _GROUPED.finditer(plain.text) if large else ():
        if re.sub(r"\D", "", found[0]) in large:
            gone |= {place for place in range(*found.span()) if not text[place].isdigit()}
    for found in _BROKEN.finditer(plain.text) if broken else ():
        if found[0].replace(found["mark"], ".") in broken:
            text[found.start("mark")] = "."
    kept = [place for place in range(len(text)) if place not in gone]
    return PlainText(
        "".join(text[place] for place in kept), tuple(plain.origin[place] for place in kept)
    )


def _markup(answer: str, position: int) -> tuple[str, int] | None:
    """Return what a tag or LaTeX command at a position reads as, and its length."""
    if answer[position] == "<" and (tag := _TAG.match(answer, position)):
        closing, name = tag.groups()
        return ("\n" if closing else f"\n{name}: "), len(tag.group())
    if answer[position] == "\\" and (command := _LATEX.match(answer, position)):
        return (f" {BOXED} " if command.group(1) == "boxed" else " "), len(command.group())
    return None


def _plain_character(answer: str, position: int, character: str) -> str:
    if character in _REPLACED:
        character = _REPLACED[character]
    if character == "'":
        return "'" if _inside_word(answer, position) else " "
    if _INVISIBLE.match(character):
        return ""
    if character in "\n\r\u2028\u2029\x0b\x0c\x85":
        return "\n"
    if character in _BLANK or character.isspace():
        return " "
    if ord(character[0]) > 127:
        return _western(character)
    return character


def _western(character: str) -> str:
    """A letter or digit as ASCII where it is one (full width, Arabic-Indic); pictures go."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    ascii_form = unicodedata.normalize("NFKC", character)
    if len(ascii_form) == 1 and ascii_form.isascii():
        return ascii_form
    return " " if unicodedata.category(character) in ("So", "Sk") else character


def _inside_word(answer: str, position: int) -> bool:
    return (
        0 < position < len(answer) - 1
        and answer[position - 1].isalnum()
        and answer[position + 1].isalnum()
    )
