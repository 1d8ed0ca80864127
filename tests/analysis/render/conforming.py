"""Whether a value is of a type of a report, key by key."""

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from analysis.kinds import kind_of
from analysis.sections.result.report import Report

Adds = dict[Any, list[Any]]
"""By a type what the kind of the instrument adds to it."""


def unlike_a_report(document: Any) -> list[str]:
    """Where *document* is not of the type of a report of its kind."""
    kind = kind_of(document["study"])
    return list(unlike(document, Report, {shape: [more] for shape, more in kind.adds.items()}))


def unlike(value: Any, hint: Any, adds: Adds, path: str = "report") -> Iterator[str]:
    """Where *value* is not as *hint* says, in words."""
    origin = get_origin(hint)
    if origin in (NotRequired, Annotated):
        inner = get_args(hint)[0] if origin is NotRequired else hint.__origin__
        yield from unlike(value, inner, adds, path)
    elif origin in (Union, UnionType):
        found = [list(unlike(value, one, adds, path)) for one in get_args(hint)]
        yield from min(found, key=len)
    elif origin is Literal:
        if value not in get_args(hint):
            yield f"{path} is {value!r}"
    elif origin is list:
        if not isinstance(value, list):
            yield f"{path} is no list"
            return
        for at, one in enumerate(value):
            yield from unlike(one, get_args(hint)[0], adds, f"{path}[{at}]")
    elif origin is dict:
        for key, one in value.items():
            yield from unlike(one, get_args(hint)[1], adds, f"{path}.{key}")
    elif is_typeddict(hint):
        yield from _unlike_object(value, hint, adds, path)
    elif hint is not Any and not _is(value, hint):
        yield f"{path} is {value!r}, no {hint.__name__}"


def _unlike_object(value: Any, hint: Any, adds: Adds, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path} is no object"
        return
    hints: dict[str, Any] = {}
    required: set[str] = set()
    for shape in (hint, *adds.get(hint, [])):
        hints |= get_type_hints(shape, include_extras=True)
        required |= shape.__required_keys__
    required -= {key for key, one in hints.items() if get_origin(one) is NotRequired}
    yield from (f"{path} has no {key}" for key in sorted(required - set(value)))
    yield from (f"{path} has {key}, which no type knows" for key in sorted(set(value) - set(hints)))
    for key in set(value) & set(hints):
        yield from unlike(value[key], hints[key], adds, f"{path}.{key}")


def _is(value: Any, hint: Any) -> bool:
    if hint is NoneType:
        return value is None
    if isinstance(value, bool):
        return hint is bool
    return isinstance(value, (int, float) if hint is float else hint)
