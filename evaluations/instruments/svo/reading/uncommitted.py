"""Answers in which no words state a choice: refusals, mere mentions, outsiders, bare payoffs."""

import re

from .answer_text import Prose
from .assertions import Words, is_asserted, sentence_ends
from .dismissals import opens_sentence
from .languages import union_of
from .mentions import Mention
from .payoffs import Quote, amounts, fitting, in_digits, pairs_quoted, read_quote
from .places import numbered
from .result import ProseReading

_OUTSIDER = re.compile(
    r"\b(?:[Oo]ption|OPTION|[Cc]hoice|[Ll]etter|[Aa]nswer|[Cc]hoose|[Pp]ick|[Ss]elect)(?: is)?:? "
    r"([A-Z]{1,4})(?![\w'])|^([A-Z])(?= ?[.:)]| ?$)"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SENTENCE_END = re.compile(r"[.!?](?=[ \n]|$)|\n|$")
_REACH = 160
"""Characters after an outsider within which payoffs can belong to it."""


def read_uncommitted(prose: Prose) -> ProseReading:
    """Return the reading of an answer in which no words commit to a label."""
    refusal = union_of("says", "refusal").search(prose.text)
    if refusal is not None:
        return prose.nothing(
            "refusal", "the answer declines to choose", refusal.span(), refused=True
        )
    outsider = _outsider(prose)
    if prose.mentions:
        return _named_only(prose, outsider)
    if outsider is not None:
        return _outside(prose, outsider)
    return _range(prose) or _numbered(prose) or _payoffs_alone(prose)


def _range(prose: Prose) -> ProseReading | None:
    """Read 'any from D through F': part of the list, of which no single one is named."""
    for match in prose.words.ends.finditer(prose.text):
        first, last = (prose.words.index(end) for end in match.group("first", "last"))
        if (first, last) != (0, len(prose.options.labels) - 1):
            return prose.several(range(first, last + 1), match.span())
    return None


def _named_only(prose: Prose, outsider: re.Match[str] | None) -> ProseReading:
    first, last = prose.mentions[0], prose.mentions[-1]
    span = (first.start, last.end)
    indexes = {mention.index for mention in prose.mentions}
    if len(indexes) > 1:
        return prose.several(indexes, span)
    label = prose.label(first.index)
    quote = prose.quote(first.end)
    if quote and not quote.fits(prose.options.allocations[first.index]):
        return prose.contradiction(first.index, quote, span)
    if outsider is not None:
        note = f"it names {label}, and {_name(outsider)!r} which is not in the list"
        return prose.ambiguous("outside_list", note, indexes, span)
    pointing = _pointing_back(prose, first)
    if pointing is not None and outsider is None:
        note = f"the words {pointing.group()!r} point back to {label}, the only option named"
        return prose.choice(first.index, (first.start, pointing.end()), "rule:points_back", note)
    note = f"it names {label} without saying that it chooses it"
    return prose.ambiguous("named_only", note, indexes, span)


def _pointing_back(prose: Prose, named: Mention) -> re.Match[str] | None:
    """Find words after the only option named that choose what was named: 'I'd take that one.'"""
    if opens_sentence(prose.text, named.end):
        return None
    sentences = sentence_ends(prose.text)
    for language in prose.languages:
        match = language.cue("points_back").search(prose.text, named.end)
        if match is None or prose.truncated:
            continue
        choosing = Words(prose.text, match.start(), match.end(), match.end(), language)
        naming = Words(prose.text, named.start, named.start, named.end, language)
        if is_asserted(choosing, sentences) and is_asserted(naming, sentences):
            return match
    return None


def _outsider(prose: Prose) -> re.Match[str] | None:
    """Find a label of the same kind that is not in the list: 'J', 'Option II'."""
    if not prose.words.letters_only:
        return None
    inside = {label.casefold() for label in prose.words.labels}
    matches = _OUTSIDER.finditer(prose.text)
    return next((match for match in matches if _name(match).casefold() not in inside), None)


def _name(outsider: re.Match[str]) -> str:
    return outsider.group(outsider.lastindex or 0)


def _outside(prose: Prose, outsider: re.Match[str]) -> ProseReading:
    note = f"it names {_name(outsider)!r}, which is not in the list"
    quote = read_quote(prose.text[outsider.end() : outsider.end() + _REACH], prose.languages)
    candidates = fitting(quote, prose.options.allocations)
    if not candidates:
        return prose.nothing("outside_list", note, outsider.span())
    note += f", with the payoffs of {_labels(prose, candidates)}"
    return prose.ambiguous("outside_list", note, candidates, outsider.span())


def _numbered(prose: Prose) -> ProseReading | None:
    """Read a place that is named without being chosen, and one that is not in the list."""
    placed = prose.with_places()
    if placed is not None and placed.mentions:
        first, last = placed.mentions[0], placed.mentions[-1]
        indexes = {mention.index for mention in placed.mentions}
        if len(indexes) > 1:
            return prose.several(indexes, (first.start, last.end), "number")
        note = (
            f"it names an option by its place {first.index + 1} without saying that it chooses it"
        )
        return prose.ambiguous("number", note, indexes, (first.start, first.end))
    match = numbered(prose.languages).search(prose.text)
    if match is None:
        return None
    places = len(prose.options.labels)
    number = next(_NUMBER.finditer(match.group()), None)
    if number is None or 1 <= int(number.group()) <= places:
        return None
    note = f"it names option number {int(number.group())} of a list of {places}"
    return prose.nothing("outside_list", note, match.span())


def _payoffs_alone(prose: Prose) -> ProseReading:
    """Read '85 for me and 68 for them': the payoffs are those of exactly one option shown."""
    text = in_digits(prose.text, prose.languages)
    allocations = prose.options.allocations
    pairs = pairs_quoted(text, prose.languages) if allocations else []
    told = read_quote(text, prose.languages) if allocations else Quote()
    quote = told if told.attributed or len(pairs) != 1 else pairs[0]
    candidates = fitting(quote, allocations) if quote.attributed else []
    if len(pairs) > 1:
        candidates = sorted({index for pair in pairs for index in fitting(pair, allocations)})
    if not candidates:
        return prose.nothing("no_option", "it names no option of the list")
    numbers = [match.span() for match in _NUMBER.finditer(prose.text)] or [(0, len(prose.text))]
    span = (numbers[0][0], numbers[-1][1])
    labels = _labels(prose, candidates)
    if len(candidates) == 1 and _takes(prose, text, quote, candidates[0]):
        return prose.choice(
            candidates[0], span, "rule:payoffs", f"it takes the payoffs of {labels} alone"
        )
    note = f"it quotes payoffs that fit {labels} and names no option"
    return prose.ambiguous("payoffs_only", note, candidates, span)


def _takes(prose: Prose, text: str, quote: Quote, index: int) -> bool:
    """Whether an answer that quotes one option's payoffs takes them: nothing in it leaves them
    open, and no number in it is another's."""
    if prose.truncated:
        return False
    printed = prose.options.allocations[index]
    if any(amount not in (*printed, sum(printed)) for amount in amounts(text)):
        return False
    last = [match.end() for match in _NUMBER.finditer(text)][-1]
    end = _SENTENCE_END.search(text, last)
    said = text[: end.end() if end else len(text)]
    entries = ["open"] if quote.own and quote.other else ["open", "open_alone"]
    return not any(
        language.cue(entry, "payoffs").search(said)
        for language in prose.languages
        for entry in entries
    )


def _labels(prose: Prose, indexes: list[int]) -> str:
    return ", ".join(prose.label(index) for index in indexes)
