"""How a question is put on the page: choices in the order shown, keys, and what was filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import pgettext

from annotations.judging.sent import Form
from annotations.questions.question import Choice, Question
from annotations.scales.vectors import SIGNS, Vector

SIGN_KEYS = "-0+"
"""Keys of what can be said of a dimension, in the order of `SIGNS`."""


@dataclass(frozen=True)
class Row:
    """One dimension of a vector: its field, its name, the sign chosen."""

    field: str
    name: str
    value: str


@dataclass(frozen=True)
class Step:
    """One step of the confidence scale, or one sign of a dimension; *key* picks it."""

    value: str
    word: str
    key: str


@dataclass(frozen=True)
class Asked:
    """A question as the template draws it. value: what was sent, raw; error: why not."""

    question: Question
    choices: Sequence[Choice]
    value: str = ""
    error: str = ""

    @property
    def field(self) -> str:
        return self.question.field

    @property
    def template(self) -> str:
        """The piece of a page that draws it."""
        return self.question.of_kind.template

    @property
    def are_letters(self) -> bool:
        """Whether its choices stand side by side, as letters do."""
        return self.question.of_kind.are_letters

    @property
    def drawn(self) -> Mapping[str, Any]:
        """What its template needs beside the question."""
        return self.question.of_kind.drawn()

    @cached_property
    def rows(self) -> list[Row]:
        said = dict(enumerate(Vector.parts(self.value)))
        pairs = self.question.fields_of_dimensions()
        return [Row(*pair, said.get(at, "")) for at, pair in enumerate(pairs)]

    @property
    def signs(self) -> list[Step]:
        words = {
            "-1": pgettext("a text and a value", "against"),
            "0": pgettext("a text and a value", "neither"),
            "1": pgettext("a text and a value", "for"),
        }
        shown = {"-1": "−1", "0": "0", "1": "+1"}
        both = pgettext("a sign and its meaning", "%(sign)s %(meaning)s")
        return [
            Step(sign, both % {"sign": shown[sign], "meaning": words[sign]}, key)
            for sign, key in zip(SIGNS.categories, SIGN_KEYS, strict=True)
        ]

    @property
    def steps(self) -> list[Step]:
        words = {
            1: pgettext("how sure", "guess"),
            3: pgettext("how sure", "fair"),
            5: pgettext("how sure", "sure"),
        }
        return [Step(str(number), words.get(number, ""), str(number)) for number in range(1, 6)]


def asked(
    questions: Sequence[Question],
    reverse: bool = False,
    form: Form | None = None,
    errors: Mapping[str, str] = {},
) -> list[Asked]:
    """The questions as they are shown; *reverse* as in `Question.choices`."""
    return [
        Asked(
            question,
            question.choices(reverse),
            form.raw(question) if form else "",
            errors.get(question.key, ""),
        )
        for question in questions
    ]
