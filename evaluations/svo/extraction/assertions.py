"""Whether a sentence states something, or only asks, supposes or reports it."""

import re
from bisect import bisect_left

_WINDOW = 400
"""Characters before a commitment that are searched for words that take it back."""
_SENTENCE_END = re.compile(r"[.!?](?=[ \n]|$)|\n|$")
_SUPPOSED = re.compile(
    r"(?<!even )(?<!as )(?<!I )\b(?:if|unless|suppose|supposing|imagine|whether|were I|had I"
    r"|when(?:ever)? (?:I|we|you) (?:choose|pick|select|go|take))\b",
    re.IGNORECASE,
)
_OBLIGED = re.compile(
    r"\bif (?:I|we|you)\b(?:'m|'ve)?(?: \w{1,10}){0,4}? (?:choose|pick|select|decide|answer|make)\b"
    r"[^,\n]{0,40},",
    re.IGNORECASE,
)
_CONDITION = re.compile(r",? (?:but )?(?:only )?(?:if|unless|when|whenever)\b", re.IGNORECASE)
# 'I don't think I would choose A', 'you might expect me to say I choose A'. The pattern is searched
# in the words just before a commitment and must reach up to it.
_REPORTED = re.compile(
    r"\b(?:\w{2,6}n't|not|never|cannot|might|may|could|people|they|some|others|nobody) "
    r"(?:would |will )?(?:think|say|believe|mean|claim|expect|assume|argue|guess|feel|imply|true)"
    r"(?: that)?[ :,]{0,2}\Z",
    re.IGNORECASE,
)


def sentence_ends(text: str) -> list[int]:
    """Return where sentences end: at their last mark, at each newline, at the end of the text."""
    return [match.start() for match in _SENTENCE_END.finditer(text)]


def is_asserted(text: str, start: int, end: int, sentences: list[int]) -> bool:
    """Whether the sentence around ``text[start:end]`` states something, neither asks nor supposes.

    `sentences` are the `sentence_ends` of the text.
    """
    place = bisect_left(sentences, end)
    stop = sentences[place]
    before_first = sentences[place - 1] + 1 if place else 0
    if text[stop : stop + 1] == "?":
        return False
    before = text[max(before_first, start - _WINDOW) : start]
    if _SUPPOSED.search(before) and not _OBLIGED.search(before):
        return False
    return not _CONDITION.match(text, end)


def is_reported(text: str, start: int) -> bool:
    """Whether the words just before `start` deny or attribute what follows: 'I don't think ...'."""
    return _REPORTED.search(text, max(0, start - _WINDOW), start) is not None
