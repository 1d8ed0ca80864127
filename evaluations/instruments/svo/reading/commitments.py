"""Where an answer commits itself to an option, as opposed to merely naming one.

Each rule is a pattern around one label. Patterns hold no unbounded repetition inside another, so
reading takes time linear in the length of the answer. The words between subject and verb must come
from a closed list, so that no negation stands among them; what a pattern finds is dropped again
when the sentence around it asks, denies, supposes or reports it (`assertions`), or when the words
after a lone label turn it down (`dismissals`).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from .assertions import Words, is_asserted, sentence_ends
from .dismissals import is_dismissed, opens_sentence
from .mentions import Vocabulary, reads_as_label
from .plain_text import BOXED

_VERB = (
    r"(?:choos(?:e|ing)|chose|chosen|pick(?:ing|ed)?|select(?:ing|ed)?|opt(?:ing|ed)? for"
    r"|go(?:ing)? (?:with|for)|went with|settl(?:e|ing|ed) (?:on|for)|prefer|favou?r"
    r"|decid(?:e|ing|ed) (?:on|for)|stick(?:ing)? with|tak(?:e|ing)|vote for|say|answer"
    r"|lean(?:ing)? towards?)"
)
_BETWEEN = (
    r"(?:would|will|shall|must|should|am|have|do|going|to|wish|decided?|need|be|been|now|then"
    r"|therefore|thus|so|hence|definitely|clearly|still|also|just|simply|personally|ultimately"
    r"|finally|certainly|always|most|likely|probably|happily|gladly|rather|hereby|think|believe"
    r"|guess|suppose|recommend|suggest|that|I|it|best|firmly|strongly|actually|in|this|case|round"
    r"|inclined|instead|like)"
)
_SUBJECT = rf"\b(?:I|we|let(?: us)?)(?:'(?:d|ll|ve|m|re|s))?(?:,? {_BETWEEN}\b,?){{0,7}}"
_RATING = (
    r"(?:final|best|preferred|preferable|correct|right|better|optimal|chosen|ideal|favou?rite|own"
    r"|selected|clear)"
)
_CHOICE = (
    r"(?:choice|answer|option|decision|selection|pick|preference|response|letter|allocation|vote)"
)
_IS = (
    r"(?: ?[:=-]| (?:is|was|remains|lies with|goes to|(?:would|will)(?: therefore| thus)? be))"
    r"(?: (?:clear|simple|therefore|thus|still|to (?:choose|pick|select|go with|opt for)))?[:,]?"
)
_HERE = (
    r"(?:,? (?:here|now|in this (?:case|round|situation|scenario)|given my (?:goal|values)"
    r"|for (?:me|us|myself|both of us|my (?:goal|values)|this (?:question|item|round|one))"
    r"|to (?:your|the|this) question),?){0,2}"
)
_END = r"(?= ?(?:[.!\n]|$))"
_FITS = (
    r"(?:aligns?|fits?|match(?:es)?|reflects?|suits?|serves?|supports?|meets?|satisfies|satisfy)"
)
_MINE = (
    r"my (?:\w{1,15} ){0,3}?(?:goals?|values?|aims?|objectives?|priorit(?:y|ies)|principles?"
    r"|beliefs?|preferences?|interests?|character|personality|nature|orientation|purpose|view)\b"
)
_SO = r"(?:therefore|thus|so|hence|please)"


_MAY_END_IN_PRONOUN = ("think_it_is", "it_is", "conclusion")
"""Rules whose words, cut off, end in the pronoun: 'So I'."""
_PAYOFF_HEADING = re.compile(r" ?:\n[^\n]{0,40}\d")
"""What follows a label that heads payoffs on the next line: 'Option D:' and then '85'."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """A place where an answer says it chooses the option at `index`, and the rule that saw it.

    The span is of the plain text and ends with the label. `final` marks words that override
    earlier ones ('final answer', a box); `weak` marks forms that count only when no other
    option is named.
    """

    index: int
    start: int
    end: int
    rule: str
    final: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    pattern: re.Pattern[str]
    final: bool = False
    weak: bool = False
    verb: bool = True
    """Whether the words before the label make a lone lower-case letter or an 'A' a label."""
    alone: bool = False
    """Whether the label stands alone, so that the words after it may turn it down."""
    impersonal: bool = False
    """Whether the words leave open whose choice it is: 'the best option is C'."""


@lru_cache(maxsize=64)
def _rules(words: Vocabulary) -> tuple[_Rule, ...]:
    named = words.named

    def rule(name: str, pattern: str, **traits: bool) -> _Rule:
        return _Rule(name, re.compile(pattern, re.IGNORECASE), **traits)

    return (
        rule("final_answer", rf"\bfinal {_CHOICE}{_HERE}{_IS} ?{named}", final=True),
        rule("final_line", rf"(?:^|\n)final ?[:=-] ?{named}", final=True),
        rule("boxed", rf"{BOXED} ?{named}", final=True),
        rule("subject_verb", rf"{_SUBJECT} {_VERB}:? {named}"),
        # Echoes of the question. 'You would choose A' tells what somebody else would do.
        rule("you_choose", rf"\byou (?:choose|pick|select|answer):? {named}"),
        rule(
            "when_asked",
            rf"(?:^|[.!?\n] ?)(?:when (?:I|we|you) (?:am|are) asked|since|because|given|considering"
            rf"|based on)\b[^.!?\n]{{0,120}}, (?:choose|pick|select):? {named}",
        ),
        rule(
            "imperative",
            rf"(?:(?:^|[.!?;\n] ?)(?:(?:{_SO}|then),? )?|[,;:] {_SO},? )"
            rf"(?:choose|pick|select|go with|opt for):? {named}",
        ),
        rule(
            "my_choice", rf"\b(?:my|your|our) (?:{_RATING} ){{0,2}}{_CHOICE}{_HERE}{_IS} ?{named}"
        ),
        rule(
            "best_choice",
            rf"\bthe (?:{_RATING} ){{1,2}}{_CHOICE}{_HERE}{_IS} ?{named}",
            impersonal=True,
        ),
        rule(
            "answer_is", rf"\bthe (?:answer|choice|decision){_HERE}{_IS} ?{named}", impersonal=True
        ),
        rule(
            "option_i_choose",
            rf"\bthe (?:{_RATING} )?{_CHOICE} (?:that )?(?:I|we)(?:'d|'ll|'ve| would| will| have)?"
            rf"(?: {_BETWEEN})? (?:{_VERB}|make|made){_HERE}{_IS} ?{named}",
        ),
        rule(
            "fits_my_goal",
            rf"\bthe {_CHOICE} (?:that|which) (?:(?:would|best|most|closely|clearly) ){{0,3}}"
            rf"{_FITS} (?:(?:best|most|closely|with) ){{0,3}}{_MINE}(?: \w{{1,15}}){{0,6}} "
            rf"(?:is|would be) {named}",
        ),
        rule(
            "is_my_choice",
            rf"{named} (?:is|would be|seems|seems to be|appears to be|remains) "
            rf"(?:(?:my|our) (?:{_RATING} ){{0,2}}|the (?:{_RATING} ){{1,2}})(?:{_CHOICE}|one)\b"
            r"(?! to )",
            verb=False,
            impersonal=True,
        ),
        rule(
            "is_what_i_choose",
            rf"{named} is (?:the {_CHOICE}|the one|what) (?:that )?"
            rf"(?:I|we)(?:'d|'ll| would| will)? {_VERB}\b",
            verb=False,
        ),
        rule(
            "best_fits_my_goal",
            rf"{named} (?:(?:best|most closely) {_FITS}|{_FITS} (?:best|most(?: closely)?))"
            rf"(?: with)? {_MINE}",
            verb=False,
        ),
        rule(
            "think_it_is",
            rf"\bI(?:'d| would)? (?:think|believe|say|guess) (?:that )?"
            rf"(?:it(?:'s| is| would be| should be|'d be) )?{named}{_END}",
        ),
        rule(
            "it_is",
            rf"(?:^|\n|[.!,] |(?:^|\n|[.!] )(?:{_SO}|then|well|yes|ok|okay|for me),? )"
            rf"it(?:'s| is| would be| has to be) {named}{_END}",
        ),
        rule(
            "answer_line",
            rf"(?:^|\n|[.!?] )(?:(?:my|the|your) )?(?:chosen |selected )?{_CHOICE}"
            rf"(?: chosen| selected)?(?: is)? ?[:=-] ?{named}",
        ),
        rule(
            "numbered_line",
            rf"(?:^|\n)(?:question |item |round |q ?)?\d{{1,2}} ?[:.)-] ?{named}{_END}",
            alone=True,
        ),
        rule(
            "conclusion",
            rf"\b(?:therefore|thus|so|hence|ultimately|(?:in )?conclusion|finally)"
            rf"[,:]? {named}{_END}",
        ),
        rule(
            "label_line",
            rf"(?:^|\n)(?!a ?:){named} ?[.:)!,]?(?=\n|$)",
            alone=True,
        ),
        rule(
            "opening",
            rf"^{named}(?: ?[.:);-]|,(?= \w)| (?=because |since |please\b|\d))",
            weak=True,
            verb=False,
            alone=True,
        ),
    )


def find_commitments(text: str, words: Vocabulary) -> list[Commitment]:
    """Return every commitment of plain text, in the order of their labels, one per label place.

    Where several rules see the same label, the earliest in the list of rules names it.
    """
    sentences = sentence_ends(text)
    found: dict[int, Commitment] = {}
    for rule in _rules(words):
        for match in rule.pattern.finditer(text):
            end = match.end("label")
            if end in found or not _holds(rule, match, text, sentences):
                continue
            heads_payoffs = _PAYOFF_HEADING.match(text, end) is not None
            found[end] = Commitment(
                words.index(match.group("label")),
                _first_word(match),
                end,
                rule.name,
                final=rule.final,
                weak=rule.weak or (rule.name == "label_line" and heads_payoffs),
            )
    both = [*found.values(), *_colon_pairs(text, words)]
    return sorted(both, key=lambda commitment: commitment.end)


def _first_word(match: re.Match[str]) -> int:
    """Where the words of a match begin, past the punctuation and blanks before them."""
    matched = match.group()
    return match.start() + len(matched) - len(matched.lstrip(f" \n.,;:!?-{BOXED}"))


def _holds(rule: _Rule, match: re.Match[str], text: str, sentences: list[int]) -> bool:
    start, end = match.span("label")
    noun = match.group("noun") is not None
    if not reads_as_label(text, start, end, noun=noun, verb=rule.verb):
        return False
    bare = match.group("label").casefold() if not noun else ""
    if bare == "i" and _may_be_pronoun(rule.name, text[end : end + 1]):
        return False
    if rule.alone:
        if rule.name == "label_line" and bare in ("a", "i") and opens_sentence(text, end):
            return False
        if is_dismissed(text, _first_word(match), end):
            return False
        if rule.name == "label_line":
            return True
    name_start = match.start("noun") if noun else start
    words = Words(text, _first_word(match), name_start, match.end(), rule.impersonal)
    return is_asserted(words, sentences)


def _may_be_pronoun(rule: str, following: str) -> bool:
    """Whether a bare 'I' may be the pronoun: 'I, for one', or a text cut off after 'So I'."""
    return rule in _MAY_END_IN_PRONOUN or (rule == "opening" and following in (",", " "))


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
        index, end = words.index(match.group("label")), match.end("label")
        if index == first:
            found.append(Commitment(index, match.start("first"), end, "answer_colon"))
        else:
            found.append(Commitment(first, match.start("first"), match.end("first"), "bare_label"))
            found.append(Commitment(index, match.start("label"), end, "bare_label"))
    return found
