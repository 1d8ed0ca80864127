"""What became of a form that a rater sent, and what they are told of it."""

from enum import Enum

from django.utils.translation import gettext_lazy


class Result(Enum):
    """What became of a form that was sent."""

    STORED = "stored"
    CORRECTED = "corrected"
    ALREADY_STORED = "already stored"
    OTHER_STORED = "other stored"
    PLACE_GIVEN_ON = "place given on"
    STUDY_CLOSED = "study closed"
    QUESTION_CHANGED = "question changed"
    PART_ENDED = "part ended"
    SKIPPED = "skipped"
    SKIPPED_BEFORE = "skipped before"
    JUDGED_BEFORE = "judged before"
    REPORTED = "reported"

    @property
    def words(self) -> str:
        """What the rater is told."""
        return str(_WORDS[self])

    @property
    def is_kept(self) -> bool:
        """Whether what the rater sent is in the study."""
        return self in _KEPT


_WORDS = {
    Result.STORED: gettext_lazy("Your judgment is stored."),
    Result.CORRECTED: gettext_lazy(
        "Your correction is stored. The earlier judgment is kept in the history."
    ),
    Result.ALREADY_STORED: gettext_lazy("This judgment was stored already. It counts once."),
    Result.OTHER_STORED: gettext_lazy(
        "Another answer of yours to this item is stored already, so this one was not added. "
        "To change what is stored, go to 'My last judgments'."
    ),
    Result.PLACE_GIVEN_ON: gettext_lazy(
        "The time for this item had run out and somebody else has judged it meanwhile, so what "
        "you sent was not added."
    ),
    Result.STUDY_CLOSED: gettext_lazy(
        "The study was closed meanwhile, so what you sent could not be added to it."
    ),
    Result.QUESTION_CHANGED: gettext_lazy(
        "What is asked was changed meanwhile, so this judgment was not added. Please answer the "
        "question as it stands now."
    ),
    Result.PART_ENDED: gettext_lazy(
        "Your part here is paused or has ended, so this judgment could not be added."
    ),
    Result.SKIPPED: gettext_lazy("Skipped. It will not be shown to you again."),
    Result.SKIPPED_BEFORE: gettext_lazy("You skipped this item, so no judgment of it was added."),
    Result.JUDGED_BEFORE: gettext_lazy("You judged this item already, so it was not skipped."),
    Result.REPORTED: gettext_lazy(
        "Thank you: the problem is reported. You can still judge the item, or skip it."
    ),
}
_KEPT = {
    Result.STORED,
    Result.CORRECTED,
    Result.ALREADY_STORED,
    Result.SKIPPED,
    Result.REPORTED,
}
