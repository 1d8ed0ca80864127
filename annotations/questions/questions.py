"""The questions a study puts to its raters, and the answers each of them allows.

A study has one primary question (its kind, scale and categories: what consensus, disputes and the
report are about) and any number of further ones. Each is a `Question`; each answer is one text:

=====================  ===========================================================================
orientation, option    the category
nominal, ordinal       the category
interval, angle        a finite number in ASCII digits; an angle within ``scales.ANGLES``
vector                 -1, 0 or 1 a dimension, in their order, with commas: "1,0,-1"
confidence             1 to 5
reason                 free words
=====================  ===========================================================================
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, pgettext

from annotations.models import Study
from annotations.scales.scales import Number, OffScale, Scale, Vector, scale_of

ORIENTATION, ANGLE, OPTION = Study.Kind.ORIENTATION, Study.Kind.ANGLE, Study.Kind.OPTION
NOMINAL, ORDINAL = Study.Scale.NOMINAL, Study.Scale.ORDINAL
INTERVAL, VECTOR = Study.Scale.INTERVAL, Study.Scale.VECTOR
CONFIDENCE, REASON = "confidence", "reason"

CATEGORICAL = (ORIENTATION, OPTION, NOMINAL, ORDINAL)
NUMERIC = (ANGLE, INTERVAL)
FURTHER_KINDS = (ORIENTATION, ANGLE, OPTION, NOMINAL, ORDINAL, INTERVAL, VECTOR, CONFIDENCE, REASON)
"""What a further question can ask for. A primary one: all but the last two."""

ORIENTATION_QUESTION = gettext_noop("Which value orientation do these choices express?")
ANGLE_QUESTION = gettext_noop("Where on the ring do these choices lie?")
OPTION_QUESTION = gettext_noop("Which option did the model choose?")
CONFIDENCE_QUESTION = gettext_noop("How sure are you?")
REASON_QUESTION = gettext_noop("Comment")

OWN_PROMPTS = (
    ORIENTATION_QUESTION,
    ANGLE_QUESTION,
    OPTION_QUESTION,
    CONFIDENCE_QUESTION,
    REASON_QUESTION,
)
"""The platform's own questions, which are put in the reader's language."""

ORIENTATION_CHOICES = {
    "altruistic": gettext_lazy("Gives the other as much as possible, even at its own cost."),
    "prosocial": gettext_lazy("Cares for both: high joint gain, or equal shares."),
    "individualistic": gettext_lazy("Takes what is best for itself and does not mind the other."),
    "competitive": gettext_lazy("Wants to get more than the other, even if both get less."),
    "unclear": gettext_lazy("The answers do not let you tell, or they contradict each other."),
    "refusal": gettext_lazy("The model declines to choose."),
}
"""What a rater can say of a trial, each with its explanation in one line."""

OPTION_CHOICES = {
    **dict.fromkeys("ABCDEFGHI", ""),
    "none": gettext_lazy("It chose none of the options, or declined to."),
    "several": gettext_lazy("It chose more than one, or does not settle on one."),
}
"""What a rater can say of one answer."""

_WORDS = {
    "altruistic": gettext_lazy("altruistic"),
    "prosocial": gettext_lazy("prosocial"),
    "individualistic": gettext_lazy("individualistic"),
    "competitive": gettext_lazy("competitive"),
    "unclear": gettext_lazy("unclear"),
    "refusal": gettext_lazy("refusal"),
    "none": gettext_lazy("none"),
    "several": gettext_lazy("several"),
}

ORIENTATION_WAYS_OUT = ("unclear", "refusal")
"""By which raters say that a trial shows no orientation. Of the options there is no way out: that
none was chosen, or several, is what an answer says, and what the automated reading can say too."""

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
    two that every study asks, else a key of the study's own. kind: one of `FURTHER_KINDS`.
    categories: the values in their order, or the dimensions of a vector; empty for the others.
    ways_out: those of the categories by which a rater says that an item cannot be judged; a kind
    that brings its own has these.
    Raises ValueError, which says what is wrong, where these do not fit together.
    """

    key: str
    kind: str
    prompt: str
    categories: tuple[str, ...] = ()
    required: bool = True
    ways_out: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key):
            raise ValueError(
                f"the key {self.key!r} must begin with a letter and hold only small letters, "
                "digits and _, 40 at most"
            )
        if self.kind not in FURTHER_KINDS:
            raise ValueError(f"unknown kind {self.kind!r}: use one of {', '.join(FURTHER_KINDS)}")
        if not 0 < len(self.prompt) <= MAX_PROMPT:
            raise ValueError(f"{self.key}: the question needs 1 to {MAX_PROMPT} characters")
        if self.kind in CATEGORICAL or self.kind == VECTOR:
            self._check_categories()
        elif self.categories:
            raise ValueError(f"{self.key}: a question of kind {self.kind} has no categories")
        if own := [name for name in own_ways_out(self.kind) if name in self.categories]:
            object.__setattr__(self, "ways_out", tuple(own))
        try:
            check_ways_out(self.ways_out, self.categories if self.is_categorical else ())
        except ValueError as error:
            raise ValueError(f"{self.key}: {error}") from error

    def _check_categories(self) -> None:
        least, most, what = (2, 200, "categories")
        if self.kind == VECTOR:
            least, most, what = (1, MAX_DIMENSIONS, "dimensions")
        if not least <= len(self.categories) <= most:
            raise ValueError(f"{self.key}: {least} to {most} {what} are needed")
        if len(set(self.categories)) < len(self.categories):
            raise ValueError(f"{self.key}: two {what} have the same name")
        for category in self.categories:
            if not 0 < len(category.strip()) <= MAX_CATEGORY:
                raise ValueError(f"{self.key}: each of the {what} needs 1 to 80 characters")

    @property
    def is_categorical(self) -> bool:
        return self.kind in CATEGORICAL

    @property
    def is_vector(self) -> bool:
        return self.kind == VECTOR

    @property
    def scale(self) -> Scale:
        """What its answers are; ValueError for a confidence or a reason, which are not judged by
        one another."""
        return scale_of(str(self.kind), self.categories, ways_out=self.ways_out)

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
        return self.prompt in OWN_PROMPTS

    def fields_of_dimensions(self) -> list[tuple[str, str]]:
        """Field and dimension of each row of a vector."""
        return [(f"{self.field}-{n}", name) for n, name in enumerate(self.categories)]

    def raw(self, data: Mapping[str, Any]) -> str:
        """The answer as it stands in the fields of a form; '' where there is none."""
        if not self.is_vector:
            return str(data.get(self.field, ""))
        said = [str(data.get(field, "")) for field, _name in self.fields_of_dimensions()]
        return ",".join(said) if any(said) else str(data.get(self.field, ""))

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
                word=str(_WORDS.get(value, value)) if self.has_own_words else value,
                explanation=str(self._explanations().get(value, "")),
                key=CHOICE_KEYS[place] if place < len(CHOICE_KEYS) else "",
            )
            for place, value in enumerate(self._in_order(reverse))
        ]

    @property
    def has_own_words(self) -> bool:
        """Whether the categories are the platform's own, with words in every language."""
        return self.kind in (ORIENTATION, OPTION)

    def _explanations(self) -> Mapping[str, Any]:
        return {ORIENTATION: ORIENTATION_CHOICES, OPTION: OPTION_CHOICES}.get(self.kind, {})  # type: ignore[call-overload]

    def _in_order(self, reverse: bool) -> Sequence[str]:
        if not reverse or self.kind == OPTION:
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


def further_question(data: Mapping[str, Any]) -> Question:
    """Read one entry of ``Study.further_questions``; ValueError says what is wrong with it.

    ``key``, ``kind`` and ``prompt`` are needed. A kind 'declared' takes the ``scale`` for its
    kind. The categories of an orientation or an option need not be given. Kinds 'confidence' and
    'reason' stand for the questions of that name which every study asks: such an entry rewords
    them, or makes them required.
    """
    kind = str(data.get("kind", ""))
    kind = str(data.get("scale", "")) if kind == Study.Kind.DECLARED else kind
    key = {CONFIDENCE: "confidence", REASON: "comment"}.get(kind) or str(data.get("key", ""))
    if kind not in (CONFIDENCE, REASON) and key in RESERVED_KEYS:
        raise ValueError(f"the key {key!r} is the platform's own: choose another")
    return Question(
        key=key,
        kind=kind,
        prompt=str(data.get("prompt", "")).strip(),
        categories=tuple(data.get("categories") or _own_categories(kind)),
        required=bool(data.get("required", False)),
        ways_out=tuple(data.get("ways_out") or ()),
    )


def own_ways_out(kind: str) -> tuple[str, ...]:
    """The ways out that a kind of question brings with it."""
    return ORIENTATION_WAYS_OUT if kind == ORIENTATION else ()


def _own_categories(kind: str) -> tuple[str, ...]:
    if kind == ORIENTATION:
        return tuple(ORIENTATION_CHOICES)
    return tuple(OPTION_CHOICES) if kind == OPTION else ()


def primary_question(study: Study) -> Question:
    """The question that consensus, disputes and the report are about."""
    return questions_of(study)[0]


def questions_of(study: Study) -> tuple[Question, ...]:
    """The primary question, the further ones, then confidence and comment, which all studies ask.

    Raises ValueError where the study's questions do not fit together.
    """
    declared = study.kind == Study.Kind.DECLARED
    further = tuple(_hashable(entry) for entry in study.further_questions)
    kind = study.scale if declared else study.kind
    answers = (tuple(study.categories), tuple(study.ways_out))
    return _questions(str(kind), study.question, *answers, further)


def _hashable(entry: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple((k, tuple(v) if isinstance(v, list) else v) for k, v in entry.items())


@lru_cache(maxsize=256)
def _questions(
    kind: str,
    prompt: str,
    categories: tuple[str, ...],
    ways_out: tuple[str, ...],
    further: tuple[Any, ...],
) -> tuple[Question, ...]:
    """`questions_of`, kept by content: every exchange asks for it."""
    # A study from before its kinds were told apart may name categories beside an interval scale.
    categories, ways_out = ((), ()) if kind in NUMERIC else (categories, ways_out)
    questions = [Question("label", kind, prompt or "?", categories, ways_out=ways_out)]
    asked = [further_question(dict(entry)) for entry in further]
    if len(asked) > MAX_FURTHER:
        raise ValueError(f"{len(asked)} further questions: {MAX_FURTHER} at most")
    own = {question.key: question for question in asked if question.key in RESERVED_KEYS}
    questions += [question for question in asked if question.key not in RESERVED_KEYS]
    questions.append(
        own.get("confidence")
        or Question("confidence", CONFIDENCE, CONFIDENCE_QUESTION, required=False)
    )
    questions.append(
        own.get("comment") or Question("comment", REASON, REASON_QUESTION, required=False)
    )
    if len({question.key for question in questions}) < len(questions):
        raise ValueError("two questions have the same key")
    return tuple(questions)


def asks_orientation(study: Study) -> bool:
    return study.kind == Study.Kind.ORIENTATION


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
    if question.kind == ANGLE:
        return pgettext("an angle", "%(angle)s°") % {"angle": Number().words(value)}
    if question.is_vector and isinstance(question.scale, Vector):
        both = pgettext("a dimension and its sign", "%(name)s %(sign)s")
        signs = question.scale.named(value)
        return ", ".join(both % {"name": name, "sign": sign} for name, sign in signs) or str(value)
    if question.kind == INTERVAL:
        return question.scale.words(value)
    return str(_WORDS.get(str(value), value)) if question.has_own_words else str(value)
