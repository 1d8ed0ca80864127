"""Instruments and prompt packs as pages show them, and as a browser uploads them."""

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
from evaluations.models import Instrument, PromptPack


def store_shipped() -> None:
    """Make sure that what comes with this site can be chosen; stores each definition once."""
    for path in sorted((catalogue.SHIPPED / "instruments").glob("*.json")):
        catalogue.store_file(Instrument, path)
    for path in sorted((catalogue.SHIPPED / "prompt_packs").glob("*.json")):
        catalogue.store_file(PromptPack, path)


def store_upload(
    content: bytes, source: str, project: Project, actor: User | None = None
) -> tuple[Instrument | PromptPack, bool]:
    """Store the definition in *content* (UTF-8 JSON) for *project* and say whether it is new.

    Its entry 'format' decides whether it is an instrument or a prompt pack. Raises DefinitionError
    with the line and column of broken JSON, or the place inside the definition that does not fit.
    """
    definition = catalogue.read(content, source)
    found = definition.get("format") if isinstance(definition, dict) else None
    sha256 = canonical_hash(definition)
    if found == INSTRUMENT_FORMAT:
        is_new = not Instrument.objects.in_reach_of(project).filter(sha256=sha256).exists()
        return catalogue.store(Instrument, definition, source, project, actor), is_new
    if found == PACK_FORMAT:
        is_new = not PromptPack.objects.in_reach_of(project).filter(sha256=sha256).exists()
        return catalogue.store(PromptPack, definition, source, project, actor), is_new
    raise DefinitionError(
        f"{source}: format: is {found!r}, must be {INSTRUMENT_FORMAT} or {PACK_FORMAT}"
    )


def add_definition(
    model: type[Row], definition: Any, project: Project, actor: User
) -> tuple[Row, bool]:
    """Store a definition for *project*, and say whether it is new. Raises DefinitionError with the
    place inside the definition that does not fit."""
    sha256 = canonical_hash(definition)
    is_new = not model.objects.in_reach_of(project).filter(sha256=sha256).exists()
    return catalogue.store(model, definition, "definition", project, actor), is_new


def definition_page(row: Instrument | PromptPack, project: Project) -> dict[str, Any]:
    """What the pages of both kinds show: the file as text, the other versions in reach."""
    in_reach = type(row).objects.in_reach_of(project)
    others = in_reach.filter(key=row.key).exclude(pk=row.pk).defer("definition")
    return {
        "text": json.dumps(row.definition, ensure_ascii=False, indent=2),
        "others": list(others),
        "address": "instrument" if isinstance(row, Instrument) else "prompt_pack",
    }
