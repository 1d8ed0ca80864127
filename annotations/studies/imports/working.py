"""Looking at a file that came in, and importing it: work that one worker does at a time.

Looking reads and checks all that importing does, and stores nothing. Importing is one transaction,
which notes in the row of the file what it became: a worker that dies leaves nothing behind, and the
next one cannot import twice.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from accounts.access import project_for, refuse_in_archive
from accounts.models import Role
from annotations.models import Upload
from annotations.studies.imports import waiting
from annotations.studies.imports.doors import DOORS
from annotations.studies.imports.found import (
    Found,
    Progress,
    Store,
    Taking,
    first_of,
    refused,
    watched,
)
from annotations.studies.imports.rejected import Rejected
from annotations.studies.studies import StudyRefused
from evaluations.background import leases
from evaluations.background.ending import told
from evaluations.background.leases import Held
from evaluations.background.telling import beside
from evaluations.interchange.looked_at import ARROW
from evaluations.text.storable import storable_values
from evaluations.text.table_words import Problem, RejectedFile

AT_ONCE = 2 * 2**20
"""Bytes up to which a file is seen to while its owner waits: a second or two."""

Step = Upload.Step


def is_small(upload: Upload) -> bool:
    """Whether it is seen to while its owner waits."""
    return upload.size <= AT_ONCE


def ask_to_import(upload: Upload) -> bool:
    """Have a file imported that was looked at; False where that was asked for already."""
    waits = Upload.objects.filter(pk=upload.pk, step=Step.LOOK, state=Upload.DONE)
    return bool(leases.take_up_again(waits, step=Step.IMPORT, share=0, doing=""))


def work(pk: int, ending: Callable[[], bool] = told) -> bool:
    """Look at the file, or import it, unless somebody else does; whether it was ours to the end."""
    rows = Upload.objects.select_related("project", "owner")
    return leases.do(rows, pk, _work, ending=ending)


def _work(held: Held[Upload]) -> dict[str, Any]:
    upload = held.row
    if upload.made:  # imported by a worker that died before it could say so
        return _OVER
    with _opened(held) as taking:
        store = _understood(taking)
        if store and not taking.only_looks and _is_imported(held, taking, store):
            return _OVER
        with transaction.atomic():
            held.renew()  # whoever else has it meanwhile waits, or we leave off
            waiting.keep_made(upload, taking.rejected.closed)
        told_of = asdict(taking.found)
        # A NUL in a row is shown, and no database takes it.
        return _OVER | {"step": Step.LOOK, "found": storable_values(told_of)}


_OVER: dict[str, Any] = {"share": 1, "doing": ""}


@contextmanager
def _opened(held: Held[Upload]) -> Iterator[Taking]:
    """The file in a folder of its own, for as long as it is at work."""
    upload = held.row
    with (
        tempfile.TemporaryDirectory(prefix="valuecheck-upload-") as name,
        Rejected(Path(name)) as rejected,
    ):
        folder = Path(name)
        path = waiting.written(upload, waiting.Part.FILE, folder)
        if path is None:
            raise RuntimeError("the file is gone")
        tell = lambda share, doing: held.renew(share=share, doing=doing)  # noqa: E731
        progress = Progress(tell, path.stat().st_size, upload.lines)
        looked = watched(path, progress)
        beside_it = waiting.written(upload, waiting.Part.BESIDE, folder)
        yield Taking(upload, looked, beside_it, Found(rows=first_of(looked)), progress, rejected)


def _understood(taking: Taking) -> Store | None:
    """What stores the file; None where it is refused, which is noted."""
    upload = taking.upload
    try:
        _check_owner(upload)
        _check_shape(taking)
        return DOORS[upload.what].take(taking)
    except RejectedFile as error:
        taking.found.refuse(list(error.problems), error.total)
    except (StudyRefused, ValueError) as error:
        taking.found.refuse([Problem(0, str(error))], 1)
    taking.found.would = ""
    return None


def _check_owner(upload: Upload) -> None:
    """ValueError where the owner may not bring anything into the project any more."""
    try:
        project = project_for(upload.owner, upload.project.slug, (Role.RESEARCHER,))
        refuse_in_archive(project, "POST")
    except (Http404, PermissionDenied) as error:
        raise ValueError(str(error)) from error


def _check_shape(taking: Taking) -> None:
    """RejectedFile for what cannot be read within bounds: how much Arrow unpacks to is not told."""
    if taking.looked.shape == ARROW:
        raise refused("This is an Arrow file: bring it as Parquet, which tells how large it is")


def _is_imported(held: Held[Upload], taking: Taking, store: Store) -> bool:
    """Import what was understood; False where it is refused after all, which is noted."""
    with beside(held) as tell:
        taking.progress.tell = tell
        try:
            with transaction.atomic():
                made = store()
                if made:
                    held.renew(made=made)
                    waiting.keep_made(taking.upload, taking.rejected.closed)
                    waiting.forget_content(taking.upload)
                    return True
        except RejectedFile as error:
            taking.found.refuse(list(error.problems), error.total)
        except (StudyRefused, ValueError) as error:
            taking.found.refuse([Problem(0, str(error))], 1)
    taking.found.would = ""
    return False
