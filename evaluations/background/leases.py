"""One worker at a time for each piece of work, and none of it lost: claim, heartbeat, end.

The row is the truth: waiting, running with a lease, or over, and why. A task only nudges. A worker
that dies renews nothing, and whoever looks after its lease has run out may take the work up.
Kinds of work are the models made from `evaluations.models.work.Work`; trials, which are claimed
many at a time (`running.trial_leases`), go by the same clock.
"""

from __future__ import annotations

import os
import random
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import F, Q, QuerySet

from accounts import clock
from evaluations.background.ending import told
from evaluations.models.work import Work
from evaluations.text.storable import storable

NUDGE_AGAIN = timedelta(minutes=1)
"""Until work that still waits is nudged again; all workers may be busy with long work."""

Kind = TypeVar("Kind", bound=Work)


class LeaveOffError(Exception):
    """The work is to be left where it is, and why: it is another's, it was stopped, or this process
    was told to end. Raised through the act; what is still ours is given back."""


class LaterError(Exception):
    """It did not succeed, in words, and is to be tried again when *rest* is over: the attempt
    counts, and the last one makes it fail with these words."""

    def __init__(self, reason: str, rest: timedelta) -> None:
        super().__init__(reason)
        self.rest = rest


# --- who may --------------------------------------------------------------------------------------


def unleased() -> Q:
    """Rows that no lease holds and that rest no longer."""
    return Q(lease_expires_at=None) | Q(lease_expires_at__lte=clock.now())


def leased() -> Q:
    """Rows that somebody holds, or that rest."""
    return Q(lease_expires_at__gt=clock.now())


def back_off(attempts: int, longest: timedelta) -> timedelta:
    """The rest after so many attempts: twice as long each time, with full jitter, half a second at
    the least."""
    most = min(longest.total_seconds(), 2.0**attempts)
    return timedelta(seconds=random.uniform(0.5, most))


# --- rows -----------------------------------------------------------------------------------------


def is_free() -> Q:
    """Nobody works on it and its time has come: it waits, or its worker went silent."""
    return unleased() & Q(state__in=[Work.QUEUED, Work.RUNNING])


def free(rows: QuerySet[Kind]) -> QuerySet[Kind]:
    """Those of *rows* that a worker may take up."""
    return rows.filter(is_free())


def under_way(rows: QuerySet[Kind]) -> QuerySet[Kind]:
    """Those of *rows* that are not over."""
    return rows.filter(state__in=[Work.QUEUED, Work.RUNNING])


def take_up_again(rows: QuerySet[Kind], **columns: Any) -> int:
    """Have those of *rows* that are over done anew, as if never tried; how many."""
    over = rows.exclude(state__in=[Work.QUEUED, Work.RUNNING])
    anew = {"attempts": 0, "error": "", "lease_owner": "", "lease_expires_at": None}
    return over.update(state=Work.QUEUED, nudged_at=None, finished_at=None, **anew, **columns)


def call_off(rows: QuerySet[Kind], state: str) -> int:
    """End those of *rows* that are not over; whoever works on one finds that it is not theirs any
    more. Returns how many."""
    return under_way(rows).update(state=state, lease_owner="", finished_at=clock.now())


def nudge(rows: QuerySet[Kind], enqueue: Callable[[int], Any]) -> None:
    """Have workers see to those of *rows* that are free, but for those nudged a moment ago.

    *enqueue* gets the key of each once the transaction is committed. A queue that is away is logged
    and no more: whoever still waits nudges again.
    """
    moment = clock.now()
    due = free(rows).filter(Q(nudged_at=None) | Q(nudged_at__lt=moment - NUDGE_AGAIN))
    for pk in list(due.values_list("pk", flat=True)):
        if due.filter(pk=pk).update(nudged_at=moment):
            transaction.on_commit(partial(enqueue, pk), robust=True)


# --- one worker's work ----------------------------------------------------------------------------


def worker_name() -> str:
    """A name for this worker that no other has, not even its successor with the same process id."""
    return f"{socket.gethostname()[:40]}/{os.getpid()}/{secrets.token_hex(4)}"


@dataclass(eq=False)
class Held(Generic[Kind]):
    """A piece of work in the hands of *owner*, as far as the row says so.

    `ending` says whether this process was told to end.
    """

    row: Kind
    owner: str
    ending: Callable[[], bool] = told
    _renewed: float = field(default_factory=time.monotonic)

    def renew(self, **columns: Any) -> None:
        """Begin the lease anew and store *columns*; raises LeaveOffError when it is to be left."""
        self.stop_if_told()
        self._renewed = time.monotonic()
        if not self._ours().update(lease_expires_at=clock.now() + self.row.LEASE, **columns):
            raise LeaveOffError("it was stopped, or another worker has it")

    def watch(self, **columns: Any) -> None:
        """Look whether to go on, as often as you like; renews the lease in good time."""
        if time.monotonic() - self._renewed >= self.row.LEASE.total_seconds() / 4:
            self.renew(**columns)
            return
        self.stop_if_told()
        if not self._ours().exists():
            raise LeaveOffError("it was stopped, or another worker has it")

    def end(self, state: str, **columns: Any) -> bool:
        """Write down how it ended; whether it was ours to the end."""
        return bool(
            self._ours().update(state=state, lease_owner="", finished_at=clock.now(), **columns)
        )

    def give_back(self) -> None:
        """Leave it to the next worker as if it had not been taken up."""
        self._wait(attempts=F("attempts") - 1)

    def put_off(self, reason: str, rest: timedelta) -> None:
        """Leave it to whoever comes when *rest* is over; the last attempt makes it fail."""
        if self.row.attempts >= self.row.ATTEMPTS:
            self.end(Work.FAILED, error=storable(reason))
        else:
            self._wait(error=storable(reason), lease_expires_at=clock.now() + rest)

    def _wait(self, **columns: Any) -> None:
        waiting = {"lease_owner": "", "lease_expires_at": None, "nudged_at": None}
        self._ours().update(state=Work.QUEUED, **(waiting | columns))

    def stop_if_told(self) -> None:
        """Raise LeaveOffError where this process was told to end; asks no database."""
        if self.ending():
            raise LeaveOffError("the worker was told to end")

    def _ours(self) -> QuerySet[Kind]:
        rows = type(self.row)._default_manager
        return rows.filter(pk=self.row.pk, lease_owner=self.owner, state=Work.RUNNING)


def claim(rows: QuerySet[Kind], pk: int, ending: Callable[[], bool] = told) -> Held[Kind] | None:
    """Take up the work *pk* of *rows*; None when it is over, in other hands, or to be given up."""
    kind, owner = rows.model, worker_name()
    waiting = free(kind._default_manager.filter(pk=pk))
    waiting.filter(attempts__gte=kind.ATTEMPTS).update(
        state=Work.FAILED,
        error=kind.GIVEN_UP.format(attempts=kind.ATTEMPTS),
        finished_at=clock.now(),
    )
    claimed = waiting.update(
        state=Work.RUNNING,
        attempts=F("attempts") + 1,
        lease_owner=owner,
        lease_expires_at=clock.now() + kind.LEASE,
        error="",
    )
    return Held(rows.get(pk=pk), owner, ending) if claimed else None


def do(
    rows: QuerySet[Kind],
    pk: int,
    act: Callable[[Held[Kind]], dict[str, Any]],
    *,
    reasons: tuple[type[Exception], ...] = (),
    after: Callable[[Kind], None] = lambda row: None,
    ending: Callable[[], bool] = told,
) -> bool:
    """Do the work *pk* of *rows* if nobody else does; whether it was ours to the end.

    *act* gets what it holds and returns the columns to store when it is done; it calls `renew` or
    `watch` as it goes. Its errors of the types *reasons* have words for the reader, any other is a
    fault of the program: both are kept in the row and raised. *after* gets the row when it is over.
    """
    held = claim(rows, pk, ending)
    if held is None:
        return False
    try:
        found = act(held)
    except LeaveOffError:
        held.give_back()
        return False
    except LaterError as error:
        held.put_off(str(error), error.rest)
        return False
    except Exception as error:
        fault = f"This is a fault of the program ({type(error).__name__}: {error})."
        words = str(error) if isinstance(error, reasons) else fault
        held.end(Work.FAILED, error=storable(words))
        after(held.row)
        raise
    with transaction.atomic():  # what follows from its end is there with it
        is_ours = held.end(held.row.DONE, **found)
        after(held.row)
    return is_ours
