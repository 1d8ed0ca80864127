"""The only way from an item to what a rater sees.

A rater's page holds a `Stimulus` and nothing else of the item: no model name, target value, goal,
prompt, automated label, angle, stratum, or judgment of another rater, and no id that leads to the
trial. What a model itself wrote in its answers is shown as it stands.

The goal sentence is left out although the model wrote it: whether there is one tells the
condition, and it names what the model was asked to hold. The prompts restate both.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import F

from annotations.models import Item
from evaluations.models import Answer, Instrument
from evaluations.packs import instrument_of
from evaluations.protocol import scaled
from evaluations.svo.measure import Measure


@dataclass(frozen=True, slots=True)
class Option:
    """One allocation as the model was shown it: its letter, and the payoffs to both."""

    letter: str
    own: float
    other: float


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One of the model's answers, with the options it chose from in the order it saw them."""

    number: int
    options: tuple[Option, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Stimulus:
    """What a rater sees of an item: the answers of a trial, or an imported text."""

    answers: tuple[ShownAnswer, ...] = ()
    text: str = ""


def stimulus(item: Item) -> Stimulus:
    """Return what a rater sees of *item*; one query for a trial, none for a text."""
    if item.trial_id is None:
        return Stimulus(text=item.text)
    answers = (
        Answer.objects.filter(trial_id=item.trial_id)
        .select_related("turn")
        .annotate(
            instrument_hash=F("trial__run__instrument__sha256"),
            payoff_scale=F("trial__cell__payoff_scale"),
        )
        .order_by("item_number")
    )
    return Stimulus(
        answers=tuple(
            ShownAnswer(
                number,
                options_shown(answer, _measure(answer.instrument_hash, answer.payoff_scale)),
                answer.turn.text,
            )
            for number, answer in enumerate(answers, start=1)
        )
    )


def options_shown(answer: Answer, measure: Measure) -> tuple[Option, ...]:
    """The options of an answer in the payoffs of *measure*, in the order the model saw them."""
    allocations = measure.item(answer.item_number).in_order(answer.shown_options)
    return tuple(
        Option(label, *allocation)
        for label, allocation in zip(measure.labels, allocations, strict=True)
    )


@lru_cache(maxsize=64)
def _measure(sha256: str, payoff_scale: float) -> Measure:
    """The measure of an instrument in the payoffs the model read.

    The hash names the instrument's content, so its measure may be kept for good.
    """
    instrument = instrument_of(Instrument.objects.get(sha256=sha256))
    return scaled(instrument.measure, payoff_scale)
