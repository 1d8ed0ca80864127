"""Whether words state the answerer's own present choice, or deny, ask, suppose or report one.

Each test looks at the sentence around a match: at the clause before it, at the words that reach
up to it, or at those right after it. Whatever is found takes the commitment back, because a choice
read where there is none is worse than one left open.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

from .languages import Language

_WINDOW = 400
"""Characters before a commitment that are searched for words that take it back."""
_SENTENCE_END = re.compile(r"[.!?](?=[ \n]|$)|\n|$")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a commitment: ``text[start:end]``, with the place of the option's name in them.

    `language` is that of the words, and of what may take them back. `impersonal` says that they
    leave open whose choice it is ('the best option is C').
    """

    text: str
    start: int
    name_start: int
    end: int
    language: Language
    impersonal: bool = False

    def cue(self, entry: str) -> re.Pattern[str]:
        return self.language.cue(entry)


def sentence_ends(text: str) -> list[int]:
    """Return where sentences end: at their last mark, at each newline, at the end of the text."""
    return [match.start() for match in _SENTENCE_END.finditer(text)]


def is_asserted(words: Words, sentences: list[int]) -> bool:
    """Whether the sentence around `words` states them as the answerer's own choice, here and now.

    `sentences` are the `sentence_ends` of the text.
    """
    text = words.text
    place = bisect_left(sentences, words.end)
    stop = sentences[place]
    first = sentences[place - 1] + 1 if place else 0
    before = text[max(first, words.start - _WINDOW) : words.start]
    after = text[words.end : min(stop, words.end + _WINDOW)]
    return not (
        text[stop : stop + 1] == "?"
        or _is_supposed(words, before)
        or is_denied(before, words.language)
        or _is_past(words, before, after)
        or words.cue("reported").search(text, max(0, words.start - _WINDOW), words.start)
        or _is_inverted(words, before)
        or _is_taken_back(words)
    )


def is_denied(before: str, language: Language) -> bool:
    """Whether the last clause of the words before a commitment denies it."""
    clause = _last_part(language.cue("clause"), before)
    return language.cue("denied").search(language.cue("no_denial").sub("", clause)) is not None


def _last_part(pattern: re.Pattern[str], before: str) -> str:
    ends = [match.end() for match in pattern.finditer(before)]
    return before[ends[-1] :] if ends else before


def _is_supposed(words: Words, before: str) -> bool:
    part = _last_part(words.cue("turn"), before)
    return words.cue("supposed").search(part) is not None and not words.cue("obliged").search(part)


def _is_past(words: Words, before: str, after: str) -> bool:
    """Whether another round, a habit or a chance gone by is told: 'Last time I chose B.'"""
    said = words.text[words.start : words.name_start]
    told = _last_part(words.cue("turn"), before)
    if any(words.cue(entry).search(said) for entry in ("have_chosen", "about_to")):
        return True
    if words.cue("not_now").search(told):
        return True
    earlier = words.cue("earlier")
    return words.cue("past").search(said) is not None and (
        earlier.search(before) is not None or earlier.search(after) is not None
    )


def _is_inverted(words: Words, before: str) -> bool:
    """Whether the verb stands before its subject: 'At no point would I choose I', 'Nor do I ...'"""
    said = words.text[words.start : words.start + 3]
    return said[:2] in ("I ", "we") and words.cue("inverted").search(before) is not None


def _is_taken_back(words: Words) -> bool:
    """Whether what follows makes it a condition, a low rank, an example or a mere description."""
    text, end = words.text, words.end
    head = text[max(0, words.name_start - 30) : words.name_start]
    return any(
        words.cue(entry).match(text, end) is not None
        for entry, applies in (
            ("condition", True),
            ("ranked_low", True),
            ("instance", True),
            ("predicate", words.cue("saying").search(head)),
            ("taken_for", words.cue("taking").search(head)),
            ("for_another", words.impersonal),
        )
        if applies
    )
