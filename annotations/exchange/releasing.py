"""Giving places back: those whose time has run out, and those that somebody lets go."""

from django.db import transaction
from django.db.models import F

from accounts import clock
from annotations.models import Assignment, Item, Rater, Study


def release_expired(study: Study, sparing: Rater | None = None) -> int:
    """Free the places of the study whose time has run out; return how many.

    *sparing* keeps the place of somebody who is just coming back to it. A transaction of its own:
    it holds several item rows, in one order for everybody, and must wait for no rater's row.
    """
    expired = Assignment.objects.filter(
        state=Assignment.State.RESERVED, expires_at__lt=clock.now(), item__study=study
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
    assignment.closed_at = clock.now()
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
