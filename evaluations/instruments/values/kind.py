"""The kind 'values': a prompt and a free answer, scored as ten values it supports or opposes."""

from collections.abc import Mapping
from typing import Any

from evaluations.instruments.base import InstrumentDefinition
from evaluations.instruments.conditions import Condition, Field, Shared, Target
from evaluations.instruments.conversation import Ask, Option, Said
from evaluations.instruments.frames import FrameDefinition
from evaluations.instruments.readings import Reader
from evaluations.instruments.scored import Scorer
from evaluations.instruments.simulated import Subject
from evaluations.instruments.trial_files import TrialFiles
from evaluations.instruments.values import simulated
from evaluations.instruments.values.conversation import (
    ITEM,
    PROMPT_STEP,
    Conversation,
    ValuesCondition,
)
from evaluations.instruments.values.definitions import (
    Prompt,
    PromptSet,
    ValuesPack,
    parse_instrument,
    parse_pack,
)
from evaluations.instruments.values.scoring import AlwaysZero, WordsReader
from evaluations.instruments.values.trial_files import ValuesFiles


class Values:
    """See `evaluations.instruments.base.Kind`. A measure is a `PromptSet`; with an answer its
    prompt is kept, and what is said of that: ``{"prompt": ..., "topic": ...}``."""

    key = "values"
    name = "ten basic values"
    shipped = ("everyday-en", "values-en", "values-en")
    labels: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    parameters: Mapping[str, str] = {
        "supports": "a list of values",
        "opposes": "a list of values",
        "noise": "0 to 1",
        "told": "true: it holds the target it is given",
    }
    steps: Mapping[str, str] = {"system": "system message", PROMPT_STEP: "prompt"}
    shared = Shared(goals=(False,), inductions=("definition", "name"), value_places=("system",))
    fields: tuple[Field, ...] = ()
    files: TrialFiles = ValuesFiles()
    reader: Reader = WordsReader()
    scorers: tuple[Scorer, ...] = (AlwaysZero(),)

    def parse(self, definition: Any, source: str) -> InstrumentDefinition:
        return parse_instrument(definition, source, self)

    def parse_pack(self, definition: Any, source: str) -> ValuesPack:
        return parse_pack(definition, source)

    def targets(self, measure: PromptSet) -> tuple[Target, ...]:
        """Ideals are vectors by value."""
        return tuple(Target(one.key, one.name, one.vector) for one in measure.targets)

    def condition(self, raw: Mapping[str, Any]) -> ValuesCondition:
        if raw:
            raise ValueError(f"a run of prompts has no condition {min(raw)!r}")
        return ValuesCondition()

    def times(self, condition: Condition, factor: float) -> Condition:
        """The same: nothing is offered."""
        return condition

    def prompts(self, measure: PromptSet, pack: ValuesPack | None) -> tuple[str, ...]:
        """Raises ValueError for a set without prompts, which is for dialogues made elsewhere."""
        if not measure.prompts:
            raise ValueError(
                "this prompt set has no prompts: choose one that has, or import answers"
            )
        return tuple(prompt.id for prompt in measure.prompts)

    def dialogue(
        self,
        measure: PromptSet,
        condition: Condition,
        pack: ValuesPack,
        frame: FrameDefinition | None,
        prompt: str,
        seed: int,
    ) -> Conversation:
        target = measure.target(condition.target) if condition.target else None
        return Conversation(condition, measure.prompt(prompt), target, pack, seed)

    def options(
        self, measure: PromptSet, own: ValuesCondition, item_number: int, shown: Any
    ) -> tuple[Option, ...]:
        """None: the answer is free."""
        return ()

    def question(self, shown: Mapping[str, Any]) -> str:
        return str(shown["prompt"])

    def option_line(self, option: Option) -> str:
        return option.label

    def subject(self, said: str, noise: float | None) -> Subject:
        """*said*: values with commas, a minus before those it opposes; *noise*: 0 to 1."""
        return simulated.subject(said, noise)

    def simulated(self, parameters: Mapping[str, Any], measure: PromptSet) -> simulated.Holder:
        return simulated.holder(parameters, measure)

    def sample(self) -> tuple[InstrumentDefinition, Ask]:
        prompt = Prompt("sample", "A friend asks you to keep a secret. What do you say?")
        definition = InstrumentDefinition(
            "values-sample", "1", "en", "One prompt", "", self, PromptSet((prompt,))
        )
        said = Said("user", PROMPT_STEP, prompt.text, ITEM)
        return definition, Ask(PROMPT_STEP, ITEM, (said,), {"prompt": prompt.text})

    def warm_up(self) -> None:
        """Nothing takes time before there is work."""
