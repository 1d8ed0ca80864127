"""Background work on files that came in: an idempotent nudge that carries an id. The row holds the
truth."""

from typing import Any

from django_tasks import task

from annotations.models import Upload
from annotations.studies.imports import waiting, working
from evaluations.background import leases
from evaluations.background.ending import told
from evaluations.tasks import swept


@task()
def take_in(upload_id: int) -> bool:
    """Look at a file or import it, unless that is done or in other hands; its row says so."""
    try:
        return working.work(upload_id)
    finally:
        if told():
            nudge()


def see_to(upload: Upload) -> None:
    """Do what is asked of a file: at once where it is small, else by a worker."""
    if working.is_small(upload):
        working.work(upload.pk)
    else:
        nudge()


def nudge(**_: Any) -> None:
    """Have workers see to the files that wait for one."""
    leases.nudge(Upload.objects.all(), take_in.enqueue)


def sweep(**_: Any) -> None:
    """Nudge what waits, and let go of the files that nobody imported."""
    nudge()
    waiting.forget_old()


swept.connect(sweep, dispatch_uid="uploads")
