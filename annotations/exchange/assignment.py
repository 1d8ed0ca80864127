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

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from annotations.exchange import statements as sql
from annotations.exchange.in_turn import atomic_in_turn
from annotations.models import Assignment, Item, Rater, Study

RESERVED_FOR = timedelta(minutes=30)
"""How long a place is kept for a rater who has not answered."""

GIVES_ITEMS = (Study.State.PILOT, Study.State.OPEN)
"""States in which a study hands out items."""

CONTROLS = (Item.Kind.GOLD, Item.Kind.ATTENTION)
"""Items with a known answer that are mixed in among the others."""

REPEATED_AFTER = 10
"""Items a rater judges before one of theirs comes again, where there are so many."""


def current_or_next(rater: Rater) -> Assignment | None:
    """Return the place *rater* holds, its time renewed, or reserve one; None where none is left."""
    held, may_have_more = _current_or_next(rater)
    if held is None and may_have_more and release_expired(rater.study, sparing=rater):
        held, _ = _current_or_next(rater)
    return held


def _current_or_next(rater: Rater) -> tuple[Assignment | None, bool]:
    """The place, and whether the rater may have one at all."""
    with atomic_in_turn():
        line = sql.lock_rater(rater.pk)
        bring_up_to_date(rater, line)
        if not takes_items(line):
            return None, False
        return renew(rater) or reserve(rater, line), True


def bring_up_to_date(rater: Rater, line: sql.Line) -> None:
    """Let *rater* and their study show what the locked row says."""
    rater.stage, rater.judged, rater.handed = line.stage, line.judged, line.handed
    rater.missed_attention, rater.paused_by_staff = line.missed_attention, line.paused
    rater.skipped_regular = line.skipped_regular
    rater.excluded_at, rater.study.state = line.excluded_at, line.study_state


def takes_items(line: sql.Line) -> bool:
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
        held.expires_at = timezone.now() + RESERVED_FOR
        held.save(update_fields=["expires_at"])
    return held


def reserve(rater: Rater, line: sql.Line) -> Assignment | None:
    """Reserve the next item for a locked *rater* who holds none; None when no item is left.

    Call inside the transaction that locked the rater, as its last writing act.
    """
    study = rater.study
    if _control_is_due(rater, line.handed) and (control := _next_control(rater, line)):
        return give(rater, control)
    if study.repeat_share and (repeated := _repeat_due(rater, line, at_end=False)):
        return give(rater, repeated, round_=1)
    if (study.cap is None or line.regular < study.cap) and (found := _regular(rater, line)):
        return found
    if study.repeat_share and (repeated := _repeat_due(rater, line, at_end=True)):
        return give(rater, repeated, round_=1)
    return None


def give(rater: Rater, item_id: int, round_: int = 0) -> Assignment:
    """Reserve an item that takes no place (with a known answer, or a repeat) for a locked rater."""
    times = _times()
    key = sql.insert_assignment(item_id, rater.pk, is_regular=False, round_=round_, **times)
    row = sql.item_row(item_id)
    return _assignment(rater, key, row, times, is_regular=False, round_=round_)


def _times() -> dict[str, datetime]:
    now = timezone.now()
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
    names = sql.ITEM_COLUMNS.split(", ")
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


# --- regular items --------------------------------------------------------------------------------


def _regular(rater: Rater, line: sql.Line) -> Assignment | None:
    """Take a place on the next item; None where no item has one for the rater."""
    where = (rater.study_id, rater.pk, draw(rater, line.judged), rater.study.overlap)
    times = _times()
    if found := sql.reserve_candidate(*where, now=times["now"], until=times["until"]):
        return _assignment(rater, *found, times)
    while (item_id := sql.candidate(*where)) is not None:
        # PostgreSQL keeps a row locked that it waited for in vain; giving the savepoint up lets go
        # of it, so that nobody ever holds one item and waits for another.
        with transaction.atomic():
            taken = sql.take_place(item_id)
            transaction.set_rollback(not taken)
        if taken:
            key = sql.insert_assignment(item_id, rater.pk, is_regular=True, round_=0, **times)
            return _assignment(rater, key, sql.item_row(item_id), times)
    return None


def take_place(item_id: int) -> bool:
    """Count one more place of an item as taken; False when it has none left."""
    return sql.take_place(item_id)


def draw(rater: Rater, count: int, purpose: str = "") -> int:
    """A number from the study's seed, the rater and a count: the same whenever it is drawn."""
    key = f"{rater.study.seed}:{rater.pk}:{count}{purpose}"
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:7])


# --- items with a known answer, and repeats -------------------------------------------------------


def _control_is_due(rater: Rater, handed: int) -> bool:
    """One control among so many items handed out, at a place in each such row that is drawn."""
    every = rater.study.control_every
    if not every:
        return False
    row, place = divmod(handed, every)
    return place == draw(rater, row, ":control") % every


def _next_control(rater: Rater, line: sql.Line) -> int | None:
    """A control the rater has not seen, drawn; each is seen once."""
    seen = Assignment.objects.filter(item=OuterRef("pk"), rater=rater)
    unseen = Item.objects.filter(
        ~Exists(seen.exclude(state=Assignment.State.RELEASED)),
        study_id=rater.study_id,
        kind__in=CONTROLS,
    )
    return _drawn(rater, line.handed, list(unseen.order_by("pk").values_list("pk", flat=True)))


def _repeat_due(rater: Rater, line: sql.Line, *, at_end: bool) -> int | None:
    """An item the rater judged before and judges again now, if one is owed and far enough back.

    At the end of their part what is still owed comes whatever the distance.
    """
    owed = _repeats_owed(rater.study, line.regular)
    if owed == 0:
        return None
    own = Assignment.objects.filter(rater=rater).exclude(state=Assignment.State.RELEASED)
    repeated = set(own.filter(round=1).values_list("item_id", flat=True))
    if owed <= len(repeated):
        return None
    judged = own.filter(is_regular=True, state=Assignment.State.JUDGED)
    items = list(judged.order_by("closed_at", "pk").values_list("item_id", flat=True))
    far = items if at_end else items[:-REPEATED_AFTER]
    return _drawn(rater, line.judged, [item for item in far if item not in repeated])


def _repeats_owed(study: Study, regular: int) -> int:
    """How many repeats belong to so many regular items judged or skipped."""
    return int(study.repeat_share * regular + 1e-9)


def still_to_come(rater: Rater, held: Assignment | None, most: int) -> int:
    """How many items *rater* can still be handed, the one they hold included, if nobody else does
    anything; counted up to *most*.

    It falls by one with each item that is answered or skipped, whatever the item is: this walks
    through what `reserve` will hand out. A count of regular items alone would stand still after
    items with a known answer and repeats, and tell which they were.
    """
    study = rater.study
    left = sql.count_left(
        rater.study_id,
        rater.pk,
        most,
        controls=bool(study.control_every),
        repeats=bool(study.repeat_share),
    )
    done = rater.judged + rater.skipped_regular
    regular = left.open_items + (held is not None and held.is_regular)
    if study.cap is not None:
        regular = min(regular, max(study.cap - done, 0))
    repeats = max(_repeats_owed(study, done + regular) - left.repeated, 0)
    others, controls, handed = regular + repeats, left.controls, rater.handed
    while handed - rater.handed < most:
        if controls and _control_is_due(rater, handed):
            controls -= 1
        elif others:
            others -= 1
        else:
            break
        handed += 1
    return max(handed - rater.handed, int(held is not None))


def _drawn(rater: Rater, count: int, items: Sequence[int]) -> int | None:
    return items[draw(rater, count, ":which") % len(items)] if items else None


# --- giving places back ---------------------------------------------------------------------------


def release_expired(study: Study, sparing: Rater | None = None) -> int:
    """Free the places of the study whose time has run out; return how many.

    *sparing* keeps the place of somebody who is just coming back to it. A transaction of its own:
    it holds several item rows, in one order for everybody, and must wait for no rater's row.
    """
    expired = Assignment.objects.filter(
        state=Assignment.State.RESERVED, expires_at__lt=timezone.now(), item__study=study
    )
    if sparing is not None:
        expired = expired.exclude(rater=sparing)
    if not expired.exists():
        return 0
    with transaction.atomic():
        rows = list(expired.select_for_update(of=("self",), skip_locked=True).order_by("item_id"))
        for assignment in rows:
            release(assignment)
    return len(rows)


def release(assignment: Assignment) -> None:
    """Give a reserved place back; the row must be locked."""
    assignment.state = Assignment.State.RELEASED
    assignment.closed_at = timezone.now()
    assignment.save(update_fields=["state", "closed_at"])
    free_place(assignment)


def release_held(rater: Rater) -> None:
    """Give back whatever a locked *rater* holds."""
    rows = rater.assignments.select_for_update(of=("self",), no_key=True)
    for assignment in rows.filter(state=Assignment.State.RESERVED):
        release(assignment)


def free_place(assignment: Assignment) -> None:
    """Count one place less as taken, where the assignment took one."""
    if assignment.is_regular:
        Item.objects.filter(pk=assignment.item_id).update(taken=F("taken") - 1)
