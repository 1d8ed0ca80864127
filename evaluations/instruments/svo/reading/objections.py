"""What can stand against a stated choice: another option joined to it, or named to replace it."""

import re
from functools import cache

from .answer_text import Prose
from .commitments import Commitment
from .languages import union_of
from .mentions import Mention

_ENDS_SENTENCE = re.compile(r" ?(?:[.!\n]|$)")
_LINE_CONTENT = re.compile(r" ?[:)] ?([^\n]*)")
_BEFORE_LABEL = 40
"""Characters before a label that are searched for words that set it aside."""


@cache
def _taking_back(*entries: str, before: str = "") -> re.Pattern[str]:
    """Whole words of some entries in any language."""
    edge = r"A-Za-z\u00c0-\u024f"
    words = "|".join(union_of(entry).pattern for entry in entries)
    return re.compile(rf"{before}(?<![{edge}])(?:{words})(?![{edge}'])", re.IGNORECASE)


def _retracted() -> re.Pattern[str]:
    return _taking_back("retracts", "correction")


def _corrected() -> re.Pattern[str]:
    """Right after words of finality only a correction counts; what else follows explains them."""
    return _taking_back("correction", before=r"[^\n]{0,40}?")


def corrected(prose: Prose, commitments: list[Commitment]) -> list[Commitment]:
    """Return the last commitments, where words of correction part them from those to others."""
    last = commitments[-1]
    earlier = [each for each in commitments if each.index != last.index]
    if not earlier:
        return []
    run = [each for each in commitments if each.start >= earlier[-1].end]
    # 'The obvious answer is A, yet I choose C.'
    turned = all(each.impersonal for each in earlier) and not last.impersonal
    words = _taking_back("correction", "turn") if turned else _taking_back("correction")
    if run and words.search(prose.text, earlier[-1].end, run[0].label_start):
        return run
    return []


def set_aside(prose: Prose, mention: Mention) -> bool:
    """Whether an option is named only to say that it is not the one: 'rather than F'."""
    before = prose.text[max(0, mention.start - _BEFORE_LABEL) : mention.start]
    return union_of("set_aside").search(before) is not None


def rivals(prose: Prose, commitments: list[Commitment]) -> list[Mention]:
    """Return the mentions of other options that leave a choice open.

    All commitments are to the same option. Words of finality are only joined or corrected.
    """
    index, last = commitments[0].index, commitments[-1]
    others = [mention for each in commitments for mention in _joined(prose, each)]
    if last.final:
        others += _first_other(prose, last, _corrected().match(prose.text, last.end))
    else:
        others += _labelled_lines(prose)
        others += _first_other(prose, last, _retracted().search(prose.text, last.end))
        others += _successor(prose, last)
    return [mention for mention in others if mention.index != index]


def withdrawal(prose: Prose, commitment: Commitment) -> re.Match[str] | None:
    """Return the words after a commitment that take it back without naming another option."""
    return union_of("withdrawn").search(prose.text, commitment.end)


def _joined(prose: Prose, commitment: Commitment) -> list[Mention]:
    """Labels joined to the chosen one: 'B or C', 'B/C', 'B, C and D'."""
    joined, end = [], commitment.end
    for mention in prose.mentions_from(commitment.end):
        if not union_of("joined").fullmatch(prose.text, end, mention.start):
            break
        joined.append(mention)
        end = mention.end
    # A comma alone joins main clauses as well: 'I choose C, B is too selfish.'
    listed = (
        union_of("listed").search(prose.text, commitment.end, joined[-1].start) if joined else None
    )
    ends_sentence = _ENDS_SENTENCE.match(prose.text, end) is not None
    return joined if listed is not None or ends_sentence else []


def _labelled_lines(prose: Prose) -> list[Mention]:
    """Labels that open a line of words, like speakers of a dialogue.

    A restated list is no rival: there the line goes on with payoffs. Nor is a line that opens with
    'A:', the abbreviation of 'Answer:'.
    """
    found = []
    for mention in prose.mentions:
        if mention.start > 0 and prose.text[mention.start - 1] != "\n":
            continue
        content = _LINE_CONTENT.match(prose.text, mention.end)
        if content is None or prose.text[mention.start : mention.end].casefold() == "a":
            continue
        if not any(character.isdigit() for character in content.group(1)):
            found.append(mention)
    return found


def _first_other(
    prose: Prose, commitment: Commitment, words: re.Match[str] | None
) -> list[Mention]:
    """The first other label from the beginning of *words* on, which take the choice back."""
    if words is None:
        return []
    others = (
        mention
        for mention in prose.mentions_from(words.start())
        if mention.index != commitment.index
    )
    first = next(others, None)
    return [] if first is None else [first]


def _successor(prose: Prose, commitment: Commitment) -> list[Mention]:
    """The label that takes the chosen one's place in the same sentence: 'first B, then C'."""
    mention = next(prose.mentions_from(commitment.end), None)
    if mention is None or not union_of("succeeded").match(
        prose.text, commitment.end, mention.start
    ):
        return []
    return [mention]
