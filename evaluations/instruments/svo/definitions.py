"""The slider measure and its prompt packs as files hold them.

Pure: reads no file and no database. A definition that does not fit raises `DefinitionError`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluations.formats.definitions import (
    HEADING,
    INSTRUMENT_FORMAT,
    MAX_RESOURCE,
    PACK_FORMAT,
    Place,
    canonical_hash,
    heading,
    state_of,
)
from evaluations.instruments.base import InstrumentDefinition, Kind, Pack
from evaluations.instruments.frames import SCENE, TEXTS
from evaluations.instruments.svo import Allocation, Item, Measure, Orientation

DIVIDED = {"8bef6f236b401287ad411fdc8d861ec90daafa34aaf8348ce297301b272c7e0f": "coins"}
"""What is divided in a shipped pack from before packs said so: plain-en 1, which stays as it is."""


PARAGRAPHS = ("first", "all")
"""How much of a goal is restated at the items, on one line; the first is the usual one."""


@dataclass(frozen=True)
class ValueWords:
    """How a pack names a target value, and how it defines it."""

    name: str
    definition: str


@dataclass(frozen=True)
class Worded:
    """A template for every target value, or one for each."""

    of_all: str = ""
    by_value: Mapping[str, str] = field(default_factory=dict)

    def of(self, target: str) -> str:
        return self.by_value[target] if self.by_value else self.of_all

    def told(self) -> list[tuple[str, str]]:
        """Each template after whose it is, as an addition to the name of the step."""
        return [(f", {value}", text) for value, text in self.by_value.items()] or [
            ("", self.of_all)
        ]


@dataclass(frozen=True)
class PackDefinition(Pack):
    """The words of every step, as templates whose placeholders `parse_pack` has checked."""

    values: Mapping[str, ValueWords]
    system: Mapping[str, Worded]
    induction: Mapping[str, Worded]
    task: Mapping[str, Worded]
    goal_ask: str
    goal_restated: str
    goal_fixed: Mapping[str, str]
    goal_paragraphs: str
    item_text: str
    item_option: str
    item_separator: str
    item_numbers: tuple[str, ...]
    item_answer: Mapping[str, str]

    def templates(self) -> list[tuple[str, str]]:
        ways = {"name": "value by name", "definition": "value by definition"}
        steps = {"System message": self.system, "Induction": self.induction, "Task": self.task}
        found = [
            (f"{step}, {words}{of}", text)
            for step, worded in steps.items()
            for way, words in ways.items()
            for of, text in worded[way].told()
        ]
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


COUNTS = ("items", "options", "first", "last")
_BY_NAME, _BY_DEFINITION = ("value",), ("definition",)
PLACEHOLDERS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "system.name": (_BY_NAME, ()),
    "system.definition": (_BY_DEFINITION, ()),
    "induction.name": (_BY_NAME, ()),
    "induction.definition": (_BY_DEFINITION, ()),
    "task.name": ((), (*_BY_NAME, *SCENE)),
    "task.definition": ((), (*_BY_DEFINITION, *SCENE)),
    "goal.ask": ((), (*COUNTS, *SCENE)),
    "goal.restated": (("goal",), ()),
    "goal.fixed.name": ((), _BY_NAME),
    "goal.fixed.definition": ((), _BY_DEFINITION),
    "goal.fixed.system": ((), ()),
    "goal.fixed.none": ((), ()),
    "item.text": (
        ("reminder", "options", "answer"),
        ("number", "items", "first", "last", *SCENE),
    ),
    "item.option": (("letter", "self", "other"), SCENE),
    "item.answer.free": ((), ("first", "last")),
    "item.answer.constrained": ((), ("first", "last")),
}
"""The templates of a pack: placeholders that each must have, and may have beside."""
BY_VALUE = ("system", "induction", "task")
"""The steps whose templates may be one for each target value, which then need not name it."""


def parse_pack(definition: Any, source: str) -> PackDefinition:
    """Check a prompt pack; *source* names it in errors. Raises DefinitionError."""
    entries = Place(definition, source).entries(
        [*HEADING, "values", "system", "induction", "task", "goal", "item"],
        ["kind", "resource", "state"],
    )
    entries["format"].one_of([PACK_FORMAT])
    goal = entries["goal"].entries(["ask", "restated", "fixed"], ["paragraphs"])
    item = entries["item"].entries(["text", "option", "answer"], ["separator", "numbers"])
    steps = {name: _worded(entries[name]) for name in BY_VALUE}
    told = [goal["ask"].text(), item["text"].text(), item["option"].text()]
    told += [text for worded in steps["task"].values() for _, text in worded.told()]
    return PackDefinition(
        **heading(entries),
        source=entries["source"].text(),
        system=steps["system"],
        induction=steps["induction"],
        task=steps["task"],
        values=_values(entries["values"]),
        goal_ask=_template(goal["ask"]),
        goal_restated=_template(goal["restated"]),
        goal_paragraphs=goal["paragraphs"].one_of(PARAGRAPHS)
        if "paragraphs" in goal
        else PARAGRAPHS[0],
        goal_fixed=_templates(goal["fixed"]),
        item_text=_template(item["text"]),
        item_option=_template(item["option"]),
        item_separator=_separator(item["separator"]) if "separator" in item else "\n",
        item_numbers=_numbers(item["numbers"]) if "numbers" in item else (),
        item_answer=_templates(item["answer"]),
        resource=entries["resource"].short(MAX_RESOURCE)
        if "resource" in entries
        else DIVIDED.get(canonical_hash(definition), ""),
        needs_frame=any(f"{{{name}}}" in text for text in told for name in SCENE),
        needs_texts=any(f"{{{name}}}" in text for text in told for name in TEXTS),
        state=state_of(entries),
    )


def _template(place: Place) -> str:
    return place.template(*PLACEHOLDERS[place.path])


def _templates(place: Place) -> dict[str, str]:
    """The templates of an object that must have all that `PLACEHOLDERS` names below it."""
    below = f"{place.path}."
    names = [name.removeprefix(below) for name in PLACEHOLDERS if name.startswith(below)]
    return {name: _template(entry) for name, entry in place.entries(names).items()}


def _worded(step: Place) -> dict[str, Worded]:
    """A step by name and by definition, each with one template or one for each target value."""
    found = {}
    for name, place in step.entries(["name", "definition"]).items():
        if not isinstance(place.value, Mapping):
            found[name] = Worded(_template(place))
            continue
        needed, allowed = PLACEHOLDERS[place.path]
        by_value = place.entries([value.value for value in Orientation])
        found[name] = Worded(
            by_value={
                value: text.template((), (*needed, *allowed)) for value, text in by_value.items()
            }
        )
    return found


def _separator(place: Place) -> str:
    """What stands between two options; blank space counts."""
    if not isinstance(place.value, str) or not place.value:
        raise place.wrong(
            f"must be a text such as a line end, a comma or both, not {place.value!r}"
        )
    return place.value


def _numbers(place: Place) -> tuple[str, ...]:
    """What the items are called in their order, instead of 1, 2, 3."""
    names = tuple(element.text() for element in place.elements())
    if twice := [name for name in names if names.count(name) > 1]:
        raise place.wrong(f"has {twice[0]!r} twice")
    return names


def _values(place: Place) -> dict[str, ValueWords]:
    values = {}
    for value, words in place.entries([value.value for value in Orientation]).items():
        entries = words.entries(["name", "definition"])
        values[value] = ValueWords(entries["name"].text(), entries["definition"].text())
    return values
