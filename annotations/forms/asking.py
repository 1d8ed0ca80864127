"""How a question is put on the page: choices in the order shown, keys, and what was filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import pgettext

from annotations.judging.sent import Form
from annotations.questions.question import Choice, Question
from annotations.scales.vectors import SIGNS, Vector

STANCE_SIGNS = {"1": "+", "-1": "−", "0": "0", "both": "±"}
"""What stands for a stance where there is no room for its word."""

SIGN_KEYS = "-0+"
"""Keys of what can be said of a dimension, in the order of `SIGNS`."""


@dataclass(frozen=True)
class Row:
    """One dimension of a vector: its field, its name, the sign chosen; what a reader is shown for
    the name, its explanation in a line and the key that names it, '' where it has none; what was
    typed as numbers of sentences that show it."""

    field: str
    name: str
    value: str
    word: str = ""
    explanation: str = ""
    key: str = ""
    sentences: str = ""


@dataclass(frozen=True)
class Step:
    """One step of the confidence scale, or one sign of a dimension; *key* picks it."""

    value: str
    word: str
    key: str


@dataclass(frozen=True)
class Asked:
    """A question as the template draws it. value: what was sent, raw; error: why not. fields: all
    that was sent. marks: whether passages can be marked where it is asked."""

    question: Question
    choices: Sequence[Choice]
    value: str = ""
    error: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    marks: bool = False

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
        asked, letters = self.question, self.question.of_kind.letters
        pairs, parts = asked.fields_of_dimensions(), Vector.parts(self.value)
        said = dict(zip((field for field, _ in pairs), parts, strict=False))
        if any(field in self.fields for field, _ in pairs) or self.is_rest:
            said = {field: self.fields.get(field, "") for field, _ in pairs}
        return [
            Row(
                field,
                name,
                said.get(field, ""),
                asked.word_for(name),
                asked.explanation_for(name),
                letters.get(name, ""),
                self.fields.get(f"{field}-sentences", ""),
            )
            for field, name in pairs
        ]

    @property
    def is_rest(self) -> bool:
        """Whether one act says that the dimensions without a word are not involved."""
        return bool(self.fields.get(f"{self.field}-rest"))

    @property
    def is_way_out(self) -> bool:
        return self.value in self.question.of_kind.ways_out

    @property
    def marked(self) -> str:
        """The passages that were marked, as the page's script writes them."""
        return self.fields.get(f"{self.field}-marks", "")

    @property
    def stances(self) -> list[Step]:
        """What can be said of a dimension, with the signs for it."""
        return [
            Step(stance, self.question.stance_word(stance), STANCE_SIGNS.get(stance, ""))
            for stance in self.question.of_kind.stances
        ]

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
            form.fields if form else {},
            marks=question.of_kind.takes_marks,
        )
        for question in questions
    ]
