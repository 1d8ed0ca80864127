"""Storing what a rater said: once, whatever the network does, and never over an earlier word.

A form carries the assignment and the number of the revision it answers to (0: nothing said yet).
Only the first form for that revision is stored, so a double click, a resend after a lost
connection or a second tab adds nothing; a correction is a new revision, and the old one is kept.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from accounts import clock
from annotations.disputes import disputes
from annotations.exchange import locking, reserving, storing
from annotations.exchange.assignment import bring_up_to_date, current_or_next, reserve, takes_items
from annotations.exchange.in_turn import atomic_in_turn
from annotations.judging.marking import marked
from annotations.judging.places import COUNTED_AS_HANDED, TAKES_NOTHING, item_of, locked
from annotations.judging.results import Result
from annotations.judging.sent import Form, Submitted, checked
from annotations.models import Assignment, Item, Judgment, Rater, Study
from annotations.questions.controls import Feedback, feedback_on, is_right
from annotations.questions.of_study import primary_question
from annotations.studies import queries
from annotations.studies.counts import tell_if_complete
from annotations.taking_part.stages import GIVEN_ON
from evaluations.text.passages.spans import Span

LONGEST = 24 * 3600.0
"""Seconds beyond which a time that a browser reports is not believed."""


class _QuestionChanged(Exception):
    """The study asks something else than what was answered."""


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
    said = checked(rater.study, form)
    feedback = None
    with atomic_in_turn():
        line, place = locked(rater, form.assignment_id)
        held = place.state == Assignment.State.RESERVED
        question, item = primary_question(rater.study), item_of(rater.study, place)
        spans = marked(question, form, item, said["label"])
        result = _store(rater, line, place, form, said, spans)
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
    if following is None and result is Result.STORED:
        tell_if_complete(rater.study)
    return Submitted(rater, result, following, feedback, line.guideline_id)


def _store(
    rater: Rater,
    line: locking.Line,
    place: locking.Place,
    form: Form,
    said: dict[str, Any],
    spans: list[Span],
) -> Result:
    if line.study_state in TAKES_NOTHING:
        return Result.STUDY_CLOSED
    if place.state == Assignment.State.SKIPPED:
        return Result.SKIPPED_BEFORE
    current = storing.current_judgments(place)
    earlier = next((row for row in current if row.assignment_id == place.assignment_id), None)
    revision = earlier.revision if earlier else 0
    # An answer that was looked at stays as it was given, whatever a form asks for.
    is_settled = earlier is not None and place.kind in queries.told(rater.study)
    if form.revision != revision or is_settled:
        is_new = earlier is not None and _says_else(rater.study, earlier, said, spans)
        return Result.OTHER_STORED if is_new else Result.ALREADY_STORED
    if earlier is None and (line.excluded_at or line.stage in GIVEN_ON):
        # It would take a place from the study and never count.
        return Result.PART_ENDED
    late = place.state == Assignment.State.RELEASED and place.is_regular
    if late and not reserving.take_place(place.item_id):
        return Result.PLACE_GIVEN_ON
    now = clock.now()
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
        storing.supersede(earlier.id)
        storing.insert_judgment(now, **judgment)
    else:
        _count(rater.study, line, place, said["label"])
        study = rater.study
        if not storing.store_first(now, line, study.pk, study.question_version, **judgment):
            raise _QuestionChanged
    storing.insert_marks(place.assignment_id, revision + 1, spans)
    if locking.counts(line, place):
        others = [row.label for row in current if row is not earlier and row.counts]
        disputes.refresh(rater.study, item_of(rater.study, place), [*others, said["label"]])
    return Result.CORRECTED if earlier else Result.STORED


def _says_else(
    study: Study, earlier: storing.Said, said: dict[str, Any], spans: list[Span]
) -> bool:
    """Whether what was sent says anything that the stored judgment does not."""
    if not primary_question(study).scale.same(earlier.label, said["label"]):
        return True
    beside = ("confidence", "comment", "answers")
    stored = Judgment.objects.values(*beside).get(pk=earlier.id)
    if any(stored[name] != said[name] for name in beside):
        return True
    return primary_question(study).of_kind.takes_marks and storing.marks_of(earlier.id) != spans


def _count(study: Study, line: locking.Line, place: locking.Place, label: str) -> None:
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


def _feedback(study: Study, place: locking.Place, label: str) -> Feedback | None:
    """What the rater is told of their answer: in practice always, after gold where the study says
    so."""
    told = place.kind == Item.Kind.PRACTICE or (
        place.kind == Item.Kind.GOLD and study.control_feedback
    )
    return feedback_on(study, item_of(study, place), label) if told else None


def _guideline(rater: Rater, line: locking.Line, form: Form) -> int | None:
    """The version on the rater's page; the newest one where the page named none of this study."""
    if form.guideline_id is None or form.guideline_id == line.guideline_id:
        return line.guideline_id
    shown = rater.study.guidelines.filter(pk=form.guideline_id).values_list("pk", flat=True)
    return shown.first() or line.guideline_id


def _times(place: locking.Place, form: Form, now: datetime) -> dict[str, Any]:
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
