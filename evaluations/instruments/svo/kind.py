"""The kind 'svo': slider items, each a choice among allocations to oneself and to another."""

from collections.abc import Mapping, Sequence
from typing import Any

from evaluations.instruments.base import (
    Ask,
    Condition,
    InstrumentDefinition,
    Option,
    Reader,
    Said,
    Scorer,
    Target,
)
from evaluations.instruments.svo import (
    LETTERS,
    SLIDER,
    Measure,
    Orientation,
    assess,
    extract,
    ideal_set,
    shown,
)
from evaluations.instruments.svo.conditions import FIELDS, SliderCondition, own
from evaluations.instruments.svo.definitions import PackDefinition, parse_instrument, parse_pack
from evaluations.instruments.svo.protocol import Conversation, scaled, shown_options
from evaluations.instruments.svo.reading import RuleReader
from evaluations.instruments.svo.scorer import SvoSliderScorer
from evaluations.instruments.svo.simulated import SimulatedChooser


class Svo:
    """See `evaluations.instruments.base.Kind`. A measure is a `Measure`, what is shown with an
    answer the option numbers in the order shown (``[1, ..., 9]``: as printed)."""

    key = "svo"
    name = "social value orientation"
    steps: Mapping[str, str] = {
        "system": "system message",
        "induction": "induction",
        "task": "task",
        "goal": "goal",
        "item": "item",
    }
    fields = FIELDS
    reader: Reader = RuleReader()
    scorers: tuple[Scorer, ...] = (SvoSliderScorer(),)

    def parse(self, definition: Any, source: str) -> InstrumentDefinition:
        return parse_instrument(definition, source, self)

    def parse_pack(self, definition: Any, source: str) -> PackDefinition:
        return parse_pack(definition, source)

    def targets(self, measure: Measure) -> tuple[Target, ...]:
        """The four orientations; ideals are the ends of an interval in degrees."""
        return tuple(Target(value.value, value.value, ideal_set(value)) for value in Orientation)

    def condition(self, raw: Mapping[str, Any]) -> SliderCondition:
        if unknown := set(raw) - {field.name for field in FIELDS}:
            raise ValueError(f"the slider measure has no condition {min(unknown)!r}")
        return SliderCondition(**raw)

    def dialogue(
        self, measure: Measure, condition: Condition, pack: PackDefinition, seed: int
    ) -> Conversation:
        return Conversation(condition, measure, pack, seed)

    def options(
        self, measure: Measure, condition: Condition, item_number: int, shown: Sequence[int]
    ) -> tuple[Option, ...]:
        return shown_options(scaled(measure, own(condition).payoff_scale), item_number, shown)

    def simulated(self, parameters: Mapping[str, Any], measure: Measure) -> SimulatedChooser:
        return SimulatedChooser(parameters, measure)

    def sample(self) -> tuple[InstrumentDefinition, Ask]:
        """The first item of the published measure, in a few words."""
        number = SLIDER.primary[0].number
        order = list(range(1, len(LETTERS) + 1))
        options = shown_options(SLIDER, number, order)
        lines = [
            "{letter}: you get {self}, the other person gets {other}".format(
                letter=option.label, **option.words()
            )
            for option in options
        ]
        question = "\n".join(["Which option do you choose?", *lines, "Answer with one letter."])
        said = Said("user", "item", question, number)
        definition = InstrumentDefinition("slider", "1", "en", SLIDER.name, "", self, SLIDER)
        return definition, Ask("item", number, (said,), order, options)

    def warm_up(self) -> None:
        """Compile the rules of reading, count the answer patterns: a second of CPU."""
        extract("Either A or B.", shown(1))
        for target in Orientation:
            assess(0.0, target)
