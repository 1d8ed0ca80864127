"""Whose judgments a report counts.

Of which judgments it is made at all `Judgment.objects.in_place` says; of the others, those whose
place was given on are counted among what is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from analysis.data.parameters import Parameters
from analysis.words.wording import count, listed

EXCLUDED_FROM_STUDY = "excluded from the study: {}"
EXCLUDED = "left out by the choices of this report"
NOT_CHOSEN = "not among the raters chosen for this report"
GIVEN_ON = "their place was given on to somebody else"
REPEAT = "a planned repeat"
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


def left_out(excluded: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(rater, reason) of all that a report says of judgments it leaves out; *excluded* as it
    says it."""
    whole = list(zip(excluded["raters"], excluded["reasons"], strict=True))
    lost = excluded.get("given_on", {"raters": [], "judgments": []})
    parts = zip(lost["raters"], lost["judgments"], strict=True)
    return whole + [(name, f"{n} left out: {GIVEN_ON}") for name, n in parts]


def how_many_are_left_out(excluded: Mapping[str, Any]) -> str:
    """How many judgments are no part of the numbers, and for what reasons; '' for none."""
    if not excluded["judgments"]:
        return ""
    lost = sum(excluded.get("given_on", {}).get("judgments", []))
    why = ["with excluded raters or items"] if excluded["judgments"] > lost else []
    if lost:
        why.append(f"because their places were given on ({count(lost, 'judgment')})")
    return f"{count(excluded['judgments'], 'judgment')} left out {listed(why)}."
