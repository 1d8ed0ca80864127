"""The kind 'svo': slider items, each a choice among allocations to oneself and to another."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from evaluations.instruments.base import InstrumentDefinition
from evaluations.instruments.conditions import Condition, Shared, Target
from evaluations.instruments.conversation import Ask, Option, Said
from evaluations.instruments.frames import FrameDefinition
from evaluations.instruments.readings import Reader
from evaluations.instruments.scored import Scorer
from evaluations.instruments.simulated import Subject
from evaluations.instruments.svo import (
    LETTERS,
    SLIDER,
    Measure,
    Orientation,
    assess,
    ideal_set,
    read_prose,
    shown,
)
from evaluations.instruments.svo.conditions import FIELDS, SliderCondition, own
from evaluations.instruments.svo.conversation import Conversation, scaled, shown_options
from evaluations.instruments.svo.definitions import PackDefinition, parse_instrument, parse_pack
from evaluations.instruments.svo.files.trial_files import SliderFiles
from evaluations.instruments.svo.reading.reader import RuleReader
from evaluations.instruments.svo.scoring.scorer import SvoSliderScorer
from evaluations.instruments.svo.simulated.respondent import (
    DEFAULT_NOISE,
    SimulatedChooser,
    ideal_angles,
)
from evaluations.instruments.trial_files import TrialFiles


class Svo:
    """See `evaluations.instruments.base.Kind`. A measure is a `Measure`, what is shown with an
    answer the option numbers in the order shown (``[1, ..., 9]``: as printed)."""

    key = "svo"
    name = "social value orientation"
    shipped = ("svo-slider", "plain-en", "svo-orientation-en")
    labels: tuple[str, ...] = tuple(value.value for value in Orientation)
    offers: tuple[str, ...] = ("self", "other")
    parameters: Mapping[str, str] = {
        "angle": "in degrees",
        "noise": "in coins",
        "seed": "a whole number",
    }
    steps: Mapping[str, str] = {
        "system": "system message",
        "induction": "induction",
        "task": "task",
        "goal": "goal",
        "item": "item",
    }
    shared = Shared()
    fields = FIELDS
    files: TrialFiles = SliderFiles()
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
        scale = raw.get("payoff_scale", 1.0)
        return SliderCondition(**{**raw, "payoff_scale": float(scale)})

    def times(self, condition: Condition, factor: float) -> Condition:
        """Payoffs times *factor*."""
        if factor == 1:
            return condition
        return replace(condition, own=own(condition).times(factor))

    def prompts(self, measure: Measure, pack: PackDefinition | None) -> tuple[str, ...]:
        """One conversation asks all items, each restating the goal."""
        return ("",)

    def dialogue(
        self,
        measure: Measure,
        condition: Condition,
        pack: PackDefinition,
        frame: FrameDefinition | None,
        prompt: str,
        seed: int,
    ) -> Conversation:
        return Conversation(condition, measure, pack, seed, frame)

    def options(
        self, measure: Measure, own: SliderCondition, item_number: int, shown: Sequence[int]
    ) -> tuple[Option, ...]:
        return shown_options(scaled(measure, own.payoff_scale), item_number, shown)

    def question(self, shown: Sequence[int]) -> str:
        """Nothing: a question restates the goal, and its options say what is asked."""
        return ""

    def option_line(self, option: Option) -> str:
        line = "{letter}: you get {self}, the other person gets {other}"
        return line.format(letter=option.label, **option.words())

    def subject(self, said: str, noise: float | None) -> Subject:
        """*said*: an angle in degrees; *noise* in coins."""
        noise = DEFAULT_NOISE if noise is None else noise
        told = said == "target"
        angle = ideal_angles(noise) if told else float(said)
        words = "doing as it is told" if told else f"{angle:g}°"
        return Subject(f"{words}, noise {noise:g}", {"angle": angle, "noise": noise, "seed": 0})

    def simulated(self, parameters: Mapping[str, Any], measure: Measure) -> SimulatedChooser:
        return SimulatedChooser(parameters, measure)

    def sample(self) -> tuple[InstrumentDefinition, Ask]:
        """The first item of the published measure, in a few words."""
        number = SLIDER.primary[0].number
        order = list(range(1, len(LETTERS) + 1))
        options = shown_options(SLIDER, number, order)
        lines = map(self.option_line, options)
        question = "\n".join(["Which option do you choose?", *lines, "Answer with one letter."])
        said = Said("user", "item", question, number)
        definition = InstrumentDefinition("slider", "1", "en", SLIDER.name, "", self, SLIDER)
        return definition, Ask("item", number, (said,), order, options)

    def warm_up(self) -> None:
        """Compile the rules of reading, count the answer patterns: a second of CPU."""
        read_prose("Either A or B.", shown(1))
        for target in Orientation:
            assess(0.0, target)
