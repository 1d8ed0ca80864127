"""Labels that stand alone and are turned down by the words around them: 'B: not for me.'

A label with nothing but a mark after it is how most answers begin, and also how an answer goes
through the options one by one. Only the words next to it tell the two apart.
"""

import re
from collections.abc import Sequence
from functools import cache

from .languages import Language

_REACH = 120
"""Characters before a label in which the line above it is looked at."""


def is_dismissed(text: str, start: int, end: int, languages: Sequence[Language]) -> bool:
    """Whether the lone label at ``text[start:end]`` is turned down by what stands beside it."""
    return any(
        _turned_down(language).match(text, end)
        or language.cue("others_listed").search(text, max(0, start - _REACH), start)
        for language in languages
    )


@cache
def _turned_down(language: Language) -> re.Pattern[str]:
    words = language.source("around", "turned_down")
    return re.compile(rf"[ .:;,)!\n-]*{words}", re.IGNORECASE)


def opens_sentence(text: str, end: int) -> bool:
    """Whether a sentence that began with the letter goes on in the next line: 'A\\nfair split'."""
    return text[end : end + 1] == "\n" and text[end + 1 : end + 2].islower()
