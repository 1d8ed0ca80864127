"""Which judgments count: the one place that decides what agreement is computed from."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import QuerySet

from analysis.parameters import Parameters
from annotations.models import Assignment, Judgment, Study

EXCLUDED_FROM_STUDY = "excluded from the study: {}"
EXCLUDED = "left out by the choices of this report"
NOT_CHOSEN = "not among the raters chosen for this report"
OTHER_KIND = "of a kind of rater that this report leaves out ({})"


class RaterRow(NamedTuple):
    """A rater as a data set knows one."""

    id: int
    pseudonym: str
    kind: str
    excluded_reason: str


def counted_judgments(study: Study) -> QuerySet[Judgment]:
    """The judgments of *study* that a report may count: the last revision of each, on regular
    items, the first time they were shown, unless the place was given on to others.

    Whose judgments count is decided by ``reason_left_out``.
    """
    current = Judgment.objects.current().filter(item__study=study, is_regular=True)
    return current.exclude(assignment__in=places_given_on(study))


def places_given_on(study: Study) -> QuerySet[Assignment]:
    return Assignment.objects.filter(item__study=study, state=Assignment.State.WITHDRAWN)


def reason_left_out(rater: RaterRow, parameters: Parameters) -> str:
    """Why the judgments of *rater* are kept but not counted; empty when they count."""
    if rater.excluded_reason:
        return EXCLUDED_FROM_STUDY.format(rater.excluded_reason)
    if rater.pseudonym in parameters.exclude_raters:
        return EXCLUDED
    if parameters.raters and rater.pseudonym not in parameters.raters:
        return NOT_CHOSEN
    if parameters.kinds and rater.kind not in parameters.kinds:
        return OTHER_KIND.format(rater.kind)
    return ""
