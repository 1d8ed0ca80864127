"""What becomes of frozen data when a rater's data are deleted at their request.

Where their judgments stay, kept reports and their data sets stay as they are, under the pseudonym
the rater had then (docs/privacy.md says what follows from that). Where they are removed, a data set
that holds them is emptied; its hash stays, and so do the reports made from it. They can still be
cited and compared, but not be computed again.
"""

from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver

from analysis.data.dataset import DataSetError, thaw
from analysis.models import Computation, DataSet
from annotations.models import Study
from annotations.taking_part.privacy import judgments_removed, made_anonymous


@receiver(made_anonymous)
def forget_computed(study: Study, **kwargs: Any) -> None:
    """Reports that nobody kept name the old pseudonym: they are computed again under the new."""
    Computation.objects.filter(study=study).delete()


@receiver(judgments_removed)
def empty_data_sets(study: Study, pseudonym: str, **kwargs: Any) -> int:
    """Empty the data sets of *study* that hold judgments of *pseudonym*; return how many.

    Reports that nobody kept go altogether: they can be computed again without the rater.
    """
    forget_computed(study)
    held = [row.pk for row in DataSet.objects.filter(study=study) if _holds(row, pseudonym)]
    # The one change a data set ever sees: its manager refuses updates.
    return QuerySet(DataSet).filter(pk__in=held).update(content=b"")


def _holds(data_set: DataSet, pseudonym: str) -> bool:
    try:
        return pseudonym in thaw(data_set)["raters"]["pseudonym"]
    except DataSetError:  # emptied before, or damaged
        return False
