"""Why a reviewer should look at an item, by what its raters settled on and what the metric said.

The automated label is never part of a consensus: it is compared with it. How judgments become a
consensus is a matter of their scale (annotations.scales).
"""

from dataclasses import dataclass

from annotations.kinds import doubts, grounds
from annotations.scales.consensus import Consensus
from annotations.scales.scale import Scale

RATERS_SPLIT = "raters_split"
AUTOMATED_DIFFERS = "automated_differs"
AMBIGUOUS = "ambiguous_extraction"
FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item is disputed: what it says to a reviewer, in a sentence and in a few words."""

    sentence: str
    words: str


def reasons_there_are() -> dict[str, Reason]:
    """Every reason for a dispute by its code, in the order in which they are told; those of kinds
    of instruments are called as the flags of their scores."""
    return {
        RATERS_SPLIT: Reason(
            "The raters split: what they said is too far apart for a consensus.", "the raters split"
        ),
        AUTOMATED_DIFFERS: Reason(
            "The automated label differs from the consensus of the raters.",
            "the automated label differs",
        ),
        **{code: Reason(ground.reason, ground.word) for code, ground in grounds().items()},
        **{flag: Reason(doubt.reason, doubt.word) for flag, doubt in doubts().items()},
        AMBIGUOUS: Reason(
            "An answer of the trial is ambiguous to the automated extraction.",
            "ambiguous extraction",
        ),
        FLAGGED: Reason("A rater reported a problem with this item.", "flagged by a rater"),
    }


ENOUGH_TO_DISPUTE = 3
"""Judgments after which an item can be disputed; fewer where the item has fewer places."""


def enough_to_dispute(places: int) -> int:
    """How many judgments an item of so many places needs before it can be disputed."""
    return min(ENOUGH_TO_DISPUTE, places)


def dispute_reasons(
    scale: Scale, found: Consensus, automated: "Automated", places: int, flagged: bool = False
) -> list[str]:
    """Return the codes (see `reasons_there_are`) for which a reviewer should settle an item.

    While there are too few judgments (see `enough_to_dispute`) only a rater's report of a problem
    is a reason.
    """
    reasons = [FLAGGED] if flagged else []
    if not found.judgments or found.judgments < enough_to_dispute(places):
        return reasons
    own = scale.grounds(found, automated.label)
    if found.label is None:
        reasons.append(RATERS_SPLIT)
    elif own is None and automated.label is not None and scale.differs(found, automated.label):
        reasons.append(AUTOMATED_DIFFERS)
    reasons += own or []
    reasons += [AMBIGUOUS] if automated.is_ambiguous else []
    reasons += automated.doubts
    return [code for code in reasons_there_are() if code in reasons]


@dataclass(frozen=True, slots=True)
class Automated:
    """What the automated metric concluded of an item: its label on the study's scale (None where it
    gave none, or measures something else), and what makes that label uncertain: flags of the score
    that are doubts of its kind, or an answer that is ambiguous to the reader."""

    label: str | None = None
    doubts: tuple[str, ...] = ()
    is_ambiguous: bool = False
