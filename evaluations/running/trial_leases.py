"""Who works on which trial: claims with a lease, so that no trial runs twice and none is lost.

The trial row is the truth. A claim, a renewal and a release are each one short transaction; what
a worker stores is accepted only while its lease holds (`hold`). A worker that dies renews
nothing, its leases run out, and `sweep` gives its trials to whoever asks next.

Trials are not `Work` (`evaluations.background.leases`), though they go by its clock and back-off: a
worker claims as many as its endpoints have places, passing by what others are claiming; it holds
them in the transaction that stores a turn; and what may become of one is the run's to say.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts import clock
from evaluations.background import leases
from evaluations.models import Run, Trial

LEASE = timedelta(seconds=60)
LONGEST_REST = timedelta(minutes=1)
BATCH = "batch file "
"""How owners are called that are files of questions, and no workers."""

MAX_ATTEMPTS = 6
"""Claims of one trial without a stored answer before it is given up, whatever ended them."""


class LeaseLostError(Exception):
    """Another worker may have the trial by now: what was about to be stored must not be."""


def claim(
    run_id: int, endpoint_id: int, owner: str, number: int, besides: Collection[int] = ()
) -> list[int]:
    """Take up to *number* waiting trials of one endpoint for *owner*; return their ids.

    *besides*: trials whose conversation the owner has under way. If their lease ran out they are
    for others: the owner would hold two conversations with one trial and could not tell them apart.
    """
    now = clock.now()
    with transaction.atomic():
        waiting = (
            Trial.objects.filter(
                leases.unleased(),
                run_id=run_id,
                cell__endpoint_id=endpoint_id,
                cell__stopped="",
                run__state=Run.State.RUNNING,
                state=Trial.State.PLANNED,
            )
            .exclude(pk__in=besides)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True, of=("self",))
        claimed = list(waiting[:number])
        Trial.objects.filter(pk__in=claimed).update(
            state=Trial.State.RUNNING,
            lease_owner=owner,
            lease_expires_at=now + LEASE,
            attempts=F("attempts") + 1,
            started_at=Coalesce(F("started_at"), now),
        )
    return claimed


def hold(trial_ids: Collection[int], owner: str) -> set[int]:
    """Of these trials those that *owner* still holds, locked until the caller's transaction ends.

    Whoever wants them meanwhile waits or passes them by: what is stored for them is ours to store.
    """
    held = Trial.objects.filter(pk__in=trial_ids, lease_owner=owner, state=Trial.State.RUNNING)
    return set(held.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def renew(trial_ids: Collection[int], owner: str) -> int:
    """Renew the leases *owner* still holds on these trials; return how many."""
    return Trial.objects.filter(
        pk__in=trial_ids, lease_owner=owner, state=Trial.State.RUNNING
    ).update(lease_expires_at=clock.now() + LEASE)


def release(
    trial_id: int, owner: str, reason: str = "", *, charged: bool = True, rest: float = 0
) -> None:
    """Give a trial back unfinished; *charged* says whether the attempt counts.

    With a reason the trial waits before its next attempt, longer each time and at least *rest*
    seconds, and fails when it had all its attempts.
    """
    with transaction.atomic():
        trial = (
            Trial.objects.select_for_update()
            .filter(pk=trial_id, lease_owner=owner, state=Trial.State.RUNNING)
            .first()
        )
        if trial is None:
            return
        if not charged:
            trial.attempts = max(0, trial.attempts - 1)
        trial.last_error = reason or trial.last_error
        _give_back(trial, due=_next_attempt(trial.attempts, rest) if reason and charged else None)


def fail(trial_id: int, owner: str, reason: str) -> None:
    """End a trial without a result, for a reason no further attempt would mend."""
    Trial.objects.filter(pk=trial_id, lease_owner=owner, state=Trial.State.RUNNING).update(
        state=Trial.State.FAILED,
        last_error=reason,
        lease_owner="",
        lease_expires_at=None,
        finished_at=clock.now(),
    )


def sweep(run_id: int | None = None) -> int:
    """Free the trials whose worker went silent (of one run, or of all); return how many."""
    expired = Trial.objects.filter(leases.unleased(), state=Trial.State.RUNNING).order_by("pk")
    if run_id is not None:
        expired = expired.filter(run_id=run_id)
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            expired = expired.select_for_update(skip_locked=True)
        trials = list(expired)
        for trial in trials:
            trial.last_error = _silent(trial.lease_owner)
            _give_back(trial, due=None)
    return len(trials)


def _silent(owner: str) -> str:
    if owner.startswith(BATCH):
        return f"the {owner} brought no answer in time"
    return f"the worker {owner} went silent"


def runs_at_work() -> QuerySet:
    """The ids of the runs some worker holds trials of, as a subquery."""
    held = Trial.objects.filter(leases.leased(), state=Trial.State.RUNNING)
    return held.values("run_id")


def seconds_until_due(run_id: int) -> float | None:
    """Seconds until a trial of the run can be claimed or swept; None when nothing is left to do, or
    only at endpoints that were stopped."""
    open_trials = Trial.objects.filter(
        Q(state=Trial.State.RUNNING) | Q(state=Trial.State.PLANNED, cell__stopped=""),
        run_id=run_id,
    )
    now = clock.now()
    due = open_trials.aggregate(due=Min(Coalesce("lease_expires_at", now)))["due"]
    return None if due is None else max(0.0, (due - now).total_seconds())


def _give_back(trial: Trial, due: datetime | None) -> None:
    exhausted = trial.attempts >= MAX_ATTEMPTS
    trial.state = Trial.State.FAILED if exhausted else Trial.State.PLANNED
    if exhausted:
        trial.last_error += f" (given up after {trial.attempts} attempts)"
        trial.finished_at = clock.now()
    trial.lease_owner = ""
    trial.lease_expires_at = None if exhausted else due
    trial.save(
        update_fields=[
            "state",
            "lease_owner",
            "lease_expires_at",
            "attempts",
            "last_error",
            "finished_at",
        ]
    )


def _next_attempt(attempts: int, rest: float = 0) -> datetime:
    """Back-off of a minute at the most, after the *rest* in seconds that was asked for."""
    return clock.now() + timedelta(seconds=rest) + leases.back_off(attempts, LONGEST_REST)
