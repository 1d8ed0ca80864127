"""Storing what a rater said: once, whatever the network does, and never over an earlier word.

A form carries the assignment and the number of the revision it answers to (0: nothing said yet).
Only the first form for that revision is stored, so a double click, a resend after a lost
connection or a second tab adds nothing; a correction is a new revision, and the old one is kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from annotations import disputes
from annotations.assignment import (
    GIVES_ITEMS,
    current_or_next,
    lock_rater,
    release_expired,
    reserve,
    take_place,
)
from annotations.models import Assignment, Judgment, Rater, Study
from annotations.questions import Question, label_and_number, questions_of


class UnknownAssignment(Exception):
    """There is no such assignment, or it is somebody else's."""


class Result(Enum):
    """What became of a form that was sent, in the words the rater is told."""

    STORED = "Your judgment is stored."
    CORRECTED = "Your correction is stored. The earlier judgment is kept in the history."
    ALREADY_STORED = "This judgment was stored already. It counts once."
    OTHER_STORED = (
        "Another answer of yours to this item is stored already, so this one was not added. "
        "To change what is stored, go to 'My last judgments'."
    )
    PLACE_GIVEN_ON = (
        "The time for this item had run out and somebody else has judged it meanwhile, so it "
        "needed no further judgment. Here is the next one."
    )
    STUDY_CLOSED = "The study was closed meanwhile, so this judgment could not be added to it."

    @property
    def is_kept(self) -> bool:
        """Whether what the rater said is in the study."""
        return self in (Result.STORED, Result.CORRECTED, Result.ALREADY_STORED)


@dataclass(frozen=True, slots=True)
class Form:
    """A judgment as it was sent: raw words, not yet checked.

    answers: to the study's further questions, by their keys. shown_at: when the server showed the
    item, None when unknown.
    """

    assignment_id: int
    revision: int
    label: str
    confidence: str = ""
    comment: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    shown_at: datetime | None = None

    def raw(self, question: Question) -> str:
        """What was sent to a question."""
        own = {"label": self.label, "confidence": self.confidence, "comment": self.comment}
        return own[question.key] if question.key in own else self.answers.get(question.key, "")


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a form, and the place the rater holds now (None: nothing left for them)."""

    rater: Rater
    result: Result
    next: Assignment | None


def submit(rater: Rater, form: Form) -> Submitted:
    """Store a judgment or a correction and reserve the next item, in one transaction.

    Raises InvalidJudgment when the study does not allow what was sent, and UnknownAssignment when
    the assignment is not this rater's. Every other outcome is a `Result`.
    """
    said = _checked(rater.study, form)
    release_expired(rater.study, sparing=rater)
    with transaction.atomic():
        rater = lock_rater(rater)
        assignment = _locked(rater, form.assignment_id)
        held = assignment.state == Assignment.State.RESERVED
        result = _store(rater, assignment, form, said)
        if held and result is Result.STORED and rater.study.state in GIVES_ITEMS:
            return Submitted(rater, result, reserve(rater))
    # A correction leaves a held place as it is, and a place that was taken back has locked its
    # item's row already: the next item is then found in a transaction of its own.
    return Submitted(rater, result, current_or_next(rater))


def _checked(study: Study, form: Form) -> dict[str, Any]:
    """The fields of the judgment row that the rater filled in, checked."""
    primary, *further = questions_of(study)
    label, number = label_and_number(primary, form.label)
    said = {question.key: question.checked(form.raw(question)) for question in further}
    return {
        "label": label,
        "number": number,
        "confidence": said.pop("confidence"),
        "comment": said.pop("comment"),
        "answers": {key: value for key, value in said.items() if value is not None},
    }


def _locked(rater: Rater, assignment_id: int) -> Assignment:
    """The rater's assignment, locked, and its item's judgments with it."""
    assignment = (
        Assignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("item")
        .filter(pk=assignment_id, rater=rater)
        .first()
    )
    if assignment is None:
        raise UnknownAssignment(f"There is no assignment {assignment_id} of yours.")
    _wait_for_judgments_of(assignment.item_id)
    return assignment


def _wait_for_judgments_of(item_id: int) -> None:
    """Store judgments of one item one after the other, so that each sees those before it.

    An advisory lock until the end of the transaction: the item's row stays free for reservations
    (see annotations.assignment). SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [item_id])


def _store(rater: Rater, assignment: Assignment, form: Form, said: dict[str, Any]) -> Result:
    if rater.study.state in (Study.State.CLOSED, Study.State.DRAFT):
        return Result.STUDY_CLOSED
    current = list(Judgment.objects.current().filter(item_id=assignment.item_id).order_by("pk"))
    earlier = next((row for row in current if row.assignment_id == assignment.pk), None)
    revision = earlier.revision if earlier else 0
    if form.revision != revision:
        differs = earlier is not None and earlier.label != said["label"]
        return Result.OTHER_STORED if differs else Result.ALREADY_STORED
    if assignment.state == Assignment.State.RELEASED and not take_place(assignment.item_id):
        return Result.PLACE_GIVEN_ON
    if earlier:
        Judgment.objects.filter(pk=earlier.pk).supersede()
    Judgment.objects.create(
        assignment=assignment,
        item_id=assignment.item_id,
        rater=rater,
        revision=revision + 1,
        seconds=_seconds(assignment, form.shown_at),
        **said,
    )
    if not earlier:
        _close(rater, assignment)
    others = [row.label for row in current if row is not earlier]
    disputes.refresh(rater.study, assignment.item, [*others, said["label"]])
    return Result.CORRECTED if earlier else Result.STORED


def _close(rater: Rater, assignment: Assignment) -> None:
    assignment.state = Assignment.State.JUDGED
    assignment.closed_at = timezone.now()
    assignment.save(update_fields=["state", "closed_at"])
    Rater.objects.filter(pk=rater.pk).update(judged=F("judged") + 1)
    rater.judged += 1


def _seconds(assignment: Assignment, shown_at: datetime | None) -> float | None:
    """Seconds from shown to sent by the server's clock, never more than since the reservation."""
    if shown_at is None:
        return None
    now = timezone.now()
    return round(max(0.0, (now - max(shown_at, assignment.reserved_at)).total_seconds()), 3)
