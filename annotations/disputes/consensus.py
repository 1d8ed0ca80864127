"""Why a reviewer should look at an item, by what its raters settled on and what the metric said.

The automated label is never part of a consensus: it is compared with it. How judgments become a
consensus is a matter of their scale (annotations.scales.scales).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from annotations.scales.scales import Consensus, Scale

RATERS_SPLIT = "raters_split"
AUTOMATED_DIFFERS = "automated_differs"
BOUNDARY_CASE = "boundary_case"
AMBIGUOUS = "ambiguous_extraction"
FLAGGED = "flagged"

REASONS: Mapping[str, str] = {
    RATERS_SPLIT: "The raters split: what they said is too far apart for a consensus.",
    AUTOMATED_DIFFERS: "The automated label differs from the consensus of the raters.",
    BOUNDARY_CASE: "A boundary case: one answer moved by one option would change the orientation.",
    AMBIGUOUS: "An answer of the trial is ambiguous to the automated extraction.",
    FLAGGED: "A rater reported a problem with this item.",
}
"""Every reason for a dispute: its code and what it says to a reviewer."""

ENOUGH_TO_DISPUTE = 3
"""Judgments after which an item can be disputed; fewer where the item has fewer places."""


def enough_to_dispute(places: int) -> int:
    """How many judgments an item of so many places needs before it can be disputed."""
    return min(ENOUGH_TO_DISPUTE, places)


def dispute_reasons(
    scale: Scale, found: Consensus, automated: "Automated", places: int, flagged: bool = False
) -> list[str]:
    """Return the codes (keys of `REASONS`) for which an item should be settled by a reviewer.

    While there are too few judgments (see `enough_to_dispute`) only a rater's report of a problem
    is a reason.
    """
    reasons = [FLAGGED] if flagged else []
    if not found.judgments or found.judgments < enough_to_dispute(places):
        return reasons
    if found.label is None:
        reasons.append(RATERS_SPLIT)
    elif automated.label is not None and scale.differs(found, automated.label):
        reasons.append(AUTOMATED_DIFFERS)
    reasons += [BOUNDARY_CASE] if automated.is_boundary_case else []
    reasons += [AMBIGUOUS] if automated.is_ambiguous else []
    return [code for code in REASONS if code in reasons]


@dataclass(frozen=True, slots=True)
class Automated:
    """What the automated metric concluded of an item: its label on the study's scale (None where it
    gave none, or measures something else), and what makes that label uncertain."""

    label: str | None = None
    is_boundary_case: bool = False
    is_ambiguous: bool = False
