"""Leaving an item out, with a reason."""

from collections.abc import Mapping

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from annotations.exchange import locking, storing
from annotations.exchange.assignment import bring_up_to_date, current_or_next
from annotations.exchange.in_turn import atomic_in_turn
from annotations.exchange.releasing import free_place
from annotations.judging.places import COUNTED_AS_HANDED, TAKES_NOTHING, locked
from annotations.judging.results import Result
from annotations.judging.sent import Submitted, checked_words
from annotations.models import Assignment, Rater
from annotations.questions.question import InvalidJudgment

SKIP_REASONS: Mapping[str, Promise] = {
    "not_understood": gettext_lazy("I do not understand it"),
    "language": gettext_lazy("I do not read this language well enough"),
    "distressing": gettext_lazy("It is distressing"),
    "technical": gettext_lazy("It is not shown properly"),
    "other": gettext_lazy("Another reason"),
}
"""Why an item is skipped: code and words."""


def skip(rater: Rater, assignment_id: int, reason: str, comment: str = "") -> Submitted:
    """Leave an item out, with a reason (a code of `SKIP_REASONS`): its place is free again.

    Raises InvalidJudgment for an unknown reason or a comment too long, UnknownAssignment as
    `submit`.
    """
    if reason not in SKIP_REASONS:
        raise InvalidJudgment(skip_reason=_("Choose why you skip it."))
    comment = checked_words(comment, "skip_comment")
    with atomic_in_turn():
        line, place = locked(rater, assignment_id)
        result = _skip(rater, line, place, reason, comment)
        bring_up_to_date(rater, line)
    # Another transaction: this one may have locked the row of the item that was given back.
    return Submitted(rater, result, current_or_next(rater), None, line.guideline_id)


def _skip(
    rater: Rater, line: locking.Line, place: locking.Place, reason: str, comment: str
) -> Result:
    if line.study_state in TAKES_NOTHING:
        return Result.STUDY_CLOSED
    if place.state in (Assignment.State.JUDGED, Assignment.State.WITHDRAWN):
        return Result.JUDGED_BEFORE
    if place.state == Assignment.State.SKIPPED:
        return Result.SKIPPED
    assignment = Assignment.objects.get(pk=place.assignment_id)
    assignment.state, assignment.closed_at = Assignment.State.SKIPPED, clock.now()
    assignment.skip_reason, assignment.skip_comment = reason, comment
    assignment.save(update_fields=["state", "closed_at", "skip_reason", "skip_comment"])
    if place.kind in COUNTED_AS_HANDED:
        line.handed += 1
        regular = int(place.is_regular)
        rater.skipped += 1
        line.skipped_regular += regular
        Rater.objects.filter(pk=rater.pk).update(
            skipped=F("skipped") + 1, skipped_regular=F("skipped_regular") + regular
        )
    storing.update_rater(rater.pk, line)
    if place.state == Assignment.State.RESERVED:
        free_place(assignment)
    return Result.SKIPPED
