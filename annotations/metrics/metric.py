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
from evaluations.models import Metric, Trial
from evaluations.scoring import metrics
from evaluations.scoring.metrics import Reader


@dataclass(frozen=True, slots=True)
class InForce:
    """What says the automated label of an item: the id of a metric (None where it scored none of
    the study's trials) and the reader whose readings it rests on."""

    metric_id: int | None
    reader: Reader


@dataclass(frozen=True, slots=True)
class StudyMetric:
    """The metric that a study names. ``metric`` is the one of that name that counts, None where it
    scored none of the study's trials."""

    name: str
    metric: Metric | None
    reader: Reader
    is_pinned: bool = False

    @property
    def version(self) -> str:
        return self.metric.version if self.metric else ""

    @property
    def in_force(self) -> InForce:
        return InForce(self.metric.pk if self.metric else None, self.reader)


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


def metric_of(study: Study) -> StudyMetric:
    """The metric of *study* as the scores are now."""
    trials = trials_of(study)
    name, version = study.metric_name, study.metric_version
    if version:
        metric = metrics.pinned(name, version, study.project_id)
    else:
        metric = metrics.in_force(name, trials)
    return StudyMetric(name, metric, metrics.reader_of(metric, trials), bool(version))


def settled(study: Study) -> InForce:
    """What counts for *study* as it was last settled, without a query; looked for where it never
    was."""
    if study.metric_in_force_id is None:
        return metric_of(study).in_force
    return InForce(study.metric_in_force_id, Reader.named(study.reader_in_force))


def settle(study: Study) -> StudyMetric:
    """Write down with *study* which metric counts now, and return it."""
    study.refresh_from_db(fields=["metric_name", "metric_version"])
    found = metric_of(study)
    now = (found.in_force.metric_id, str(found.reader))
    if now != (study.metric_in_force_id, study.reader_in_force):
        study.metric_in_force, study.reader_in_force = found.metric, now[1]
        study.save(update_fields=["metric_in_force", "reader_in_force"])
    return found
