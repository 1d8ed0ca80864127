"""Prompt sets and the words around them, as files hold them.

A prompt set is an instrument of the kind 'values': its prompts, each asked in a trial of its own.
One without prompts is for dialogues made elsewhere. Pure: reads no file and no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluations.formats.definitions import (
    HEADING,
    INSTRUMENT_FORMAT,
    PACK_FORMAT,
    Place,
    heading,
    state_of,
)
from evaluations.instruments.base import InstrumentDefinition, Kind, Pack
from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.distances import MASK
from evaluations.instruments.values.targets import PUBLISHED, ValueTarget, parse_target

LONGEST_ID = 60
"""Characters of a prompt's id."""


@dataclass(frozen=True)
class Prompt:
    """One prompt of a set; topic, language and source are '' where they are not said."""

    id: str
    text: str
    topic: str = ""
    language: str = ""
    source: str = ""

    def facts(self) -> dict[str, str]:
        """What is said of it beside its words."""
        said = {"topic": self.topic, "language": self.language, "source": self.source}
        return {name: words for name, words in said.items() if words}


@dataclass(frozen=True)
class PromptSet:
    """The prompts in their order, and the targets that a model can be asked to hold."""

    prompts: tuple[Prompt, ...]
    targets: tuple[ValueTarget, ...] = PUBLISHED

    def prompt(self, key: str) -> Prompt:
        """The prompt of that id; ValueError where there is none."""
        for prompt in self.prompts:
            if prompt.id == key:
                return prompt
        raise ValueError(f"there is no prompt {key!r}")

    def target(self, key: str) -> ValueTarget:
        """The target of that key; ValueError where there is none."""
        for target in self.targets:
            if target.key == key:
                return target
        known = ", ".join(target.key for target in self.targets)
        raise ValueError(f"there is no target {key!r}; there are {known}")


@dataclass(frozen=True)
class ValuesPack(Pack):
    """The words of the system message and around a prompt, and of each value."""

    values: Mapping[str, tuple[str, str]]
    system: Mapping[str, str]
    prompt: str

    def templates(self) -> list[tuple[str, str]]:
        ways = {"name": "target by names", "definition": "target by definitions"}
        found = [(f"System message, {words}", self.system[way]) for way, words in ways.items()]
        return [*found, ("Prompt", self.prompt)]

    def system_for(self, induction: str, target: ValueTarget) -> str:
        """The system message that asks to hold *target*: the values that weigh in it (more than
        0.3), by their names or their definitions."""
        held = [value for value in VALUES if target.vector[value] > MASK]
        names = ", ".join(self.values[value][0] for value in held)
        definitions = "; ".join(self.values[value][1] for value in held)
        return self.system[induction].format(value=names, definition=definitions)


def parse_instrument(definition: Any, source: str, kind: Kind) -> InstrumentDefinition:
    """Check a prompt set; *source* names it in errors. Raises DefinitionError."""
    whole = Place(definition, source)
    entries = whole.entries([*HEADING, "prompts"], ["kind", "targets"])
    entries["format"].one_of([INSTRUMENT_FORMAT])
    prompts: dict[str, Prompt] = {}
    for place in entries["prompts"].elements() if entries["prompts"].value != [] else []:
        prompt = _prompt(place)
        if prompt.id in prompts:
            raise place.wrong(f"the id {prompt.id!r} is there already: give each prompt its own")
        prompts[prompt.id] = prompt
    targets = list(PUBLISHED)
    for place in entries["targets"].elements() if "targets" in entries else []:
        target = parse_target(place.value, f"{source}: {place.path}")
        if target.key in {known.key for known in targets}:
            raise place.wrong(f"there is a target {target.key!r} already")
        targets.append(target)
    return InstrumentDefinition(
        **heading(entries),
        source=entries["source"].text(),
        kind=kind,
        measure=PromptSet(tuple(prompts.values()), tuple(targets)),
    )


def _prompt(place: Place) -> Prompt:
    entries = place.entries(["id", "text"], ["topic", "language", "source"])
    words = {name: entries[name].text() for name in entries if name != "id"}
    return Prompt(entries["id"].short(LONGEST_ID), **words)


def parse_pack(definition: Any, source: str) -> ValuesPack:
    """Check a prompt pack; *source* names it in errors. Raises DefinitionError."""
    entries = Place(definition, source).entries(
        [*HEADING, "values", "system", "prompt"], ["kind", "state"]
    )
    entries["format"].one_of([PACK_FORMAT])
    values = {}
    for value, place in entries["values"].entries(VALUES).items():
        words = place.entries(["name", "definition"])
        values[value] = (words["name"].text(), words["definition"].text())
    system = entries["system"].entries(["name", "definition"])
    return ValuesPack(
        **heading(entries),
        source=entries["source"].text(),
        values=values,
        system={
            "name": system["name"].template(needed=["value"]),
            "definition": system["definition"].template(needed=["definition"]),
        },
        prompt=entries["prompt"].template(needed=["prompt"]),
        needs_frame=False,
        needs_texts=False,
        state=state_of(entries),
    )
