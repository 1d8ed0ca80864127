"""Where an answer names options: labels told from articles, pronouns and ordinary words.

'A' is an article before most words and 'I' a pronoun before most, so each counts as a label only
where the neighbouring words allow no other reading, or where the word 'option' or a verb of choice
stands before it. Lower-case single letters count only there.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from evaluations.instruments.svo.measure.shown_options import ShownOptions

from .languages import FIRST, Language, union

_LATIN = r"A-Za-z0-9_\u00c0-\u024f"
_NEXT_WORD = re.compile(r" ([A-Za-z']{1,30})")
_OWN_ARTICLE = re.compile(r"\b(?:the|this|that|my) \Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a label is named: its index and its span in the plain text.

    `start` includes the noun before it ('option C'), `label_start` does not.
    """

    index: int
    start: int
    label_start: int
    end: int


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The labels and nouns of shown options, as patterns for the reading rules."""

    labels: tuple[str, ...]
    each: tuple[re.Pattern[str], ...]
    """One pattern a label; matching and looking up must agree on case, so both are patterns."""
    named: str
    """Pattern of one label with an optional noun before it, in groups ``noun`` and ``label``."""
    any_label: str
    """Pattern of one label without a noun or a group."""
    mention: re.Pattern[str]
    ends: re.Pattern[str]
    """Two labels as the ends of a list: 'A to I'."""

    def index(self, matched: str) -> int:
        """Return the index of the label that matched text is, in any case or across a line end."""
        return next(place for place, pattern in enumerate(self.each) if pattern.fullmatch(matched))

    @property
    def letters_only(self) -> bool:
        """Whether every label is a single letter."""
        return all(len(label) == 1 and label.isalpha() for label in self.labels)


def vocabulary(options: ShownOptions) -> Vocabulary:
    """Return the vocabulary of shown options; compiled once per set of labels and noun."""
    return _vocabulary(options.labels, options.noun)


@lru_cache(maxsize=64)
def _vocabulary(labels: tuple[str, ...], noun: str) -> Vocabulary:
    nouns = f"{re.escape(noun.casefold())}|{union('noun')}"
    patterns = {label: r"[ \n]".join(map(re.escape, label.split())) for label in labels}
    # Longer labels first, so that 'dark blue' is not read as 'dark'.
    any_label = "|".join(patterns[label] for label in sorted(labels, key=len, reverse=True))
    # Latin letters and digits bound a label, other scripts do not: Chinese sets no blanks.
    edge = rf"(?![{_LATIN}]|'\w|-[{_LATIN}]|\.[a-z]\.)"
    label = rf"(?<![{_LATIN}'.-])(?P<label>{any_label}){edge}"
    named = (
        rf"(?:(?:{union('noun_article')})?(?:\b|(?<=[\u3400-\u9fff]))(?P<noun>{nouns})"
        rf"(?: (?:{union('noun_suffix')}))?:? ?)?{label}"
    )
    ends = (
        rf"(?<![{_LATIN}'])(?P<first>{any_label}) ?(?:{union('through')}|-|\.{{2,3}}) ?"
        rf"(?P<last>{any_label})(?![{_LATIN}'])"
    )
    return Vocabulary(
        labels=labels,
        each=tuple(re.compile(patterns[label], re.IGNORECASE) for label in labels),
        named=named,
        any_label=rf"(?:{any_label}){edge}",
        mention=re.compile(named, re.IGNORECASE),
        ends=re.compile(ends, re.IGNORECASE),
    )


def reads_as_label(
    text: str, start: int, end: int, language: Language, *, noun: bool, verb: bool = False
) -> bool:
    """Whether a matched label at ``text[start:end]`` is one, and no article, pronoun or word.

    `language` is that of the words around it; `noun` says that 'option' or the like stands before
    it, `verb` that a verb of choice does.
    """
    letter = text[start:end]
    if len(letter) > 1 or not letter.isalpha():
        return True
    named = noun or verb
    if letter.islower() and not named:
        return False
    if language.code != FIRST:
        return not (letter in "aA" and language.cue("follows_word_a").match(text, end))
    if letter in "aA":
        return _a_is_label(text, start, end, language, noun=noun, verb=verb)
    if letter in "iI":
        return _i_is_label(text, end, language, named=named)
    return True


def _a_is_label(
    text: str, start: int, end: int, language: Language, *, noun: bool, verb: bool
) -> bool:
    if noun or not text.startswith(" ", end) or _OWN_ARTICLE.search(text, max(0, start - 6), start):
        return True
    word = _NEXT_WORD.match(text, end)
    if word is None:
        # A number makes it an article ('a 50/50 split'), a dash does not.
        return not text[end + 1 : end + 2].isdigit()
    if language.cue("follows_label_a").fullmatch(word.group(1)):
        return True
    # Inside a sentence the article is lower case, but some write 'I choose A fair split'.
    inside = text[end - 3 : end - 2].isalnum()
    adverb = language.cue("follows_choice_of_a").fullmatch(word.group(1))
    return verb and inside and text[start:end] == "A" and adverb is not None


def _i_is_label(text: str, end: int, language: Language, *, named: bool) -> bool:
    if not text.startswith(" ", end):
        return named or not text.startswith(",", end)
    word = _NEXT_WORD.match(text, end)
    if word is None:
        return True
    after = language.cue("follows_named_i" if named else "follows_label_i")
    return after.fullmatch(word.group(1)) is not None


def find_mentions(text: str, words: Vocabulary, language: Language) -> list[Mention]:
    """Return every mention of a label in plain text of a language, in order, but for ranges."""
    ranges = {
        place for match in words.ends.finditer(text) for place in (match.start(), match.end())
    }
    found = []
    for match in words.mention.finditer(text):
        start, end = match.span("label")
        if start in ranges or end in ranges:
            continue
        if reads_as_label(text, start, end, language, noun=match.group("noun") is not None):
            found.append(Mention(words.index(match.group("label")), match.start(), start, end))
    return found
