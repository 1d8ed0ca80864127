"""Where an answer commits itself to an option, as opposed to merely naming one.

The phrases that state a choice stand in the files of `languages`; each is a pattern around one
label. Patterns hold no unbounded repetition inside another, so reading takes time linear in the
length of the answer. What a phrase finds is dropped again when the sentence around it asks,
denies, supposes or reports it (`assertions`), or when the words after a lone label turn it down
(`dismissals`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .assertions import Words, is_asserted, is_denied, sentence_ends
from .dismissals import is_dismissed, opens_sentence
from .languages import Language, Phrase
from .mentions import Vocabulary, reads_as_label
from .plain_text import BOXED

_PAYOFF_HEADING = re.compile(r" ?:\n[^\n]{0,40}\d")
"""What follows a label that heads payoffs on the next line: 'Option D:' and then '85'."""
_LINE_END = re.compile(r"[^\n]*\n")


@dataclass(frozen=True, slots=True)
class Commitment:
    """A place where an answer says it chooses the option at `index`, and the rule that saw it.

    The span is of the plain text and ends with the label. `final` marks words that override
    earlier ones ('final answer', a box); `weak` marks forms that count only when no other
    option is named; `impersonal` words leave open whose choice it is; the label of `alone` ones
    stands by itself.
    """

    index: int
    start: int
    label_start: int
    end: int
    rule: str
    final: bool = False
    weak: bool = False
    impersonal: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    """A phrase of a language for the labels of one list."""

    phrase: Phrase
    pattern: re.Pattern[str]
    language: Language


@lru_cache(maxsize=64)
def _rules(words: Vocabulary, language: Language) -> tuple[_Rule, ...]:
    def rule(phrase: Phrase) -> _Rule:
        says = phrase.says.replace("{option}", words.named).replace("{letter}", words.any_label)
        return _Rule(phrase, re.compile(says, re.IGNORECASE), language)

    return tuple(rule(phrase) for phrase in language.phrases)


def find_commitments(
    text: str, words: Vocabulary, languages: tuple[Language, ...]
) -> list[Commitment]:
    """Return every commitment of plain text, in the order of their labels, one per label place.

    Where several rules see the same label, the earliest in the list of rules names it.
    """
    sentences = sentence_ends(text)
    found: dict[int, Commitment] = {}
    for language in languages:
        for rule in _rules(words, language):
            for match in _matches(rule.pattern, text):
                end = match.end("label")
                if end not in found and _holds(rule, match, words, sentences, languages):
                    found[end] = _commitment(rule.phrase, match, words)
    both = [*found.values(), *_colon_pairs(text, words)]
    return sorted(both, key=lambda commitment: commitment.end)


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches of a pattern; the words of one may begin with the label of the one before."""
    position = 0
    while match := pattern.search(text, position):
        yield match
        position = max(match.end("label"), match.start() + 1)


def _commitment(phrase: Phrase, match: re.Match[str], words: Vocabulary) -> Commitment:
    start, end = match.span("label")
    heads_payoffs = _PAYOFF_HEADING.match(match.string, end) is not None
    return Commitment(
        words.index(match.group("label")),
        _first_word(match),
        start,
        end,
        phrase.rule,
        final=phrase.final,
        weak=phrase.weak or (phrase.heads and heads_payoffs),
        impersonal=phrase.impersonal,
        alone=phrase.alone,
    )


def _first_word(match: re.Match[str]) -> int:
    """Where the words of a match begin, past the punctuation and blanks before them."""
    matched = match.group()
    return match.start() + len(matched) - len(matched.lstrip(f" \n.,;:!?-{BOXED}"))


def _holds(
    rule: _Rule,
    match: re.Match[str],
    words: Vocabulary,
    sentences: list[int],
    languages: tuple[Language, ...],
) -> bool:
    text, phrase = match.string, rule.phrase
    start, end = match.span("label")
    noun = match.group("noun") is not None
    if not reads_as_label(text, start, end, rule.language, noun=noun, verb=not phrase.bare):
        return False
    bare = match.group("label").casefold() if not noun else ""
    if bare == "i" and _may_be_pronoun(
        phrase, text[max(0, start - 2) : start], text[end : end + 2]
    ):
        return False
    name_start = match.start("noun") if noun else start
    if phrase.alone:
        if phrase.heads and bare in ("a", "i") and opens_sentence(text, end):
            return False
        if is_dismissed(text, name_start, end, languages):
            return False
        if phrase.heads:
            return True
    said = Words(
        text, _first_word(match), name_start, match.end(), rule.language, phrase.impersonal
    )
    if phrase.gap and is_denied(text[said.start : name_start], rule.language):
        return False
    return not _opens_list(text, match, words) and is_asserted(said, sentences)


def _may_be_pronoun(phrase: Phrase, before: str, following: str) -> bool:
    """Whether a bare 'I' may be the pronoun: 'I, for one', or a text cut off after 'So I'."""
    after = following.lstrip()[:1]
    if phrase.may_end_in_pronoun:
        return not (before == ": " and after)
    return phrase.weak and (after in ("", ",") or after.isalnum())


def _opens_list(text: str, match: re.Match[str], words: Vocabulary) -> bool:
    """Whether a label on the line below the words heads a list: 'I choose from:', 'A: ...', ..."""
    start, end = match.span("label")
    if "\n" not in text[match.start() : start].strip("\n"):
        return False
    line = _LINE_END.match(text, end)
    following = words.mention.match(text, line.end()) if line else None
    if following is None or words.index(following["label"]) == words.index(match["label"]):
        return False
    return text[following.end() : following.end() + 2].lstrip()[:1] in (":", ")", ".", "-", "=")


def _colon_pairs(text: str, words: Vocabulary) -> list[Commitment]:
    """Read lines 'A: X', where 'A:' is the first label or means 'Answer:'.

    Both readings agree when X is A; otherwise both labels are committed to, which contradict.
    """
    if "a" not in (label.casefold() for label in words.labels):
        return []
    first = words.index("A")
    found = []
    for match in re.finditer(
        rf"(?:^|\n)(?P<first>A) ?: ?{words.named} ?[.!]?(?=\n|$)", text, re.IGNORECASE
    ):
        index, (start, end) = words.index(match.group("label")), match.span("label")
        head, head_end = match.span("first")
        if index == first:
            found.append(Commitment(index, head, start, end, "answer_colon"))
        else:
            found.append(Commitment(first, head, head, head_end, "bare_label"))
            found.append(Commitment(index, start, start, end, "bare_label"))
    return found
