"""Which judgments count: the one place that decides what agreement is computed from."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import QuerySet

from analysis.parameters import Parameters
from annotations.models import Judgment, Study

EXCLUDED = "left out by the choices of this report"
NOT_CHOSEN = "not among the raters chosen for this report"
OTHER_KIND = "of a kind of rater that this report leaves out ({})"


class RaterRow(NamedTuple):
    """A rater as a data set knows one."""

    id: int
    pseudonym: str
    kind: str


def counted_judgments(study: Study) -> QuerySet[Judgment]:
    """The judgments of *study* that a report may count: the last revision of each.

    Whose judgments count is decided by ``reason_left_out``.
    """
    return Judgment.objects.current().filter(item__study=study)


def reason_left_out(rater: RaterRow, parameters: Parameters) -> str:
    """Why the judgments of *rater* are kept but not counted; empty when they count."""
    if rater.pseudonym in parameters.exclude_raters:
        return EXCLUDED
    if parameters.raters and rater.pseudonym not in parameters.raters:
        return NOT_CHOSEN
    if parameters.kinds and rater.kind not in parameters.kinds:
        return OTHER_KIND.format(rater.kind)
    return ""
