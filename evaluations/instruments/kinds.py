"""The kinds of instruments there are, by the word that files and rows name them with.

Nothing outside `instruments/` branches on that word: it asks the kind.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from evaluations.formats.definitions import DefinitionError, Place
from evaluations.instruments import rubrics
from evaluations.instruments.base import InstrumentDefinition, Kind, Pack
from evaluations.instruments.conditions import Field
from evaluations.instruments.rubrics import RubricDefinition
from evaluations.instruments.svo.kind import Svo
from evaluations.instruments.values.judge import parse_judge
from evaluations.instruments.values.kind import Values

DEFAULT_KIND = "svo"
"""Of files that do not say: those from before there were kinds."""

KINDS: dict[str, Kind] = {"svo": Svo(), "values": Values()}

RUBRICS: Mapping[str, Callable[[Any, str], RubricDefinition]] = {"values": parse_judge}
"""How rubrics of kinds are read that ask for more than a word for the whole trial."""


def all_fields() -> dict[str, Field]:
    """What the kinds vary from cell to cell, by name; one that several have offers all choices."""
    found: dict[str, Field] = {}
    for kind in KINDS.values():
        for field in kind.fields:
            known = found.setdefault(field.name, field)
            choices = dict([*known.choices, *field.choices])
            found[field.name] = replace(known, choices=tuple(choices.items()))
    return found


def all_labels() -> tuple[str, ...]:
    """What trials can be classified as, over the kinds."""
    return tuple(dict.fromkeys(label for kind in KINDS.values() for label in kind.labels))


def subjects_in_words() -> str:
    """The parameters of simulated respondents, over the kinds."""
    described = (
        ", ".join(f"{name} ({words})" for name, words in kind.parameters.items())
        for kind in KINDS.values()
    )
    return " or ".join(filter(None, described))


def kind_of(key: str) -> Kind:
    """The kind of that key; raises DefinitionError, which names those there are."""
    try:
        return KINDS[key]
    except KeyError:
        known = ", ".join(KINDS)
        raise DefinitionError(
            f"this version knows no instrument of the kind {key!r}; it knows {known}"
        ) from None


def parse_instrument(definition: Any, source: str) -> InstrumentDefinition:
    """Check an instrument of any kind; *source* names it in errors. Raises DefinitionError."""
    return _named_in(definition, source).parse(definition, source)


def parse_pack(definition: Any, source: str) -> Pack:
    """Check a prompt pack of any kind; *source* names it in errors. Raises DefinitionError."""
    return _named_in(definition, source).parse_pack(definition, source)


def parse_rubric(definition: Any, source: str) -> RubricDefinition:
    """Check a rubric for any kind; *source* names it in errors. Raises DefinitionError."""
    kind = _named_in(definition, source)
    own = RUBRICS.get(kind.key)
    return own(definition, source) if own else rubrics.parse_rubric(definition, source, kind)


def _named_in(definition: Any, source: str) -> Kind:
    key = definition.get("kind", DEFAULT_KIND) if isinstance(definition, Mapping) else DEFAULT_KIND
    return KINDS[Place(key, source, "kind").one_of(KINDS)]
