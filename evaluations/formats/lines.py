"""The fields of a line of JSON that stands for a trial, each checked as it is read. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from evaluations.text.storable import FiniteDecoder, RepeatedName, each_once


class LineError(ValueError):
    """A line is no trial; the message says what is wrong with it and what would be right."""


def json_of(text: str | bytes) -> Any:
    """What a JSON text says; raises LineError, whose message goes on after the name of the text."""
    try:
        return json.loads(text, cls=FiniteDecoder, object_pairs_hook=each_once)
    except RepeatedName as error:
        raise LineError(f"has the field {str(error)!r} twice") from None
    except UnicodeDecodeError as error:
        raise LineError(f"is not UTF-8 (byte {error.start + 1})") from None
    except json.JSONDecodeError as error:
        raise LineError(f"is not JSON ({error.msg} at column {error.colno})") from None


def text(line: Mapping[str, Any], name: str) -> str:
    value = line[name]
    if not isinstance(value, str) or not value.strip() or len(value) > 200:
        raise LineError(f"{name} must be a text of 1 to 200 characters")
    return value


def short(line: Mapping[str, Any], name: str, longest: int) -> str:
    value = line.get(name) or ""
    if not isinstance(value, str) or len(value) > longest:
        raise LineError(f"{name} must be a text of at most {longest} characters")
    return value


def whole(line: Mapping[str, Any], name: str, least: int | None) -> int:
    value = line.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        raise LineError(f"{name} is {value!r}, must be a whole number")
    if least is not None and value < least:
        raise LineError(f"{name} is {value}, must be at least {least}")
    return value


def boolean(line: Mapping[str, Any], name: str) -> bool:
    value = line.get(name, False)
    if not isinstance(value, bool):
        raise LineError(f"{name} is {value!r}, must be true or false")
    return value
