"""The steps by which an answer is read, from the surest to the last resort.

Wrong is worse than unknown: what is ambiguous can be given to a second reader, what is wrong goes
into the angle unseen. So a choice needs words that commit the answer to exactly one label of the
list, and payoffs quoted beside that label must be that option's. The steps:

1. *exact*: the answer is a label and nothing else;
2. the line the prompt asked for ('Choice: ...'), if it asked for one; the first such line counts;
3. words that state a choice (`commitments`); 'final answer' and a box override earlier words;
4. the payoffs alone, when the answer names no label and its payoffs are one option's.

*Ambiguous* is an answer that names or quotes options without settling on one; *none* is an answer
that points to no option of the list, a refusal included. The reason is given in words.
"""

import re
from functools import lru_cache

from ..shown_options import ShownOptions
from .commitments import Commitment, find_commitments
from .mentions import Mention, Vocabulary, reads_as_label
from .objections import rivals, withdrawal
from .reading import Reading, Span
from .result import Extraction
from .uncommitted import REFUSAL, read_uncommitted

LONGEST = 100_000
"""Characters of an answer that is read; rules take up to 0.05 ms for each that repeats a choice."""


def extract(
    answer: str, options: ShownOptions | None = None, *, truncated: bool = False
) -> Extraction:
    """Read which of the options it was shown an answer chose.

    `options` defaults to labels A to I without payoffs, where nothing is checked against payoffs.
    `truncated` says that the model was cut off (finish reason 'length'): a label that ends
    the text may then begin another word, and one restated option a list of them.
    Never raises for any text; the same arguments always give the same reading.
    """
    if len(answer) > LONGEST:
        note = f"the answer has {len(answer):,} characters, more than the {LONGEST:,} that are read"
        return Reading("", options or ShownOptions(), truncated).nothing("too_long", note)
    reading = Reading(answer, options or ShownOptions(), truncated)
    if reading.unfinished_thought:
        return reading.nothing(
            "unfinished_thought", "the text ends while the model is still reasoning"
        )
    if not reading.text:
        return reading.nothing("empty", "the answer is empty")
    return (
        _exact(reading) or _requested_line(reading) or _stated(reading) or read_uncommitted(reading)
    )


def _exact(reading: Reading) -> Extraction | None:
    match = _exact_pattern(reading.words).fullmatch(reading.text)
    if match is None:
        return None
    label, span = match.group("label"), match.span("label")
    index, noun = reading.words.index(label), match.group("noun")
    if match.group("mark") == ":" and label.casefold() == "a" and not noun:
        note = f"a bare {label!r} with a colon may mean 'Answer:'"
        return reading.ambiguous("bare_label", note, [index], span)
    if reading.truncated and label.casefold() in ("a", "i"):
        return reading.cut_off(index, span)
    note = f"the answer is the label {reading.label(index)} alone"
    return reading.choice(index, span, "exact", note)


def _requested_line(reading: Reading) -> Extraction | None:
    name = reading.options.answer_line
    line = _line_pattern(name).search(reading.text) if name else None
    if line is None:
        return None
    named = _labels_between(reading, *line.span("content"))
    if not named:
        return _line_without_label(reading, line)
    first = named[0]
    span = (line.start("head"), first.end)
    if len({mention.index for mention in named}) > 1:
        return reading.several((mention.index for mention in named), line.span())
    if reading.truncated and first.end == len(reading.text):
        return reading.cut_off(first.index, span)
    note = f"the first {name!r} line names {reading.label(first.index)}"
    return _checked(reading, first.index, span, "rule:requested_line", note)


def _stated(reading: Reading) -> Extraction | None:
    commitments = _usable(reading)
    if not commitments:
        return None
    deciding = _final(commitments) or commitments
    first, last = deciding[0], deciding[-1]
    indexes = {commitment.index for commitment in deciding}
    if len(indexes) > 1:
        return reading.several(indexes, (first.start, last.end), _shared_rule(deciding))
    against = rivals(reading, deciding)
    if against:
        start = min(first.start, *(mention.start for mention in against))
        end = max(last.end, *(mention.end for mention in against))
        return reading.several([*indexes, *(mention.index for mention in against)], (start, end))
    withdrawn = withdrawal(reading, last)
    if withdrawn is not None:
        return reading.withdrawn(first.index, (first.start, withdrawn.end()))
    span = (first.start, first.end)
    if reading.truncated and first.end == len(reading.text):
        return reading.cut_off(first.index, span)
    note = f"the words {reading.text[first.start : first.end]!r} state the choice"
    return _checked(reading, first.index, span, f"rule:{first.rule}", note)


def _usable(reading: Reading) -> list[Commitment]:
    """Return the commitments, weak ones only where no other option is named."""
    named = {mention.index for mention in reading.mentions}
    return [
        commitment
        for commitment in find_commitments(reading.text, reading.words)
        if not commitment.weak
        or (named <= {commitment.index} and _opening_holds(reading, commitment))
    ]


def _opening_holds(reading: Reading, commitment: Commitment) -> bool:
    """Whether a label that opens an answer is more than 'Answer:' or the head of a list."""
    after = reading.text[commitment.end : commitment.end + 2].lstrip()
    if not after.startswith(":"):
        return True
    if reading.truncated:
        return False
    bare_a = reading.text[commitment.start : commitment.end].casefold() == "a"
    return not bare_a or reading.quote(commitment.end).attributed


def _checked(reading: Reading, index: int, span: Span, method: str, note: str) -> Extraction:
    """Return the choice unless payoffs quoted beside its label belong to another option."""
    before = reading.quote_before(span[0])
    if before.own and before.other and not before.fits(reading.options.allocations[index]):
        return reading.contradiction(index, before, span)
    for mention in reading.mentions:
        if mention.index != index:
            continue
        quote = reading.quote(mention.end)
        if quote and not quote.fits(reading.options.allocations[index]):
            start, end = min(span[0], mention.start), max(span[1], mention.end)
            return reading.contradiction(index, quote, (start, end))
    return reading.choice(index, span, method, note)


def _labels_between(reading: Reading, start: int, end: int) -> list[Mention]:
    """Return the labels of one requested line; there a lone letter in any case is a label."""
    found = []
    for match in reading.words.mention.finditer(reading.text, start, end):
        span, noun = match.span("label"), match.group("noun") is not None
        if reads_as_label(reading.text, *span, noun=noun, verb=True):
            index = reading.words.index(match.group("label"))
            found.append(Mention(index, match.start(), *span))
    return found


def _line_without_label(reading: Reading, line: re.Match[str]) -> Extraction:
    if REFUSAL.search(line.group("content")):
        note = "the requested line declines to choose"
        return reading.nothing("refusal", note, line.span("content"), refused=True)
    note = f"the {reading.options.answer_line!r} line names no option of the list"
    if not reading.mentions:
        return reading.nothing("requested_line", note, line.span("head"))
    indexes = {mention.index for mention in reading.mentions}
    return reading.ambiguous(
        "requested_line", f"{note}, other words do", indexes, line.span("head")
    )


def _final(commitments: list[Commitment]) -> list[Commitment]:
    """Return the commitments in words of finality, unless later words commit to something else."""
    final = [commitment for commitment in commitments if commitment.final]
    if final and all(
        commitment.index == final[-1].index
        for commitment in commitments
        if commitment.end > final[-1].end
    ):
        return final
    return []


def _shared_rule(commitments: list[Commitment]) -> str:
    rules = {commitment.rule for commitment in commitments}
    return "bare_label" if rules == {"bare_label"} else "several"


@lru_cache(maxsize=64)
def _exact_pattern(words: Vocabulary) -> re.Pattern[str]:
    return re.compile(rf"{words.named} ?(?P<mark>[.:)!,;]?)(?: please[.!]?)?", re.IGNORECASE)


@lru_cache(maxsize=64)
def _line_pattern(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|\n)(?P<head>{re.escape(name)}) ?[:=-](?P<content>[^\n]*)", re.IGNORECASE
    )
