"""Instruments, prompt packs and frames as pages show them, and as a browser uploads them."""

import json
from typing import Any

from accounts.models import Project, User
from evaluations.definitions import catalogue
from evaluations.definitions.catalogue import Row
from evaluations.formats.definitions import (
    INSTRUMENT_FORMAT,
    PACK_FORMAT,
    DefinitionError,
    canonical_hash,
)
from evaluations.formats.scenes.parsing import SCENES_FORMAT
from evaluations.instruments.frames import FRAME_FORMAT
from evaluations.models import Frame, Instrument, PromptPack


def store_shipped() -> None:
    """Make sure that what comes with this site can be chosen; stores each definition once."""
    for path in sorted((catalogue.SHIPPED / "instruments").glob("*.json")):
        catalogue.store_file(Instrument, path)
    for path in sorted((catalogue.SHIPPED / "frames").glob("*.json")):
        catalogue.store_file(Frame, path)
    for path in sorted((catalogue.SHIPPED / "prompt_packs").glob("*.json")):
        catalogue.store_file(PromptPack, path)


Uploaded = Instrument | PromptPack | Frame

MODELS: dict[str, type[Instrument] | type[PromptPack] | type[Frame]] = {
    INSTRUMENT_FORMAT: Instrument,
    PACK_FORMAT: PromptPack,
    FRAME_FORMAT: Frame,
    SCENES_FORMAT: Frame,
}
"""What a file is, by its entry 'format'."""


def store_upload(
    content: bytes, source: str, project: Project, actor: User | None = None
) -> tuple[Uploaded, bool]:
    """Store the definition in *content* (UTF-8 JSON) for *project* and say whether it is new.

    Raises DefinitionError with the line and column of broken JSON, or the place inside the
    definition that does not fit.
    """
    definition = catalogue.read(content, source)
    found = definition.get("format") if isinstance(definition, dict) else None
    model = MODELS.get(found) if isinstance(found, str) else None
    if model is None:
        raise DefinitionError(f"{source}: format: is {found!r}, must be {' or '.join(MODELS)}")
    return _stored(model, definition, source, project, actor)


def _stored(
    model: type[Row], definition: Any, source: str, project: Project, actor: User | None
) -> tuple[Row, bool]:
    known = model.objects.in_reach_of(project).filter(sha256=canonical_hash(definition))
    is_new = not known.exists()
    return catalogue.store(model, definition, source, project, actor), is_new


def add_definition(
    model: type[Row], definition: Any, project: Project, actor: User
) -> tuple[Row, bool]:
    """Store a definition for *project*, and say whether it is new. Raises DefinitionError with the
    place inside the definition that does not fit."""
    return _stored(model, definition, "definition", project, actor)


def address_of(row: Uploaded) -> str:
    """The name of the page of a definition; that of the act of sharing it has '_share' behind."""
    if isinstance(row, PromptPack):
        return "prompt_pack"
    return "frame" if isinstance(row, Frame) else "instrument"


def definition_page(row: Uploaded, project: Project) -> dict[str, Any]:
    """What the pages of all definitions show: the file as text, the other versions in reach."""
    in_reach = type(row).objects.in_reach_of(project)
    others = in_reach.filter(key=row.key).exclude(pk=row.pk).defer("definition")
    return {
        "text": json.dumps(row.definition, ensure_ascii=False, indent=2),
        "others": list(others),
        "address": address_of(row),
        "share": f"{address_of(row)}_share",
    }
