"""An answer stripped of its decoration, with the way back to the places in the original.

Language models wrap a letter in Markdown, LaTeX, quotes, brackets, JSON or tags. Prose rules stay
small when they meet one plain form; evidence must still point into the words as they were said.
"""

import re
import unicodedata
from dataclasses import dataclass

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
}
_BLANK = frozenset('*_`$#>~"([{}]\\|<\u201c\u201d\u00ab\u00bb\u3010\u3011\u300c\u300d' + BOXED)
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
_ORDINARY = re.compile(r"[A-Za-z0-9.,;:!?%+=/-]+(?: [A-Za-z0-9.,;:!?%+=/-]+)*")
"""Words that stand in the plain text as they are; most of an answer, so they are copied whole."""
_TAG = re.compile(r"<(/?)([A-Za-z][\w-]{0,20})>")
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


def plain_text(answer: str, start: int = 0) -> PlainText:
    """Return the plain form of ``answer[start:]``; origins count from the start of the answer.

    Tags become lines (``<choice>C</choice>`` reads 'choice: C'), ``\\boxed`` becomes `BOXED`,
    full-width letters become ASCII. Takes time linear in the length.
    """
    writer = _Writer()
    open_brackets = 0
    position = start
    while position < len(answer):
        if ordinary := _ORDINARY.match(answer, position):
            writer.copy(ordinary.group(), position)
            position = ordinary.end()
            continue
        character = answer[position]
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
        elif character == ")" and open_brackets:
            # Only the partner of a bracket goes: the one of 'C) 85 for me' marks a label.
            open_brackets -= 1
            character = " "
        writer.write(_plain_character(answer, position, character), position)
        position += 1
    return writer.plain()


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
    if character in _INVISIBLE:
        return ""
    if character in "\n\r\u2028\u2029\x0b\x0c\x85":
        return "\n"
    if character in _BLANK or character.isspace():
        return " "
    if ord(character[0]) > 127:
        ascii_form = unicodedata.normalize("NFKC", character)
        return ascii_form if len(ascii_form) == 1 and ascii_form.isascii() else character
    return character


def _inside_word(answer: str, position: int) -> bool:
    return (
        0 < position < len(answer) - 1
        and answer[position - 1].isalnum()
        and answer[position + 1].isalnum()
    )
