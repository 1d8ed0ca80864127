"""Answers to a question: checked as a label, and in words for people."""

from django.utils.translation import gettext as _
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
    if question.of_kind.stances:
        return _stances_in_words(question, value)
    if question.is_vector and isinstance(question.scale, Vector):
        both = pgettext("a dimension and its sign", "%(name)s %(sign)s")
        signs = question.scale.named(value)
        return ", ".join(both % {"name": name, "sign": sign} for name, sign in signs) or str(value)
    if question.is_numeric:
        return question.scale.words(value)
    return question.word_for(str(value))


def _stances_in_words(question: Question, value: object) -> str:
    """Only what is involved: 'supports: security; opposes: power, tradition'."""
    said = question.scale.place(value)
    if not isinstance(said, tuple):
        return question.word_for(str(value))
    pairs = list(zip(question.categories, said, strict=False))
    pattern = pgettext("what a text does with values", "%(stance)s: %(values)s")
    found = []
    for stance in question.of_kind.stances:
        named = [question.word_for(name) for name, one in pairs if one == stance]
        if named and stance != "0":
            words = {"stance": question.stance_word(stance), "values": ", ".join(named)}
            found.append(pattern % words)
    return "; ".join(found) or _("none of the values is involved")
