"""Deleting a run or an endpoint, with all that was asked and answered there."""

from django.db import transaction
from django.dispatch import Signal

from accounts.deletion.whole import DeletionRefused, Going, delete_whole
from accounts.models import User
from evaluations.background import leases
from evaluations.models import Endpoint, Run, Trial

run_deleting = Signal()
"""Sent with ``run`` before a run goes; who rests on its trials raises DeletionRefused."""


@transaction.atomic
def delete_run(run: Run, actor: User | None, typed: str) -> Going:
    """Delete a run with its trials; *typed* is its name. Raises DeletionRefused while somebody is
    at work on it, and where a study judges its trials."""
    run = Run.objects.select_for_update(of=("self",)).select_related("project").get(pk=run.pk)
    under_way = Trial.State.RUNNING
    if run.state == Run.State.RUNNING or run.trials.filter(state=under_way).exists():
        raise DeletionRefused(f"{run.name} is running: pause it and wait for its conversations.")
    if leases.under_way(run.scorings.all()).exists():
        raise DeletionRefused(f"{run.name} is being scored by a model: stop that first.")
    run_deleting.send(sender=Run, run=run)
    return delete_whole(run, run.project, actor, typed)


@transaction.atomic
def delete_endpoint(endpoint: Endpoint, actor: User | None, typed: str) -> Going:
    """Delete an endpoint that no run was planned with; *typed* is its name. Raises DeletionRefused.

    Scores that a model gave there stay with their trials.
    """
    runs = Run.objects.filter(cells__endpoint=endpoint).distinct().values_list("name", flat=True)
    if names := list(runs[:4]):
        more = ", ..." if len(names) > 3 else ""
        raise DeletionRefused(
            f"Runs were planned with {endpoint.name}: {', '.join(names[:3])}{more}. "
            "Delete these first, or leave it."
        )
    return delete_whole(endpoint, endpoint.project, actor, typed)
