"""Background work: idempotent nudges that carry an id. The trial rows hold the truth."""

from functools import partial

from django.db import transaction
from django_tasks import task

from evaluations import leases, running
from evaluations.models import Run


@task()
def advance_run(run_id: int) -> dict[str, int]:
    """Work on a run until nothing is left; a second nudge for the same run shares the work."""
    run = Run.objects.filter(pk=run_id, state=Run.State.RUNNING).first()
    return dict(running.advance(run)) if run else {}


def nudge(run: Run) -> None:
    """Have a worker advance *run* once the transaction that decided so is committed."""
    transaction.on_commit(partial(advance_run.enqueue, run.pk))


def sweep() -> list[Run]:
    """Free the trials of workers that went silent, and nudge every run that is under way.

    To be called when a worker starts and now and then: the nudge of a killed worker died with it.
    """
    leases.sweep()
    under_way = list(Run.objects.filter(state=Run.State.RUNNING).order_by("pk"))
    for run in under_way:
        nudge(run)
    return under_way
