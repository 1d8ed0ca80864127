"""Who judges what next: one place on one item, reserved without a race.

Three facts hold at every moment because the database holds them (annotations.models): no item has
more reserved and judged places than it has places, nobody has two places on an item, and nobody
has two reservations. The code below keeps to them without ever telling a rater 'error':

* A rater's own row is locked first, so two tabs of one person wait for each other.
* The place is taken by one guarded UPDATE (``taken < places``). It fails only when others filled
  the item in between; then the next candidate is tried. Each failure means that somebody else got
  a place, so the loop ends.
* A reservation takes its one item row last and then waits for nothing, so none can wait for
  another in a circle. (SQLite transactions begin IMMEDIATE and simply wait their turn.)

The emptiest items go first. Among equally empty ones a rater takes the first after a pivot that
is drawn anew for each reservation from the study's seed, the rater and their count: an order of
one's own, reproducible, and raters who ask together do not meet on one row. Every probe is one
step into the index of open items, however many judgments there are.

Items with a known answer and planned repeats are mixed in and take no place.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts import clock
from annotations.exchange import locking, reserving
from annotations.exchange.in_turn import atomic_in_turn
from annotations.exchange.mixed_in import control_is_due, draw, next_control, repeat_due
from annotations.exchange.releasing import release_expired
from annotations.models import Assignment, Item, Rater, Study

RESERVED_FOR = timedelta(minutes=30)
"""How long a place is kept for a rater who has not answered."""

GIVES_ITEMS = (Study.State.PILOT, Study.State.OPEN)
"""States in which a study hands out items."""


def current_or_next(rater: Rater) -> Assignment | None:
    """Return the place *rater* holds, its time renewed, or reserve one; None where none is left."""
    held, may_have_more = _current_or_next(rater)
    if held is None and may_have_more and release_expired(rater.study, sparing=rater):
        held, _ = _current_or_next(rater)
    return held


def _current_or_next(rater: Rater) -> tuple[Assignment | None, bool]:
    """The place, and whether the rater may have one at all."""
    with atomic_in_turn():
        line = locking.lock_rater(rater.pk)
        bring_up_to_date(rater, line)
        if not takes_items(line):
            return None, False
        return renew(rater) or reserve(rater, line), True


def bring_up_to_date(rater: Rater, line: locking.Line) -> None:
    """Let *rater* and their study show what the locked row says."""
    rater.stage, rater.judged, rater.handed = line.stage, line.judged, line.handed
    rater.missed_attention, rater.paused_by_staff = line.missed_attention, line.paused
    rater.skipped_regular = line.skipped_regular
    rater.excluded_at, rater.study.state = line.excluded_at, line.study_state


def takes_items(line: locking.Line) -> bool:
    """Whether the rater is given items now."""
    judging = line.stage == Rater.Stage.JUDGING and line.study_state in GIVES_ITEMS
    return judging and not line.paused and not line.excluded_at


def lock_rater(rater: Rater) -> Rater:
    """*rater* fresh, with study and project, and locked until the transaction ends: their own acts
    wait in line."""
    return (
        Rater.objects.select_for_update(of=("self",), no_key=True)
        .select_related("study__project")
        .get(pk=rater.pk)
    )


def renew(rater: Rater) -> Assignment | None:
    """Return the place a locked *rater* holds, with its whole time before it again, if any."""
    held = (
        Assignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("item")
        .filter(rater=rater, state=Assignment.State.RESERVED)
        .first()
    )
    if held is not None:
        held.expires_at = clock.now() + RESERVED_FOR
        held.save(update_fields=["expires_at"])
    return held


def reserve(rater: Rater, line: locking.Line) -> Assignment | None:
    """Reserve the next item for a locked *rater* who holds none; None when no item is left.

    Call inside the transaction that locked the rater, as its last writing act.
    """
    study = rater.study
    if control_is_due(rater, line.handed) and (control := next_control(rater, line)):
        return give(rater, control)
    if study.repeat_share and (repeated := repeat_due(rater, line, at_end=False)):
        return give(rater, repeated, round_=1)
    if (study.cap is None or line.regular < study.cap) and (found := _regular(rater, line)):
        return found
    if study.repeat_share and (repeated := repeat_due(rater, line, at_end=True)):
        return give(rater, repeated, round_=1)
    return None


def give(rater: Rater, item_id: int, round_: int = 0) -> Assignment:
    """Reserve an item that takes no place (with a known answer, or a repeat) for a locked rater."""
    times = _times()
    key = reserving.insert_assignment(item_id, rater.pk, is_regular=False, round_=round_, **times)
    row = reserving.item_row(item_id)
    return _assignment(rater, key, row, times, is_regular=False, round_=round_)


def _times() -> dict[str, datetime]:
    now = clock.now()
    return {"now": now, "until": now + RESERVED_FOR}


def _assignment(
    rater: Rater,
    key: int,
    row: Sequence[Any],
    times: dict[str, datetime],
    *,
    is_regular: bool = True,
    round_: int = 0,
) -> Assignment:
    names = locking.ITEM_COLUMNS.split(", ")
    return Assignment(
        id=key,
        rater=rater,
        item=Item(study_id=rater.study_id, **dict(zip(names, row, strict=True))),
        state=Assignment.State.RESERVED,
        is_regular=is_regular,
        round=round_,
        reserved_at=times["now"],
        expires_at=times["until"],
    )


def _regular(rater: Rater, line: locking.Line) -> Assignment | None:
    """Take a place on the next item; None where no item has one for the rater."""
    where = (rater.study_id, rater.pk, draw(rater, line.judged), rater.study.overlap)
    times = _times()
    if found := reserving.reserve_candidate(*where, now=times["now"], until=times["until"]):
        return _assignment(rater, *found, times)
    while (item_id := reserving.candidate(*where)) is not None:
        # PostgreSQL keeps a row locked that it waited for in vain; giving the savepoint up lets go
        # of it, so that nobody ever holds one item and waits for another.
        with transaction.atomic():
            taken = reserving.take_place(item_id)
            transaction.set_rollback(not taken)
        if taken:
            key = reserving.insert_assignment(item_id, rater.pk, is_regular=True, round_=0, **times)
            return _assignment(rater, key, reserving.item_row(item_id), times)
    return None


def take_place(item_id: int) -> bool:
    """Count one more place of an item as taken; False when it has none left."""
    return reserving.take_place(item_id)
