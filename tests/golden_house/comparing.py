"""Naming differences: which file of which scene, where in it, and both values."""

from collections.abc import Iterator, Mapping
from typing import Any

MOST = 12
"""Differences that a message names; the others are counted by file."""

LONGEST = 160
NOTHING = "(nothing)"

Facts = Mapping[str, Any]
"""What is held of a scene: the content of each file by its name, a text or JSON."""


def differences(expected: Facts, found: Facts) -> Iterator[tuple[str, str, Any, Any]]:
    """File, place in it, expected value and the value that was found, in the order of files."""
    for name in [*expected, *(one for one in found if one not in expected)]:
        if name not in found:
            yield name, "", "a file", NOTHING
        elif name not in expected:
            yield name, "", NOTHING, "a file"
        else:
            for place, one, other in _within(_lined(expected[name]), _lined(found[name]), ""):
                yield name, place.removeprefix("."), one, other


def _lined(content: Any) -> Any:
    return content.split("\n") if isinstance(content, str) else content


def _within(one: Any, other: Any, place: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            yield from _within(one.get(key, NOTHING), other.get(key, NOTHING), f"{place}.{key}")
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            yield f"{place}.length", len(one), len(other)
        for at, (left, right) in enumerate(zip(one, other, strict=False)):
            yield from _within(left, right, f"{place}.{at}")
    elif repr(one) != repr(other):  # so that 1 and 1.0, 0.0 and -0.0, are told apart
        yield place, one, other


def message(scene: str, expected: Facts, found: Facts) -> str:
    """What differs, in words; '' where nothing does."""
    all_of_them = list(differences(expected, found))
    if not all_of_them:
        return ""
    files: dict[str, int] = {}
    for name, *_ in all_of_them:
        files[name] = files.get(name, 0) + 1
    lines = [f"{scene}: {len(all_of_them)} differences in {len(files)} files."]
    shown: dict[str, int] = {}
    for name, place, one, other in all_of_them:
        shown[name] = shown.get(name, 0) + 1
        if sum(shown.values()) <= MOST and shown[name] <= max(3, MOST // len(files)):
            lines.append(f"  {name} at {place or 'all of it'}:")
            lines += [f"    expected {_short(one)}", f"    found    {_short(other)}"]
    lines += [f"  {name}: {count} in all" for name, count in list(files.items())[:MOST]]
    return "\n".join([*lines, "  ..."] if len(files) > MOST else lines)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"
