"""The automated metric that a study validates: its name, its version, and whose readings it rests
on. Everything about a study that an automated label decides asks here.

A study names its metric and may pin a version; without a pin the version in force among its trials
counts (`evaluations.scoring.metrics`). What that is at present is written down with the study,
because the exchange of a judgment has no time to look through all scores; whatever can change it
settles it again and brings the disputes into line.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from annotations.models import Item, Study
from evaluations.models import Trial
from evaluations.scoring import metrics
from evaluations.scoring.metrics import Reader


@dataclass(frozen=True, slots=True)
class Metric:
    """What counts for a study; ``version`` is '' where the metric scored none of its trials."""

    name: str
    version: str
    reader: Reader
    is_pinned: bool = False


def in_cells_of(study: Study, prefix: str = "") -> Q:
    """The trials of a study: those that are its items, and the complete ones beside them in their
    cells, since how far the trials of a cell agree is asked of all of them."""
    items = Item.objects.filter(study=study, trial__isnull=False)
    drawn = Q(**{f"{prefix}id__in": items.values("trial_id")})
    beside = Q(
        **{
            f"{prefix}cell_id__in": items.values("trial__cell_id"),
            f"{prefix}state": Trial.State.COMPLETE,
        }
    )
    return drawn | beside


def trials_of(study: Study) -> QuerySet[Trial]:
    return Trial.objects.filter(in_cells_of(study)).order_by()


def metric_of(study: Study) -> Metric:
    """The metric of *study* as the scores are now."""
    trials = trials_of(study)
    version = study.scorer_version or metrics.in_force(study.scorer, trials)
    reader = metrics.reader_of(study.scorer, version, trials)
    return Metric(study.scorer, version, reader, bool(study.scorer_version))


def settled(study: Study) -> Metric:
    """The metric of *study* as it was last settled, without a query; looked for where it never
    was."""
    if not study.scorer_in_force:
        return metric_of(study)
    extractor, _, version = study.reader_in_force.rpartition(" ")
    reader = Reader(extractor, version)
    return Metric(study.scorer, study.scorer_in_force, reader, bool(study.scorer_version))


def settle(study: Study) -> Metric:
    """Write down with *study* which version counts now, and return it."""
    study.refresh_from_db(fields=["scorer", "scorer_version"])
    found = metric_of(study)
    now = (found.version, str(found.reader))
    if now != (study.scorer_in_force, study.reader_in_force):
        study.scorer_in_force, study.reader_in_force = now
        study.save(update_fields=["scorer_in_force", "reader_in_force"])
    return found
