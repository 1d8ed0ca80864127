"""Whether words state the answerer's own present choice, or deny, ask, suppose or report one.

Each test looks at the sentence around a match: at the clause before it, at the words that reach
up to it, or at those right after it. Whatever is found takes the commitment back, because a choice
read where there is none is worse than one left open.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass

_WINDOW = 400
"""Characters before a commitment that are searched for words that take it back."""
_SENTENCE_END = re.compile(r"[.!?](?=[ \n]|$)|\n|$")
_CLAUSE = re.compile(
    r"[,;:]|\b(?:so(?! far)|but|and|because|since|therefore|thus|hence|yet|while|(?:al)?though)\b",
    re.IGNORECASE,
)
_TURN = re.compile(r";|\b(?:but|however|yet)\b", re.IGNORECASE)
"""Where a supposition ends: 'If I were selfish I would take I, but I choose D.'"""

_NO_DENIAL = re.compile(
    r"\b(?:no|without(?: an?y?)?) (?:doubt|hesitation|question)\b|\bnot (?:only|just|merely)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:\w{2,6}n't|not|no|nor|never|cannot|neither|none|nobody|hardly|rarely|seldom|scarcely"
    r"|barely|doubt|deny|refuse|disagree|dispute|myth|false|untrue|wrong|naive|mistaken?|unlikely"
    r"|used to|(?:hard|difficult) to|far from)\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"(?<!even )(?<!as )(?<!I )\b(?:(?:if|unless|suppose|supposing|imagine|assum(?:e|ing)|whether"
    r"|otherwise)\b|were I|had I"
    r"|when(?:ever)? (?:(?:I|we|you) (?:choose|pick|select|go|take)\b|\Z))"
    r"|\A\W*(?:had|were|without (?:my|these|those|such)|with (?:different|other)"
    r"|in (?:an?|another) (?:\w{1,15} )?(?:world|universe|life|reality|mood)) ",
    re.IGNORECASE,
)
_OBLIGED = re.compile(
    r"\bif (?:I|we|you)\b(?:'m|'ve)?(?: \w{1,10}){0,4}? (?:choose|pick|select|decide|answer|make)\b"
    r"[^,\n]{0,40},",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(
    r"\b(?:usually|normally|typically|ordinarily|generally|often|sometimes|originally|initially"
    r"|at first|perhaps|maybe|possibly|in theory|theoretically|hypothetically|in principle"
    r"|according to (?!my |me )[^,]{1,40})\b[^,]*,? ?\Z",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:previous(?:ly)?|formerly|yesterday|last time|in the past|back then|before"
    r"|(?:first|last|earlier) (?:round|question|item|time|game))\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:chose|chosen|picked|selected|opted|went|settled|decided|was)\b", re.IGNORECASE
)
_HAVE_CHOSEN = re.compile(r"(?:\b(?:would|could|should|might)|'d)(?: \w{1,12})? have (?!to\b)")

# 'I don't think I would choose A', 'a greedy person says: I choose I'. These patterns are searched
# in the words just before a commitment and must reach up to it.
_REPORTED = re.compile(
    r"\b(?:\w{2,6}n't|not|never|cannot|might|may|could|people|they|some|others|nobody) "
    r"(?:would |will )?(?:think|say|believe|mean|claim|expect|assume|argue|guess|feel|imply|true)"
    r"(?: that)?[ :,]{0,2}\Z"
    r"|(?<!\bI )(?<!\bwe )\b(?:says|said|saying|tells?|told|whispers?|thinks|thought|argues?"
    r"|claims?|reads|shouts?|suggests|advises|recommends|writes|wrote|replies|replied"
    r"|(?:would|could|might|may|can|will) (?:say|be|read|tell|think|argue|answer|claim))"
    r"(?: (?:you|me|us|him|her|them|that|something|like)){0,3}[ :,]{1,3}\Z"
    r"|(?<!\bI )(?<!\bwe )\b(?:think|say|believe|argue|claim): \Z"
    r"|\b(?:me|you|us|him|her|them) (?:to )?(?:say|think|believe|claim)(?: that)?[ :,]{1,2}\Z"
    r"|\A\W*say,? \Z",
    re.IGNORECASE,
)
_INVERTED = re.compile(
    r"\b(?:will|would|shall|should|do|did|can|could|may|might|must) \Z", re.IGNORECASE
)

_CONDITION = re.compile(
    r",? (?:but )?(?:only )?(?:(?:if|when) (?!(?:I|we)(?: really| absolutely)? (?:have to|had to"
    r"|must|need to|am (?:forced|asked)))|(?:unless|whenever|provided|assuming|otherwise|were|had"
    r"|at first|initially|in the past|last time|in case|(?:in|from|at) the (?:previous|last|first"
    r"|earlier)|in (?:an?|another) (?:\w{1,15} )?(?:world|universe|life|reality))\b)",
    re.IGNORECASE,
)
_RANKED_LOW = re.compile(r",? (?:the )?(?:least|less|last|second|never)\b", re.IGNORECASE)
_INSTANCE = re.compile(
    r" as (?:an?|the|my)? ?(?:\w{1,12} )?(?:example|reference|baseline|benchmark|illustration)\b",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"\b(?:say|answer|believe|think|guess|suppose) (?:that )?(?:the )?\Z", re.IGNORECASE
)
_PREDICATE = re.compile(
    r" (?:is|was|are|were|seems?|looks?|sounds?|appears?|feels?|gives?|has|had|would|will|may|might"
    r"|can|could|should)\b",
    re.IGNORECASE,
)
_TAKING = re.compile(r"\btak(?:e|ing) (?:the )?\Z", re.IGNORECASE)
_TAKEN_FOR = re.compile(r" (?:to be|as (?:an?|the))\b", re.IGNORECASE)


_FOR_ANOTHER = re.compile(
    r",? (?:for (?:the other|others|them|him|her|most|many|some|people|those|(?:any|some)one"
    r"|(?:any|some)body|everyone else|society|an? )|according to|in the eyes of"
    r"|(?:\w{1,12} )?(?:says?|think|believe|said)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a commitment: ``text[start:end]``, with the place of the option's name in them.

    `impersonal` says that they leave open whose choice it is ('the best option is C').
    """

    text: str
    start: int
    name_start: int
    end: int
    impersonal: bool = False


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
    return not (
        text[stop : stop + 1] == "?"
        or _is_supposed(before)
        or _is_denied(before)
        or _is_past(words, before, text[words.end : min(stop, words.end + _WINDOW)])
        or _REPORTED.search(text, max(0, words.start - _WINDOW), words.start)
        or _is_inverted(words, before)
        or _is_taken_back(words)
    )


def _last_part(pattern: re.Pattern[str], before: str) -> str:
    ends = [match.end() for match in pattern.finditer(before)]
    return before[ends[-1] :] if ends else before


def _is_supposed(before: str) -> bool:
    part = _last_part(_TURN, before)
    return _SUPPOSED.search(part) is not None and not _OBLIGED.search(part)


def _is_denied(before: str) -> bool:
    clause = _last_part(_CLAUSE, before)
    return _DENIED.search(_NO_DENIAL.sub("", clause)) is not None


def _is_past(words: Words, before: str, after: str) -> bool:
    """Whether another round, a habit or a chance gone by is told: 'Last time I chose B.'"""
    said = words.text[words.start : words.name_start]
    if _HAVE_CHOSEN.search(said) or _NOT_NOW.search(_last_part(_TURN, before)):
        return True
    return _PAST.search(said) is not None and (
        _EARLIER.search(before) is not None or _EARLIER.search(after) is not None
    )


def _is_inverted(words: Words, before: str) -> bool:
    """Whether the verb stands before its subject: 'At no point would I choose I', 'Nor do I ...'"""
    said = words.text[words.start : words.start + 3]
    return said[:2] in ("I ", "we") and _INVERTED.search(before) is not None


def _is_taken_back(words: Words) -> bool:
    """Whether what follows makes it a condition, a low rank, an example or a mere description."""
    text, end = words.text, words.end
    head = text[max(0, words.name_start - 30) : words.name_start]
    return any(
        pattern.match(text, end) is not None
        for pattern, applies in (
            (_CONDITION, True),
            (_RANKED_LOW, True),
            (_INSTANCE, True),
            (_PREDICATE, _SAYING.search(head)),
            (_TAKEN_FOR, _TAKING.search(head)),
            (_FOR_ANOTHER, words.impersonal),
        )
        if applies
    )
