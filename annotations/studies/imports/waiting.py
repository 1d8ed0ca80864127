"""Files that wait: kept for a day in pieces, by whom they are, no more than there is room for."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path, PurePath
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from accounts import clock
from accounts.models import Project, User
from annotations.models import Upload, UploadPiece
from evaluations.background import leases
from evaluations.text.storable import storable

Part = UploadPiece.Part

MEGABYTE = 1024 * 1024
PIECE = MEGABYTE
"""Bytes of a piece; what a file of any size needs of memory."""
MOST_WAITING = 5
"""Files that may wait of one person in one project; the oldest goes when there are more."""


@transaction.atomic
def keep(
    project: Project,
    owner: User,
    what: str,
    file: UploadedFile,
    options: Mapping[str, Any],
    beside: UploadedFile | None = None,
) -> Upload:
    """Keep *file* (and one *beside* it) to be looked at, and until its owner imports it."""
    upload = Upload.objects.create(
        project=project, owner=owner, what=what, name=_name(file), options=dict(options)
    )
    upload.size, upload.lines = _keep(upload, Part.FILE, upload.name, _read(file))
    if beside:
        upload.size += _keep(upload, Part.BESIDE, _name(beside), _read(beside))[0]
    upload.save(update_fields=["size", "lines"])
    mine = _at_rest().filter(project=project, owner=owner, made="").order_by("-pk")
    too_many = list(mine.values_list("pk", flat=True)[MOST_WAITING:])
    Upload.objects.filter(pk__in=too_many).delete()
    return upload


def _name(file: UploadedFile) -> str:
    return storable(PurePath(file.name or "file").name)[-120:]


def _keep(upload: Upload, part: str, name: str, pieces: Iterable[bytes]) -> tuple[int, int]:
    """Keep *pieces* as that part; return its bytes and line ends."""
    size = lines = 0
    for number, piece in enumerate(pieces):
        content = bytes(piece)
        size, lines = size + len(content), lines + content.count(b"\n")
        UploadPiece.objects.create(
            upload=upload, part=part, name=name, number=number, content=content
        )
    return size, lines


@transaction.atomic
def keep_made(upload: Upload, files: Mapping[str, Path]) -> None:
    """Keep files that were made of an upload, by part, in place of those there were."""
    upload.pieces.filter(part__in=(Part.REJECTS, Part.REASONS)).delete()
    for part, path in files.items():
        if path.exists():
            with path.open("rb") as stream:
                _keep(upload, part, "", _read(stream))


def _read(stream: IO[bytes] | UploadedFile) -> Iterator[bytes]:
    stream.seek(0)
    return iter(lambda: stream.read(PIECE), b"")


def pieces(upload: Upload, part: str) -> Iterator[bytes]:
    """A file of an upload, piece by piece; nothing where it has none."""
    of_part = upload.pieces.filter(part=part).order_by("number")
    for key in list(of_part.values_list("pk", flat=True)):
        yield bytes(UploadPiece.objects.values_list("content", flat=True).get(pk=key))


def written(upload: Upload, part: str, folder: Path) -> Path | None:
    """A file of an upload in *folder*, its name ending as it came; None where it has none."""
    first = upload.pieces.filter(part=part).values_list("name", flat=True).first()
    if first is None:
        return None
    path = folder / f"{part}{PurePath(first).suffix[:12]}"
    with path.open("wb") as stream:
        stream.writelines(pieces(upload, part))
    return path


def forget_content(upload: Upload) -> None:
    """Let go of the files that came, once they are imported; what was rejected stays a while."""
    upload.pieces.filter(part__in=(Part.FILE, Part.BESIDE)).delete()


def forget_old() -> int:
    """Let go of the files that nobody imported for `Upload.KEPT`; how many."""
    return _gone(_at_rest().filter(created_at__lt=clock.now() - Upload.KEPT))


def _at_rest() -> QuerySet[Upload]:
    """Those that no worker holds."""
    return Upload.objects.exclude(leases.leased(), state=Upload.RUNNING)


def _gone(rows: QuerySet[Upload]) -> int:
    number = rows.count()
    if number:
        rows.delete()
    return number


def until(upload: Upload) -> Any:
    """When it is let go of."""
    kept: timedelta = Upload.KEPT
    return upload.created_at + kept
