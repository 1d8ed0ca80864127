"""One way to write a thing as bytes, so that equal things have equal hashes."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

Content = dict[str, Any]
"""All of a data set, JSON-safe; docs/reference/report-json.md describes it."""


def canonical_bytes(value: Any) -> bytes:
    """Compact UTF-8 JSON with sorted keys; ValueError on a number that is not finite."""
    text = json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def plain_numbers(value: Any) -> Any:
    """A copy in which numbers survive every database: no negative zero, no integral giant floats.

    PostgreSQL keeps JSON numbers as decimals: -0.0 would come back as 0.0, and 1e20 as an integer.
    """
    plain = type(value)
    if plain is int or plain is str:  # nearly all there is in a result
        return value
    if isinstance(value, dict):
        return {key: plain_numbers(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_numbers(item) for item in value]
    if isinstance(value, float) and (value == 0 or abs(value) >= 1e16):
        return int(value) if math.isfinite(value) and value else 0.0
    return value
