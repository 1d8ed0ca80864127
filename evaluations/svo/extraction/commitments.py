"""Where an answer commits itself to an option, as opposed to merely naming one.

Each rule is a pattern around one label. Patterns hold no unbounded repetition inside another, so
reading takes time linear in the length of the answer. What a pattern finds is dropped again when
its sentence is a question or a supposition ('if I were selfish, I would choose A'); negations
never match, because the words between subject and verb must come from a closed list.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from .assertions import is_asserted, is_reported, sentence_ends
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
_SUBJECT = rf"\b(?:I|we|you|let(?: us)?)(?:'(?:d|ll|ve|m|re|s))?(?:,? {_BETWEEN}\b,?){{0,7}}"
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
    asserted: bool = True
    """Whether a question or a supposition takes the commitment back."""


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
        rule(
            "imperative",
            rf"(?:^|[.;:!\n,] ?|\b(?:therefore|thus|so|hence|then|please) )"
            rf"(?:choose|pick|select|go with|opt for):? {named}",
        ),
        rule(
            "my_choice", rf"\b(?:my|your|our) (?:{_RATING} ){{0,2}}{_CHOICE}{_HERE}{_IS} ?{named}"
        ),
        rule("best_choice", rf"\bthe (?:{_RATING} ){{1,2}}{_CHOICE}{_HERE}{_IS} ?{named}"),
        rule("answer_is", rf"\bthe (?:answer|choice|decision){_HERE}{_IS} ?{named}"),
        rule(
            "option_i_choose",
            rf"\bthe (?:{_RATING} )?{_CHOICE} (?:that )?(?:I|we)(?:'d|'ll|'ve| would| will| have)?"
            rf"(?: \w{{1,12}})? (?:{_VERB}|make|made){_HERE}{_IS} ?{named}",
        ),
        rule(
            "fits_my_goal",
            rf"\bthe {_CHOICE} (?:that|which) (?:\w{{1,15}} ){{1,4}}my (?:\w{{1,15}} ){{1,8}}"
            rf"(?:is|would be) {named}",
        ),
        rule(
            "is_my_choice",
            rf"{named} (?:is|would be|seems|seems to be|appears to be|remains) "
            rf"(?:(?:my|our) (?:{_RATING} ){{0,2}}|the (?:{_RATING} ){{1,2}})(?:{_CHOICE}|one)\b"
            rf"(?! for (?!me\b|us\b|my\b|both\b)| to | if | when )",
            verb=False,
        ),
        rule(
            "is_what_i_choose",
            rf"{named} is (?:the {_CHOICE}|the one|what) (?:that )?"
            rf"(?:I|we)(?:'d|'ll| would| will)? {_VERB}\b",
            verb=False,
        ),
        rule(
            "best_fits_my_goal",
            rf"{named} (?:best (?:aligns|fits|matches|reflects|suits)"
            rf"|(?:aligns|fits|matches|reflects|suits) (?:best|most(?: closely)?))(?: with)? my\b",
            verb=False,
        ),
        rule(
            "think_it_is",
            rf"\bI(?:'d| would)? (?:think|believe|say|guess) (?:that )?"
            rf"(?:it(?:'s| is| would be| should be|'d be) )?{named}{_END}",
        ),
        rule("it_is", rf"\bit(?:'s| is| would be| has to be) {named}{_END}"),
        rule(
            "answer_line",
            rf"(?:^|\n|[.!?] )(?:(?:my|the|your) )?(?:chosen |selected )?{_CHOICE}"
            rf"(?: chosen| selected)?(?: is)? ?[:=-] ?{named}",
        ),
        rule(
            "numbered_line",
            rf"(?:^|\n)(?:question |item |round |q ?)?\d{{1,2}} ?[:.)-] ?{named}{_END}",
        ),
        rule(
            "conclusion",
            rf"\b(?:therefore|thus|so|hence|ultimately|(?:in )?conclusion|finally)"
            rf"[,:]? {named}{_END}",
        ),
        rule(
            "label_line",
            rf"(?:^|\n)(?!a ?:){named} ?[.:)!,]?(?=\n|$)",
            asserted=False,
        ),
        rule(
            "opening",
            rf"^{named}(?: ?[.:);-]|,(?= \w)| (?=because |since |please\b|\d))",
            weak=True,
            verb=False,
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
    if match.group("label").casefold() == "i" and not noun:
        # 'I, for one' and a text cut off after 'So I' hold the pronoun.
        if rule.name == "opening" and text[end : end + 1] in (",", " "):
            return False
        if rule.name in _MAY_END_IN_PRONOUN:
            return False
    if not rule.asserted:
        return True
    return not is_reported(text, match.start()) and is_asserted(text, start, end, sentences)


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
