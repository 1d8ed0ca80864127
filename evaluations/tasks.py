"""Background work: idempotent nudges that carry an id. The trial rows hold the truth."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from accounts import clock
from evaluations.background import leases
from evaluations.background.ending import told
from evaluations.models import Run, Scoring, Trial
from evaluations.running import conversations, scorings, trial_leases

swept = Signal()
"""Sent at each sweep of a worker: whoever has work whose time may have come nudges it."""

DONE_KEPT, FAILED_KEPT = timedelta(days=7), timedelta(days=30)
"""How long the database's queue remembers finished tasks, for whoever looks for a fault."""


@task()
def advance_run(run_id: int) -> dict[str, int]:
    """Work on a run until nothing is left; a second nudge for the same run shares the work.

    While there is more than one worker takes on, a further nudge lies in the queue for the next
    one that is free.
    """
    run = Run.objects.filter(pk=run_id, state=Run.State.RUNNING).first()
    if run is None:
        return {}
    if conversations.leaves_work_for_others(run):
        nudge(run)
    worker = conversations.Worker(run, yields=lambda: others_wait(run_id))
    try:
        return dict(worker.work())
    finally:
        if told() or worker.gave_way:
            nudge(run)  # for the next worker, or for this one after the others


@task()
def score_run(scoring_id: int) -> bool:
    """Have a model score a run unless that is done, stopped or in other hands."""
    try:
        return scorings.ScoringWorker(scoring_id).work()
    finally:
        if told():
            nudge_scorings()


def others_wait(run_id: int) -> bool:
    """Whether another run has trials that are due, and no worker."""
    due = Trial.objects.filter(
        leases.unleased(), run__state=Run.State.RUNNING, state=Trial.State.PLANNED, cell__stopped=""
    )
    return due.exclude(run=run_id).exclude(run__in=trial_leases.runs_at_work()).exists()


def nudge(run: Run) -> None:
    """Have a worker advance *run* once the transaction that decided so is committed.

    A queue that is away is logged and no more: a worker's next sweep nudges the run.
    """
    run_id = run.pk
    transaction.on_commit(lambda: advance_run.enqueue(run_id), robust=True)


def nudge_scorings() -> None:
    """Have workers see to the scorings nobody works on, except those nudged a moment ago."""
    leases.nudge(Scoring.objects.all(), score_run.enqueue)


def sweep(*, only_abandoned: bool = False) -> list[Run]:
    """Free the trials of workers that went silent, and nudge the runs that are under way; with
    *only_abandoned* those on which nobody works. Returns the runs.

    The nudge of a killed worker died with it, so a worker calls this when it starts and, for
    abandoned runs, all the time. Scorings that wait are nudged as well.
    """
    trial_leases.sweep()
    nudge_scorings()
    swept.send(sender=None)
    under_way = Run.objects.filter(state=Run.State.RUNNING).order_by("pk")
    if only_abandoned:
        under_way = under_way.exclude(pk__in=trial_leases.runs_at_work())
    found = list(under_way)
    for run in found:
        nudge(run)
    return found


def prune() -> int:
    """Forget tasks of the database's queue that finished long ago; return how many. What they came
    to is in the rows they worked on."""
    now = clock.now()
    old = Q(status="SUCCESSFUL", finished_at__lt=now - DONE_KEPT)
    old |= Q(status="FAILED", finished_at__lt=now - FAILED_KEPT)
    return DBTaskResult.objects.filter(old).delete()[0]
