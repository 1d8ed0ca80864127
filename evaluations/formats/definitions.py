"""Definitions as data: what all their files hold, and how a file is checked to the exact place.

Pure: reads no file and no database. A definition that does not fit raises `DefinitionError`,
whose message names the source, the place inside it and what to write there.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

INSTRUMENT_FORMAT = "valuecheck-instrument/1"
PACK_FORMAT = "valuecheck-prompt-pack/1"

_SLUG = re.compile(r"[A-Za-z0-9_-]+")

HEADING = ("format", "key", "version", "language", "name", "source")


class DefinitionError(ValueError):
    """A definition is not what it must be; says in which source and at which place."""


@dataclass(frozen=True)
class Place:
    """A value inside a definition together with the way that leads to it."""

    value: Any
    source: str
    path: str = ""

    def wrong(self, problem: str) -> DefinitionError:
        return DefinitionError(f"{self.source}: {self.path or 'the whole file'}: {problem}")

    def entries(self, names: Iterable[str], optional: Iterable[str] = ()) -> dict[str, "Place"]:
        """The entries of an object that must have exactly these names, and may have the optional
        ones."""
        if not isinstance(self.value, Mapping):
            raise self.wrong("must be an object {...}")
        names = list(names)
        if missing := [name for name in names if name not in self.value]:
            raise self.wrong(f"lacks {', '.join(missing)}")
        names += [name for name in optional if name in self.value]
        if unknown := [name for name in self.value if name not in names]:
            raise self.wrong(f"has the unknown entry {unknown[0]!r}; known are {', '.join(names)}")
        prefix = f"{self.path}." if self.path else ""
        return {name: Place(self.value[name], self.source, f"{prefix}{name}") for name in names}

    def elements(self) -> list["Place"]:
        if not isinstance(self.value, list) or not self.value:
            raise self.wrong("must be a list [...] with at least one element")
        return [
            Place(value, self.source, f"{self.path}[{index}]")
            for index, value in enumerate(self.value)
        ]

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wrong(f"must be a text that is not blank, not {self.value!r}")
        return self.value

    def short(self, longest: int) -> str:
        """A text of one line that a column of so many characters holds."""
        text = self.text()
        if len(text) > longest or not text.isprintable():
            raise self.wrong(f"must be one line of at most {longest} characters, not {text[:80]!r}")
        return text

    def number(self) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.wrong(f"must be a number, not {self.value!r}")
        return self.value

    def one_of(self, known: Iterable[str]) -> str:
        known = list(known)
        if self.value not in known:
            raise self.wrong(f"is {self.value!r}, must be {' or '.join(known)}")
        return str(self.value)

    def template(self, needed: Iterable[str] = (), allowed: Iterable[str] = ()) -> str:
        """A text with {placeholders}: all that are needed, none that nobody would fill."""
        text = self.text()
        try:
            fields = [
                (name, spec, conversion)
                for _, name, spec, conversion in Formatter().parse(text)
                if name is not None
            ]
        except ValueError as error:
            raise self.wrong(f"has broken braces ({error}); write {{{{ for a plain brace") from None
        needed, allowed = set(needed), set(needed) | set(allowed)
        for name, spec, conversion in fields:
            if name in allowed and (spec or conversion):
                raise self.wrong(f"write the placeholder {{{name}}} without ! or : inside")
            if name not in allowed:
                known = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "none"
                raise self.wrong(f"has the unknown placeholder {{{name}}}; known here: {known}")
        if missing := needed - {name for name, _, _ in fields}:
            raise self.wrong(f"lacks the placeholder {{{min(missing)}}}")
        return text


MAX_RESOURCE = 80


def canonical_hash(definition: Any) -> str:
    """SHA-256 of the definition as canonical JSON, so that layout does not count, content does."""
    text = json.dumps(definition, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def heading(entries: Mapping[str, Place]) -> dict[str, str]:
    """What all definitions begin with, checked."""
    return {name: entries[name].text() for name in ("key", "version", "language", "name")}


STATES = {
    "drafted": "drafted, and reviewed by no native speaker yet",
    "reviewed": "reviewed by a native speaker",
}
"""How far the words of a definition have been looked at, and what a reader is told of it."""


def state_of(entries: Mapping[str, Place]) -> str:
    """The state that a definition states, of `STATES`; '' where it states none."""
    return entries["state"].one_of(STATES) if "state" in entries else ""


def check_name(definition: Mapping[str, Any], source: str) -> None:
    """Raise DefinitionError unless key, version and language fit the columns and addresses they go
    into. Only for what is new: stored rows stay readable whatever they are called."""
    for name, longest in (("key", 60), ("version", 20), ("language", 20)):
        Place(definition[name], source, name).short(longest)
    if not _SLUG.fullmatch(definition["key"]):
        raise Place(definition["key"], source, "key").wrong(
            f"must be letters, digits, - and _ alone, not {definition['key']!r}"
        )
