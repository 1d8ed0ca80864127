"""A judgment as a rater sent it, and the check of what was said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from annotations.judging.results import Result
from annotations.models import Assignment, Rater, Study
from annotations.questions.answers import label_and_number
from annotations.questions.controls import Feedback
from annotations.questions.of_study import questions_of
from annotations.questions.question import MAX_COMMENT, InvalidJudgment, Question


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


def checked_words(raw: str, name: str) -> str:
    """Free words without the blanks around them; InvalidJudgment under *name* when too long."""
    words = raw.replace("\x00", "").strip()
    if len(words) > MAX_COMMENT:
        too_long = _("This is too long: shorten it to %(most)d characters.")
        raise InvalidJudgment(**{name: too_long % {"most": MAX_COMMENT}})
    return words


def checked(study: Study, form: Form) -> dict[str, Any]:
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
    said["at_once"] = primary.at_once(form.fields)
    said["confidence"], said["comment"] = answers.pop("confidence"), answers.pop("comment")
    said["answers"] = {key: value for key, value in answers.items() if value not in (None, "")}
    return said
