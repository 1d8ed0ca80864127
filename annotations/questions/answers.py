"""Answers to a question: checked as a label, and in words for people."""

from django.utils.translation import pgettext

from annotations.models import Study
from annotations.questions.of_study import primary_question
from annotations.questions.question import Question
from annotations.scales.numbers import Number
from annotations.scales.vectors import Vector


def checked_label(study: Study, raw: str) -> tuple[str, float | None]:
    """Return an answer to the primary question as a label, and its number on an interval scale.

    Raises InvalidJudgment when the study does not allow it.
    """
    return label_and_number(primary_question(study), raw)


def label_and_number(question: Question, raw: str) -> tuple[str, float | None]:
    """As `checked_label`, of a question. A number stays in the words it was given in, for nothing
    that was said is changed: compare labels by ``question.scale``."""
    found = question.checked(raw)
    words = raw.replace("\x00", "").strip()
    return (words, found) if isinstance(found, float) else (str(found), None)


def words_for(question: Question, value: object) -> str:
    """An answer as it is shown to people: in their language, with a sign and a unit."""
    unit = question.of_kind.unit
    if unit:
        return pgettext(*unit) % {"number": Number().words(value)}
    if question.is_vector and isinstance(question.scale, Vector):
        both = pgettext("a dimension and its sign", "%(name)s %(sign)s")
        signs = question.scale.named(value)
        return ", ".join(both % {"name": name, "sign": sign} for name, sign in signs) or str(value)
    if question.is_numeric:
        return question.scale.words(value)
    return question.word_for(str(value))
