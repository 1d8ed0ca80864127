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
"""

import hashlib
import secrets
from datetime import timedelta
from functools import lru_cache

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from annotations.models import Assignment, Item, Rater, Study

RESERVED_FOR = timedelta(minutes=30)
"""How long a place is kept for a rater who has not answered."""

GIVES_ITEMS = (Study.State.PILOT, Study.State.OPEN)
"""States in which a study hands out items."""

PSEUDONYM_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def current_or_next(rater: Rater) -> Assignment | None:
    """Return the place *rater* holds, its time renewed, or reserve one; None where none is left."""
    release_expired(rater.study, sparing=rater)
    with transaction.atomic():
        locked = lock_rater(rater)
        if locked.study.state not in GIVES_ITEMS:
            return None
        return renew(locked) or reserve(locked)


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


def lock_rater(rater: Rater) -> Rater:
    """Return *rater* fresh, and locked until the transaction ends: their acts wait in line."""
    return (
        Rater.objects.select_for_update(of=("self",), no_key=True)
        .select_related("study")
        .get(pk=rater.pk)
    )


def reserve(rater: Rater) -> Assignment | None:
    """Reserve the next item for a locked *rater* who holds none; None when no item is left.

    Call inside the transaction that locked the rater, as its last writing act.
    """
    while (item_id := _candidate(rater)) is not None:
        # PostgreSQL keeps a row locked that it waited for in vain; giving the savepoint up lets go
        # of it, so that nobody ever holds one item and waits for another.
        with transaction.atomic():
            taken = take_place(item_id)
            transaction.set_rollback(not taken)
        if taken:
            return _assign(rater, item_id)
    return None


def take_place(item_id: int) -> bool:
    """Count one more place of an item as taken; False when it has none left."""
    open_item = Item.objects.filter(pk=item_id, taken__lt=F("places"))
    return open_item.update(taken=F("taken") + 1) == 1


def _assign(rater: Rater, item_id: int) -> Assignment:
    """The reservation row; a place this rater let go before is the same row again."""
    now = timezone.now()
    assignment = Assignment(
        item_id=item_id,
        rater=rater,
        state=Assignment.State.RESERVED,
        reserved_at=now,
        expires_at=now + RESERVED_FOR,
    )
    Assignment.objects.bulk_create(
        [assignment],
        update_conflicts=True,
        unique_fields=["item", "rater", "round"],
        update_fields=["state", "reserved_at", "expires_at", "closed_at"],
    )
    return assignment


def _candidate(rater: Rater) -> int | None:
    """The item *rater* should judge next, in one query: the emptiest level that has one for them.

    The usual cost is one step into the index `annotations_item_open`, whatever the size of the
    study.
    """
    study = rater.study
    parameters = {"study": study.pk, "rater": rater.pk, "draw": _draw(rater)}
    with connection.cursor() as cursor:
        cursor.execute(_candidate_sql(study.overlap), parameters)
        found = cursor.fetchone()
    return found[0] if found else None


def _draw(rater: Rater) -> int:
    """A number from the study's seed, the rater and their count: where to look next."""
    key = f"{rater.study.seed}:{rater.pk}:{rater.judged}"
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:7])


@lru_cache
def _candidate_sql(levels: int) -> str:
    """For each level (places taken), lowest first: from the pivot on, else from the start up to it.

    The pivot is the draw folded into the positions of the study. Plain SQL, because building these
    subqueries anew from models takes far longer than running them. The LIMITs of the inner queries
    keep PostgreSQL from rewriting them: levels are looked into one by one, and whether an item is
    the rater's own is one step into an index, never a join with all that they judged.
    """
    probe = """(
        SELECT item.id FROM annotations_item AS item
        WHERE item.study_id = %(study)s AND item.taken < item.places AND item.taken = level.taken
        AND item.position {side} (
            SELECT %(draw)s %% (max(position) + 1) FROM annotations_item
            WHERE study_id = %(study)s
        )
        AND NOT EXISTS (
            SELECT 1 FROM annotations_assignment AS own WHERE own.item_id = item.id
            AND own.rater_id = %(rater)s AND own.state <> 'released' LIMIT 1 OFFSET 0
        )
        ORDER BY item.position LIMIT 1
    )"""
    each_level = " UNION ALL ".join(f"SELECT {taken} AS taken" for taken in range(levels))
    return f"""
        SELECT item_id FROM (
            SELECT COALESCE({probe.format(side=">=")}, {probe.format(side="<")}) AS item_id
            FROM ({each_level}) AS level ORDER BY level.taken LIMIT {levels}
        ) AS found WHERE item_id IS NOT NULL LIMIT 1"""  # noqa: S608 - made of numbers and signs


def open_for(rater: Rater) -> QuerySet[Item]:
    """Items with a free place that *rater* neither judged nor holds."""
    mine = Assignment.objects.filter(item=OuterRef("pk"), rater=rater).exclude(
        state=Assignment.State.RELEASED
    )
    return Item.objects.filter(~Exists(mine), study_id=rater.study_id, taken__lt=F("places"))


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
    if assignment.is_regular:
        Item.objects.filter(pk=assignment.item_id).update(taken=F("taken") - 1)


def rater_for(study: Study, user: User) -> Rater:
    """The part *user* takes in the study; the first call makes it, under a new pseudonym."""
    rater, _ = Rater.objects.get_or_create(
        study=study, user=user, defaults={"pseudonym": _new_pseudonym()}
    )
    rater.study = study
    return rater


def part_in(study: Study, user: User) -> Rater | None:
    """The part *user* takes in the study. Looking at one that hands out no items begins none."""
    if study.state in GIVES_ITEMS:
        return rater_for(study, user)
    return Rater.objects.select_related("study").filter(study=study, user=user).first()


def _new_pseudonym() -> str:
    """Random, so that a pseudonym tells neither who came first nor who else takes part."""
    return "rater-" + "".join(secrets.choice(PSEUDONYM_LETTERS) for _ in range(6))


def release_held(rater: Rater) -> None:
    """Give back whatever a locked *rater* holds."""
    held = Assignment.objects.select_for_update(of=("self",)).filter(
        rater=rater, state=Assignment.State.RESERVED
    )
    for assignment in held:
        release(assignment)
