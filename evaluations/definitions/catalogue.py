"""Instruments, prompt packs, frames and rubrics: from a file to a row to point at, and back.

A row is kept for ever under its key and version: one of a project, or one that all share. The
shipped definitions are shared, and read from `evaluations/definitions/shipped` when something
first asks for them,
so that no migration freezes their content.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

from accounts import audit
from accounts.models import Project, User
from evaluations.formats.definitions import (
    DefinitionError,
    canonical_hash,
    check_name,
)
from evaluations.instruments.base import InstrumentDefinition, Pack
from evaluations.instruments.frames import FrameDefinition, FrameFile, parse_file
from evaluations.instruments.kinds import (
    DEFAULT_KIND,
    KINDS,
    parse_instrument,
    parse_pack,
    parse_rubric,
)
from evaluations.instruments.rubrics import RubricDefinition
from evaluations.models import Frame, Instrument, PromptPack, Rubric
from evaluations.models.experiments import OfKind, VersionedFile
from evaluations.text.storable import RepeatedName, StrictDecoder, each_once

SHIPPED = Path(__file__).resolve().parent / "shipped"
DEFAULT_INSTRUMENT, DEFAULT_PACK, DEFAULT_RUBRIC = KINDS[DEFAULT_KIND].shipped

Definition = InstrumentDefinition | Pack | FrameFile | RubricDefinition
Row = TypeVar("Row", bound=VersionedFile)

_instruments: dict[str, InstrumentDefinition] = {}
_packs: dict[str, Pack] = {}
_frames: dict[str, FrameFile] = {}


def instrument(name: str = DEFAULT_INSTRUMENT, project: Project | None = None) -> Instrument:
    """The instrument of a key (the newest) or of a key and version ('key@1').

    Raises DefinitionError when there is none, or when a shipped one does not fit.
    """
    return _find(Instrument, "instruments", name, project)


def prompt_pack(name: str = DEFAULT_PACK, project: Project | None = None) -> PromptPack:
    """The prompt pack of a key ('plain-en': the newest) or of a key and version ('plain-en@1').

    Raises DefinitionError when there is none, or when a shipped one does not fit.
    """
    return _find(PromptPack, "prompt_packs", name, project)


def frame(name: str, project: Project | None = None) -> Frame:
    """The frame of a key (the newest) or of a key and version ('key@1').

    Raises DefinitionError when there is none.
    """
    return _find(Frame, "frames", name, project)


def rubric(name: str = DEFAULT_RUBRIC, project: Project | None = None) -> Rubric:
    """The rubric of a key (the newest) or of a key and version ('key@1').

    Raises DefinitionError when there is none, or when a shipped one does not fit.
    """
    return _find(Rubric, "rubrics", name, project)


def pack_for(row: Instrument) -> str:
    """The key of the prompt pack that its kind comes with, for whoever names none."""
    return KINDS[row.kind].shipped[1]


def instrument_of(row: Instrument) -> InstrumentDefinition:
    """What a stored instrument says; parsed once a process, as rows never change."""
    if row.sha256 not in _instruments:
        _instruments[row.sha256] = parse_instrument(row.definition, str(row))
    return _instruments[row.sha256]


def pack_of(row: PromptPack) -> Pack:
    """What a stored prompt pack says; parsed once a process, as rows never change."""
    if row.sha256 not in _packs:
        _packs[row.sha256] = parse_pack(row.definition, str(row))
    return _packs[row.sha256]


def asked_with(row: Instrument, words: PromptPack) -> tuple[InstrumentDefinition, Pack]:
    """What an instrument and the prompt pack it is asked with say.

    Raises ValueError where the pack has words for another kind of instrument.
    """
    if row.kind != words.kind:
        raise ValueError(
            f"prompt pack {words.key} has the words of {KINDS[words.kind].name}, and {row.key} is "
            f"{KINDS[row.kind].name}: choose a prompt pack of that kind"
        )
    return instrument_of(row), pack_of(words)


def frame_file(row: Frame) -> FrameFile:
    """What a stored frame says in all its languages; parsed once a process, as rows never
    change."""
    if row.sha256 not in _frames:
        _frames[row.sha256] = parse_file(row.definition, str(row))
    return _frames[row.sha256]


def frame_of(row: Frame | None, language: str) -> FrameDefinition | None:
    """What a stored frame says in a language, that of the pack it is asked with; None of none.

    Raises ValueError where it has several languages and this is none of them.
    """
    return None if row is None else frame_file(row).in_language(language)


class Divided(NamedTuple):
    """What a model is asked to divide, and with whom, in the words of a language; '' where that is
    not said."""

    resource: str = ""
    recipient: str = ""
    language: str = ""


UNTOLD = Divided()


def divided(pack: PromptPack | None, frame: Frame | None = None) -> Divided:
    """What a cell asks to divide: its frame says it where there is one, else its prompt pack."""
    if frame is not None:
        told = frame_file(frame).in_language(pack.language if pack else frame.language)
        return Divided(told.resource, told.recipient, told.language)
    if pack is None:
        return UNTOLD
    return Divided(pack_of(pack).resource, "", pack.language)


def rubric_of(row: Rubric) -> RubricDefinition:
    """What a stored rubric says."""
    return parse_rubric(row.definition, str(row))


def store_file(model: type[Row], path: Path, project: Project | None = None) -> Row:
    """Store the definition in a file for *project*, None: for all, and return its row; the same
    definition is stored once."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DefinitionError(f"{path}: cannot be read ({error.strerror})") from None
    return store(model, read(content, str(path)), path.name, project)


def read(content: bytes, source: str) -> Any:
    """The JSON of a definition from *source*, in UTF-8; DefinitionError says where it is none."""
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, cls=StrictDecoder, object_pairs_hook=each_once)
    except RepeatedName as error:
        raise DefinitionError(f"{source}: has the entry {str(error)!r} twice") from None
    except UnicodeDecodeError as error:
        raise DefinitionError(f"{source}: is not UTF-8 (byte {error.start})") from None
    except json.JSONDecodeError as error:
        raise DefinitionError(
            f"{source}: line {error.lineno}, column {error.colno}: is not JSON ({error.msg})"
        ) from None


def store(
    model: type[Row],
    definition: Any,
    source: str,
    project: Project | None = None,
    actor: User | None = None,
) -> Row:
    """Check and store a definition for *project*, None: for all; *source* names it in errors.

    What *actor* gives to a project is in its trail; what comes with the site is in none.

    Raises DefinitionError for one that does not fit, and for one whose key and version are already
    taken by another content: a version that was used must stay what it was.
    """
    parsed = _PARSERS[model](definition, source)
    sha256 = canonical_hash(definition)
    named = {"key": parsed.key, "version": parsed.version}
    if known := model.objects.in_reach_of(project).filter(**named).first():
        if known.sha256 != sha256:
            raise DefinitionError(
                f"{source}: version: {parsed.key} {parsed.version} is already stored with other "
                "content; raise the version, so that runs made with the old one stay readable"
            )
        return cast(Row, known)
    check_name(definition, source)
    try:
        with transaction.atomic():
            stored = model.objects.create(
                **named,
                project=project,
                language=parsed.language,
                **_kind_named(model, definition),
                sha256=sha256,
                definition=definition,
            )
            if project:
                change = audit.Change(None, named | {"sha256": sha256})
                audit.record(project, actor, "add definition", stored, change)
    except IntegrityError:  # another process stored it between the question and the answer
        stored = model.objects.get(**named, project=project, sha256=sha256)
    return cast(Row, stored)


@transaction.atomic
def share(row: VersionedFile, actor: User | None) -> None:
    """Have all projects of the site read and use a definition of one. Raises DefinitionError where
    they share another one of that key and version."""
    model, owner = type(row), row.project
    if owner is None:
        return
    if model.objects.filter(project=None, key=row.key, version=row.version).exists():
        raise DefinitionError(f"All projects share another {row}: store yours as a new version.")
    # Whose it is may change, once; what it says never does, and its manager refuses updates.
    QuerySet(model).filter(pk=row.pk).update(project=None)
    audit.record(owner, actor, "share definition", row, sha256=row.sha256)


def _kind_named(model: type[Row], definition: Any) -> dict[str, str]:
    """The column for the kind that a definition names, where its model has one."""
    kind = definition.get("kind", DEFAULT_KIND)
    return {"kind": kind} if issubclass(model, OfKind) else {}


_PARSERS: dict[type[Model], Callable[[Any, str], Definition]] = {
    Instrument: parse_instrument,
    PromptPack: parse_pack,
    Frame: parse_file,
    Rubric: parse_rubric,
}


def _find(model: type[Row], folder: str, name: str, project: Project | None) -> Row:
    key, _, version = name.partition("@")
    shipped = SHIPPED / folder / f"{key}.json"
    if shipped.is_file():
        row = store_file(model, shipped)
        if version in ("", row.version):
            return row
    rows = model.objects.in_reach_of(project).filter(key=key)
    if version:
        rows = rows.filter(version=version)
    if found := rows.order_by("-id").first():
        return found
    known = sorted(path.stem for path in (SHIPPED / folder).glob("*.json"))
    raise DefinitionError(
        f"there is no {model._meta.verbose_name} {name!r}; shipped are {', '.join(known) or 'none'}"
    )
