"""Work whose row is the truth of it: waiting, running with a lease, done, or failed and why.

A task only nudges. A worker that dies renews nothing; whoever looks next, or still waits, nudges
again when the lease has run out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from analysis.data.dataset import DataSetError
from analysis.data.parameters import ParameterError
from analysis.models import Work
from evaluations.background.ending import told

State = Work.State
LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 3
"""Workers that may die over one piece of work before it is given up."""

Tell = Callable[[float, str], None]
"""Says how far the work is (0 to 1) and what is being done next; renews the lease."""


class LeaseLostError(Exception):
    """The work is not ours any more: another worker has it by now, or it was given back."""


def free() -> Q:
    """Nobody works on it: it waits, or its worker went silent."""
    silent = Q(state=State.RUNNING, lease_expires_at__lt=timezone.now())
    return Q(state=State.QUEUED) | silent


def again(work: Work) -> None:
    """Take up anew what has failed."""
    failed = type(work)._default_manager.filter(pk=work.pk, state=State.FAILED)
    failed.update(state=State.QUEUED, attempts=0, error="", nudged_at=None, finished_at=None)


def run(
    rows: QuerySet[Any],
    pk: int,
    act: Callable[[Any, Tell], dict[str, Any]],
    after: Callable[[Any], None] = lambda row: None,
) -> bool:
    """Do the work *pk* of *rows* if nobody else does; whether it was ours to do.

    *act* gets the row and a Tell, and returns the columns that are stored with the row when it is
    done; *after* gets the row when it is done or has failed. What goes wrong is kept in the row and
    raised.
    """
    owner = uuid4().hex
    if not _claim(rows.model, pk, owner):
        return False
    row = rows.get(pk=pk)
    try:
        found = act(row, lambda share, doing: _tell(row, owner, share, doing))
    except LeaseLostError:
        return False
    except (ParameterError, DataSetError) as error:
        _end(row, owner, after, state=State.FAILED, error=str(error))
        raise
    except Exception as error:
        said = f"This is a fault of the program ({type(error).__name__}: {error})."
        _end(row, owner, after, state=State.FAILED, error=said)
        raise
    _end(row, owner, after, state=State.DONE, share=1, doing="", **found)
    return True


def _claim(model: type[Work], pk: int, owner: str) -> bool:
    now = timezone.now()
    waiting = model._default_manager.filter(free(), pk=pk)
    waiting.filter(attempts__gte=MAX_ATTEMPTS).update(
        state=State.FAILED,
        error=f"Its worker died {MAX_ATTEMPTS} times; perhaps there is too little memory.",
        finished_at=now,
    )
    return bool(
        waiting.update(
            state=State.RUNNING,
            attempts=F("attempts") + 1,
            lease_owner=owner,
            lease_expires_at=now + LEASE,
            share=0,
            doing="Reading the data",
        )
    )


def _held(row: Work, owner: str) -> QuerySet[Any]:
    rows = type(row)._default_manager
    return rows.filter(pk=row.pk, lease_owner=owner, state=State.RUNNING)


def _tell(row: Work, owner: str, share: float, doing: str) -> None:
    """Store how far it is, which renews the lease; LeaseLostError when somebody else has it, or
    when this process was told to end and has given the work back."""
    if told():
        given_back = {"state": State.QUEUED, "lease_owner": "", "nudged_at": None}
        _held(row, owner).update(attempts=F("attempts") - 1, **given_back)
        raise LeaseLostError
    later = timezone.now() + LEASE
    if not _held(row, owner).update(share=share, doing=doing, lease_expires_at=later):
        raise LeaseLostError


def _end(row: Work, owner: str, after: Callable[[Any], None], **columns: Any) -> None:
    _held(row, owner).update(finished_at=timezone.now(), **columns)
    after(row)
