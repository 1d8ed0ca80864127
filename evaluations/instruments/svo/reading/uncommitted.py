"""Answers in which no words state a choice: refusals, mere mentions, outsiders, bare payoffs."""

import re

from .answer_text import Prose
from .payoffs import Quote, fitting, read_quote
from .result import ProseReading

REFUSAL = re.compile(
    r"\bI(?:'m| am) (?:sorry|unable|not able|not going|not allowed|not comfortable|not willing)\b"
    r"|\bI (?:can't|cannot|can not|won't|will not|could not|couldn't|refuse to|decline to"
    r"|must decline|prefer not to|would rather not|am not able to|do not wish to|don't want to)"
    r"(?: \w{1,12}){0,2} (?:choose|choosing|make|pick|select|answer|decide|participate|take part"
    r"|comply|engage|provide|help|assist|fulfil|fulfill|do|pretend|play|give|respond)\b"
    r"|\bI (?:do not|don't) have (?:any )?(?:personal )?(?:preferences?|values|feelings|opinions?"
    r"|desires?|interests?)\b"
    r"|\bas an ai\b|\bI (?:refuse|decline)\b",
    re.IGNORECASE,
)
"""Words that decline to choose. They count only where nothing else states a choice."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_NUMBERED = re.compile(
    rf"\b(?:option|choice|number) (\d{{1,2}})(?![\d.]\d|\d)"
    rf"|\bthe ({'|'.join(_ORDINALS)}|last) (?:option|choice|one|alternative)\b",
    re.IGNORECASE,
)
_OUTSIDER = re.compile(
    r"\b(?:[Oo]ption|OPTION|[Cc]hoice|[Ll]etter|[Aa]nswer|[Cc]hoose|[Pp]ick|[Ss]elect)(?: is)?:? "
    r"([A-Z]{1,4})(?![\w'])|^([A-Z])(?= ?[.:)]| ?$)"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TAKES = re.compile(
    r"\bI(?:'d|'ll| would| will| want to)?(?: rather| like to)? (?:choose|take|keep|pick|select"
    r"|prefer|go with|give)"
    r"(?: (?:to|the|an?|one|option|choice|split|division|allocation|distribution|that|which|where"
    r"|with|of|gives?|giving|me|myself|I|them|other|person|get|take|keep|have|receive|only|just"
    r"|about|coins)){0,8}[ :,]{1,2}\d",
    re.IGNORECASE,
)
"""Words that take payoffs and reach up to the first: none of them declines or compares."""
_REACH = 160
"""Characters after an outsider within which payoffs can belong to it."""


def read_uncommitted(prose: Prose) -> ProseReading:
    """Return the reading of an answer in which no words commit to a label."""
    refusal = REFUSAL.search(prose.text)
    if refusal is not None:
        return prose.nothing(
            "refusal", "the answer declines to choose", refusal.span(), refused=True
        )
    outsider = _outsider(prose)
    if prose.mentions:
        return _named_only(prose, outsider)
    if outsider is not None:
        return _outside(prose, outsider)
    return _numbered(prose) or _payoffs_alone(prose)


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
    note = f"it names {label} without saying that it chooses it"
    return prose.ambiguous("named_only", note, indexes, span)


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
    quote = read_quote(prose.text[outsider.end() : outsider.end() + _REACH])
    candidates = fitting(quote, prose.options.allocations)
    if not candidates:
        return prose.nothing("outside_list", note, outsider.span())
    note += f", with the payoffs of {_labels(prose, candidates)}"
    return prose.ambiguous("outside_list", note, candidates, outsider.span())


def _numbered(prose: Prose) -> ProseReading | None:
    """Read 'option 3' and 'the last option': a place in the list, where labels were asked for."""
    match = _NUMBERED.search(prose.text)
    if match is None:
        return None
    number, ordinal = match.groups()
    places = len(prose.words.labels)
    if number:
        place = int(number)
    else:
        place = places if ordinal.casefold() == "last" else _ORDINALS.index(ordinal.casefold()) + 1
    if not 1 <= place <= places:
        note = f"it names option number {place} of a list of {places}"
        return prose.nothing("outside_list", note, match.span())
    note = f"it names an option by its place {place}, not by its label"
    return prose.ambiguous("number", note, [place - 1], match.span())


def _payoffs_alone(prose: Prose) -> ProseReading:
    """Read 'I would take 85 for me and 68 for them': both sides stated, and one option fits."""
    quote = read_quote(prose.text) if prose.options.allocations else Quote()
    candidates = fitting(quote, prose.options.allocations)
    if not candidates:
        return prose.nothing("no_option", "it names no option of the list")
    numbers = [match.span() for match in _NUMBER.finditer(prose.text)]
    span = (numbers[0][0], numbers[-1][1])
    labels = _labels(prose, candidates)
    if len(candidates) == 1 and len(numbers) == 2 and _takes_both_sides(prose, quote):
        return prose.choice(
            candidates[0], span, "rule:payoffs", f"it takes the payoffs of {labels} alone"
        )
    note = f"it quotes payoffs that fit {labels} and names no option"
    return prose.ambiguous("payoffs_only", note, candidates, span)


def _takes_both_sides(prose: Prose, quote: Quote) -> bool:
    """Whether the answer says that it takes the payoffs, and whose each of them is."""
    text = prose.text
    stated = _TAKES.search(text) is not None and "?" not in text and "if " not in text.casefold()
    return stated and bool(quote.own and quote.other) and not prose.truncated


def _labels(prose: Prose, indexes: list[int]) -> str:
    return ", ".join(prose.label(index) for index in indexes)
