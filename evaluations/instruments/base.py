"""What an instrument is to the rest of the platform, whatever it measures.

An instrument's *kind* is an object (`Kind`). Everything outside `instruments/` sees what stands
here: conditions, steps, options, answers, readings, and what scorers make of them. Pure: standard
library only. To add a kind, see CONTRIBUTING.md.
"""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

INDUCTIONS = ("name", "definition", "none")
VALUE_PLACES = ("dialogue", "system")


@dataclass(frozen=True)
class Target:
    """Something a model can be asked to hold. `ideal` is the kind's own: what a perfect answer to
    it measures (an interval, ten signs), as its figures and scorers know it."""

    key: str
    name: str
    ideal: Any = None


@dataclass(frozen=True)
class Field:
    """One thing a kind can vary from cell to cell.

    `name` is its name in a cell's stored condition and, with dashes, as an option of commands;
    `choices` are (value, words) as the form offers them, the first is the default. An `is_number`
    takes any number its condition accepts where it is typed instead of ticked.
    """

    name: str
    label: str
    choices: tuple[tuple[Any, str], ...]
    help_text: str = ""
    is_number: bool = False

    @property
    def default(self) -> Any:
        return self.choices[0][0]


class OwnCondition(Protocol):
    """A kind's own part of a condition: frozen and hashable, with a value for each `Field` of the
    kind. Raises ValueError for values that do not go together."""

    def stored(self) -> dict[str, Any]:
        """All fields as the JSON a cell keeps."""
        ...

    def identity(self) -> dict[str, Any]:
        """The fields that seeds and keys are made of, in an order that never changes."""
        ...

    def words(self) -> list[str]:
        """What differs from the defaults, each in a few words."""
        ...


@dataclass(frozen=True)
class Condition:
    """What distinguishes one cell from another on the same model.

    Raises ValueError for a combination that cannot be put into words: a target without a way to
    give it, a way without a target, or a baseline with a place for its missing value.
    """

    target: str
    with_goal: bool
    induction: str
    value_place: str
    own: OwnCondition

    def __post_init__(self) -> None:
        for name, known in (("induction", INDUCTIONS), ("value_place", VALUE_PLACES)):
            if getattr(self, name) not in known:
                raise ValueError(f"{name} is {getattr(self, name)!r}, must be {' or '.join(known)}")
        if self.induction == "none" and self.target:
            raise ValueError(f"the baseline induces no value, not {self.target!r}")
        if self.induction == "none" and self.value_place == "system":
            raise ValueError("the baseline has no value to put into a system message")
        if self.induction != "none" and not self.target:
            raise ValueError(f"induction by {self.induction} needs a target value")

    def identity(self) -> dict[str, Any]:
        """The fields that seeds and keys are made of, in an order that never changes."""
        return {
            "target_value": self.target,
            "with_goal": self.with_goal,
            "induction": self.induction,
            "value_place": self.value_place,
            **self.own.identity(),
        }

    def words(self) -> str:
        """The condition as pages and files write it."""
        words = [self.target or "no target value"]
        words.append("with goal" if self.with_goal else "without goal")
        if self.induction == "definition":
            words.append("by definition")
        if self.value_place == "system":
            words.append("value in the system message")
        return ", ".join([*words, *self.own.words()])


def condition_key(condition: Condition, pack_sha256: str, frame_sha256: str) -> str:
    """What cells of one run and model are told apart by: 64 characters of the condition, the words
    and the scene. Migration 0010 makes the same of cells from before there were kinds."""
    parts = {
        "target": condition.target,
        "with_goal": condition.with_goal,
        "induction": condition.induction,
        "value_place": condition.value_place,
        "own": condition.own.stored(),
        "pack": pack_sha256,
        "frame": frame_sha256,
    }
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class ProtocolError(ValueError):
    """The stored turns are not the beginning of this conversation; says at which position."""


@dataclass(frozen=True)
class Said:
    """One message of the conversation: who said it, at which step, to which item."""

    role: str
    step: str
    text: str
    item_number: int | None = None


@dataclass(frozen=True)
class Option:
    """One thing an answer can choose, as it was shown: under a label (a letter), with its number in
    the instrument, which stays when the order shown changes, and what it offers, by name."""

    label: str
    number: int
    offers: Mapping[str, float] = field(default_factory=dict, hash=False)

    def words(self) -> dict[str, str]:
        """What it offers as a conversation writes it, by name."""
        return {name: f"{amount:g}" for name, amount in self.offers.items()}


@dataclass(frozen=True)
class Ask:
    """The next thing to ask: messages to append first (none if the question is already stored).

    Where `item_number` is set, the answer is one that is read. `shown` is what is stored with it,
    JSON of the kind's own, from which `Kind.options` makes the options again; `options` are these
    options, none where the answer is free. `constrained` asks for one of their labels and nothing
    else.
    """

    step: str
    item_number: int | None
    messages: tuple[Said, ...]
    shown: Any = None
    options: tuple[Option, ...] = ()
    constrained: bool = False


class Dialogue(Protocol):
    """The conversation of one trial as a function of what was said, so that it continues from any
    prefix; raises ValueError when made of a pack that has no words for its target."""

    @property
    def seed(self) -> int: ...

    @property
    def calls(self) -> int:
        """How many answers the whole conversation asks of the model."""
        ...

    def next(self, said: Sequence[Said]) -> Ask | None:
        """What to ask after the turns *said*, None when the conversation is finished.

        Raises ProtocolError when *said* is not the beginning of this very conversation.
        """
        ...


@dataclass(frozen=True)
class Pack(ABC):
    """The words around an instrument, as far as all kinds have them; a kind's own adds its
    templates. `resource`: what is divided, in the pack's language, '' where it does not say."""

    key: str
    version: str
    language: str
    name: str
    source: str
    resource: str = field(default="", kw_only=True)

    @abstractmethod
    def templates(self) -> list[tuple[str, str]]:
        """Its templates in the order of the conversation, each after its name."""


@dataclass(frozen=True)
class FrameDefinition:
    """A scene as a versioned file holds it. Its words stand where a pack has the placeholders
    {story}, {resource} and {recipient}; `culture` says whose scene it is and is told to nobody."""

    key: str
    version: str
    language: str
    name: str
    source: str
    story: str
    resource: str
    recipient: str
    culture: str


SCENE = ("story", "resource", "recipient")
"""What a frame fills in."""


@dataclass(frozen=True)
class InstrumentDefinition:
    """An instrument as a versioned file holds it; `measure` is its kind's own."""

    key: str
    version: str
    language: str
    name: str
    source: str
    kind: "Kind"
    measure: Any

    def prompts(self, pack: Pack | None) -> tuple[str, ...]:
        """What is asked in trials of its own; ('',) where every trial asks all."""
        return self.kind.prompts(self.measure, pack)

    def dialogue(
        self,
        condition: Condition,
        pack: Pack,
        seed: int,
        *,
        prompt: str = "",
        frame: "FrameDefinition | None" = None,
    ) -> Dialogue:
        """The conversation of a trial; raises ValueError where pack or frame lack its words."""
        return self.kind.dialogue(self.measure, condition, pack, frame, prompt, seed)

    def options(self, own: OwnCondition, item_number: int, shown: Any) -> tuple[Option, ...]:
        """What stood to choose from beside an answer, in the order shown; none if it was free."""
        return self.kind.options(self.measure, own, item_number, shown)


class Span(NamedTuple):
    """Where in an answer's text something was found, as places between characters; `dimension` says
    of which value, where an instrument has several."""

    start: int
    end: int
    dimension: str = ""


@dataclass(frozen=True)
class Reading:
    """What was read from one answer. `value` is what was chosen in the kind's own terms (JSON),
    None unless it is a choice; `label` the same as it was shown.

    `out_of_range`: the answer named something that was not offered.
    """

    outcome: str
    value: Any
    label: str
    method: str
    refused: bool
    evidence: tuple[Span, ...]
    note: str

    @property
    def out_of_range(self) -> bool:
        return self.method == OUTSIDE


OUTSIDE = "rule:outside_list"
"""The method of a reading that found something named that was not offered."""


@dataclass(frozen=True)
class AnswerText:
    """What a reader gets: the words, what was shown beside the question (`Ask.shown`), whether
    the model was cut off at its length limit, and whether the endpoint reported a refusal."""

    text: str
    item_number: int
    shown: Any
    truncated: bool = False
    refused: bool = False


@dataclass(frozen=True)
class AnsweredItem:
    """One answer as a scorer sees it."""

    item_number: int
    shown: Any
    reading: Reading
    truncated: bool


@dataclass(frozen=True)
class AnsweredTrial:
    """All a scorer may look at: nothing of it depends on other trials."""

    condition: Condition
    measure: Any
    score_incomplete: bool
    answers: tuple[AnsweredItem, ...]


class Reader(Protocol):
    """Reads answers by rules. `version` changes whenever an answer could be read otherwise."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def read(self, answer: AnswerText, measure: Any, condition: Condition) -> Reading:
        """Raises ValueError for an item the measure does not have."""
        ...


class Scorer(Protocol):
    """An automated metric. `version` changes whenever the same trial could get another score."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def reader(self) -> str:
        """Name and version of the reader on whose readings its scores rest; '' for none."""
        ...

    def score(self, trial: AnsweredTrial) -> Mapping[str, object]:
        """Return the fields of a Score row: an outcome with a label, number, vector or reason."""
        ...


@dataclass(frozen=True)
class Subject:
    """A simulated respondent as a command describes it: in words, and as an endpoint keeps it."""

    words: str
    parameters: Mapping[str, Any]


class Simulated(Protocol):
    """Answers as a subject with known properties would."""

    def answer(self, ask: Ask, target: str, seed: int) -> str:
        """The words said to *ask* by one who was asked to hold *target* ('': nothing). Raises
        ValueError where no properties are known for that target."""
        ...


class TrialFiles(Protocol):
    """A kind's conversations in trial files (docs/reference/trial-files.md)."""

    @property
    def steps(self) -> Mapping[str, str]:
        """Names of steps in files, and what they are called here."""
        ...

    @property
    def item_step(self) -> str:
        """The step whose answers are read."""
        ...

    @property
    def aliases(self) -> Mapping[str, str]:
        """Other words for targets."""
        ...

    @property
    def fields(self) -> Sequence[str]:
        """The fields of a line that are the kind's own, its columns first."""
        ...

    @property
    def columns(self) -> Mapping[str, type]:
        """Those of its fields that tables have as columns, each a str, bool or float."""
        ...

    def recognise(
        self, line: Mapping[str, Any], questions: Sequence[Mapping[str, Any]], measure: Any
    ) -> Sequence[tuple[int, Any] | None]:
        """Of each question the item it asks and what it shows, as `Ask.shown`; None where it asks
        none. Raises LineError where the line contradicts itself."""
        ...

    def how_to_show(self, measure: Any) -> str:
        """What a line needs so that its items are recognised."""
        ...

    def own(self, line: Mapping[str, Any], shown: Mapping[int, Any], measure: Any) -> OwnCondition:
        """The condition of a line whose items showed *shown*. Raises ValueError."""
        ...

    def written(self, own: Any) -> dict[str, Any]:
        """The columns of a condition."""
        ...


class Kind(Protocol):
    """A kind of instrument: all that the platform needs to know of it."""

    key: str
    name: str
    shipped: tuple[str, str, str]
    """The keys of the instrument, prompt pack and rubric that come with the site."""
    labels: tuple[str, ...]
    """What a trial can be classified as; none where scores have no labels."""
    offers: tuple[str, ...]
    """The names of what its options offer, as templates of rubrics say them."""
    parameters: str
    """What the parameters of its simulated respondents are, in words."""
    steps: Mapping[str, str]
    """The steps of its conversations, in words."""
    fields: tuple[Field, ...]
    files: TrialFiles
    reader: Reader
    scorers: tuple[Scorer, ...]
    """The first is the kind's own: pages show it where no other is asked for."""

    def parse(self, definition: Any, source: str) -> InstrumentDefinition:
        """Check an instrument; *source* names it in errors. Raises DefinitionError."""
        ...

    def parse_pack(self, definition: Any, source: str) -> Pack:
        """Check a prompt pack; *source* names it in errors. Raises DefinitionError."""
        ...

    def targets(self, measure: Any) -> tuple[Target, ...]:
        """What a model can be asked to hold, in the order of pages and files."""
        ...

    def condition(self, raw: Mapping[str, Any]) -> Any:
        """The own condition of *raw*, by the names of the fields; what is left out has its
        default. Raises ValueError for an unknown name or value."""
        ...

    def prompts(self, measure: Any, pack: Any) -> tuple[str, ...]:
        """What is asked in trials of its own; ('',) where every trial asks all."""
        ...

    def dialogue(
        self,
        measure: Any,
        condition: Condition,
        pack: Any,
        frame: FrameDefinition | None,
        prompt: str,
        seed: int,
    ) -> Dialogue:
        """The conversation of a trial, about *prompt* of `prompts`. Raises ValueError where the
        pack has no words for the target, or needs a frame and has none."""
        ...

    def options(self, measure: Any, own: Any, item_number: int, shown: Any) -> tuple[Option, ...]:
        """What stood to choose from beside an answer, in the order shown; none if it was free."""
        ...

    def subject(self, said: str, noise: float | None) -> Subject:
        """The subject that the options --simulated and --noise of a command describe; 'target' is
        one that does as it is told. Raises ValueError."""
        ...

    def simulated(self, parameters: Mapping[str, Any], measure: Any) -> Simulated:
        """The subject that *parameters* of an endpoint describe. Raises ValueError or TypeError
        where they describe none."""
        ...

    def sample(self) -> tuple[InstrumentDefinition, Ask]:
        """An instrument and a question of it, to try an endpoint with."""
        ...

    def warm_up(self) -> None:
        """Compute what is computed once a process, before there is work."""
        ...
