"""What waits, is under way and has failed, counted in the database when it is asked for."""

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.db.models import Count, Min, Q
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from accounts import clock
from evaluations.background.leases import unleased
from evaluations.models import Run, Trial
from evaluations.models.work import Work

UNDER_WAY = (Trial.State.PLANNED, Trial.State.RUNNING)


class Waiting(Collector):
    """Background work and trials; the same from whichever process it is asked."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield from self._work()
        yield from self._trials()

    def _work(self) -> Iterator[GaugeMetricFamily]:
        count = GaugeMetricFamily(
            "valuecheck_work", "Pieces of background work by state.", labels=["kind", "state"]
        )
        waiting = GaugeMetricFamily(
            "valuecheck_work_waiting_seconds",
            "How long the oldest piece that nobody holds and that could be taken up has waited.",
            labels=["kind"],
        )
        for kind in kinds_of_work():
            name = kind._meta.label_lower
            found = kind._default_manager.order_by().values("state").annotate(number=Count("pk"))
            numbers = dict.fromkeys((kind.QUEUED, kind.RUNNING, kind.DONE, kind.FAILED), 0)
            for state, number in (numbers | {row["state"]: row["number"] for row in found}).items():
                count.add_metric([name, state], number)
            free = Q(state__in=(kind.QUEUED, kind.RUNNING)) & unleased()
            oldest = kind._default_manager.filter(free).aggregate(asked=Min("asked_at"))
            waiting.add_metric([name], seconds_since(oldest["asked"]))
        yield count
        yield waiting

    def _trials(self) -> Iterator[GaugeMetricFamily]:
        trials = GaugeMetricFamily(
            "valuecheck_trials",
            "Trials of running runs that have not ended: held by a worker, or free to be taken.",
            labels=["state"],
        )
        of_running = Trial.objects.filter(run__state=Run.State.RUNNING, state__in=UNDER_WAY)
        free = of_running.filter(unleased()).count()
        trials.add_metric(["free"], free)
        trials.add_metric(["held"], of_running.count() - free)
        yield trials


def kinds_of_work() -> list[type[Work]]:
    """Every table of work that workers do, found from the models."""
    found = [model for model in apps.get_models() if issubclass(model, Work)]
    return sorted(found, key=lambda model: model._meta.label_lower)


def seconds_since(asked: datetime | None) -> float:
    """Seconds since then; 0 where there was nothing."""
    return (clock.now() - asked).total_seconds() if asked else 0.0


def figures() -> bytes:
    """The counts in the text format of Prometheus."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Waiting())
    return generate_latest(registry)
