"""What people judge, who judges it, what they said, and how disagreement is settled.

A judgment is never changed: a correction is a new revision, and a decision stands beside the
judgments. The invariants of assignment (no item over its places, nobody twice on an item) are
database constraints.
"""

from annotations.models.items import Item, ItemPlaces
from annotations.models.judging import (
    Assignment,
    AutomatedLabel,
    Judgment,
    JudgmentQuerySet,
    Mark,
    ProblemReport,
)
from annotations.models.settling import Decision, Dispute
from annotations.models.studies import Guideline, Study
from annotations.models.taking_part import Identity, Invitation, Rater, TakenPart
from annotations.models.uploads import Upload, UploadPiece
from annotations.svo.models import OwnMeasure

__all__ = [
    "Assignment",
    "AutomatedLabel",
    "Decision",
    "Dispute",
    "Guideline",
    "Identity",
    "Invitation",
    "Item",
    "ItemPlaces",
    "Judgment",
    "JudgmentQuerySet",
    "Mark",
    "OwnMeasure",
    "ProblemReport",
    "Rater",
    "Study",
    "TakenPart",
    "Upload",
    "UploadPiece",
]
