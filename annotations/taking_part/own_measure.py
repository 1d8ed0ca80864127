"""Taking a measure oneself, as a stage of the rater's way."""

from collections.abc import Mapping

from django.db import transaction

from annotations.models import Rater
from annotations.questions.own_measures import own_measure_of
from annotations.taking_part.stages import Stage, advance


@transaction.atomic
def store(rater: Rater, sent: Mapping[str, str]) -> Rater:
    """Keep the rater's own answers, once, and take them on; raises `annotations.base.Incomplete`.

    Does nothing for somebody who has left that stage.
    """
    if rater.stage != Stage.OWN_MEASURE:
        return rater
    asked, measure = own_measure_of(rater.study)
    asked.store(rater, measure, sent)
    return advance(rater, Stage.OWN_MEASURE)
