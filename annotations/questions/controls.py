"""Items with a known answer: was an answer right, and what is the rater told?"""

import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from annotations.models import Item, Study
from annotations.questions.answers import words_for
from annotations.questions.of_study import primary_question
from annotations.questions.question import InvalidJudgment, Question
from annotations.scales.numerals import finite

MOST_SPOKEN = 400
"""Letters of feedback that are read out beside the page."""

_TOLERANCE = re.compile(r"±|\+/-|\+-")


class InvalidExpectation(ValueError):
    """An expected answer that no rater could give; says why."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a rater is told after an item with a known answer; credit: how much of it was met, of
    how much, where it can be right in part."""

    right: bool
    expected: str
    why: str
    credit: tuple[int, int] | None = None

    @property
    def partly(self) -> str:
        """How much was as expected, in a sentence; '' where an answer is right or not."""
        if self.right or self.credit is None:
            return ""
        met, of = self.credit
        return _("Involved values as expected: %(met)d of %(of)d.") % {"met": met, "of": of}

    @property
    def words(self) -> str:
        """All of it in a sentence or two."""
        said = _("That is what was expected.") if self.right else _("Not what was expected.")
        answer = _("Expected: %(answer)s.") % {"answer": self.expected}
        return " ".join(filter(None, [said, self.partly, answer, self.why]))

    @property
    def spoken(self) -> str:
        """`words` where they are short, else without the reason, which stands on the page.

        They travel in a header, six bytes a letter beyond ASCII, and proxies refuse a long one.
        """
        short = len(self.words) <= MOST_SPOKEN
        return self.words if short else replace(self, why="").words


def is_right(question: Question, expected: str, label: str) -> bool:
    """Whether *label*, an allowed answer to *question*, is among the *expected* ones.

    *expected* names one answer or several, with '|' between them. A number may carry a tolerance:
    '45±5' (or '45+/-5'); without one a number must be met as closely as its kind of question asks
    (`QuestionKind.near`).
    """
    answers = expected.split("|")
    if not question.is_numeric:
        return any(question.scale.same(label, answer.strip()) for answer in answers)
    number = question.scale.place(label)
    if not isinstance(number, float):
        return False
    bounds = (_bounds(question, answer) for answer in answers)
    return any(abs(number - middle) <= tolerance for middle, tolerance in bounds)


def credit_of(question: Question, expected: str, label: str) -> tuple[int, int] | None:
    """How much of the answer that is met best was met, of how much; None where an answer is right
    or not."""
    found = (
        question.of_kind.credit(question.scale, answer.strip(), label)
        for answer in expected.split("|")
    )
    known = [credit for credit in found if credit is not None]
    return max(known, key=share_of, default=None)


def share_of(credit: tuple[int, int]) -> float:
    """A credit as a share: 1 where nothing was expected and nothing said."""
    met, of = credit
    return met / of if of else 1.0


def checked_expectation(question: Question, expected: str) -> str:
    """Return *expected* without blanks around its parts; InvalidExpectation where the question
    does not allow one of them."""
    answers = [answer.strip() for answer in expected.split("|")]
    for answer in answers:
        try:
            if question.is_numeric:
                question.checked(question.scale.label(_bounds(question, answer)[0]))
            else:
                question.checked(answer)
        except (InvalidJudgment, ValueError) as error:
            words = str(error).removesuffix(".")
            named = words.startswith(repr(answer))
            raise InvalidExpectation(words if named else f"{answer!r}: {words}") from error
    return "|".join(answers)


def _bounds(question: Question, answer: str) -> tuple[float, float]:
    """Middle and tolerance of an expected number; ValueError where it is none."""
    parts = [finite(part) for part in _TOLERANCE.split(answer, maxsplit=1)]
    if parts[0] is None or parts[-1] is None:
        raise ValueError("this is not a number, alone or with a tolerance such as 45±5")
    if len(parts) == 2:
        return parts[0], abs(parts[-1])
    return parts[0], question.of_kind.near


def feedback_on(study: Study, item: Item, label: str) -> Feedback:
    """What is said after an item with a known answer: right or not, the answer, and why."""
    question = primary_question(study)
    answers = [words_for(question, answer.strip()) for answer in item.expected.split("|")]
    return Feedback(
        is_right(question, item.expected, label),
        " / ".join(answers),
        item.feedback,
        credit_of(question, item.expected, label),
    )
