"""SIGKILL in the middle of the work: every acknowledged judgment is there, once."""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from bench import lib
from bench.annotation import exactness, scene, serving
from bench.annotation.cluster import Cluster

RATERS, ITEMS, ITEMS_QUICK = 32, 3000, 1000
KILLS, KILLS_QUICK = 5, 1
APART = 1.0
"""Seconds of work between a restart and the next kill."""


def run(kind: str, invariants: lib.Invariants) -> None:
    """Kill the server, all its processes. For SQLite that is the database's death, too."""
    with serving.served() as server:
        _kill_repeatedly(f"crash_{kind}_server", invariants, server, server.kill, server.start)


def run_database(kind: str, invariants: lib.Invariants) -> None:
    """Kill the throw-away PostgreSQL server that BENCH_CLUSTER names (its folder and port)."""
    folder, port = os.environ["BENCH_CLUSTER"].rsplit(":", 1)
    cluster = Cluster(Path(folder), int(port))
    with serving.served() as server:
        name = f"crash_{kind}_database"
        _kill_repeatedly(name, invariants, server, cluster.kill, cluster.start)


def _kill_repeatedly(
    prefix: str,
    invariants: lib.Invariants,
    server: serving.Server,
    kill: Callable[[], None],
    start: Callable[[], None],
) -> None:
    kills = KILLS_QUICK if lib.quick() else KILLS
    lib.remark(f"{prefix}: {kills} x SIGKILL under {RATERS} raters; load {lib.load_average()}")
    study = scene.open_study(prefix, ITEMS_QUICK if lib.quick() else ITEMS)
    crowd = serving.Crowd(scene.plan(study, server.port, RATERS))
    crowd.begin()
    away = [_kill(kill, start) for _ in range(kills)]
    outcome = crowd.outcome(APART)
    connection.close()  # It may lead to a database that was killed.
    lib.figure(f"{prefix}_kills", kills)
    lib.figure(f"{prefix}_back_after_s", statistics.median(away))
    lib.figure(f"{prefix}_sent_again", sum(outcome.errors.values()))
    lib.figure(f"{prefix}_acknowledged", len(outcome.acknowledged))
    invariants.check(f"{prefix}_gave_up", outcome.unfinished)
    exactness.check(invariants, prefix, exactness.faults(study, outcome))


def _kill(kill: Callable[[], None], start: Callable[[], None]) -> float:
    """Seconds from the kill until what was killed runs again."""
    time.sleep(APART)
    begun = time.monotonic()
    kill()
    start()
    return time.monotonic() - begun
