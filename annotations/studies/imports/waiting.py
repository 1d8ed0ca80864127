"""Files that wait: kept for a day, by whom they are, no more than there is room for."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from accounts import clock
from accounts.models import Project, User
from annotations.models import Upload
from annotations.studies.imports.taking import try_out
from evaluations.text.storable import storable

LARGEST = 32 * 1024 * 1024
"""Bytes of a file that a browser sends; larger ones go in by a command on the server."""
MOST_WAITING = 5
"""Files that may wait of one person in one project; the oldest goes when there are more."""


def keep(
    project: Project, owner: User, what: str, file: UploadedFile, options: Mapping[str, Any]
) -> Upload:
    """Keep *file* until its owner imports it, with what was understood of it."""
    forget_old()
    upload = Upload(
        project=project,
        owner=owner,
        what=what,
        name=storable(PurePath(file.name or "file").name)[-120:],
        content=file.read(),
        options=dict(options),
    )
    try_out(upload)
    upload.save()
    mine = Upload.objects.filter(project=project, owner=owner).order_by("-pk")
    too_many = list(mine.values_list("pk", flat=True)[MOST_WAITING:])
    Upload.objects.filter(pk__in=too_many).delete()
    return upload


def forget_old() -> None:
    """Let go of the files that nobody imported for `Upload.KEPT`."""
    Upload.objects.filter(created_at__lt=clock.now() - Upload.KEPT).delete()
