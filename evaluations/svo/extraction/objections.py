"""What can stand against a stated choice: another option joined to it, or named to replace it."""

import re

from .commitments import Commitment
from .mentions import Mention
from .reading import Reading

_JOINED = re.compile(
    r" ?(?:or|and|and/or|/|\+|,|, or|, and|or maybe|or perhaps) ?(?:the )?", re.IGNORECASE
)
_LISTED = re.compile(r"\b(?:or|and)\b|[/+]", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r" ?(?:[.!\n]|$)")
_RETRACTED = re.compile(
    r"\b(?:but|however|actually|wait|on second thought|on reflection|correction|scratch that"
    r"|or rather|i mean|no(?=,))(?![\w'])",
    re.IGNORECASE,
)
_LINE_CONTENT = re.compile(r" ?[:)] ?([^\n]*)")


def rivals(reading: Reading, commitments: list[Commitment]) -> list[Mention]:
    """Return the mentions of other options that leave a choice open.

    All commitments are to the same option. Words of finality have no rivals.
    """
    if commitments[-1].final:
        return []
    index = commitments[0].index
    joined = [mention for each in commitments for mention in _joined(reading, each)]
    others = joined + _labelled_lines(reading) + _retraction(reading, commitments[-1])
    return [mention for mention in others if mention.index != index]


def _joined(reading: Reading, commitment: Commitment) -> list[Mention]:
    """Labels joined to the chosen one: 'B or C', 'B/C', 'B, C and D'."""
    joined, end = [], commitment.end
    for mention in reading.mentions_from(commitment.end):
        if not _JOINED.fullmatch(reading.text, end, mention.start):
            break
        joined.append(mention)
        end = mention.end
    # A comma alone joins main clauses as well: 'I choose C, B is too selfish.'
    listed = _LISTED.search(reading.text, commitment.end, joined[-1].start) if joined else None
    ends_sentence = _ENDS_SENTENCE.match(reading.text, end) is not None
    return joined if listed is not None or ends_sentence else []


def _labelled_lines(reading: Reading) -> list[Mention]:
    """Labels that open a line of words, like speakers of a dialogue.

    A restated list is no rival: there the line goes on with payoffs. Nor is a line that opens with
    'A:', the abbreviation of 'Answer:'.
    """
    found = []
    for mention in reading.mentions:
        if mention.start > 0 and reading.text[mention.start - 1] != "\n":
            continue
        content = _LINE_CONTENT.match(reading.text, mention.end)
        if content is None or reading.text[mention.start : mention.end].casefold() == "a":
            continue
        if not any(character.isdigit() for character in content.group(1)):
            found.append(mention)
    return found


def _retraction(reading: Reading, commitment: Commitment) -> list[Mention]:
    """The first other label after words that take the choice back: 'but', 'actually', 'wait'."""
    retraction = _RETRACTED.search(reading.text, commitment.end)
    if retraction is None:
        return []
    others = (
        mention
        for mention in reading.mentions_from(retraction.start())
        if mention.index != commitment.index
    )
    first = next(others, None)
    return [] if first is None else [first]
