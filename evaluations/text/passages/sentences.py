"""A text in numbered sentences, so that a passage can be named without a mouse.

The pieces are the whole text again, one after the other: nothing is left out between them. What is
stored of a passage are its characters, so that a better way to cut changes no mark.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|[。！？]+[”’」』）]*\s*|[؟۔]+[\"'”’»)\]]*\s+|\n\s*")
_GOES_ON = re.compile(
    r"(?:^|[\s(])(?:\d{1,3}|[A-Za-z]|e\.g|i\.e|etc|vs|cf|approx|Mr|Mrs|Ms|Dr|Prof|St|No|Sr|Sra)\.\s+$"
)
"""What ends with a full stop without ending a sentence: numbers of a list, initials, titles."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The characters from *start* to *end* (not included) of a text; *number* counts from 1."""

    number: int
    start: int
    end: int
    text: str


@lru_cache(maxsize=256)
def sentences(text: str, first: int = 1) -> tuple[Sentence, ...]:
    """The sentences of *text*, numbered from *first*; none of an empty text."""
    ends = [found.end() for found in _END.finditer(text) if _is_end(text, found)]
    found, start = [], 0
    for end in [*ends, len(text)]:
        if not text[start:end].strip():
            continue
        found.append((start, end))
        start = end
    if found:
        # Blanks at the end belong to the last sentence.
        found[-1] = (found[-1][0], len(text))
    return tuple(
        Sentence(number, start, end, text[start:end])
        for number, (start, end) in enumerate(found, start=first)
    )


def _is_end(text: str, found: re.Match[str]) -> bool:
    if "\n" in found[0]:
        return True
    return not _GOES_ON.search(text[max(0, found.start() - 12) : found.end()])
