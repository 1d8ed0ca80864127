"""Which metric a study validates is chosen here, and followed when its scores change."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.dispatch import receiver

from accounts.audit import Change, record
from accounts.models import User
from annotations.disputes.disputes import refresh_items
from annotations.metrics.metric import StudyMetric, settle, trials_of
from annotations.models import AutomatedLabel, Item, Study
from evaluations.models import Run, Trial
from evaluations.scoring import metrics

AT = "@"
"""Parts a metric's name from its version wherever both are written as one."""


class MetricRefused(ValueError):
    """A metric the study cannot have; says which it can."""


def choices(study: Study) -> list[tuple[str, str]]:
    """What can be the metric of *study*: (NAME or NAME@VERSION, words); '' is no metric."""
    trials = trials_of(study)
    found = of_trials(trials)
    labels = AutomatedLabel.objects.filter(item__study=study).order_by("scorer")
    return found + [(name, name) for name in labels.values_list("scorer", flat=True).distinct()]


def of_trials(trials: QuerySet[Trial]) -> list[tuple[str, str]]:
    """The metrics that scored some of *trials*, each by itself and pinned to each version."""
    found = []
    for name, versions in metrics.versions_of(trials).items():
        found.append((name, f"{name}, the version in force"))
        found += [
            (f"{name}{AT}{row.by.version}", f"{row.by} ({row.number:,} trials)") for row in versions
        ]
    return found


def chosen(study: Study) -> str:
    """What the study has now, as a word of `choices`."""
    pin = f"{AT}{study.metric_version}" if study.metric_version else ""
    return f"{study.metric_name}{pin}"


def parted(word: str, known: Sequence[str]) -> tuple[str, str]:
    """A word of `choices` as name and version ('' for the one in force); raises MetricRefused."""
    if word not in known:
        has = ", ".join(known) or "none: no metric has scored its trials"
        raise MetricRefused(f"There is no metric {word!r} here. There is: {has}.")
    name, _, version = word.partition(AT)
    return name, version


def choose(
    study: Study, actor: User | None, word: str, seen: Callable[[Study], None] | None = None
) -> Study:
    """Make *word* (of `choices`) the metric of *study*, and bring its disputes into line.

    What reviewers decided stands. Nothing happens where it is the metric already. *seen* is shown
    the locked row first, and raises for one that is not as it was seen. Raises MetricRefused.
    """
    name, version = parted(word, [key for key, _ in choices(study)])
    with transaction.atomic():
        locked = Study.objects.select_for_update(of=("self",)).get(pk=study.pk)
        if seen:
            seen(locked)
        before = chosen(locked)
        if before == word:
            return locked
        locked.metric_name, locked.metric_version = name, version
        locked.save(update_fields=["metric_name", "metric_version"])
        found = settle(locked)
        change = Change({"metric": before}, {"metric": word})
        record(locked.project, actor, "metric chosen", locked, change, **_facts(found))
    refresh_items(locked, judged_items(locked))
    return locked


def _facts(found: StudyMetric) -> dict[str, str]:
    return {"version": found.version, "reader": str(found.reader)}


def judged_items(study: Study) -> list[int]:
    """The ids of regular items that may be disputed: those somebody has judged or reported."""
    spoken_of = Q(judgments__isnull=False) | Q(problem_reports__isnull=False)
    regular = study.items.filter(kind=Item.Kind.REGULAR).filter(spoken_of)
    return list(regular.order_by("pk").values_list("pk", flat=True).distinct())


@receiver(metrics.scored)
def follow_scores(runs: QuerySet[Run], **kwargs: Any) -> None:
    """Bring the studies of these runs into line with what their metric says now."""
    touched = Item.objects.filter(trial__run__in=runs).values("study")
    related = ("project", "metric_in_force")
    for study in Study.objects.filter(pk__in=touched).select_related(*related).order_by("pk"):
        was = study.metric_in_force.version if study.metric_in_force else ""
        with transaction.atomic():
            found = settle(study)
            if found.version != was:
                verb, change = "metric version in force", Change({"version": was}, _facts(found))
                record(study.project, None, verb, study, change, scorer=study.metric_name)
        refresh_items(study, judged_items(study))
