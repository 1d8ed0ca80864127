"""Background work on reports: an idempotent nudge that carries an id. The row holds the truth."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from analysis.data.dataset import DataSetError
from analysis.data.parameters import ParameterError
from analysis.making import comparisons, computations
from analysis.making.leases import free
from analysis.models import Comparison, Computation, Work
from evaluations.background.ending import told

NUDGE_AGAIN = timedelta(minutes=1)


@task()
def compute_report(computation_id: int) -> bool:
    """Compute a report unless it is done, failed or in other hands; its row says how it went."""
    try:
        return computations.work(computation_id)
    except (ParameterError, DataSetError):  # the reason is in the row, for whoever waits
        return False
    finally:
        if told():
            _leave_to_the_next(Computation, computation_id)


@task()
def compare_reports(comparison_id: int) -> bool:
    """Compare two reports, as ``compute_report`` computes one."""
    try:
        return comparisons.work(comparison_id)
    except DataSetError:
        return False
    finally:
        if told():
            _leave_to_the_next(Comparison, comparison_id)


def _leave_to_the_next(kind: type[Work], pk: int) -> None:
    """Nudge for work that was given back because this worker ends."""
    if work := kind._default_manager.filter(free(), pk=pk).first():
        nudge(work)


def nudge(work: Work) -> None:
    """Have a worker see to it, unless one is at it or was told so a moment ago."""
    now = timezone.now()
    waiting = (
        type(work)
        ._default_manager.filter(free(), pk=work.pk)
        .filter(Q(nudged_at=None) | Q(nudged_at__lt=now - NUDGE_AGAIN))
    )
    if waiting.update(nudged_at=now):
        done_by = compare_reports if isinstance(work, Comparison) else compute_report
        transaction.on_commit(partial(done_by.enqueue, work.pk), robust=True)
