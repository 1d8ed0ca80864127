"""What a run makes of an endpoint that fails and of workers that are killed: nothing gets lost.

One call in ten goes wrong in every way `bench.evaluation.endpoint` knows, and on the way a worker
is killed and replaced five times (QUICK=1: twice). A second run at the same endpoint, by one worker
that nobody kills, must count as many calls as were served.
"""

import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench import lib
from bench.evaluation.endpoint import Behaviour
from bench.evaluation.installation import Site
from bench.evaluation.load import Load
from bench.evaluation.processes import Child, Endpoint

KILLS = 2 if lib.quick() else 5
WORKERS = 2
FAULT_SHARE = 0.1
HELD = "select seed from evaluations_trial where state = 'running' and lease_owner like '%/{pid}/%'"

NONE_WRONG = {
    "unfinished": "trials_missing",
    "scored_not_once": "trials_not_scored_once",
    "not_whole": "conversations_not_whole",
    "positions_doubled": "turns_doubled",
    "not_read": "answers_not_read",
    "without_reason": "trials_without_a_reason",
    "thoughts_said": "thoughts_among_answers",
}
"""Counts of `pieces.audit` that must be zero, and how they are printed."""


@dataclass(frozen=True)
class Trouble:
    """What goes wrong, in seconds: how long a hanging call hangs, when the caller gives up on it,
    and how long a silent worker keeps its trials."""

    load: Load
    hang: float
    time_limit: int
    lease: float


@dataclass
class Crew:
    """The workers of one run. `killed` counts by seed how often a conversation was cut off."""

    at: Site
    run: int
    lease: float
    spares: list[Child] = field(default_factory=list)
    workers: list[Child] = field(default_factory=list)
    killed: Counter[int] = field(default_factory=Counter)

    def gather(self, number: int) -> None:
        """Have so many workers stand ready: one that starts late finds the work done."""
        for _ in range(number):
            self.spares.append(self.at.child("work", run=self.run, lease=self.lease))
        for worker in self.spares:
            worker.wait_until_ready()

    def hire(self) -> None:
        worker = self.spares.pop()
        worker.go()
        self.workers.append(worker)

    def kill_the_eldest(self) -> None:
        worker = self.workers.pop(0)
        worker.kill()
        self.killed.update(_seeds_held(self.at.url, worker.process.pid))

    def at_work(self) -> bool:
        return any(worker.process.poll() is None for worker in self.workers)

    def wait(self) -> None:
        """Wait until all have done their work. Raises RuntimeError when one of them failed."""
        for worker in self.workers:
            worker.result()


def bench(at: Site, server: Endpoint, invariants: lib.Invariants) -> None:
    """Print how the trials of a troubled run ended."""
    if lib.quick():
        trouble = Trouble(Load(24, 64, 0.05), hang=3, time_limit=1, lease=3)
    else:
        trouble = Trouble(Load(400, 64, 0.1), hang=30, time_limit=5, lease=20)
    name, load = f"faults.{at.name}", trouble.load
    at_once = load.calls_at_once // WORKERS
    run = at.plan("faults", load.trials, server, at_once, trouble.time_limit)
    server.behave(Behaviour(load.latency, FAULT_SHARE, trouble.hang))
    crew = Crew(at, run, trouble.lease)
    crew.gather(WORKERS + KILLS)
    started = time.monotonic()
    for _ in range(WORKERS):
        crew.hire()
    kills = _kill_on_the_way(crew, load, server)
    crew.wait()
    seconds, counts = time.monotonic() - started, server.counts()
    lib.remark(
        f"{at.name}: {load}, one call in ten goes wrong ({_listed(counts['outcomes'])}), lease "
        f"{trouble.lease:g} s, time limit {trouble.time_limit} s: took {seconds:.0f} s"
    )
    _print_ends(name, load, at.do("audit", run=run), invariants)
    invariants.check(f"{name}_workers_killed", kills, KILLS)
    _print_repeats(name, counts["repeats"], crew.killed, invariants)
    _count_calls(at, server, trouble, invariants)


def _count_calls(at: Site, server: Endpoint, trouble: Trouble, invariants: lib.Invariants) -> None:
    """A run's page counts every call that was served, whatever became of it."""
    load = Load(8 if lib.quick() else 48, 32, trouble.load.latency)
    run = at.plan("counted", load.trials, server, load.calls_at_once, trouble.time_limit)
    server.behave(Behaviour(load.latency, FAULT_SHARE, trouble.hang))
    worker = at.child("work", run=run, lease=trouble.lease)
    worker.wait_until_ready()
    worker.go()
    worker.result()
    served, found = server.counts()["calls"], at.do("audit", run=run)
    lib.figure(f"counted.{at.name}_reasoning_tokens", found["reasoning_tokens"])
    invariants.check(f"counted.{at.name}_calls_on_the_page", found["calls"], served)


def _kill_on_the_way(crew: Crew, load: Load, server: Endpoint) -> int:
    """Kill and replace a worker at each sixth of the way; return how many were killed."""
    for kill in range(1, KILLS + 1):
        while server.counts()["questions"] < load.calls * kill / (KILLS + 1):
            if not crew.at_work():
                return kill - 1
            time.sleep(0.02)
        crew.kill_the_eldest()
        crew.hire()
    return KILLS


def _print_ends(name: str, load: Load, found: dict[str, Any], invariants: lib.Invariants) -> None:
    for kind in ("scored", "unscorable", "refused", "filtered", "failed"):
        lib.figure(f"{name}_trials_{kind}", found[kind])
    for reason, trials in found["reasons"]:
        lib.remark(f"{trials} failed: {reason[:120]}")
    ended = found["scored"] + found["unscorable"] + found["failed"]
    invariants.check(f"{name}_trials_ended", ended, load.trials)
    for key, shown in NONE_WRONG.items():
        invariants.check(f"{name}_{shown}", found[key])


def _print_repeats(
    name: str, repeats: dict[str, int], killed: Counter[int], invariants: lib.Invariants
) -> None:
    """Questions asked again although they had been answered: at most one a conversation killed."""
    lib.figure(f"{name}_conversations_killed", killed.total())
    lib.figure(f"{name}_calls_repeated", sum(repeats.values()), f"<={killed.total()}")
    excess = sum(max(0, times - killed[int(seed)]) for seed, times in repeats.items())
    invariants.check(f"{name}_calls_repeated_over_one_a_killed_conversation", excess)


def _seeds_held(url: str, pid: int) -> list[int]:
    """The seeds of the conversations a worker held when it was killed; asked at once, as the
    others take them over when the lease has run out."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            return [seed for (seed,) in database.execute(HELD.format(pid=pid))]
    with psycopg.connect(url) as server:
        return [seed for (seed,) in server.execute(HELD.format(pid=pid)).fetchall()]


def _listed(outcomes: dict[str, int]) -> str:
    return ", ".join(f"{times} {outcome}" for outcome, times in sorted(outcomes.items()))
