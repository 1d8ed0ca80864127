"""Where an answer names options: labels told from articles, pronouns and ordinary words.

'A' is an article before most words and 'I' a pronoun before most, so each counts as a label only
where the neighbouring words allow no other reading, or where the word 'option' or a verb of choice
stands before it. Lower-case single letters count only there.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from evaluations.instruments.svo.measure.shown_options import ShownOptions

_NOUNS = ("option", "choice", "alternative", "allocation", "letter", "answer", "distribution")

# Words that follow a label but not the article 'a'.
_AFTER_A = re.compile(
    r"is|was|are|because|since|as|so|for|to|over|and|or|then|but|which|gives?|gave|offer(?:s|ed)"
    r"|provides|yields|pays|seems|would|will|has|maximi[sz]es|means|even|with|in|due|where|while"
    r"|when|though|although|rather|instead|please|too|aligns|fits",
    re.IGNORECASE,
)
_ADVERB = re.compile(
    r"simply|mainly|primarily|purely|solely|only|just|here|now|this|that|it|my|not|if|unless|at|from"
    r"|by|after|without|knowing|hoping|despite|given|considering|gladly|happily|again|both|definitely"
)
# Words that follow a label but hardly ever the pronoun 'I', without and with 'option' or a verb.
_AFTER_I = re.compile(r"is|gives|because|offers|provides|yields|pays|maximi[sz]es", re.IGNORECASE)
_AFTER_NAMED_I = re.compile(
    rf"{_AFTER_I.pattern}|was|since|as|for|with|even|over|in|which|where|while|and|or|but|to|at"
    r"|from|of|due|so|though|although|too|please|means|aligns|fits",
    re.IGNORECASE,
)
_LATIN = r"A-Za-z0-9_\u00c0-\u024f"
_NEXT_WORD = re.compile(r" ([A-Za-z']{1,30})")


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
    nouns = "|".join(re.escape(word) for word in dict.fromkeys((noun.casefold(), *_NOUNS)))
    patterns = {label: r"[ \n]".join(map(re.escape, label.split())) for label in labels}
    # Longer labels first, so that 'dark blue' is not read as 'dark'.
    any_label = "|".join(patterns[label] for label in sorted(labels, key=len, reverse=True))
    # Latin letters and digits bound a label, other scripts do not: Chinese sets no blanks.
    label = rf"(?<![{_LATIN}'.-])(?P<label>{any_label})(?![{_LATIN}]|'\w|-[{_LATIN}]|\.[a-z]\.)"
    named = rf"(?:(?:the )?\b(?P<noun>{nouns})(?: (?:letter|number))?:? ?)?{label}"
    ends = (
        rf"(?<![{_LATIN}'])(?:{any_label}) ?(?:to|through|-|\.{{2,3}}) ?"
        rf"(?:{any_label})(?![{_LATIN}'])"
    )
    return Vocabulary(
        labels=labels,
        each=tuple(re.compile(patterns[label], re.IGNORECASE) for label in labels),
        named=named,
        mention=re.compile(named, re.IGNORECASE),
        ends=re.compile(ends, re.IGNORECASE),
    )


def reads_as_label(text: str, start: int, end: int, *, noun: bool, verb: bool = False) -> bool:
    """Whether a matched label at ``text[start:end]`` is one, and no article, pronoun or word.

    `noun` says that 'option' or the like stands before it, `verb` that a verb of choice does.
    """
    letter = text[start:end]
    if len(letter) > 1 or not letter.isalpha():
        return True
    named = noun or verb
    if letter.islower() and not named:
        return False
    if letter in "aA":
        return _a_is_label(text, letter, end, noun=noun, verb=verb)
    if letter in "iI":
        return _i_is_label(text, end, named=named)
    return True


def _a_is_label(text: str, letter: str, end: int, *, noun: bool, verb: bool) -> bool:
    if noun or not text.startswith(" ", end):
        return True
    word = _NEXT_WORD.match(text, end)
    if word is None:
        # A number makes it an article ('a 50/50 split'), a dash does not.
        return not text[end + 1 : end + 2].isdigit()
    if _AFTER_A.fullmatch(word.group(1)):
        return True
    # Inside a sentence the article is lower case, but some write 'I choose A fair split'.
    inside = text[end - 3 : end - 2].isalnum()
    return verb and inside and letter == "A" and _ADVERB.fullmatch(word.group(1)) is not None


def _i_is_label(text: str, end: int, *, named: bool) -> bool:
    if not text.startswith(" ", end):
        return named or not text.startswith(",", end)
    word = _NEXT_WORD.match(text, end)
    if word is None:
        return True
    after = _AFTER_NAMED_I if named else _AFTER_I
    return after.fullmatch(word.group(1)) is not None


def find_mentions(text: str, words: Vocabulary) -> list[Mention]:
    """Return every mention of a label in plain text, in order; ranges ('A to I') are left out."""
    ranges = {
        place for match in words.ends.finditer(text) for place in (match.start(), match.end())
    }
    found = []
    for match in words.mention.finditer(text):
        start, end = match.span("label")
        if start in ranges or end in ranges:
            continue
        if reads_as_label(text, start, end, noun=match.group("noun") is not None):
            found.append(Mention(words.index(match.group("label")), match.start(), start, end))
    return found
