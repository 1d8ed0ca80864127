"""Instruments and prompt packs as data: what their files must hold, checked to the exact place.

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

from evaluations.instruments.svo import Allocation, Item, Measure, Orientation

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


@dataclass(frozen=True)
class InstrumentDefinition:
    """A measure as a versioned file holds it."""

    key: str
    version: str
    language: str
    name: str
    source: str
    measure: Measure


@dataclass(frozen=True)
class ValueWords:
    """How a pack names a target value, and how it defines it."""

    name: str
    definition: str


@dataclass(frozen=True)
class PackDefinition:
    """The words of every step, as templates whose placeholders `parse_pack` has checked."""

    key: str
    version: str
    language: str
    name: str
    source: str
    values: Mapping[str, ValueWords]
    system: Mapping[str, str]
    induction: Mapping[str, str]
    task: Mapping[str, str]
    goal_ask: str
    goal_restated: str
    goal_fixed: Mapping[str, str]
    item_text: str
    item_option: str
    item_answer: Mapping[str, str]
    resource: str = ""
    """What is divided, in the pack's language ('litres of water'); '' where it does not say."""


MAX_RESOURCE = 80


def canonical_hash(definition: Any) -> str:
    """SHA-256 of the definition as canonical JSON, so that layout does not count, content does."""
    text = json.dumps(definition, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def parse_instrument(definition: Any, source: str) -> InstrumentDefinition:
    """Check an instrument; *source* names it in errors. Raises DefinitionError."""
    whole = Place(definition, source)
    entries = whole.entries([*HEADING, "letters", "centre", "unit", "items"])
    entries["format"].one_of([INSTRUMENT_FORMAT])
    letters = entries["letters"].text()
    items: dict[str, list[Item]] = {"primary": [], "secondary": []}
    for place in entries["items"].elements():
        kind, item = _item(place, len(letters))
        items[kind].append(item)
    # Outside the try: what is wrong with an entry names its place, not the whole file.
    name, centre, unit = (
        entries["name"].text(),
        entries["centre"].number(),
        entries["unit"].number(),
    )
    try:
        measure = Measure(
            name=name,
            primary=tuple(items["primary"]),
            secondary=tuple(items["secondary"]),
            labels=tuple(letters),
            centre=centre,
            unit=unit,
        )
    except ValueError as error:
        raise whole.wrong(str(error)) from None
    return InstrumentDefinition(
        **heading(entries), source=entries["source"].text(), measure=measure
    )


def heading(entries: Mapping[str, Place]) -> dict[str, str]:
    """What all definitions begin with, checked."""
    return {name: entries[name].text() for name in ("key", "version", "language", "name")}


def check_name(definition: Mapping[str, Any], source: str) -> None:
    """Raise DefinitionError unless key, version and language fit the columns and addresses they go
    into. Only for what is new: stored rows stay readable whatever they are called."""
    for name, longest in (("key", 60), ("version", 20), ("language", 20)):
        Place(definition[name], source, name).short(longest)
    if not _SLUG.fullmatch(definition["key"]):
        raise Place(definition["key"], source, "key").wrong(
            f"must be letters, digits, - and _ alone, not {definition['key']!r}"
        )


def _item(place: Place, letters: int) -> tuple[str, Item]:
    entries = place.entries(["number", "kind", "options"])
    number = entries["number"].number()
    if number != int(number) or number < 1:
        raise entries["number"].wrong(f"must be a whole number from 1, not {number}")
    options = entries["options"].elements()
    if len(options) != letters:
        raise entries["options"].wrong(f"has {len(options)} options for {letters} letters")
    allocations = tuple(_allocation(option) for option in options)
    if len(set(allocations)) < len(allocations):
        raise entries["options"].wrong("has the same allocation twice")
    return entries["kind"].one_of(["primary", "secondary"]), Item(int(number), allocations)


def _allocation(place: Place) -> Allocation:
    pair = place.elements()
    if len(pair) != 2:
        raise place.wrong("must be a pair [self, other]")
    return Allocation(pair[0].number(), pair[1].number())


def parse_pack(definition: Any, source: str) -> PackDefinition:
    """Check a prompt pack; *source* names it in errors. Raises DefinitionError."""
    entries = Place(definition, source).entries(
        [*HEADING, "values", "system", "induction", "task", "goal", "item"], ["resource"]
    )
    entries["format"].one_of([PACK_FORMAT])
    goal = entries["goal"].entries(["ask", "restated", "fixed"])
    fixed = goal["fixed"].entries(["name", "definition", "system", "none"])
    item = entries["item"].entries(["text", "option", "answer"])
    answer = item["answer"].entries(["free", "constrained"])
    counts = ("items", "options", "first", "last")
    return PackDefinition(
        **heading(entries),
        source=entries["source"].text(),
        values=_values(entries["values"]),
        system=_by_name_or_definition(entries["system"], needed=True),
        induction=_by_name_or_definition(entries["induction"], needed=True),
        task=_by_name_or_definition(entries["task"], needed=False),
        goal_ask=goal["ask"].template(allowed=counts),
        goal_restated=goal["restated"].template(needed=["goal"]),
        goal_fixed={
            "name": fixed["name"].template(allowed=["value"]),
            "definition": fixed["definition"].template(allowed=["definition"]),
            "system": fixed["system"].template(),
            "none": fixed["none"].template(),
        },
        item_text=item["text"].template(
            needed=["reminder", "options", "answer"], allowed=["number", "items", "first", "last"]
        ),
        item_option=item["option"].template(needed=["letter", "self", "other"]),
        item_answer={
            name: place.template(allowed=["first", "last"]) for name, place in answer.items()
        },
        resource=entries["resource"].short(MAX_RESOURCE) if "resource" in entries else "",
    )


def _values(place: Place) -> dict[str, ValueWords]:
    values = {}
    for value, words in place.entries([value.value for value in Orientation]).items():
        entries = words.entries(["name", "definition"])
        values[value] = ValueWords(entries["name"].text(), entries["definition"].text())
    return values


def _by_name_or_definition(place: Place, *, needed: bool) -> dict[str, str]:
    entries = place.entries(["name", "definition"])
    placeholders = {"name": "value", "definition": "definition"}
    return {
        name: entry.template(
            needed=[placeholders[name]] if needed else [], allowed=[placeholders[name]]
        )
        for name, entry in entries.items()
    }
