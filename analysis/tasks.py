"""Background work on reports: an idempotent nudge that carries an id. The row holds the truth."""

from django_tasks import task

from analysis.data.dataset import DataSetError
from analysis.data.parameters import ParameterError
from analysis.making import comparisons, computations
from analysis.models import Comparison, Computation, Computing
from evaluations.background import leases
from evaluations.background.ending import told


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


def _leave_to_the_next(kind: type[Computing], pk: int) -> None:
    """Nudge for work that was given back because this worker ends."""
    if row := kind._default_manager.filter(pk=pk).first():
        nudge(row)


def nudge(row: Computing) -> None:
    """Have a worker see to it, unless one is at it or was told so a moment ago."""
    done_by = compare_reports if isinstance(row, Comparison) else compute_report
    leases.nudge(type(row)._default_manager.filter(pk=row.pk), done_by.enqueue)
