"""Storing what a rater said: once, whatever the network does, and never over an earlier word.

A form carries the assignment and the number of the revision it answers to (0: nothing said yet).
Only the first form for that revision is stored, so a double click, a resend after a lost
connection or a second tab adds nothing; a correction is a new revision, and the old one is kept.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations.disputes import disputes
from annotations.exchange import statements as sql
from annotations.exchange.assignment import (
    bring_up_to_date,
    current_or_next,
    free_place,
    reserve,
    takes_items,
)
from annotations.exchange.in_turn import atomic_in_turn
from annotations.models import Assignment, Item, Judgment, ProblemReport, Rater, Study
from annotations.questions.controls import Feedback, feedback_on, is_right
from annotations.questions.questions import (
    MAX_COMMENT,
    InvalidJudgment,
    Question,
    label_and_number,
    primary_question,
    questions_of,
)
from annotations.studies import queries
from annotations.taking_part.stages import GIVEN_ON

SKIP_REASONS: Mapping[str, Promise] = {
    "not_understood": gettext_lazy("I do not understand it"),
    "language": gettext_lazy("I do not read this language well enough"),
    "distressing": gettext_lazy("It is distressing"),
    "technical": gettext_lazy("It is not shown properly"),
    "other": gettext_lazy("Another reason"),
}
"""Why an item is skipped: code and words."""

COUNTED_AS_HANDED = (Item.Kind.REGULAR, Item.Kind.GOLD, Item.Kind.ATTENTION)
"""Kinds whose items count in ``Rater.handed``: not those on the way to judging."""

TAKES_NOTHING = (Study.State.DRAFT, Study.State.CLOSED)
"""States of a study in which nothing that raters send is kept; in a pause what was begun is."""

LONGEST = 24 * 3600.0
"""Seconds beyond which a time that a browser reports is not believed."""


class UnknownAssignment(Exception):
    """There is no such assignment, or it is somebody else's."""


class _QuestionChanged(Exception):
    """The study asks something else than what was answered."""


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


@dataclass(frozen=True, slots=True)
class Form:
    """A judgment as it was sent: raw words, not yet checked; `raw` reads what was said to a
    question, of whatever kind.

    answers: to the study's further questions, by their keys. fields: all that was posted, where
    answers in several fields (a vector's) are looked for. shown_at: when the server showed the
    item, None when unknown. away_seconds, focus_losses: how long and how often the page was out of
    sight, as the browser says. guideline_id, question_version: of the versions that were on the
    page, None when unknown.
    """

    assignment_id: int
    revision: int
    label: str
    confidence: str = ""
    comment: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    shown_at: datetime | None = None
    away_seconds: float | None = None
    focus_losses: int | None = None
    guideline_id: int | None = None
    question_version: int | None = None

    def raw(self, question: Question) -> str:
        """What was sent to a question."""
        own = {"label": self.label, "confidence": self.confidence, "comment": self.comment}
        said = own.get(question.key) or self.answers.get(question.key)
        return said or question.raw(self.fields)


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a form, and the place the rater holds now (None: nothing left for them).

    feedback: on an item with a known answer, where the rater is told. guideline_id: the newest
    version, which may not be the one on the rater's page.
    """

    rater: Rater
    result: Result
    next: Assignment | None
    feedback: Feedback | None = None
    guideline_id: int | None = None


def submit(rater: Rater, form: Form) -> Submitted:
    """Store a judgment or a correction and reserve the next item, in one transaction.

    Raises InvalidJudgment when the study does not allow what was sent, and UnknownAssignment when
    the assignment is not this rater's. Every other outcome is a `Result`.
    """
    if form.question_version in (None, rater.study.question_version):
        with suppress(_QuestionChanged):
            return _submit(rater, form)
    rater.study.refresh_from_db()
    held = current_or_next(rater)
    return Submitted(rater, Result.QUESTION_CHANGED, held, guideline_id=form.guideline_id)


def _submit(rater: Rater, form: Form) -> Submitted:
    said = _checked(rater.study, form)
    feedback = None
    with atomic_in_turn():
        line, place = _locked(rater, form.assignment_id)
        held = place.state == Assignment.State.RESERVED
        result = _store(rater, line, place, form, said)
        bring_up_to_date(rater, line)
        if result in (Result.STORED, Result.ALREADY_STORED):
            feedback = _feedback(rater.study, place, said["label"])
        following = None
        if held and result is Result.STORED and takes_items(line):
            following = reserve(rater, line)
    if following is None:
        # A correction leaves a held place as it is, and a place that was taken back has locked its
        # item's row already: the next item is then found in a transaction of its own.
        following = current_or_next(rater)
    return Submitted(rater, result, following, feedback, line.guideline_id)


def skip(rater: Rater, assignment_id: int, reason: str, comment: str = "") -> Submitted:
    """Leave an item out, with a reason (a code of `SKIP_REASONS`): its place is free again.

    Raises InvalidJudgment for an unknown reason or a comment too long, UnknownAssignment as
    `submit`.
    """
    if reason not in SKIP_REASONS:
        raise InvalidJudgment(skip_reason=_("Choose why you skip it."))
    comment = checked_words(comment, "skip_comment")
    with atomic_in_turn():
        line, place = _locked(rater, assignment_id)
        result = _skip(rater, line, place, reason, comment)
        bring_up_to_date(rater, line)
    # Another transaction: this one may have locked the row of the item that was given back.
    return Submitted(rater, result, current_or_next(rater), None, line.guideline_id)


def _skip(rater: Rater, line: sql.Line, place: sql.Place, reason: str, comment: str) -> Result:
    if line.study_state in TAKES_NOTHING:
        return Result.STUDY_CLOSED
    if place.state in (Assignment.State.JUDGED, Assignment.State.WITHDRAWN):
        return Result.JUDGED_BEFORE
    if place.state == Assignment.State.SKIPPED:
        return Result.SKIPPED
    assignment = Assignment.objects.get(pk=place.assignment_id)
    assignment.state, assignment.closed_at = Assignment.State.SKIPPED, timezone.now()
    assignment.skip_reason, assignment.skip_comment = reason, comment
    assignment.save(update_fields=["state", "closed_at", "skip_reason", "skip_comment"])
    if place.kind in COUNTED_AS_HANDED:
        line.handed += 1
        regular = int(place.is_regular)
        rater.skipped += 1
        line.skipped_regular += regular
        Rater.objects.filter(pk=rater.pk).update(
            skipped=F("skipped") + 1, skipped_regular=F("skipped_regular") + regular
        )
    sql.update_rater(rater.pk, line)
    if place.state == Assignment.State.RESERVED:
        free_place(assignment)
    return Result.SKIPPED


@transaction.atomic
def report_problem(rater: Rater, assignment_id: int, text: str) -> Result:
    """Keep a rater's word that something is wrong with an item; a reviewer is asked to look at it.

    The same words are kept once. Raises InvalidJudgment for no words or too many, UnknownAssignment
    as `submit`.
    """
    words = checked_words(text, "problem")
    if not words:
        raise InvalidJudgment(problem=_("Say in a few words what is wrong."))
    line, place = _locked(rater, assignment_id)
    if line.study_state in TAKES_NOTHING:
        return Result.STUDY_CLOSED
    reports = ProblemReport.objects.filter(item_id=place.item_id, rater=rater, text=words)
    # Said of an earlier showing of the item, they are said anew: a count of one's reports that
    # stands still would give repeats away.
    new = not reports.filter(created_at__gte=place.reserved_at).exists()
    if new:
        reports.create(item_id=place.item_id, rater=rater, text=words)
    if new and place.kind == Item.Kind.REGULAR:
        disputes.problem_reported(rater.study, _item(rater.study, place))
    return Result.REPORTED


def checked_words(raw: str, name: str) -> str:
    """Free words without the blanks around them; InvalidJudgment under *name* when too long."""
    words = raw.replace("\x00", "").strip()
    if len(words) > MAX_COMMENT:
        too_long = _("This is too long: shorten it to %(most)d characters.")
        raise InvalidJudgment(**{name: too_long % {"most": MAX_COMMENT}})
    return words


def _checked(study: Study, form: Form) -> dict[str, Any]:
    """The columns of the judgment that the rater filled in, checked."""
    primary, *further = questions_of(study)
    errors: dict[str, str] = {}
    said: dict[str, Any] = {}
    try:
        said["label"], said["number"] = label_and_number(primary, form.raw(primary))
    except InvalidJudgment as invalid:
        errors |= invalid.errors
    answers: dict[str, Any] = {}
    for question in further:
        try:
            answers[question.key] = question.checked(form.raw(question))
        except InvalidJudgment as invalid:
            errors |= invalid.errors
    if errors:
        raise InvalidJudgment(**errors)
    said["confidence"], said["comment"] = answers.pop("confidence"), answers.pop("comment")
    said["answers"] = {key: value for key, value in answers.items() if value not in (None, "")}
    return said


def _locked(rater: Rater, assignment_id: int) -> tuple[sql.Line, sql.Place]:
    """The rater's line and the place, locked, and the judgments of its item with it."""
    found = sql.lock_place(rater.pk, assignment_id)
    if found is None:
        raise UnknownAssignment(f"There is no assignment {assignment_id} of yours.")
    return found


def _store(
    rater: Rater, line: sql.Line, place: sql.Place, form: Form, said: dict[str, Any]
) -> Result:
    if line.study_state in TAKES_NOTHING:
        return Result.STUDY_CLOSED
    if place.state == Assignment.State.SKIPPED:
        return Result.SKIPPED_BEFORE
    current = sql.current_judgments(place)
    earlier = next((row for row in current if row.assignment_id == place.assignment_id), None)
    revision = earlier.revision if earlier else 0
    # An answer that was looked at stays as it was given, whatever a form asks for.
    is_settled = earlier is not None and place.kind in queries.told(rater.study)
    if form.revision != revision or is_settled:
        is_new = earlier is not None and _says_else(rater.study, earlier, said)
        return Result.OTHER_STORED if is_new else Result.ALREADY_STORED
    if earlier is None and (line.excluded_at or line.stage in GIVEN_ON):
        # It would take a place from the study and never count.
        return Result.PART_ENDED
    late = place.state == Assignment.State.RELEASED and place.is_regular
    if late and not sql.take_place(place.item_id):
        return Result.PLACE_GIVEN_ON
    now = timezone.now()
    judgment = {
        "assignment_id": place.assignment_id,
        "item_id": place.item_id,
        "rater_id": rater.pk,
        "revision": revision + 1,
        "is_regular": place.is_regular,
        "guideline_id": _guideline(rater, line, form),
        **_times(place, form, now),
        **said,
    }
    if earlier:
        sql.supersede(earlier.id)
        sql.insert_judgment(now, **judgment)
    else:
        _count(rater.study, line, place, said["label"])
        study = rater.study
        if not sql.store_first(now, line, study.pk, study.question_version, **judgment):
            raise _QuestionChanged
    if sql.counts(line, place):
        others = [row.label for row in current if row is not earlier and row.counts]
        disputes.refresh(rater.study, _item(rater.study, place), [*others, said["label"]])
    return Result.CORRECTED if earlier else Result.STORED


def _says_else(study: Study, earlier: sql.Said, said: dict[str, Any]) -> bool:
    """Whether what was sent says anything that the stored judgment does not."""
    if not primary_question(study).scale.same(earlier.label, said["label"]):
        return True
    beside = ("confidence", "comment", "answers")
    stored = Judgment.objects.values(*beside).get(pk=earlier.id)
    return any(stored[name] != said[name] for name in beside)


def _count(study: Study, line: sql.Line, place: sql.Place, label: str) -> None:
    """Count a first judgment; too many missed attention checks end the rater's part."""
    line.handed += place.kind in COUNTED_AS_HANDED
    line.judged += place.is_regular
    if place.kind != Item.Kind.ATTENTION or is_right(
        primary_question(study), place.expected, label
    ):
        return
    line.missed_attention += 1
    limit = study.attention_limit
    if limit is not None and line.missed_attention >= limit and line.stage == Rater.Stage.JUDGING:
        line.stage = Rater.Stage.FAILED_ATTENTION


def _feedback(study: Study, place: sql.Place, label: str) -> Feedback | None:
    """What the rater is told of their answer: in practice always, after gold where the study says
    so."""
    told = place.kind == Item.Kind.PRACTICE or (
        place.kind == Item.Kind.GOLD and study.control_feedback
    )
    return feedback_on(study, _item(study, place), label) if told else None


def _item(study: Study, place: sql.Place) -> Item:
    return Item(
        id=place.item_id,
        study=study,
        kind=place.kind,
        position=place.position,
        trial_id=place.trial_id,
        answer_number=place.answer_number,
        external_id=place.external_id,
        text=place.text,
        expected=place.expected,
        feedback=place.feedback,
        places=place.places,
    )


def _guideline(rater: Rater, line: sql.Line, form: Form) -> int | None:
    """The version on the rater's page; the newest one where the page named none of this study."""
    if form.guideline_id is None or form.guideline_id == line.guideline_id:
        return line.guideline_id
    shown = rater.study.guidelines.filter(pk=form.guideline_id).values_list("pk", flat=True)
    return shown.first() or line.guideline_id


def _times(place: sql.Place, form: Form, now: datetime) -> dict[str, Any]:
    """Seconds from shown to sent by the server's clock, never more than since the reservation; of
    these, away as the browser counted them."""
    seconds = away = None
    if form.shown_at is not None:
        since = (now - max(form.shown_at, place.reserved_at)).total_seconds()
        seconds = round(max(0.0, since), 3)
    if form.away_seconds is not None and 0 <= form.away_seconds < LONGEST:
        away = round(min(form.away_seconds, LONGEST if seconds is None else seconds), 3)
    losses = form.focus_losses
    if losses is not None and not 0 <= losses < 30_000:
        losses = None
    return {"seconds": seconds, "away_seconds": away, "focus_losses": losses}
