"""Whose judgments a report counts.

Of which judgments it is made at all `Judgment.objects.in_place` says.
"""

from __future__ import annotations

from typing import NamedTuple

from analysis.parameters import Parameters

EXCLUDED_FROM_STUDY = "excluded from the study: {}"
EXCLUDED = "left out by the choices of this report"
NOT_CHOSEN = "not among the raters chosen for this report"
OTHER_KIND = "of a kind of rater that this report leaves out ({})"


class RaterRow(NamedTuple):
    """A rater as a data set knows one; the reason is empty of those who are not excluded."""

    id: int
    pseudonym: str
    kind: str
    excluded_reason: str


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
