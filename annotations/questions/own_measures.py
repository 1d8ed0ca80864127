"""The measures that raters may take themselves, by the kind of instrument they belong to."""

from typing import Any

from django.utils.translation import gettext as _

from annotations.base import OwnMeasure
from annotations.kinds import brought_by
from annotations.models import Rater, Study
from annotations.svo.own_measure import OwnSlider
from evaluations.definitions.catalogue import instrument_of
from evaluations.models import Instrument

MEASURES: dict[str, OwnMeasure] = {"svo": OwnSlider()}


def judged_instrument(study: Study) -> Instrument | None:
    """The instrument of the trials that the study is about; None where it is about texts."""
    return Instrument.objects.filter(run__trials__item__study=study).order_by("pk").first()


def names_for(instrument: str) -> list[str]:
    """What raters of trials of a kind of *instrument* can take themselves, in a researcher's words;
    of texts ('') all there is."""
    return [measure.name for key, measure in MEASURES.items() if instrument in ("", key)]


def is_offered(instrument: str, question: str) -> bool:
    """Whether raters can take a measure themselves: where their trials are of a kind of
    *instrument* that has one; of texts ('') where the kind that brings the *question* has one."""
    kind = instrument or brought_by(question)
    return kind in MEASURES if kind else bool(MEASURES)


def own_measure_of(study: Study) -> tuple[OwnMeasure, Any]:
    """What raters of the study take, and the measure of the instrument whose trials they judge; of
    texts that of the kind that brings the question, or the first there is, as it was published."""
    row = judged_instrument(study)
    if row is None:
        return MEASURES[brought_by(study.kind) or next(iter(MEASURES))], None
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
