"""One question that is put to raters, and the answers it allows.

Each answer is one text:

=================  ===============================================================================
nominal, ordinal   the category
interval           a finite number in ASCII digits
vector             -1, 0 or 1 a dimension, in their order, with commas: "1,0,-1"
confidence         1 to 5
reason             free words
=================  ===============================================================================

What else can be asked is brought by the kinds of instrument (annotations.kinds).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from annotations.base import QuestionKind, VectorKind
from annotations.kinds import CONFIDENCE, REASON, question_kind, question_kinds
from annotations.scales.numbers import Ends, bounded
from annotations.scales.scale import OffScale, Scale

CONFIDENCE_QUESTION = gettext_noop("How sure are you?")
REASON_QUESTION = gettext_noop("Comment")

CHOICE_KEYS = "1234567890-"
"""Keys of the choices, in the order in which they are shown."""

MAX_COMMENT, MAX_PROMPT, MAX_CATEGORY = 4000, 300, 80
MAX_FURTHER, MAX_DIMENSIONS = 12, 20

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
RESERVED_KEYS = frozenset({"label", "confidence", "comment"})


class InvalidJudgment(Exception):
    """What was sent cannot be kept as a judgment; ``errors`` says why, by field."""

    def __init__(self, **errors: str) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed answer: its value, the word shown for it, its one-line explanation and the key
    that picks it."""

    value: str
    word: str
    explanation: str
    key: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked.

    key: names its answer: 'label' for the primary question, 'confidence' and 'comment' for the
    two that every study asks, else a key of the study's own. kind: the key of a `QuestionKind`.
    categories: the values in their order, or the dimensions of a vector; empty for the others.
    ways_out: those of the categories by which a rater says that an item cannot be judged; a kind
    that brings its own has these. ends: between which numbers an answer must lie, where a study
    declares that of its own scale.
    Raises ValueError, which says what is wrong, where these do not fit together.
    """

    key: str
    kind: str
    prompt: str
    categories: tuple[str, ...] = ()
    required: bool = True
    ways_out: tuple[str, ...] = ()
    ends: Ends | None = None

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key):
            raise ValueError(
                f"the key {self.key!r} must begin with a letter and hold only small letters, "
                "digits and _, 40 at most"
            )
        asked = self.of_kind
        if not 0 < len(self.prompt) <= MAX_PROMPT:
            raise ValueError(f"{self.key}: the question needs 1 to {MAX_PROMPT} characters")
        if asked.is_categorical or asked.is_vector:
            self._check_categories()
        elif self.categories:
            raise ValueError(f"{self.key}: a question of kind {self.kind} has no categories")
        if own := [name for name in asked.ways_out if name in self.categories]:
            object.__setattr__(self, "ways_out", tuple(own))
        try:
            check_ways_out(self.ways_out, self.categories if self.is_categorical else ())
        except ValueError as error:
            raise ValueError(f"{self.key}: {error}") from error

    def _check_categories(self) -> None:
        least, most, what = (2, 200, "categories")
        if self.is_vector:
            least, most, what = (1, MAX_DIMENSIONS, "dimensions")
        if not least <= len(self.categories) <= most:
            raise ValueError(f"{self.key}: {least} to {most} {what} are needed")
        if len(set(self.categories)) < len(self.categories):
            raise ValueError(f"{self.key}: two {what} have the same name")
        for category in self.categories:
            if not 0 < len(category.strip()) <= MAX_CATEGORY:
                raise ValueError(f"{self.key}: each of the {what} needs 1 to 80 characters")

    @property
    def of_kind(self) -> QuestionKind:
        """All that is known of its kind; ValueError for an unknown one."""
        return question_kind(str(self.kind))

    @property
    def is_categorical(self) -> bool:
        return self.of_kind.is_categorical

    @property
    def is_vector(self) -> bool:
        return self.of_kind.is_vector

    @property
    def is_numeric(self) -> bool:
        return self.of_kind.is_numeric

    @property
    def scale(self) -> Scale:
        """What its answers are; ValueError for a confidence or a reason, which are not judged by
        one another."""
        return bounded(self.of_kind.scale_for(self.categories, ways_out=self.ways_out), self.ends)

    @property
    def field(self) -> str:
        """Name of the form field that holds the answer."""
        return self.key if self.key in RESERVED_KEYS else f"q-{self.key}"

    @property
    def prompt_shown(self) -> str:
        """The question in the reader's language where it is one of the platform's own."""
        return _(self.prompt) if self.has_own_prompt else self.prompt

    @property
    def has_own_prompt(self) -> bool:
        """Whether the question is one of the platform's own, with words in every language."""
        return self.prompt in _own_prompts()

    def fields_of_dimensions(self) -> list[tuple[str, str]]:
        """Field and dimension of each row of a vector; none of another question."""
        kind = self.of_kind
        return kind.fields(self.field, self.categories) if isinstance(kind, VectorKind) else []

    def raw(self, data: Mapping[str, Any]) -> str:
        """The answer as it stands in the fields of a form; '' where there is none."""
        return self.of_kind.raw(self.field, self.categories, data)

    def at_once(self, data: Mapping[str, Any]) -> list[str]:
        """The dimensions of which one act of the rater says that they are not involved."""
        return self.of_kind.at_once(self.field, self.categories, data)

    def stance_word(self, stance: str) -> str:
        """What a reader is shown for what was said of a dimension."""
        known = self.of_kind.stances.get(stance)
        return pgettext(*known) if known else stance

    def explanation_for(self, value: str) -> str:
        """One of the categories in a line, '' where there is none."""
        return _translated(self.of_kind.choices.get(value, ""))

    def checked(self, raw: str) -> str | float | int | None:
        """Return the answer: a number for a number and a confidence, else a text.

        None (or '' for a reason) where nothing was said and nothing has to be. Raises
        InvalidJudgment, with the field as its key, when the question does not allow it.
        """
        said = raw.replace("\x00", "").strip()
        if not said:
            if self.required:
                raise self._invalid(_("Choose an answer first."))
            return "" if self.kind == REASON else None
        if self.kind == CONFIDENCE:
            return self._confidence(said)
        if self.kind == REASON:
            return self._words(said)
        try:
            found = self.scale.parse(said)
        except OffScale as off:
            raise self._invalid(_(off.words) % off.facts) from off
        return found if isinstance(found, float) else self.scale.label(found)

    def _invalid(self, words: str) -> InvalidJudgment:
        return InvalidJudgment(**{self.key: words})

    def _confidence(self, said: str) -> int:
        if said not in {"1", "2", "3", "4", "5"}:
            raise self._invalid(_("Confidence is a number from 1 to 5, or nothing."))
        return int(said)

    def _words(self, said: str) -> str:
        if len(said) > MAX_COMMENT:
            raise self._invalid(
                _("The comment has %(length)d characters: shorten it to %(most)d.")
                % {"length": len(said), "most": MAX_COMMENT}
            )
        return said

    def choices(self, reverse: bool = False) -> list[Choice]:
        """The answers a rater picks from, in the order shown; none where there are no categories.

        *reverse* shows them the other way round: not the ways out, which stay last, and not the
        letters of the options, which stand in the order of the table above them.
        """
        if not self.is_categorical:
            return []
        return [
            Choice(
                value=value,
                word=self.word_for(value),
                explanation=self.explanation_for(value),
                key=CHOICE_KEYS[place] if place < len(CHOICE_KEYS) else "",
            )
            for place, value in enumerate(self._in_order(reverse))
        ]

    @property
    def has_own_words(self) -> bool:
        """Whether the categories are the platform's own, with words in every language."""
        return bool(self.of_kind.choices)

    def word_for(self, value: str) -> str:
        """What a reader is shown for one of the categories."""
        return _translated(self.of_kind.words.get(value, "")) or value

    def _in_order(self, reverse: bool) -> Sequence[str]:
        if not reverse or self.of_kind.are_letters:
            return self.categories
        values = [value for value in self.categories if value not in self.ways_out]
        return [*reversed(values), *(v for v in self.categories if v in self.ways_out)]

    def as_dict(self) -> dict[str, Any]:
        """As it stands in ``Study.further_questions``; `further_question` reads it."""
        return {
            "key": self.key,
            "kind": self.kind,
            "prompt": self.prompt,
            "categories": list(self.categories),
            "required": self.required,
        } | ({"ways_out": list(self.ways_out)} if self.ways_out else {})


def _translated(words: str) -> str:
    return _(words) if words else ""


def _own_prompts() -> set[str]:
    """The platform's own questions, which are put in the reader's language."""
    asked = {kind.prompt for kind in question_kinds().values() if kind.prompt}
    return asked | {CONFIDENCE_QUESTION, REASON_QUESTION}


def check_ways_out(ways_out: Sequence[str], categories: Sequence[str]) -> None:
    """Raise ValueError unless *ways_out* are some of the *categories*, each once, and not all."""
    if not ways_out:
        return
    if not categories:
        raise ValueError("only categories can be ways out, and this question has none")
    if unknown := [name for name in ways_out if name not in categories]:
        raise ValueError(f"the way out {unknown[0]!r} is none of: {', '.join(categories)}")
    if len(set(ways_out)) < len(ways_out):
        raise ValueError(f"a way out is named twice: {', '.join(ways_out)}")
    if len(ways_out) == len(categories):
        raise ValueError("every category is a way out: one at least is a value")
