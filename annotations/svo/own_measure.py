"""The slider measure that raters may take themselves before they judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from annotations.base import Incomplete
from annotations.svo.models import OwnMeasure
from evaluations.instruments.svo.measure.slider import SLIDER, Measure
from evaluations.instruments.svo.scoring.score import score


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


class OwnSlider:
    name = "the slider measure"
    template = "annotations/svo/own_measure.html"
    told = gettext_noop("Your choices, and an angle")

    def items(
        self, measure: Measure | None, sent: Mapping[str, str], missing: Sequence[int]
    ) -> list[ShownItem]:
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
            for item in (measure or SLIDER).primary
        ]

    def store(self, rater: Any, measure: Measure | None, sent: Mapping[str, str]) -> None:
        """Score the rater's own answers and keep them, once; raises Incomplete."""
        choices = _choices_in(measure or SLIDER, sent)
        result = score(dict(choices), measure=measure or SLIDER)
        OwnMeasure.objects.get_or_create(
            rater=rater,
            defaults={
                "choices": {str(number): option for number, option in choices.items()},
                "angle": result.angle,
                "orientation": result.orientation.value if result.orientation else "",
            },
        )

    def stored(self, rater: Any) -> dict[str, Any] | None:
        kept = OwnMeasure.objects.filter(rater=rater)
        found = kept.values("choices", "angle", "orientation", "created_at").first()
        return dict(found) if found else None

    def forget(self, rater: Any) -> None:
        OwnMeasure.objects.filter(rater=rater).delete()


def _choices_in(measure: Measure, sent: Mapping[str, str]) -> dict[int, int]:
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
