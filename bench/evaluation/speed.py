"""How close a run comes to the limit its endpoint sets: calls x latency / calls at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import lib
from bench.evaluation.endpoint import Behaviour
from bench.evaluation.installation import Site
from bench.evaluation.load import Load
from bench.evaluation.processes import Child, Endpoint, timed

CALLS_AT_ONCE = 64
BAR_TWO_PROCESSES = 1.25
BAR_ONE_PROCESS_ONE_SECOND = 1.05
OWN_COST_BAR = "<=3"
"""CPU ms a call: what two cores have left at the bar of 1.25 beside the client and the database."""


def usual_load() -> Load:
    return Load(64 if lib.quick() else 400, CALLS_AT_ONCE, 0.2)


@dataclass(frozen=True)
class Measured:
    """Seconds from the start of the work to its last result, CPU ms a call, and what was asked."""

    seconds: float
    cpu_ms: float
    calls_at_once: int
    calls: int


def measure(children: Sequence[Child], load: Load, server: Endpoint) -> Measured:
    """Let the children do the load together at the server."""
    for child in children:
        child.wait_until_ready()
    server.behave(Behaviour(latency=load.latency))
    seconds, results = timed(children)
    counts = server.counts()
    cpu = sum(result["cpu_seconds"] for result in results)
    return Measured(seconds, 1000 * cpu / load.calls, counts["most_at_once"], counts["calls"])


def minimal(load: Load, server: Endpoint, folder: Path, processes: int) -> Measured:
    """The baseline: AsyncOpenAI and nothing else, in one process or several."""
    children = [
        Child(
            "bench.evaluation.minimal",
            server.base_url,
            str(load.trials // processes),
            str(load.calls_at_once // processes),
            log=folder / "minimal.log",
        )
        for _ in range(processes)
    ]
    return measure(children, load, server)


def ours(name: str, load: Load, server: Endpoint, at: Site, processes: int) -> Measured:
    """A run of this project, with every turn stored, by one worker process or several."""
    # An endpoint's number of calls at once holds for each worker.
    run = at.plan(name, load.trials, server, load.calls_at_once // processes)
    workers = [at.child("work", run=run) for _ in range(processes)]
    return measure(workers, load, server)


def baseline(server: Endpoint) -> Measured:
    """Print what a loop with AsyncOpenAI that stores nothing needs; return it for one process."""
    load = usual_load()
    lib.remark(
        f"{load}: limit {load.limit:.2f} s, in sequence (the original) {load.sequential:.0f} s"
    )
    lib.remark("Baseline: a loop with AsyncOpenAI that stores nothing")
    with lib.scratch() as folder:
        sample = Load(1 if lib.quick() else 2, 1, load.latency)
        sequence = minimal(sample, server, folder, processes=1)
        lib.figure("speed.sequence_sample_x_limit", sequence.seconds / sample.limit)
        alone = minimal(load, server, folder, processes=1)
        lib.figure("speed.baseline_1_process_x_limit", alone.seconds / load.limit)
        if not lib.quick():
            pair = minimal(load, server, folder, processes=2)
            lib.figure("speed.baseline_2_processes_x_limit", pair.seconds / load.limit)
    lib.figure("cost.baseline_ms_per_call", alone.cpu_ms)
    return alone


def two_processes(at: Site, server: Endpoint, alone: Measured, invariants: lib.Invariants) -> None:
    """Print speed and cost of a run by two worker processes."""
    load = usual_load()
    found = ours("speed", load, server, at, processes=2)
    lib.remark(f"Two worker processes on {at.name}, every turn stored: {found.seconds:.2f} s")
    name = f"speed.{at.name}"
    lib.figure(f"{name}_x_limit", found.seconds / load.limit, f"<={BAR_TWO_PROCESSES}")
    least = load.calls_at_once / BAR_TWO_PROCESSES
    lib.figure(f"{name}_sequence_x_ours", load.sequential / found.seconds, f">={least:g}")
    # The database server's own work is not in it. Ours can be below zero, as this project's way of
    # using the client costs less than the baseline's.
    lib.figure(f"cost.{at.name}_ms_per_call", found.cpu_ms)
    lib.figure(f"cost.{at.name}_own_ms_per_call", found.cpu_ms - alone.cpu_ms, OWN_COST_BAR)
    _limits_kept(name, found, load, invariants)


def one_process_at_one_second(at: Site, server: Endpoint, invariants: lib.Invariants) -> None:
    """Print the speed of a run by one worker process at an endpoint that takes a second."""
    load = Load(400, CALLS_AT_ONCE, 1.0)
    found = ours("one second", load, server, at, processes=1)
    lib.remark(f"One worker process on {at.name}: {load}; limit {load.limit:.2f} s")
    name = f"speed.{at.name}_one_second"
    lib.figure(f"{name}_x_limit", found.seconds / load.limit, f"<={BAR_ONE_PROCESS_ONE_SECOND}")
    _limits_kept(name, found, load, invariants)


def _limits_kept(name: str, found: Measured, load: Load, invariants: lib.Invariants) -> None:
    too_many = max(0, found.calls_at_once - load.calls_at_once)
    invariants.check(f"{name}_calls_at_once_over_limit", too_many)
    invariants.check(f"{name}_calls_missing_or_double", abs(found.calls - load.calls))
