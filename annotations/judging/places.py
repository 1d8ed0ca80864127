"""The place on an item that a rater answers from: found, locked, and the item as it is there."""

from annotations.exchange import locking
from annotations.models import Item, Rater, Study

COUNTED_AS_HANDED = (Item.Kind.REGULAR, Item.Kind.GOLD, Item.Kind.ATTENTION)
"""Kinds whose items count in ``Rater.handed``: not those on the way to judging."""

TAKES_NOTHING = (Study.State.DRAFT, Study.State.CLOSED)
"""States of a study in which nothing that raters send is kept; in a pause what was begun is."""


class UnknownAssignment(Exception):
    """There is no such assignment, or it is somebody else's."""


def locked(rater: Rater, assignment_id: int) -> tuple[locking.Line, locking.Place]:
    """The rater's line and the place, locked, and the judgments of its item with it."""
    found = locking.lock_place(rater.pk, assignment_id)
    if found is None:
        raise UnknownAssignment(f"There is no assignment {assignment_id} of yours.")
    return found


def item_of(study: Study, place: locking.Place) -> Item:
    """The item of a place, without another look into the database."""
    return Item(
        id=place.item_id,
        study=study,
        kind=place.kind,
        position=place.position,
        trial_id=place.trial_id,
        answer_number=place.answer_number,
        external_id=place.external_id,
        text=place.text,
        expected=place.expected,
        feedback=place.feedback,
        places=place.places,
    )
