"""The slider measure that raters may take themselves before they judge."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from annotations.models import OwnMeasure, Rater, Study
from annotations.taking_part.stages import Stage, advance
from evaluations.definitions.catalogue import instrument_of
from evaluations.instruments.svo.measure import SLIDER, Measure
from evaluations.instruments.svo.scoring import score
from evaluations.models import Instrument


@dataclass(frozen=True, slots=True)
class ShownOption:
    """One allocation: its option number, and what oneself and the other person get."""

    option: int
    own: float
    other: float
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One question of the measure; ``error`` says what is missing where it was left out."""

    number: int
    options: tuple[ShownOption, ...]
    error: str


class Incomplete(Exception):
    """Not every question was answered; ``missing`` holds the numbers of those that were not."""

    def __init__(self, missing: list[int]) -> None:
        super().__init__(f"no answer to {missing}")
        self.missing = missing


def measure_of(study: Study) -> Measure:
    """The measure of the instrument whose trials are judged; for texts the published one."""
    row = Instrument.objects.filter(run__trials__item__study=study).order_by("pk").first()
    return instrument_of(row).measure if row else SLIDER


def shown(measure: Measure, sent: Mapping[str, str], missing: list[int]) -> list[ShownItem]:
    """The primary items in their printed order, with what was *sent* filled in."""
    return [
        ShownItem(
            item.number,
            tuple(
                ShownOption(option, *allocation, sent.get(f"item-{item.number}") == str(option))
                for option, allocation in enumerate(item.options, start=1)
            ),
            _("Choose one of them.") if item.number in missing else "",
        )
        for item in measure.primary
    ]


def choices_in(measure: Measure, sent: Mapping[str, str]) -> dict[int, int]:
    """The option chosen for each primary item; Incomplete unless there is one for each."""
    chosen = {
        item.number: int(raw)
        for item in measure.primary
        if (raw := sent.get(f"item-{item.number}", "")) in map(str, range(1, len(item.options) + 1))
    }
    missing = [item.number for item in measure.primary if item.number not in chosen]
    if missing:
        raise Incomplete(missing)
    return chosen


@transaction.atomic
def store(rater: Rater, sent: Mapping[str, str]) -> Rater:
    """Score and keep the rater's own answers, once, and take them on; raises Incomplete."""
    if rater.stage != Stage.OWN_MEASURE:
        return rater
    measure = measure_of(rater.study)
    choices = choices_in(measure, sent)
    result = score(dict(choices), measure=measure)
    OwnMeasure.objects.get_or_create(
        rater=rater,
        defaults={
            "choices": {str(number): option for number, option in choices.items()},
            "angle": result.angle,
            "orientation": result.orientation.value if result.orientation else "",
        },
    )
    return advance(rater, Stage.OWN_MEASURE)
