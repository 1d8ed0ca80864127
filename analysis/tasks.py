"""Background work on reports: an idempotent nudge that carries an id. The row holds the truth."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from analysis import computations
from analysis.dataset import DataSetError
from analysis.models import Computation
from analysis.parameters import ParameterError

NUDGE_AGAIN = timedelta(minutes=1)


@task()
def compute_report(computation_id: int) -> bool:
    """Compute a report unless it is done, failed or in other hands; its row says how it went."""
    try:
        return computations.work(computation_id)
    except (ParameterError, DataSetError):  # the reason is in the row, for whoever waits
        return False


def nudge(computation: Computation) -> None:
    """Have a worker see to it, unless one is at it or was told so a moment ago."""
    now = timezone.now()
    waiting = Computation.objects.filter(computations.free(), pk=computation.pk).filter(
        Q(nudged_at=None) | Q(nudged_at__lt=now - NUDGE_AGAIN)
    )
    if waiting.update(nudged_at=now):
        transaction.on_commit(partial(compute_report.enqueue, computation.pk), robust=True)
