"""What comes from outside (endpoints, files, forms), made fit to be stored. Pure."""

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

LARGEST_NUMBER = 2**63
DEEPEST = 100
LARGEST_COUNT = 2**31
"""Counts of tokens are summed as 32-bit integers by the database."""


def storable(text: str) -> str:
    """The text without what no database column takes: NUL becomes U+FFFD, half a surrogate '?'."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)


def with_marks_shown(text: str) -> str:
    """The text with its control characters and marks of direction written out, such as ‹U+202E›.

    For names in files and terminals: unseen, they move the cursor, run commands of the terminal, or
    have other words read backwards.
    """
    return _UNSEEN.sub(lambda found: f"‹U+{ord(found[0]):04X}›", text)


def storable_values(value: Any) -> Any:
    """A value of JSON with every text in it made storable, names of entries too."""
    return _with_texts(value, storable)


def values_with_marks_shown(value: Any) -> Any:
    """A value of JSON with the marks in every text of it written out."""
    return _with_texts(value, with_marks_shown)


def _with_texts(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_with_texts(element, change) for element in value]
    if isinstance(value, dict):
        return {change(name): _with_texts(entry, change) for name, entry in value.items()}
    return value


def token_counts(usage: Any) -> dict[str, int]:
    """The counts (`..._tokens`) in what an endpoint says about usage, also in its details (such
    as `reasoning_tokens`); whatever else is left out."""
    if not isinstance(usage, Mapping):
        return {}
    inner = [details for name, details in usage.items() if str(name).endswith("_tokens_details")]
    found: dict[str, int] = {}
    for counts in (*filter(_is_mapping, inner), usage):
        found |= {
            name: count
            for name, count in counts.items()
            if isinstance(name, str)
            and name.endswith("_tokens")
            and type(count) is int
            and 0 <= count < LARGEST_COUNT
        }
    return found


def _is_mapping(value: object) -> bool:
    return isinstance(value, Mapping)


class RepeatedName(ValueError):
    """An object of JSON names an entry twice, and the first would be lost unseen."""


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object_pairs_hook; raises RepeatedName."""
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        raise RepeatedName(next(name for name, count in counts.items() if count > 1))
    return found


MOST_VALUES = 1_000_000
"""Entries of one value of JSON. Each takes some hundred bytes of memory, and three in its text."""


class FiniteDecoder(json.JSONDecoder):
    """JSON by the standard: no NaN, no Infinity, no number beyond 2**63, no deeper than 100 and of
    at most `MOST_VALUES` entries.

    Raises json.JSONDecodeError for all of them.
    """

    def __init__(self, **hooks: Any) -> None:
        super().__init__(
            parse_constant=self._refused, parse_int=self._whole, parse_float=self._float, **hooks
        )

    def raw_decode(self, text: str, idx: int = 0) -> tuple[Any, int]:
        self._text = text
        if len(text) - idx > MOST_VALUES and text.count(",", idx) > MOST_VALUES:
            reason = f"a value has more than {MOST_VALUES:,} entries"
            raise json.JSONDecodeError(reason, text, idx)
        try:
            value, end = super().raw_decode(text, idx)
            # No deeper than it has brackets; walking through every value costs more than parsing.
            if text.count("[", idx, end) + text.count("{", idx, end) > DEEPEST:
                _check_depth(value)
        except RecursionError:
            raise json.JSONDecodeError("nested too deeply", text, idx) from None
        return value, end

    def _whole(self, literal: str) -> Any:
        if len(literal) > 20 or abs(int(literal)) >= LARGEST_NUMBER:
            return self._refused(literal)
        return int(literal)

    def _float(self, literal: str) -> Any:
        number = float(literal)
        if not math.isfinite(number) or abs(number) >= LARGEST_NUMBER:
            return self._refused(literal)
        return number

    def _refused(self, literal: str) -> Any:
        position = max(self._text.find(literal), 0)
        raise json.JSONDecodeError(f"{literal[:30]} is no number here", self._text, position)


class LenientDecoder(FiniteDecoder):
    """JSON as other programs write it: NaN, Infinity and numbers beyond 2**63 are read as null."""

    def _refused(self, literal: str) -> Any:
        return None


class StrictDecoder(FiniteDecoder):
    """A FiniteDecoder that also refuses texts no database column takes."""

    def decode(self, text: str, *args: Any) -> Any:
        value = super().decode(text, *args)
        if storable_values(value) != value:
            raise json.JSONDecodeError("holds NUL or half a surrogate pair", text, 0)
        return value


def _check_depth(value: Any, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise RecursionError
    entries = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for entry in entries:
            _check_depth(entry, depth + 1)
