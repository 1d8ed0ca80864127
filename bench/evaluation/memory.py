"""The most memory a process needs for a run of 20,000 trials: to plan it, work on it, import it;
and to import and export 100,000 short ones."""

from typing import Any

from bench import lib
from bench.evaluation.endpoint import Behaviour
from bench.evaluation.installation import Site
from bench.evaluation.processes import Endpoint, timed

BAR = "<=250"
"""Megabytes; a process that has only started needs about 70."""

CALLS_AT_ONCE = 64


def bench(at: Site, server: Endpoint, invariants: lib.Invariants) -> None:
    """Print the peak memory of a process (megabytes, 10^6 bytes), and its pace."""
    trials, seconds = (400, 2.0) if lib.quick() else (20_000, 30.0)
    server.behave(Behaviour(latency=0.05))
    lib.remark(f"Memory and pace at {trials} trials, one process, on {at.name}")
    lib.figure("memory.idle_megabytes", at.do("idle")["peak_megabytes"])
    run = _plan(at, trials, server)
    worked = at.do("work_for", run=run, seconds=seconds)
    lib.figure("memory.running_megabytes", worked["peak_megabytes"], BAR)
    lib.figure("pace.running_calls_per_second", server.counts()["calls"] / seconds)
    imported, elapsed = _timed(at, "import_lines", trials=trials)
    lib.figure("memory.importing_megabytes", imported["peak_megabytes"], BAR)
    lib.figure("pace.imported_trials_per_second", trials / elapsed)
    invariants.check("memory.trials_imported", imported["added"], trials)
    _many(at, 1_000 if lib.quick() else 100_000, invariants)


def _many(at: Site, trials: int, invariants: lib.Invariants) -> None:
    """Import and export more trials than a program that kept them could hold in so little."""
    imported, elapsed = _timed(at, "import_short", trials=trials)
    name = f"memory.{trials}_short_trials"
    lib.figure(f"{name}_importing_megabytes", imported["peak_megabytes"], BAR)
    lib.figure("pace.imported_short_trials_per_second", trials / elapsed)
    invariants.check(f"{name}_imported", imported["added"], trials)
    exported, elapsed = _timed(at, "export", run="short")
    lib.figure(f"{name}_exporting_megabytes", exported["peak_megabytes"], BAR)
    lib.figure("pace.exported_short_trials_per_second", trials / elapsed)
    invariants.check(f"{name}_rows_exported", exported["rows"], 1 + 2 * trials)


def _plan(at: Site, trials: int, server: Endpoint) -> int:
    planned, elapsed = _timed(
        at,
        "plan",
        name="memory",
        trials=trials,
        endpoint={
            "kind": "openai",
            "model": "bench",
            "base_url": server.base_url,
            "concurrency": CALLS_AT_ONCE,
        },
    )
    lib.figure("memory.planning_megabytes", planned["peak_megabytes"], BAR)
    lib.figure("pace.planned_trials_per_second", trials / elapsed)
    run: int = planned["run"]
    return run


def _timed(at: Site, piece: str, **arguments: Any) -> tuple[dict[str, Any], float]:
    child = at.child(piece, **arguments)
    child.wait_until_ready()
    elapsed, (result,) = timed([child])
    return result, elapsed
