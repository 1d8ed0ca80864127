"""Keeping a rater's judgments out of reports, with a reason, and giving their places on.

A judgment is never deleted or changed by this. It counts in reports while its rater is not
excluded and its place was not given on; `JudgmentQuerySet.counted` is that rule, and
`left_out` lists what it leaves out, and why.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef

from accounts import clock
from accounts.audit import Change, record, since, snapshot
from accounts.models import User
from annotations.disputes.disputes import refresh_items
from annotations.exchange.assignment import lock_rater, take_place
from annotations.models import Assignment, Item, Judgment, Rater, Study
from annotations.scales.reasons import checked_reason

MAX_REASON = 300


STANDING = ("excluded_at", "paused_by_staff")
"""What of a rater the trail tells before and after; the reason stands beside it."""


class ExclusionRefused(Exception):
    """An act on a rater that cannot be done; says why."""


def pause(rater: Rater, actor: User, reason: str) -> Rater:
    """Hand *rater* no more items until `resume`. Their judgments count; raises ExclusionRefused."""
    return _set_paused(rater, actor, reason, paused=True)


def resume(rater: Rater, actor: User, reason: str) -> Rater:
    """Let a paused *rater* go on; raises ExclusionRefused for one who is excluded."""
    return _set_paused(rater, actor, reason, paused=False)


@transaction.atomic
def _set_paused(rater: Rater, actor: User, reason: str, *, paused: bool) -> Rater:
    checked = _checked(reason)
    locked = lock_rater(rater)
    if locked.paused_by_staff == paused:
        raise ExclusionRefused(f"{locked} is {'paused already' if paused else 'not paused'}.")
    if locked.is_excluded and not paused:
        raise ExclusionRefused(f"{locked} is excluded: include them again first.")
    locked.paused_by_staff = paused
    locked.save(update_fields=["paused_by_staff"])
    if paused:
        _give_back(locked, judged=False)
    verb = "rater paused" if paused else "rater resumed"
    change = Change({"paused_by_staff": not paused}, {"paused_by_staff": paused})
    record(locked.study.project, actor, verb, locked, change, reason=checked)
    return locked


def exclude(
    rater: Rater,
    actor: User,
    reason: str,
    *,
    reopen_places: bool = False,
    seen: Callable[[Rater], None] | None = None,
) -> int:
    """Keep the judgments of *rater* out of reports from now on, and hand them no more items.

    *reopen_places* gives the places of their judgments to others; a study that is closed can be
    opened again for that. *seen* is shown the locked row first, and raises for one that is not as
    it was seen. Returns how many places were given on. Raises ExclusionRefused.
    """
    checked = _checked(reason)
    with transaction.atomic():
        locked = lock_rater(rater)
        if seen:
            seen(locked)
        if locked.is_excluded:
            raise ExclusionRefused(f"{locked} is excluded already.")
        before = snapshot(locked, STANDING)
        locked.excluded_at = clock.now()
        locked.excluded_reason = checked
        locked.paused_by_staff = True
        locked.save(update_fields=["excluded_at", "excluded_reason", "paused_by_staff"])
        reopened = _give_back(locked, judged=reopen_places)
        detail = {"reason": checked, "places_reopened": reopened}
        change = since(before, locked)
        record(locked.study.project, actor, "rater excluded", locked, change, **detail)
    refresh_items(locked.study, _judged_items(locked))
    return reopened


def include(
    rater: Rater, actor: User, reason: str, *, seen: Callable[[Rater], None] | None = None
) -> int:
    """Let the judgments of an excluded *rater* count again; *seen* as in `exclude`.

    A judgment whose place was given on meanwhile counts again only where the place is still free,
    because no item may have more counted judgments than places. They stay paused until `resume`.
    Returns how many judgments stay out. Raises ExclusionRefused.
    """
    checked = _checked(reason)
    with transaction.atomic():
        locked = lock_rater(rater)
        if seen:
            seen(locked)
        if not locked.is_excluded:
            raise ExclusionRefused(f"{locked} is not excluded.")
        before = snapshot(locked, STANDING)
        locked.excluded_at, locked.excluded_reason = None, ""
        locked.save(update_fields=["excluded_at", "excluded_reason"])
        stay_out = _retake_places(locked)
        detail = {"reason": checked, "judgments_left_out": stay_out}
        change = since(before, locked)
        record(locked.study.project, actor, "rater included", locked, change, **detail)
    refresh_items(locked.study, _judged_items(locked))
    return stay_out


def _give_back(rater: Rater, *, judged: bool) -> int:
    """Free the place a locked rater holds and, where *judged*, those of what they judged.

    Returns how many of the latter. Rows are locked as `assignment.release_expired` locks them:
    assignments, then items in the order of their keys; no rater's row is waited for after that.
    """
    states = [Assignment.State.RESERVED, *([Assignment.State.JUDGED] if judged else [])]
    rows = rater.assignments.select_for_update(of=("self",), no_key=True)
    held = list(rows.filter(state__in=states, is_regular=True).order_by("item_id"))
    lock_items(assignment.item_id for assignment in held)
    now, freed = clock.now(), [assignment.pk for assignment in held]
    mine = Assignment.objects.filter(pk__in=freed)
    reserved = mine.filter(state=Assignment.State.RESERVED)
    reserved.update(state=Assignment.State.RELEASED, closed_at=now)
    withdrawn = mine.filter(state=Assignment.State.JUDGED)
    reopened = withdrawn.update(state=Assignment.State.WITHDRAWN)
    items = [assignment.item_id for assignment in held]
    Item.objects.filter(pk__in=items).update(taken=F("taken") - 1)
    return reopened


def _retake_places(rater: Rater) -> int:
    """Take the places back that are still free; returns how many are not."""
    withdrawn = rater.assignments.filter(state=Assignment.State.WITHDRAWN)
    pairs = dict(withdrawn.values_list("item_id", "pk"))
    lock_items(pairs)
    taken = [pairs[item] for item in sorted(pairs) if take_place(item)]
    rater.assignments.filter(pk__in=taken).update(state=Assignment.State.JUDGED)
    return len(pairs) - len(taken)


def lock_items(item_ids: Iterable[int]) -> None:
    """Lock the rows of these items, in the one order in which everybody locks several."""
    rows = Item.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk__in=list(item_ids)).order_by("pk").values_list("pk"))


def _judged_items(rater: Rater) -> list[int]:
    regular = Judgment.objects.regular().filter(rater=rater)
    return list(regular.values_list("item_id", flat=True))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Judgments of one rater that no report counts, with the reason in words."""

    rater: Rater
    judgments: int
    reason: str


def left_out(study: Study) -> Iterator[LeftOut]:
    """The judgments on regular items that `counted` leaves out, by rater; three queries."""
    said = Judgment.objects.filter(item__study=study)
    given_on = Exists(
        Assignment.objects.filter(rater=OuterRef("pk"), state=Assignment.State.WITHDRAWN)
    )
    raters = Rater.objects.filter(study=study).order_by("pseudonym")
    in_all = dict(
        said.regular()
        .filter(rater__excluded_at__isnull=False)
        .values_list("rater")
        .annotate(n=Count("pk"))
        .order_by()
    )
    for rater in raters.filter(excluded_at__isnull=False):
        yield LeftOut(rater, in_all.get(rater.pk, 0), rater.excluded_reason)
    lost = dict(said.given_on().values_list("rater").annotate(n=Count("pk")).order_by())
    for rater in raters.filter(given_on, excluded_at__isnull=True):
        reason = "their places were given on while the rater was excluded"
        yield LeftOut(rater, lost.get(rater.pk, 0), reason)


def _checked(reason: str) -> str:
    why = "it stands in the report and on record"
    return checked_reason(reason, MAX_REASON, ExclusionRefused, why)
