"""One endpoint of a run that no question to it would help: stopped, dropped, or mended.

What stops it is a failure that all its trials would share: a wrong key, an unknown model, nothing
left to pay with. The other endpoints of the run go on; once only trials of stopped ones are left,
the run pauses, with what their servers said.
"""

from typing import Any

from django.db import transaction

from accounts import audit, clock
from accounts.models import User
from evaluations.background.happened import Event, emit
from evaluations.models import Cell, Endpoint, Run, Trial
from evaluations.respondents.endpoints import parameters_used

OPEN = (Trial.State.PLANNED, Trial.State.RUNNING)


def stop(run: Run, endpoint_id: int, reason: str) -> None:
    """Have no worker ask *endpoint_id* for *run* any more, in the caller's transaction."""
    cells = run.cells.filter(endpoint_id=endpoint_id, stopped="")
    if cells.update(stopped=reason):
        endpoint = Endpoint.objects.get(pk=endpoint_id)
        change = audit.Change({"stopped": ""}, {"stopped": reason})
        audit.record(run.project, None, "stop endpoint", run, change, endpoint=endpoint.name)


def stopped(run: Run) -> list[tuple[Endpoint, str, int]]:
    """The endpoints of a run that are stopped and have trials left: why, and how many trials."""
    cells = run.cells.exclude(stopped="").select_related("endpoint").order_by("endpoint__name")
    found: dict[int, tuple[Endpoint, str, int]] = {}
    for cell in cells:
        _, _, before = found.get(cell.endpoint_id, (cell.endpoint, "", 0))
        left = cell.trials.filter(state__in=OPEN).count()
        found[cell.endpoint_id] = (cell.endpoint, cell.stopped, before + left)
    return [one for one in found.values() if one[2]]


def named(run: Run, key: int) -> Endpoint:
    """An endpoint of a run. Raises ValueError where it has none of this key."""
    found = Endpoint.objects.filter(cells__run=run, pk=key).distinct().first()
    if found is None:
        raise ValueError(f"{run.name} has no such endpoint.")
    return found


def called(run: Run, name: str) -> Endpoint:
    """The endpoint of a run with this name. Raises ValueError where it has none."""
    found = Endpoint.objects.filter(cells__run=run).distinct()
    if endpoint := found.filter(name=name).first():
        return endpoint
    names = ", ".join(found.values_list("name", flat=True))
    raise ValueError(f"{run.name} has no endpoint {name!r}; it has {names}.")


@transaction.atomic
def drop(run: Run, endpoint: Endpoint, actor: User | None = None) -> int:
    """Cancel what is left to do at an endpoint; what it answered stays. Returns how many trials.

    The run is complete when nothing else is left. Raises ValueError for a run that was imported or
    has ended.
    """
    run = _locked(run)
    cancelled = Trial.objects.filter(
        cell__run=run, cell__endpoint=endpoint, state__in=(*OPEN, Trial.State.FAILED)
    ).update(
        state=Trial.State.CANCELLED,
        lease_owner="",
        lease_expires_at=None,
        finished_at=clock.now(),
    )
    run.cells.filter(endpoint=endpoint).update(stopped="")
    before = run.state
    ends = before in (Run.State.PAUSED, Run.State.RUNNING)
    if ends and not run.trials.filter(state__in=OPEN).exists():
        run.state = Run.State.COMPLETE
        run.save(update_fields=["state"])
        finished = {"id": run.pk, "name": run.name, "state": run.state}
        emit(run.project, Event.RUN_FINISHED, run=finished)
    facts = {"endpoint": endpoint.name, "cancelled": cancelled}
    change = audit.Change({"state": before}, {"state": run.state})
    audit.record(run.project, actor, "drop endpoint", run, change, **facts)
    return cancelled


@transaction.atomic
def mend(run: Run, endpoint: Endpoint, mended: Endpoint, actor: User | None = None) -> int:
    """Have *mended*, another version of *endpoint*, do what is left; returns how many trials.

    Trials that are complete stay with the endpoint that answered them. One whose conversation had
    begun says in its parameters who was asked first. Raises ValueError for a run that was imported
    or has ended, and where some worker holds a trial of the endpoint.
    """
    run = _locked(run)
    mine = Trial.objects.filter(cell__run=run, cell__endpoint=endpoint)
    if mine.filter(state=Trial.State.RUNNING).exists():
        raise ValueError(f"A worker still asks {endpoint.name}: pause the run first.")
    left = mine.filter(state__in=(Trial.State.PLANNED, Trial.State.FAILED))
    moved = 0
    for cell in run.cells.filter(endpoint=endpoint).select_related("prompt_pack", "frame"):
        trials = list(left.filter(cell=cell))
        if trials:
            moved += _move(trials, _cell_at(mended, cell), endpoint)
    run.cells.filter(endpoint=endpoint).update(stopped="")
    facts = {"endpoint": endpoint.name, "mended": mended.name, "trials": moved}
    audit.record(run.project, actor, "mend endpoint", run, **facts)
    return moved


@transaction.atomic
def retry(run: Run, endpoint: Endpoint, actor: User | None = None) -> None:
    """Have a stopped endpoint asked again, as when its account was filled up."""
    run = _locked(run)
    reasons = set(run.cells.filter(endpoint=endpoint).values_list("stopped", flat=True))
    run.cells.filter(endpoint=endpoint).update(stopped="")
    change = audit.Change({"stopped": max(reasons, default="")}, {"stopped": ""})
    audit.record(run.project, actor, "retry endpoint", run, change, endpoint=endpoint.name)


def _locked(run: Run) -> Run:
    """The run, kept as it is until the caller's transaction ends."""
    found = Run.objects.select_for_update(no_key=True, of=("self",)).select_related("project")
    run = found.get(pk=run.pk)
    if run.source == Run.Source.IMPORT or run.state == Run.State.CANCELLED:
        raise ValueError(f"{run.name} is {run.get_source_display()}, {run.state}: nothing to run")
    return run


def _cell_at(mended: Endpoint, cell: Cell) -> Cell:
    """The cell of the same condition at another endpoint."""
    same = {"run": cell.run, "endpoint": mended, "condition_key": cell.condition_key}
    if found := Cell.objects.filter(**same).first():
        return found
    asked_in: dict[str, Any] = {"prompt_pack": cell.prompt_pack, "frame": cell.frame}
    made = Cell.holding(cell.asked, run=cell.run, endpoint=mended, **asked_in)
    made.save()
    return made


def _move(trials: list[Trial], cell: Cell, before: Endpoint) -> int:
    for trial in trials:
        trial.cell = cell
        trial.state, trial.attempts = Trial.State.PLANNED, 0
        trial.lease_expires_at = trial.finished_at = None
        trial.is_simulated = trial.is_simulated or cell.endpoint.is_simulated
        if trial.parameters:  # written with the first question
            trial.parameters = {
                **parameters_used(cell.endpoint, trial.seed),
                "begun_at": before.name,
            }
    names = [
        *("cell", "state", "attempts", "lease_expires_at", "finished_at"),
        *("is_simulated", "parameters"),
    ]
    return Trial.objects.bulk_update(trials, names, batch_size=500)
