"""``python -m bench.analysis``: how fast the statistics and reports are, and what memory they take.

Prints one line a figure, `name value bar`. QUICK=1 takes less than a minute, the whole less than
ten. Ends with status 1 only where a number differs from the baseline's, a report looked at again is
another one, a judgment is missing, or a heavy library is loaded at start (pingouin: at all).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.core.bootstrap import REPLICATES
from analysis.statistics.cultures.cross_replication import cross_replication
from analysis.statistics.cultures.g_study import g_study
from analysis.statistics.numbers.icc import icc, icc_bootstrap
from bench import lib
from bench.analysis import baselines

TARGETS, RATERS = 10_000, 5
SVO_RANGE = (-16.26, 61.39)
POOL = 200
"""Raters of the large study, of whom five judge each item."""


def main() -> int:
    lib.remark(f"machine: {lib.machine()}")
    invariants = lib.Invariants()
    start_up(invariants)
    angles()
    bootstraps(invariants)
    cultures(invariants)
    with lib.scratch() as folder:
        env = {"VAR_DIR": str(folder), "SITE_MODE": "local", "LOG_LEVEL": "ERROR"}
        report("report", TARGETS, RATERS, env, invariants, ("<=5", "-"))
        if lib.quick():
            report("report_100k", 20_000, POOL, env, invariants, ("-", "-"))
        else:
            report("report_1m", 200_000, POOL, env, invariants, ("<=60", "<=1000"))
    return invariants.exit_status()


def start_up(invariants: lib.Invariants) -> None:
    """What `manage.py check` loads."""
    loaded = piece("start_up", {})["loaded"]
    if loaded:
        lib.remark(f"loaded at start: {', '.join(loaded)}")
    invariants.check("start_up.heavy_modules", len(loaded))


def angles() -> None:
    """100,000 raw angles, all different, with 2,000 replicates."""
    found = piece("angles", {"count": 100_000, "raters": RATERS}, OPENBLAS_NUM_THREADS="1")
    lib.remark("angles: 20,000 items x 5 raters, interval alpha with interval; whole process")
    lib.figure("angles.seconds", found["seconds"])
    lib.figure("angles.peak_megabytes", found["peak"], "<=200")


def bootstraps(invariants: lib.Invariants) -> None:
    """Bootstraps of 2,000 replicates against looping the packages, in this process."""
    rng = np.random.default_rng(1)
    table = rng.normal(20, 20, (TARGETS, 1)) + rng.normal(0, 10, (TARGETS, RATERS))
    table = np.clip(table, *SVO_RANGE)
    few = 3 if lib.quick() else 20
    lib.remark(
        f"{TARGETS} x {RATERS} angles; loops timed on few replicates, scaled to {REPLICATES}"
    )
    lib.remark(f"baseline of the ICC: pingouin, {few} replicates")
    ours = best(lambda: icc_bootstrap(table, "ICC(A,1)"))
    theirs = REPLICATES * baselines.seconds_a_replicate(baselines.pingouin_icc, table, few)
    ratio("icc_bootstrap", ours, theirs, ">=200")
    value = icc(table)["ICC(A,1)"]
    apart = not value.defined or abs(value.value - baselines.pingouin_icc(table)) > 1e-10
    invariants.check("icc_bootstrap.differs_from_baseline", int(apart))

    few = 1 if lib.quick() else 2
    whole = np.round(table)
    lib.remark(
        f"baseline of alpha: {baselines.ALPHA_NAME}, {few} replicate(s), on angles rounded to a "
        "degree (raw ones would need a table of units x values x values); ours on raw angles"
    )
    ours = best(lambda: krippendorff_alpha(table, "interval"))
    theirs = REPLICATES * baselines.seconds_a_replicate(baselines.alpha_by_tables, whole, few)
    ratio("alpha_bootstrap", ours, theirs, ">=1000")
    alpha = krippendorff_alpha(whole, "interval", replicates=100)
    apart = not alpha.defined or abs(alpha.value - baselines.alpha_by_tables(whole)) > 1e-10
    invariants.check("alpha_bootstrap.differs_from_baseline", int(apart))


def cultures(invariants: lib.Invariants) -> None:
    """xRR of 6,000 items judged in two cultures, and a G study of 400 targets, against loops."""
    rng = np.random.default_rng(2)
    truth = rng.integers(0, 4, (6000, 1))
    lost = rng.random((6000, 6)) < 0.2
    table = np.where(lost, rng.integers(0, 4, (6000, 6)), truth).astype(float)
    sides = table[:, :3], table[:, 3:]
    few = 1 if lib.quick() else 3
    lib.remark(f"baseline of xRR: its definition, item by item, {few} replicate(s)")
    ours = best(lambda: cross_replication(*sides))
    theirs = REPLICATES * baselines.seconds_a_replicate(
        lambda drawn: baselines.xrr_by_definition(drawn[:, :3], drawn[:, 3:]), table, few
    )
    ratio("xrr_bootstrap", ours, theirs, ">=1000")
    found = cross_replication(*sides, replicates=100)
    apart = not found.defined or abs(found.value - baselines.xrr_by_definition(*sides)) > 1e-10
    invariants.check("xrr_bootstrap.differs_from_baseline", int(apart))
    scores = rng.normal(20, 10, (400, 1, 1)) + rng.normal(0, 5, (400, 12, 4))
    lib.figure("g_study.seconds", best(lambda: g_study(scores)), "<=.5")


def best(work: Callable[[], object], rounds: int = 3) -> float:
    """Seconds of the fastest of a few rounds: what else runs here only ever adds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def ratio(name: str, ours: float, theirs: float, bar: str) -> None:
    lib.figure(f"{name}.seconds", ours)
    lib.figure(f"{name}.baseline_seconds", theirs)
    lib.figure(f"{name}.times_faster", theirs / ours, bar)


def report(
    name: str,
    items: int,
    raters: int,
    env: dict[str, str],
    invariants: lib.Invariants,
    bars: tuple[str, str],
) -> None:
    """A full report through the database, in a process of its own; bars: seconds, megabytes."""
    judgments = items * RATERS
    lib.remark(
        f"{name}: {items} items, {judgments} judgments, {REPLICATES} replicates, from the rows in "
        "SQLite to the result in its row; libraries are loaded within"
    )
    with lib.database("sqlite") as url:
        scene = {"items": items, "raters": raters, "per_item": RATERS}
        study = piece("build", scene, DATABASE_URL=url, **env)["study"]
        found = piece("report", {"study": study}, DATABASE_URL=url, **env)
    lib.figure(f"{name}.seconds", found["seconds"], bars[0])
    lib.figure(f"{name}.cpu_seconds", found["cpu"])
    lib.figure(f"{name}.peak_megabytes", found["work_peak"], bars[1])
    lib.figure(f"{name}.look_again_seconds", found["look"])
    lib.figure(f"{name}.keep_seconds", found["keep"])
    invariants.check(f"{name}.judgments_missing", judgments - found["judgments"])
    invariants.check(f"{name}.kept_judgments_missing", judgments - found["judgments_kept"])
    invariants.check(f"{name}.made_twice", found["another"])
    invariants.check(f"{name}.pingouin_loaded", found["pingouin"])


def piece(name: str, arguments: dict[str, Any], **env: str) -> dict[str, Any]:
    """Run a piece of `bench.analysis.pieces`; RuntimeError with its words when it fails."""
    command = [sys.executable, "-m", "bench.analysis.pieces", name, json.dumps(arguments)]
    done = subprocess.run(
        command,
        cwd=lib.PROJECT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{name} ended with status {done.returncode}:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
