"""One room in one process: everything is imported and collected once, then each mutant gets a child
that runs only the tests which reach the changed function, until one fails.
"""

import contextlib
import json
import os
import resource
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bench.mutants.changing import NotApplicable, caches, install
from bench.mutants.mutations import Mutant

KILLED, SURVIVED, TIMED_OUT, SKIPPED = "killed", "survived", "timed out", "not tried"
FAILED, NOT_FITTING = 1, 77
CALM_SECONDS = 10.0
"""Seconds of processor that a mutant may take beyond four times what its tests take without it."""


@dataclass(slots=True)
class Outcome:
    mutant: Mutant
    result: str
    tests: int
    """Tests that reach the changed function."""


@dataclass(slots=True)
class Reached:
    """Of a run without a mutant: what failed, and which tests reach which function."""

    failed: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    functions: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))


class DatabaseIsThere:
    """In place of pytest-django's own: all children begin with the same database."""

    @pytest.fixture(scope="session")
    def django_db_setup(self) -> None:
        pass


class Trial:
    """A pytest plugin: runs the collected tests once for each mutant instead of once."""

    def __init__(
        self, mutants: Sequence[Mutant], files: Sequence[Path], project: Path, say: Callable
    ) -> None:
        self.mutants, self.project, self.say = mutants, project, say
        self.files = {str(path): str(path.relative_to(project)) for path in files}
        self.outcomes: list[Outcome] = []
        self.red: list[str] = []

    def pytest_configure(self, config: pytest.Config) -> None:
        config.pluginmanager.register(DatabaseIsThere())

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        with _database(session):
            reached = self._without_a_mutant(session)
            self.red = reached.failed
            if not self.red:
                for mutant in self.mutants:
                    outcome = self._with(mutant, session, reached)
                    self.outcomes.append(outcome)
                    self.say(outcome)
        return True

    def _without_a_mutant(self, session: pytest.Session) -> Reached:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            _quiet()
            found = _traced(session, self.files)
            with os.fdopen(writing, "w") as pipe:
                json.dump(found, pipe)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            found = json.load(pipe)
        os.waitpid(child, 0)
        reached = Reached(found["failed"], found["seconds"])
        for file, line, test in found["calls"]:
            reached.functions[file, line].add(test)
        return reached

    def _with(self, mutant: Mutant, session: pytest.Session, reached: Reached) -> Outcome:
        items = _telling(mutant, session.items, reached)
        if not items:
            return Outcome(mutant, SURVIVED, 0)
        seconds = CALM_SECONDS + 4 * sum(reached.seconds[item.nodeid] for item in items)
        child = os.fork()
        if not child:
            _quiet()
            _limit(seconds)
            try:
                install(mutant, self.project)
            except NotApplicable:
                os._exit(NOT_FITTING)
            except BaseException:  # the module could not even be imported with it
                os._exit(FAILED)
            os._exit(FAILED if _fails(session, items) else 0)
        status = _wait(child, 30 + 20 * seconds)
        if status is None or os.WIFSIGNALED(status):
            _calm_database(session)
            return Outcome(mutant, TIMED_OUT, len(items))
        code = os.WEXITSTATUS(status)
        result = SURVIVED if code == 0 else SKIPPED if code == NOT_FITTING else KILLED
        return Outcome(mutant, result, len(items))


def _telling(mutant: Mutant, items: Sequence[Any], reached: Reached) -> list[Any]:
    """The tests that may notice, quick ones first; those that empty the database stay last."""
    kept = list(items)
    if mutant.function is not None:
        first, last = mutant.function
        names = {
            test
            for (file, line), tests in reached.functions.items()
            if file == mutant.file and first <= line <= last
            for test in tests
        }
        kept = [item for item in items if item.nodeid in names]
    return sorted(kept, key=lambda item: (_empties(item), reached.seconds[item.nodeid]))


def _empties(item: Any) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = {"transactional_db", "live_server", "many_connections"}
    return bool(marker and marker.kwargs.get("transaction")) or bool(
        fixtures & set(getattr(item, "fixturenames", ()))
    )


def _fails(session: pytest.Session, items: Sequence[Any]) -> bool:
    """Run the tests until one fails."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return True
    return False


def _traced(session: pytest.Session, files: dict[str, str]) -> dict[str, Any]:
    calls: set[tuple[str, int, str]] = set()
    now = [""]

    def trace(frame: Any, _event: str, _argument: Any) -> None:
        code = frame.f_code
        if code.co_filename in files:
            calls.add((files[code.co_filename], code.co_firstlineno, now[0]))

    failed, seconds, remembering = [], {}, caches()
    threading.settrace(trace)
    for item, following in zip(session.items, [*session.items[1:], None], strict=True):
        for one in remembering:  # whoever asks again must be seen to ask
            one.cache_clear()
        now[0], before, start = item.nodeid, session.testsfailed, time.process_time()
        sys.settrace(trace)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        sys.settrace(None)
        seconds[item.nodeid] = time.process_time() - start
        if session.testsfailed > before:
            failed.append(item.nodeid)
    return {"failed": failed, "seconds": seconds, "calls": sorted(calls)}


def _quiet() -> None:
    """What a child prints is of no use."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)


def _limit(seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))


def _wait(child: int, seconds: float) -> int | None:
    """How the child ended; None where it had to be ended after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


# --- the database ---------------------------------------------------------------------------------


@contextlib.contextmanager
def _database(session: pytest.Session) -> Iterator[None]:
    """One test database for all children. SQLite's is in memory, so each child has a copy; of
    PostgreSQL's each leaves it as it found it, for it gets connections of its own."""
    from django.test.utils import setup_databases, teardown_databases
    from pytest_django.plugin import blocking_manager_key

    with session.config.stash[blocking_manager_key].unblock():
        made = setup_databases(verbosity=0, interactive=False)
    _let_go()
    try:
        yield
    finally:
        with session.config.stash[blocking_manager_key].unblock():
            teardown_databases(made, verbosity=0)


def _let_go() -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        connection.close()


def _calm_database(session: pytest.Session) -> None:
    """After a child that was ended at work: end its connections, and take away what it left."""
    from django.core.management import call_command
    from django.db import connection
    from pytest_django.plugin import blocking_manager_key

    if connection.vendor != "postgresql":
        return
    with session.config.stash[blocking_manager_key].unblock():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        call_command("flush", verbosity=0, interactive=False)
    connection.close()
