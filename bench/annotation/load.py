"""How many exchanges a second, and how long one takes, with ever more raters at once."""

import statistics
from collections import Counter
from dataclasses import dataclass

from django.db import connection

from bench import lib
from bench.annotation import exactness, reference, scene, serving
from bench.annotation.client import Outcome, Plan

BAR_AT, MANY = 32, 128


@dataclass(frozen=True)
class Form:
    """How much is measured. seconds: when a crowd that is slower than that goes home; repeats: of
    each level, as long as its crowds have not used those seconds up."""

    raters: tuple[int, ...]
    items: int
    items_for_many: int
    cycles: int
    repeats: int
    seconds: float


FULL = Form((1, 8, BAR_AT, MANY), 2000, 3000, cycles=60, repeats=3, seconds=40)
QUICK = Form((1, BAR_AT, MANY), 250, 300, cycles=6, repeats=1, seconds=3)

BARS = {"postgresql": (">=150", "<=350"), "sqlite": (">=220", "<=250")}
"""Cycles a second and p95 in milliseconds, at 32 raters."""


@dataclass(frozen=True)
class Measured:
    """What a crowd did, and the processor seconds that server and database spent on it."""

    outcome: Outcome
    server_cpu: float
    database_cpu: float

    @property
    def per_second(self) -> float:
        return len(self.outcome.milliseconds) / self.outcome.seconds

    def percentile(self, percent: int) -> float:
        return statistics.quantiles(self.outcome.milliseconds, n=100)[percent - 1]

    def per_cycle(self, seconds: float) -> float:
        """Milliseconds of *seconds* that fall to one exchange."""
        return 1000 * seconds / len(self.outcome.milliseconds)


def run(kind: str, invariants: lib.Invariants) -> None:
    form = QUICK if lib.quick() else FULL
    lib.remark(
        f"load on {kind}: granian {' '.join(serving.GRANIAN)}; {form.items} items x 3 places "
        f"({form.items_for_many} for {MANY} raters, for whom {form.items} would run dry); "
        f"{form.cycles} cycles each, or {form.seconds:g} s; median of {form.repeats} where that "
        f"takes no longer; load average {lib.load_average()}"
    )
    faults: Counter[str] = Counter()
    with serving.served() as site, reference_served() as bare:
        for people in form.raters:
            found: list[Measured] = []
            compared: list[float] = []
            while len(found) < form.repeats and _seconds(found) < form.seconds:
                if people == BAR_AT:
                    plan = scene.reference_plan(bare.port, people, form.cycles)
                    compared.append(measure(bare, plan).per_second)
                items = form.items_for_many if people == MANY else form.items
                study = scene.open_study(f"load {people} {len(found)}", items)
                plan = scene.plan(study, site.port, people, form.cycles)
                found.append(measure(site, plan, form.seconds))
                faults.update(exactness.faults(study, found[-1].outcome))
            _print(kind, people, found, compared)
    exactness.check(invariants, f"load_{kind}", faults)


def _seconds(found: list[Measured]) -> float:
    return sum(measured.outcome.seconds for measured in found)


def reference_served():
    with connection.cursor() as cursor:
        cursor.execute(reference.TABLE)
    return serving.served(serving.REFERENCE, env=serving.REFERENCE_SETTINGS)


def measure(server: serving.Server, plan: Plan, seconds: float = lib.PATIENCE) -> Measured:
    """Let a crowd work, for so many seconds at most."""
    database = connection.settings_dict["NAME"]
    crowd = serving.Crowd(plan)
    server_before = server.cpu_seconds()
    database_before = serving.database_cpu_seconds(database)
    crowd.begin()
    outcome = crowd.outcome(seconds)
    return Measured(
        outcome,
        server.cpu_seconds() - server_before,
        serving.database_cpu_seconds(database) - database_before,
    )


def _print(kind: str, people: int, found: list[Measured], compared: list[float]) -> None:
    """The run with the median speed stands for all."""
    found = sorted(found, key=lambda measured: measured.per_second)
    median = found[len(found) // 2]
    fast, slow = BARS[kind] if people == BAR_AT else ("-", "-")
    errors = sum(sum(each.outcome.errors.values()) + each.outcome.unfinished for each in found)
    prefix = f"load_{kind}_{people}_raters"
    lib.figure(f"{prefix}_runs", len(found))
    lib.figure(f"{prefix}_cycles_per_s", median.per_second, fast)
    lib.figure(f"{prefix}_p50_ms", median.percentile(50))
    lib.figure(f"{prefix}_p95_ms", median.percentile(95), slow)
    lib.figure(f"{prefix}_errors", errors, "=0")
    lib.figure(f"{prefix}_cpu_server_ms_per_cycle", median.per_cycle(median.server_cpu))
    lib.figure(f"{prefix}_cpu_client_ms_per_cycle", median.per_cycle(median.outcome.cpu_seconds))
    if kind == "postgresql":
        lib.figure(f"{prefix}_cpu_database_ms_per_cycle", median.per_cycle(median.database_cpu))
    if compared:
        bare = statistics.median(compared)
        lib.figure(f"{prefix}_reference_inserts_per_s", bare)
        lib.figure(f"{prefix}_cycles_per_reference_insert", median.per_second / bare)
