"""What an instrument is to the rest of the platform, whatever it measures.

An instrument's *kind* is an object (`Kind`). Everything outside `instruments/` sees what stands
here: conditions, steps, options, answers, readings, and what scorers make of them. Pure: standard
library only. To add a kind, see CONTRIBUTING.md.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from evaluations.formats.scenes.checks import language_of
from evaluations.instruments.conditions import (
    Condition,
    Field,
    OwnCondition,
    Shared,
    Target,
)
from evaluations.instruments.conversation import Ask, Dialogue, Option
from evaluations.instruments.frames import SCENE, FrameDefinition
from evaluations.instruments.readings import Reader
from evaluations.instruments.scored import Scorer
from evaluations.instruments.simulated import Simulated, Subject
from evaluations.instruments.trial_files import TrialFiles


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
    needs_frame: bool = field(default=False, kw_only=True)
    """Whether its words have a placeholder that a frame alone fills."""
    needs_texts: bool = field(default=False, kw_only=True)
    """Whether one of these is filled only by a frame of several languages (format 2)."""
    state: str = field(default="", kw_only=True)
    """How far its words have been looked at (`formats.definitions.STATES`); '' for not said."""

    @abstractmethod
    def templates(self) -> list[tuple[str, str]]:
        """Its templates in the order of the conversation, each after its name."""

    def check_frame(self, frame: FrameDefinition | None) -> None:
        """Raises ValueError where it tells a scene and has none, tells none and has one, or the
        scene is in another language."""
        if frame is None and self.needs_frame:
            raise ValueError(f"prompt pack {self.key} tells a scene: choose a frame with it")
        if frame is None:
            return
        if not self.needs_frame:
            raise ValueError(
                f"prompt pack {self.key} has no place for a scene: leave the frame {frame.key} "
                f"out, or choose a pack with {{{'}, {'.join(SCENE)}}}"
            )
        if self.needs_texts and frame.text is None:
            raise ValueError(
                f"prompt pack {self.key} has {{division}} or {{aim}}, which frame {frame.key} does "
                "not fill: choose a frame of the format valuecheck-frame/2, or another pack"
            )
        if language_of(frame.language) != language_of(self.language):
            raise ValueError(
                f"frame {frame.key} is in {frame.language}, prompt pack {self.key} in "
                f"{self.language}: choose two in one language"
            )


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
        """The conversation of a trial; raises ValueError where the pack has no words for it, or
        the frame does not go with the pack."""
        pack.check_frame(frame)
        return self.kind.dialogue(self.measure, condition, pack, frame, prompt, seed)

    def in_scene(self, condition: Condition, frame: FrameDefinition | None) -> Condition:
        """A designed condition as it is asked in a scene: what is offered times its factor."""
        return condition if frame is None else self.kind.times(condition, frame.factor)

    def as_designed(self, condition: Condition, frame: FrameDefinition | None) -> Condition:
        """The way back from `in_scene`, for what is alike in all scenes."""
        return condition if frame is None else self.kind.times(condition, 1 / frame.factor)

    def check(self, condition: Condition) -> None:
        """Raises ValueError for a target that it does not have, or a condition its kind does not
        know."""
        known = [target.key for target in self.kind.targets(self.measure)]
        if condition.target and condition.target not in known:
            raise ValueError(
                f"{condition.target!r} is no target of {self.key}: it has "
                f"{', '.join(known) or 'none'}"
            )
        self.kind.shared.check(condition, self.kind.name)

    def simulated(self, parameters: Mapping[str, Any]) -> Simulated:
        """The subject that *parameters* of an endpoint describe. Raises ValueError or TypeError
        where they describe none, or say something that this kind has no word for."""
        if unknown := [name for name in parameters if name not in self.kind.parameters]:
            raise ValueError(
                f"{unknown[0]!r} is no parameter of a simulated respondent to an instrument of "
                f"{self.kind.name}: it has {', '.join(self.kind.parameters)}"
            )
        return self.kind.simulated(parameters, self.measure)

    def options(self, own: OwnCondition, item_number: int, shown: Any) -> tuple[Option, ...]:
        """What stood to choose from beside an answer, in the order shown; none if it was free."""
        return self.kind.options(self.measure, own, item_number, shown)


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
    parameters: Mapping[str, str]
    """The parameters of its simulated respondents, each with its unit or range in a few words."""
    steps: Mapping[str, str]
    """The steps of its conversations, in words."""
    shared: Shared
    """Which of the conditions that all cells have it knows."""
    fields: tuple[Field, ...]
    """What else it varies from cell to cell."""
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

    def times(self, condition: Condition, factor: float) -> Condition:
        """The condition with all that is offered times *factor*; the same where nothing is."""
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
        """The conversation of a trial, about *prompt* of `prompts`. *frame* goes with the pack.
        Raises ValueError where the pack has no words for the target."""
        ...

    def options(self, measure: Any, own: Any, item_number: int, shown: Any) -> tuple[Option, ...]:
        """What stood to choose from beside an answer, in the order shown; none if it was free."""
        ...

    def question(self, shown: Any) -> str:
        """The words of the question that people may read beside the answer, of what is stored with
        it; '' where the options say all, or the words would tell what a model was asked to be."""
        ...

    def option_line(self, option: Option) -> str:
        """An option as a line that a model reads: its label and what it offers."""
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
