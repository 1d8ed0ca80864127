"""The steps by which an answer is read, from the surest to the last resort.

Wrong is worse than unknown: what is ambiguous can be given to a second reader, what is wrong goes
into the angle unseen. So a choice needs words that commit the answer to exactly one label of the
list, and payoffs quoted beside that label must be that option's. The steps:

1. *exact*: the answer is a label and nothing else;
2. the line the prompt asked for ('Choice: ...'), if it asked for one; the first such line counts;
3. words that state a choice (`commitments`); 'final answer' and a box override earlier words;
4. the same steps with the places of options instead of labels ('the third option'), when the
   answer names no label;
5. the payoffs alone, when it names no place either and its payoffs are one option's.

*Ambiguous* is an answer that names or quotes options without settling on one; *none* is an answer
that points to no option of the list, a refusal included. The reason is given in words.
"""

import re
from functools import lru_cache

from evaluations.instruments.svo.measure.shown_options import ShownOptions

from .answer_text import Prose, Span
from .commitments import Commitment
from .languages import union_of
from .mentions import Mention, Vocabulary, reads_as_label
from .objections import corrected, rivals, set_aside, withdrawal
from .result import ProseReading
from .uncommitted import read_uncommitted

LONGEST = 100_000
"""Characters of an answer that is read; rules take up to 0.5 ms for each that repeats a choice."""

MOST_REPEATED = 200
"""Times that an answer may repeat a label alone and still be the label alone."""


def read_prose(
    answer: str,
    options: ShownOptions | None = None,
    *,
    truncated: bool = False,
    language: str | None = None,
) -> ProseReading:
    """Read which of the options it was shown an answer chose.

    `options` defaults to labels A to I without payoffs, where nothing is checked against payoffs.
    `truncated` says that the model was cut off (finish reason 'length'): a label that ends
    the text may then begin another word, and one restated option a list of them.
    `language` is the code of the language the answer is known to be in; otherwise it is recognised.
    Never raises for any text; the same arguments always give the same reading.
    """
    if len(answer) > LONGEST:
        note = f"the answer has {len(answer):,} characters, more than the {LONGEST:,} that are read"
        return Prose("", options or ShownOptions(), truncated).nothing("too_long", note)
    prose = Prose(answer, options or ShownOptions(), truncated, language)
    if prose.unfinished_thought:
        return prose.nothing(
            "unfinished_thought", "the text ends while the model is still reasoning"
        )
    if not prose.text:
        return prose.nothing("empty", "the answer is empty")
    return (
        _exact(prose)
        or _requested_line(prose)
        or _stated(prose)
        or _placed(prose)
        or read_uncommitted(prose)
    )


def _exact(prose: Prose) -> ProseReading | None:
    match = _exact_pattern(prose.words).fullmatch(prose.text)
    if match is None:
        return None
    label, span = match.group("label"), match.span("label")
    index, noun = prose.words.index(label), match.group("noun")
    if match.group("mark") == ":" and label.casefold() == "a" and not noun:
        note = f"a bare {label!r} with a colon may mean 'Answer:'"
        return prose.ambiguous("bare_label", note, [index], span)
    if prose.truncated and label.casefold() in ("a", "i"):
        return prose.cut_off(index, span)
    said = "the label" if prose.by_label else "the place of"
    note = f"the answer is {said} {prose.label(index)} alone"
    return prose.choice(index, span, "exact", note)


def _requested_line(prose: Prose) -> ProseReading | None:
    name = prose.options.answer_line
    line = _line_pattern(name).search(prose.text) if name else None
    if line is None:
        return None
    named = _labels_between(prose, *line.span("content"))
    if not named:
        return _line_without_label(prose, line)
    first = named[0]
    span = (line.start("head"), first.end)
    if len({mention.index for mention in named}) > 1:
        return prose.several((mention.index for mention in named), line.span())
    if prose.truncated and first.end == len(prose.text):
        return prose.cut_off(first.index, span)
    note = f"the first {name!r} line names {prose.label(first.index)}"
    return _checked(prose, first.index, span, first.label_start, "rule:requested_line", note)


def _stated(prose: Prose) -> ProseReading | None:
    commitments = _usable(prose)
    if not commitments:
        return None
    deciding = _final(commitments) or corrected(prose, commitments) or commitments
    first, last = deciding[0], deciding[-1]
    indexes = {commitment.index for commitment in deciding}
    if len(indexes) > 1:
        return prose.several(indexes, (first.start, last.end), _shared_rule(deciding))
    against = rivals(prose, deciding)
    if against:
        start = min(first.start, *(mention.start for mention in against))
        end = max(last.end, *(mention.end for mention in against))
        return prose.several([*indexes, *(mention.index for mention in against)], (start, end))
    placed = _other_places(prose, first.index)
    if placed:
        return prose.several([first.index, *placed], (first.start, last.end))
    withdrawn = withdrawal(prose, last)
    if withdrawn is not None:
        return prose.withdrawn(first.index, (first.start, withdrawn.end()))
    span = (first.start, first.end)
    if prose.truncated and first.end == len(prose.text):
        return prose.cut_off(first.index, span)
    note = f"the words {prose.text[first.start : first.end]!r} state the choice"
    return _checked(prose, first.index, span, first.label_start, f"rule:{first.rule}", note)


def _usable(prose: Prose) -> list[Commitment]:
    """Return the commitments, weak ones only where no other option is named."""
    named = {mention.index for mention in prose.mentions if not set_aside(prose, mention)}
    return [
        commitment
        for commitment in prose.commitments
        if not _is_mere_count(prose, commitment)
        and (
            not commitment.weak
            or (named <= {commitment.index} and _opening_holds(prose, commitment))
        )
    ]


def _is_mere_count(prose: Prose, commitment: Commitment) -> bool:
    """Whether a place may also count steps or reasons: '1. I ...', 'First, ...'"""
    said = prose.text[commitment.label_start : commitment.end]
    return commitment.alone and not prose.by_label and " " not in said


def _placed(prose: Prose) -> ProseReading | None:
    """Read 'the third option': a place in the list, where no other option's label is named."""
    placed = prose.with_places()
    if placed is None:
        return None
    named = {mention.index for mention in prose.mentions}
    read = _exact(placed) or _place_and_label(prose, placed) or _stated(placed)
    return read if read and named <= set(read.candidates) else None


def _place_and_label(prose: Prose, placed: Prose) -> ProseReading | None:
    """Read 'The last option (I).'"""
    if len(prose.mentions) != 1 or len(placed.mentions) != 1:
        return None
    place, label = placed.mentions[0], prose.mentions[0]
    between = prose.text[place.end : label.start].strip(" :,-=")
    rest = prose.text[: place.start] + between + prose.text[label.end :].strip(" .!")
    if rest or place.index != label.index:
        return None
    note = f"the answer is the place of {prose.label(label.index)} and this label"
    return prose.choice(label.index, (place.start, label.end), "exact", note)


def _other_places(prose: Prose, index: int) -> set[int]:
    """The options an answer that chooses a label also chooses by their place."""
    if not prose.by_label or (placed := prose.with_places()) is None:
        return set()
    return {each.index for each in _usable(placed)} - {index}


def _opening_holds(prose: Prose, commitment: Commitment) -> bool:
    """Whether a label that opens an answer is more than 'Answer:' or the head of a list."""
    after = prose.text[commitment.end : commitment.end + 2].lstrip()
    if not after.startswith(":"):
        return True
    if prose.truncated:
        return False
    bare_a = prose.text[commitment.start : commitment.end].casefold() == "a"
    return not bare_a or prose.quote(commitment.end).attributed


def _checked(
    prose: Prose, index: int, span: Span, label_start: int, method: str, note: str
) -> ProseReading:
    """Return the choice unless payoffs quoted beside its label belong to another option."""
    before = prose.quote_before(label_start)
    if before.own and before.other and not before.fits(prose.options.allocations[index]):
        return prose.contradiction(index, before, span)
    for mention in prose.mentions:
        if mention.index != index:
            continue
        quote = prose.quote(mention.end)
        if quote and not quote.fits(prose.options.allocations[index]):
            start, end = min(span[0], mention.start), max(span[1], mention.end)
            return prose.contradiction(index, quote, (start, end))
    return prose.choice(index, span, method, note)


def _labels_between(prose: Prose, start: int, end: int) -> list[Mention]:
    """Return the labels of one requested line; there a lone letter in any case is a label."""
    found = []
    for match in prose.words.mention.finditer(prose.text, start, end):
        span, noun = match.span("label"), match.group("noun") is not None
        if reads_as_label(prose.text, *span, prose.languages[0], noun=noun, verb=True):
            index = prose.words.index(match.group("label"))
            found.append(Mention(index, match.start(), *span))
    return found


def _line_without_label(prose: Prose, line: re.Match[str]) -> ProseReading:
    if union_of("says", "refusal").search(line.group("content")):
        note = "the requested line declines to choose"
        return prose.nothing("refusal", note, line.span("content"), refused=True)
    note = f"the {prose.options.answer_line!r} line names no option of the list"
    if not prose.mentions:
        return prose.nothing("requested_line", note, line.span("head"))
    indexes = {mention.index for mention in prose.mentions}
    return prose.ambiguous("requested_line", f"{note}, other words do", indexes, line.span("head"))


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
    """A label and nothing else, or the same one again and again: 'E E E'."""
    again = rf"(?:[ .,!\n]{{1,3}}(?P=label)(?!\w)){{0,{MOST_REPEATED}}}"
    return re.compile(
        rf"(?:- ?|= ?)*{words.named}{again} ?(?P<mark>[.:)!,;]?)(?: please[.!]?)?", re.IGNORECASE
    )


@lru_cache(maxsize=64)
def _line_pattern(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:^|\n)(?P<head>{re.escape(name)}) ?[:=-](?P<content>[^\n]*)", re.IGNORECASE
    )
