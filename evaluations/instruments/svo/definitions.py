"""The slider measure and its prompt packs as files hold them.

Pure: reads no file and no database. A definition that does not fit raises `DefinitionError`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluations.formats.definitions import (
    HEADING,
    INSTRUMENT_FORMAT,
    MAX_RESOURCE,
    PACK_FORMAT,
    Place,
    canonical_hash,
    heading,
)
from evaluations.instruments.base import InstrumentDefinition, Kind, Pack
from evaluations.instruments.frames import SCENE
from evaluations.instruments.svo import Allocation, Item, Measure, Orientation

DIVIDED = {"8bef6f236b401287ad411fdc8d861ec90daafa34aaf8348ce297301b272c7e0f": "coins"}
"""What is divided in a shipped pack from before packs said so: plain-en 1, which stays as it is."""


@dataclass(frozen=True)
class ValueWords:
    """How a pack names a target value, and how it defines it."""

    name: str
    definition: str


@dataclass(frozen=True)
class PackDefinition(Pack):
    """The words of every step, as templates whose placeholders `parse_pack` has checked."""

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

    def templates(self) -> list[tuple[str, str]]:
        ways = {"name": "value by name", "definition": "value by definition"}
        found = [(f"System message, {words}", self.system[way]) for way, words in ways.items()]
        found += [(f"Induction, {words}", self.induction[way]) for way, words in ways.items()]
        found += [(f"Task, {words}", self.task[way]) for way, words in ways.items()]
        found += [("Goal", self.goal_ask), ("Reminder of the goal it gave", self.goal_restated)]
        ways |= {"system": "value in the system message", "none": "no value"}
        found += [(f"Reminder without goal, {ways[way]}", self.goal_fixed[way]) for way in ways]
        found += [("Item", self.item_text), ("Option", self.item_option)]
        found += [(f"Answer, {kind}", text) for kind, text in self.item_answer.items()]
        return found


def parse_instrument(definition: Any, source: str, kind: Kind) -> InstrumentDefinition:
    """Check an instrument of this *kind*; *source* names it in errors. Raises DefinitionError."""
    whole = Place(definition, source)
    entries = whole.entries([*HEADING, "letters", "centre", "unit", "items"], ["kind"])
    entries["format"].one_of([INSTRUMENT_FORMAT])
    letters = entries["letters"].text()
    items: dict[str, list[Item]] = {"primary": [], "secondary": []}
    for place in entries["items"].elements():
        part, item = _item(place, len(letters))
        items[part].append(item)
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
        **heading(entries), source=entries["source"].text(), kind=kind, measure=measure
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
        [*HEADING, "values", "system", "induction", "task", "goal", "item"], ["kind", "resource"]
    )
    entries["format"].one_of([PACK_FORMAT])
    goal = entries["goal"].entries(["ask", "restated", "fixed"])
    fixed = goal["fixed"].entries(["name", "definition", "system", "none"])
    item = entries["item"].entries(["text", "option", "answer"])
    answer = item["answer"].entries(["free", "constrained"])
    counts = ("items", "options", "first", "last")
    task = _by_name_or_definition(entries["task"], needed=False, allowed=SCENE)
    told = [goal["ask"], item["text"], item["option"], *entries["task"].entries(task).values()]
    return PackDefinition(
        **heading(entries),
        source=entries["source"].text(),
        values=_values(entries["values"]),
        system=_by_name_or_definition(entries["system"], needed=True),
        induction=_by_name_or_definition(entries["induction"], needed=True),
        task=task,
        goal_ask=goal["ask"].template(allowed=[*counts, *SCENE]),
        goal_restated=goal["restated"].template(needed=["goal"]),
        goal_fixed={
            "name": fixed["name"].template(allowed=["value"]),
            "definition": fixed["definition"].template(allowed=["definition"]),
            "system": fixed["system"].template(),
            "none": fixed["none"].template(),
        },
        item_text=item["text"].template(
            needed=["reminder", "options", "answer"],
            allowed=["number", "items", "first", "last", *SCENE],
        ),
        item_option=item["option"].template(needed=["letter", "self", "other"], allowed=SCENE),
        item_answer={
            name: place.template(allowed=["first", "last"]) for name, place in answer.items()
        },
        resource=entries["resource"].short(MAX_RESOURCE)
        if "resource" in entries
        else DIVIDED.get(canonical_hash(definition), ""),
        needs_frame=any(f"{{{name}}}" in place.text() for place in told for name in SCENE),
    )


def _values(place: Place) -> dict[str, ValueWords]:
    values = {}
    for value, words in place.entries([value.value for value in Orientation]).items():
        entries = words.entries(["name", "definition"])
        values[value] = ValueWords(entries["name"].text(), entries["definition"].text())
    return values


def _by_name_or_definition(
    place: Place, *, needed: bool, allowed: Sequence[str] = ()
) -> dict[str, str]:
    entries = place.entries(["name", "definition"])
    placeholders = {"name": "value", "definition": "definition"}
    return {
        name: entry.template(
            needed=[placeholders[name]] if needed else [], allowed=[placeholders[name], *allowed]
        )
        for name, entry in entries.items()
    }
