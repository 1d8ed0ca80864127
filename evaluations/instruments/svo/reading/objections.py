"""What can stand against a stated choice: another option joined to it, or named to replace it."""

import re

from .answer_text import Prose
from .commitments import Commitment
from .mentions import Mention

_JOINED = re.compile(
    r" ?(?:or|and|and/or|/|\+|,|, or|, and|or maybe|or perhaps) ?(?:the )?", re.IGNORECASE
)
_LISTED = re.compile(r"\b(?:or|and)\b|[/+]", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r" ?(?:[.!\n]|$)")
_CORRECTION = (
    r"actually|wait|on second thoughts?|on reflection|correction|(?:scratch|strike|forget) that"
    r"|never ?mind|or rather|i mean|i meant|sorry|oops|whoops|nope|edit(?= ?:)|no(?=,)"
    r"|let me (?:reconsider|rethink|change|correct)|(?:i )?changed? my mind"
)
_RETRACTED = re.compile(
    rf"\b(?:but|however|then again|on the other hand|hm+|{_CORRECTION})(?![\w'])", re.IGNORECASE
)
_CORRECTED = re.compile(rf"[^\n]{{0,40}}?\b(?:{_CORRECTION})(?![\w'])", re.IGNORECASE)
"""Right after words of finality only a correction counts; what else follows explains them."""
_SUCCEEDED = re.compile(
    r"[^.!?\n]{0,40}?\b(?:then|later|afterwards|next|alternatively|otherwise|failing that"
    r"|if (?:that|this|it))\b[^.!?\n]{0,20}\Z",
    re.IGNORECASE,
)
"""Between two labels of one sentence, the second of which follows in time: 'first B, then C'."""
_WITHDRAWN = re.compile(
    r"\b(?:no,? wait|wait,? no|(?:just )?kidding|(?:scratch|strike|forget) that|changed? my mind"
    r"|let me (?:reconsider|rethink|change that)|I take (?:that|it) back"
    # 'You would choose H. I would not.'
    r"|(?<=[.!;] )I (?:(?:do|would|will|am) not|don't|wouldn't|won't)(?= ?[.!]))(?![\w'])",
    re.IGNORECASE,
)
"""Words that take a choice back without naming another."""
_LINE_CONTENT = re.compile(r" ?[:)] ?([^\n]*)")


def rivals(prose: Prose, commitments: list[Commitment]) -> list[Mention]:
    """Return the mentions of other options that leave a choice open.

    All commitments are to the same option. Words of finality are only joined or corrected.
    """
    index, last = commitments[0].index, commitments[-1]
    others = [mention for each in commitments for mention in _joined(prose, each)]
    if last.final:
        corrected = _CORRECTED.match(prose.text, last.end)
        others += _first_other(prose, last, corrected)
    else:
        others += _labelled_lines(prose)
        others += _first_other(prose, last, _RETRACTED.search(prose.text, last.end))
        others += _successor(prose, last)
    return [mention for mention in others if mention.index != index]


def withdrawal(prose: Prose, commitment: Commitment) -> re.Match[str] | None:
    """Return the words after a commitment that take it back without naming another option."""
    return _WITHDRAWN.search(prose.text, commitment.end)


def _joined(prose: Prose, commitment: Commitment) -> list[Mention]:
    """Labels joined to the chosen one: 'B or C', 'B/C', 'B, C and D'."""
    joined, end = [], commitment.end
    for mention in prose.mentions_from(commitment.end):
        if not _JOINED.fullmatch(prose.text, end, mention.start):
            break
        joined.append(mention)
        end = mention.end
    # A comma alone joins main clauses as well: 'I choose C, B is too selfish.'
    listed = _LISTED.search(prose.text, commitment.end, joined[-1].start) if joined else None
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
    if mention is None or not _SUCCEEDED.match(prose.text, commitment.end, mention.start):
        return []
    return [mention]
