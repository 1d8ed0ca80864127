"""The kinds of instruments there are, by the word that files and rows name them with.

Nothing outside `instruments/` branches on that word: it asks the kind.
"""

from collections.abc import Mapping
from typing import Any

from evaluations.formats.definitions import DefinitionError, Place
from evaluations.instruments.base import InstrumentDefinition, Kind, Pack
from evaluations.instruments.svo.kind import Svo

DEFAULT_KIND = "svo"
"""Of files that do not say: those from before there were kinds."""

KINDS: dict[str, Kind] = {"svo": Svo()}


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


def _named_in(definition: Any, source: str) -> Kind:
    key = definition.get("kind", DEFAULT_KIND) if isinstance(definition, Mapping) else DEFAULT_KIND
    return KINDS[Place(key, source, "kind").one_of(KINDS)]
