"""A rater's word that something is wrong with an item."""

from django.db import transaction
from django.utils.translation import gettext as _

from annotations.disputes import disputes
from annotations.judging.places import TAKES_NOTHING, item_of, locked
from annotations.judging.results import Result
from annotations.judging.sent import checked_words
from annotations.models import Item, ProblemReport, Rater
from annotations.questions.question import InvalidJudgment


@transaction.atomic
def report_problem(rater: Rater, assignment_id: int, text: str) -> Result:
    """Keep a rater's word that something is wrong with an item; a reviewer is asked to look at it.

    The same words are kept once. Raises InvalidJudgment for no words or too many, UnknownAssignment
    as `submit`.
    """
    words = checked_words(text, "problem")
    if not words:
        raise InvalidJudgment(problem=_("Say in a few words what is wrong."))
    line, place = locked(rater, assignment_id)
    if line.study_state in TAKES_NOTHING:
        return Result.STUDY_CLOSED
    reports = ProblemReport.objects.filter(item_id=place.item_id, rater=rater, text=words)
    # Said of an earlier showing of the item, they are said anew: a count of one's reports that
    # stands still would give repeats away.
    new = not reports.filter(created_at__gte=place.reserved_at).exists()
    if new:
        reports.create(item_id=place.item_id, rater=rater, text=words)
    if new and place.kind == Item.Kind.REGULAR:
        disputes.problem_reported(rater.study, item_of(rater.study, place))
    return Result.REPORTED
