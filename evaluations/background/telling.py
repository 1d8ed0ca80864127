"""Work that somebody waits for at a page, done by one worker at a time who tells how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import structlog
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from evaluations.background import leases
from evaluations.background.leases import Held, LeaveOffError
from evaluations.models.work import Telling

log = structlog.get_logger(__name__)

Kind = TypeVar("Kind", bound=Telling)

Tell = Callable[[float, str], None]
"""Says how far the work is (0 to 1) and what is being done next; renews the lease."""

BEAT = 1.0
"""Seconds between two words of `beside`."""


def again(row: Telling) -> None:
    """Take up anew what has failed."""
    rows = type(row)._default_manager
    leases.take_up_again(rows.filter(pk=row.pk, state=row.State.FAILED))


def run(
    rows: QuerySet[Kind],
    pk: int,
    act: Callable[[Kind, Tell], dict[str, Any]],
    *,
    first: str,
    reasons: tuple[type[Exception], ...] = (),
    after: Callable[[Kind], None] = lambda row: None,
) -> bool:
    """Do the work *pk* of *rows* if nobody else does; whether it was ours to the end.

    *act* gets the row and a Tell, and returns the columns that are stored with the row when it is
    done; *first* is what it does first. *after* gets the row when it is done or has failed. What
    goes wrong is kept in the row, in its own words where it is of the types *reasons*, and raised.
    """

    def tell(held: leases.Held[Kind], share: float, doing: str) -> None:
        held.renew(share=share, doing=doing)

    def told(held: leases.Held[Kind]) -> dict[str, Any]:
        tell(held, 0, first)
        found = act(held.row, lambda share, doing: tell(held, share, doing))
        return {"share": 1, "doing": "", **found}

    return leases.do(rows, pk, told, reasons=reasons, after=after)


@contextmanager
def beside(held: Held[Kind]) -> Iterator[Tell]:
    """A Tell for work that is one long transaction, in which nobody else could see a word of it:
    another connection says it, and renews the lease, every `BEAT`.

    Where the database takes one writer at a time (SQLite) nothing can be told before the end; nor
    can anybody take the work up meanwhile.
    """
    if connection.in_atomic_block:  # a transaction around this one hides the row from others
        yield lambda share, doing: held.stop_if_told()
        return
    beat = _Beat(held)
    beat.start()
    try:
        yield beat.tell
    finally:
        beat.end()


class _Beat(threading.Thread):
    """Says the last word that was told, as long as it lives."""

    def __init__(self, held: Held[Any]) -> None:
        super().__init__(daemon=True)
        self._held = held
        self._word: dict[str, Any] = {}
        self._ended = threading.Event()
        self._lost: LeaveOffError | None = None

    def tell(self, share: float, doing: str) -> None:
        if self._lost:
            raise self._lost
        self._held.stop_if_told()
        self._word = {"share": share, "doing": doing}

    def end(self) -> None:
        self._ended.set()
        self.join()

    def run(self) -> None:
        try:
            while not self._ended.wait(BEAT):
                self._say()
        finally:
            connection.close()

    def _say(self) -> None:
        try:
            self._held.renew(**self._word)
        except LeaveOffError as error:
            self._lost = error
        except DatabaseError as error:  # held by another writer, or away: said at the next beat
            log.info("not told", work=self._held.row.pk, reason=str(error))
