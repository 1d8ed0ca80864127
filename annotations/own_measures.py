"""The measures that raters may take themselves, by the kind of instrument they belong to."""

from typing import Any

from django.utils.translation import gettext as _

from annotations.base import OwnMeasure
from annotations.models import Rater, Study
from annotations.svo.own_measure import OwnSlider
from evaluations.definitions.catalogue import instrument_of
from evaluations.models import Instrument

MEASURES: dict[str, OwnMeasure] = {"svo": OwnSlider()}


def own_measure_of(study: Study) -> tuple[OwnMeasure, Any]:
    """What raters of the study take, and the measure of the instrument whose trials they judge; of
    texts the first there is, as it was published."""
    row = Instrument.objects.filter(run__trials__item__study=study).order_by("pk").first()
    if row is None:
        return next(iter(MEASURES.values())), None
    instrument = instrument_of(row)
    return MEASURES[instrument.kind.key], instrument.measure


def is_taken(rater: Rater) -> bool:
    return stored(rater) is not None


def stored(rater: Rater) -> dict[str, Any] | None:
    """What is kept of the measure that the rater took; None where they took none."""
    kept = (measure.stored(rater) for measure in MEASURES.values())
    return next((found for found in kept if found is not None), None)


def told(rater: Rater) -> str:
    """What is kept of it, in the reader's words; '' for nothing."""
    return next((_(m.told) for m in MEASURES.values() if m.stored(rater) is not None), "")


def forget(rater: Rater) -> None:
    for measure in MEASURES.values():
        measure.forget(rater)
