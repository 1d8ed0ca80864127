"""What a kind of instrument brings to its judging: the questions that belong to it.

A kind's own room in this app fills in a `JudgedKind`; `annotations.kinds` knows all of them, and
nothing else names one. Pure, so that reports can ask what an answer is on its scale as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from annotations.scales.named import scale_of
from annotations.scales.numbers import Ends, bounded
from annotations.scales.scale import INTERVAL, NOMINAL, ORDINAL, VECTOR, Scale
from annotations.scales.vectors import Vector

DECLARED = "declared"
"""What a study asks for whose scale is its own (``Study.kind``)."""

PIECES = "annotations/judging/questions"
"""Folder of the templates that draw one question."""


def pgettext_noop(context: str, words: str) -> tuple[str, str]:
    """Mark *words* for translation in a *context*: raters read them."""
    return context, words


class SimulatedRater(Protocol):
    """How a simulated rater answers one kind of question."""

    unknown: str
    """What they take a trial for of which nothing is known."""

    def truth(self, trial: Any) -> str:
        """The answer that is true of a trial, by what its simulated respondent was given; '' where
        nobody knows."""
        ...

    def says(self, truth: str, chance: Random) -> str:
        """What such a rater says of a trial whose true answer is *truth*."""
        ...


@dataclass(frozen=True, eq=False)
class QuestionKind:
    """One thing that a question can ask for.

    key: as ``Study.kind`` and a question's ``kind`` store it. asks_for: what a researcher reads.
    scale: which of ``Study.Scale`` its answers are on; '' for answers that nobody compares.
    template: the piece of a page that draws it. prompt: its usual wording; '' where a study must
    word it. choices: the answers it brings, each with one line of explanation; none where a study
    brings them. words: what raters read for such an answer. ways_out: those of the choices by
    which an item is said not to be judgeable. are_letters: whether the choices stand side by side
    and always in their order, as the letters of a table above them do.

    Of numbers. plural: what they are called. unit: a context and a pattern around ``number``, in
    which one is told. tolerance: how far apart a study's raters may lie unless it says otherwise.
    ends: the lowest and the highest number that can be given; None for any. near: how far an answer
    may lie beside an expected one that states no tolerance. off_scale: how an error names one of a
    file that lies off the scale; '' where files cannot name the scale.

    takes_marks: whether raters mark the passages that made them say what they say of a dimension.
    stances: what can be said of a dimension, where that is more than a sign: the word for it, and
    its context for translators. letters: the keys that name its dimensions, where it has such.

    is_scored, is_read: whether the score of a trial, or what was read from one answer, is an answer
    to it. simulated: how simulated raters answer.
    """

    key: str
    asks_for: str
    scale: str
    template: str
    prompt: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    ways_out: tuple[str, ...] = ()
    are_letters: bool = False
    plural: str = ""
    unit: tuple[str, str] | None = None
    tolerance: float | None = None
    ends: Ends | None = None
    near: float = 0.0
    off_scale: str = ""
    takes_marks: bool = False
    stances: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    is_scored: bool = False
    is_read: bool = False
    simulated: SimulatedRater | None = None

    @property
    def is_categorical(self) -> bool:
        return self.scale in (NOMINAL, ORDINAL)

    @property
    def is_numeric(self) -> bool:
        return self.scale == INTERVAL

    @property
    def is_vector(self) -> bool:
        return self.scale == VECTOR

    def with_unit(self, number: str) -> str:
        """A number as researchers read it."""
        return self.unit[1] % {"number": number} if self.unit else number

    def scale_for(
        self,
        categories: tuple[str, ...] = (),
        tolerance: float | None = None,
        ways_out: tuple[str, ...] = (),
    ) -> Scale:
        """The scale of its answers; ValueError where nobody compares them. It parses what was
        said: a kind with answers of another form brings a scale of its own."""
        return bounded(scale_of(self.scale, categories, tolerance, ways_out), self.ends)

    def raw(self, name: str, categories: Sequence[str], data: Mapping[str, Any]) -> str:
        """The answer as it stands in the fields of a form, *name* or more of them; '' for none."""
        return str(data.get(name, ""))

    def at_once(self, name: str, categories: Sequence[str], data: Mapping[str, Any]) -> list[str]:
        """The dimensions of which one act of the rater says that they are not involved."""
        return []

    def credit(self, scale: Scale, expected: str, label: str) -> tuple[int, int] | None:
        """How much of an *expected* answer was met, of how much, where an answer can be right in
        part; None where it is right or not."""
        return None

    def why_not_of(self, unit: str) -> str:
        """Why it cannot be asked of a *unit* (``Study.Unit``), in a sentence; '' where it can."""
        return ""

    def drawn(self) -> Mapping[str, Any]:
        """What its template needs beside the question; the same for every item."""
        return {}

    def label_of_score(self, score: Any, scale: Scale) -> str | None:
        """The score of a trial as an answer; None where it says nothing to the question."""
        return None

    def label_of_reading(self, outcome: str, label: str) -> str | None:
        """What was read from one answer (see `evaluations.models.Reading`), as an answer; None
        where it says nothing to the question."""
        return None


class VectorKind(QuestionKind):
    """Asks for each dimension in a field of its own."""

    def fields(self, name: str, categories: Sequence[str]) -> list[tuple[str, str]]:
        """Field and dimension of each row."""
        return [(f"{name}-{n}", dimension) for n, dimension in enumerate(categories)]

    def raw(self, name: str, categories: Sequence[str], data: Mapping[str, Any]) -> str:
        said = [str(data.get(field, "")) for field, _ in self.fields(name, categories)]
        return ",".join(said) if any(said) else str(data.get(name, ""))

    def label_of_score(self, score: Any, scale: Scale) -> str | None:
        if not isinstance(scale, Vector) or score.vector is None:
            return None
        return scale.by_name(score.vector)


class Incomplete(Exception):
    """Not every question of an own measure was answered; ``missing``: numbers of those left out."""

    def __init__(self, missing: list[int]) -> None:
        super().__init__(f"no answer to {missing}")
        self.missing = missing


class OwnMeasure(Protocol):
    """A measure that raters may take themselves before they judge, as models took it.

    *measure*: that of the instrument whose answers they will judge, as its kind reads it; None
    where texts from elsewhere are judged. *sent*: the fields of its page.
    """

    name: str
    """What it is called, in a researcher's words."""
    template: str
    """The page on which it is taken."""
    told: str
    """What is kept of it, in words for the rater."""

    def items(self, measure: Any, sent: Mapping[str, str], missing: Sequence[int]) -> list[Any]:
        """What the page shows, with what was *sent*; *missing* are the questions left out."""
        ...

    def store(self, rater: Any, measure: Any, sent: Mapping[str, str]) -> None:
        """Keep the rater's answers, once; raises Incomplete."""
        ...

    def stored(self, rater: Any) -> dict[str, Any] | None:
        """All that is kept of the rater, as plain data; None where they did not take it."""
        ...

    def forget(self, rater: Any) -> None:
        """Delete what is kept of the rater."""
        ...


@dataclass(frozen=True, slots=True)
class Doubt:
    """A flag of a score for which a reviewer should look at the item.

    flag: as the scorer writes it. reason: what it says to a reviewer, in a sentence; word: in two.
    group, name: the trials that have it, as samples can hold more of them.
    """

    flag: str
    reason: str
    word: str
    group: str
    name: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason of a scale's own for which a reviewer should look at an item (`Scale.grounds`): its
    code, and what it says to a reviewer in a sentence and in a few words."""

    code: str
    reason: str
    word: str


@dataclass(frozen=True, eq=False)
class JudgedKind:
    """All that a kind of instrument brings to judging.

    questions: what can be asked of its trials; the first is what a new study asks. asked: the
    piece of a page that says what the model was asked for its answers (``count`` of them).
    options: the piece that shows the options of one answer, under its heading. scored: the piece
    that tells a reviewer what the metric concluded of a trial. labels: what a score can be, of
    which samples can hold more. grounds: reasons for a dispute that scales of its questions have.
    doubts: flags of its scores that make a label uncertain. flags: what each flag means. scripts,
    styles: of the pages on which its questions are answered.
    """

    questions: tuple[QuestionKind, ...]
    asked: str
    scored: str
    options: str = ""
    labels: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    grounds: tuple[Ground, ...] = ()
    flags: Mapping[str, str] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()


def article(words: str) -> str:
    """*words* after 'a' or 'an', as they begin with a vowel."""
    return f"{'an' if words[:1].lower() in 'aeiou' else 'a'} {words}"
