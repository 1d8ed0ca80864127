"""A passage as a rater marked it, and whether it stands in the text that they were shown.

A passage is stored with its characters, its words and a hash of the text, so that whoever finds it
can tell whether it still points where it did. Characters are those of Unicode (code points), line
ends count as one. Pure.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from evaluations.text.passages.sentences import sentences


def gettext_noop(words: str) -> str:
    """Mark *words* for translation: raters read them."""
    return words


MOST = 200
"""Passages of one judgment."""


class SpanRefused(ValueError):
    """A passage that cannot be kept; ``words % facts`` says why and what to do."""

    def __init__(self, words: str, **facts: Any) -> None:
        super().__init__(words % facts)
        self.words = words
        self.facts = facts


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The characters from *start* to *end* (not included) of the text with this hash, as a sign
    ('1', '-1' or 'both') that it shows of a dimension."""

    start: int
    end: int
    dimension: str
    sign: str
    quotation: str
    text_sha256: str


def as_shown(text: str) -> str:
    """A text as a browser shows it: every line end is one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def digest(text: str) -> str:
    """The hash of a text as it is shown: SHA-256 of its UTF-8, in hexadecimal digits."""
    return hashlib.sha256(as_shown(text).encode("utf-8", "surrogatepass")).hexdigest()


BROKEN = gettext_noop("The marked passages could not be read: reload the page and mark them again.")


def read(raw: str) -> list[Span]:
    """Passages as a page sends them and files hold them: a JSON list of objects. Nothing is
    checked but its form; raises SpanRefused."""
    if not raw.strip():
        return []
    try:
        found = [_span(entry) for entry in json.loads(raw)]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise SpanRefused(BROKEN) from error
    if len(found) > MOST:
        raise SpanRefused(
            gettext_noop("%(number)d passages are marked: leave %(most)d at most."),
            number=len(found),
            most=MOST,
        )
    return sorted(set(found))


def _span(entry: Mapping[str, Any]) -> Span:
    start, end = entry["start"], entry["end"]
    words = [entry[name] for name in ("dimension", "sign", "quotation", "text_sha256")]
    if not all(type(number) is int for number in (start, end)):
        raise TypeError("a passage begins and ends at whole numbers")
    if not all(isinstance(word, str) for word in words):
        raise TypeError("a passage is named in words")
    return Span(start, end, *words)


def written(spans: Iterable[Span]) -> str:
    """The passages as `read` reads them; '' for none."""
    found = [asdict(span) for span in spans]
    return json.dumps(found, ensure_ascii=False) if found else ""


def of_sentences(texts: Sequence[str], dimension: str, sign: str, raw: str) -> list[Span]:
    """The passages that numbers of sentences name, '2, 5' or '2-4', counted through all *texts*.
    Raises SpanRefused for what is no number of a sentence."""
    known, first = {}, 1
    for text in map(as_shown, texts):
        for found in sentences(text, first):
            known[found.number] = (text, found)
            first = found.number + 1
    spans = []
    for number in _numbers(raw, max(known, default=0)):
        text, found = known[number]
        end = found.start + len(found.text.rstrip())
        quotation = text[found.start : end]
        spans.append(Span(found.start, end, dimension, sign, quotation, digest(text)))
    return spans


_RANGE = re.compile(r"(\d{1,5})(?:\s*[-–]\s*(\d{1,5}))?")


def _numbers(raw: str, most: int) -> list[int]:
    found: list[int] = []
    for part in filter(None, re.split(r"[\s,;،、]+(?![-–])", raw.strip())):
        match = _RANGE.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 0 < first <= last <= most:
            raise SpanRefused(
                gettext_noop(
                    "“%(part)s” is no sentence of the text: write numbers from 1 to %(most)d."
                ),
                part=part[:20],
                most=most,
            )
        found += range(first, last + 1)
    return found


def check(spans: Iterable[Span], texts: Iterable[str], signs: Mapping[str, str]) -> None:
    """Raise SpanRefused unless each passage stands in one of *texts* and shows what was said.

    *signs*: '1', '-1' or 'both' by dimension, without those that are not involved.
    """
    spans = list(spans)
    check_places(spans, texts)
    check_signs(spans, signs)


def check_places(spans: Iterable[Span], texts: Iterable[str]) -> None:
    """Raise SpanRefused unless each passage stands in one of *texts*."""
    known = {digest(text): as_shown(text) for text in texts}
    for span in spans:
        text = known.get(span.text_sha256)
        if text is None:
            raise SpanRefused(
                gettext_noop("A passage was marked in another text than this: mark it again.")
            )
        inside = 0 <= span.start < span.end <= len(text)
        if not inside or text[span.start : span.end] != span.quotation:
            raise SpanRefused(
                gettext_noop("“%(quote)s” does not stand where it was marked: mark it again."),
                quote=span.quotation[:60],
            )
        if not span.quotation.strip():
            raise SpanRefused(gettext_noop("A passage of blanks is marked: mark words."))


def check_signs(spans: Iterable[Span], signs: Mapping[str, str]) -> None:
    """Raise SpanRefused unless each passage shows what was said of its dimension."""
    for span in spans:
        said = signs.get(span.dimension)
        if said is None or (span.sign != said and (said != "both" or span.sign not in ("1", "-1"))):
            raise SpanRefused(
                gettext_noop(
                    "“%(quote)s” is marked for something else than what was said: mark it again."
                ),
                quote=span.quotation[:60],
            )
