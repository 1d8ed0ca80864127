"""Items with a known answer and planned repeats: which is due, and how much is still to come.

They are mixed in among the regular items and take no place.
"""

import hashlib
from collections.abc import Sequence

from django.db.models import Exists, OuterRef

from annotations.exchange import locking, reserving
from annotations.models import Assignment, Item, Rater, Study

CONTROLS = (Item.Kind.GOLD, Item.Kind.ATTENTION)
"""Items with a known answer that are mixed in among the others."""

REPEATED_AFTER = 10
"""Items a rater judges before one of theirs comes again, where there are so many."""


def draw(rater: Rater, count: int, purpose: str = "") -> int:
    """A number from the study's seed, the rater and a count: the same whenever it is drawn."""
    key = f"{rater.study.seed}:{rater.pk}:{count}{purpose}"
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:7])


def control_is_due(rater: Rater, handed: int) -> bool:
    """One control among so many items handed out, at a place in each such row that is drawn."""
    every = rater.study.control_every
    if not every:
        return False
    row, place = divmod(handed, every)
    return place == draw(rater, row, ":control") % every


def next_control(rater: Rater, line: locking.Line) -> int | None:
    """A control the rater has not seen, drawn; each is seen once."""
    seen = Assignment.objects.filter(item=OuterRef("pk"), rater=rater)
    unseen = Item.objects.filter(
        ~Exists(seen.exclude(state=Assignment.State.RELEASED)),
        study_id=rater.study_id,
        kind__in=CONTROLS,
    )
    return _drawn(rater, line.handed, list(unseen.order_by("pk").values_list("pk", flat=True)))


def repeat_due(rater: Rater, line: locking.Line, *, at_end: bool) -> int | None:
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
    left = reserving.count_left(
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
        if controls and control_is_due(rater, handed):
            controls -= 1
        elif others:
            others -= 1
        else:
            break
        handed += 1
    return max(handed - rater.handed, int(held is not None))


def _drawn(rater: Rater, count: int, items: Sequence[int]) -> int | None:
    return items[draw(rater, count, ":which") % len(items)] if items else None
