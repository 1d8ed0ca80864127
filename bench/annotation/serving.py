"""The site, or the reference, as operations.md serves it, and what its processes consume."""

import contextlib
import http.client
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from bench import lib
from bench.annotation.client import Outcome, Plan

SITE = ["hvae_site.wsgi:application"]
REFERENCE = ["--factory", "django.core.wsgi:get_wsgi_application"]
REFERENCE_SETTINGS = {"DJANGO_SETTINGS_MODULE": "bench.annotation.reference"}
GRANIAN = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "4"]
"""How docs/operations.md says to serve the site; the reference is served alike."""


class Server:
    """A granian server that can be killed and started again on the same port."""

    def __init__(self, target: list[str], log: Path, env: dict[str, str]) -> None:
        self.port, self.log, self.env = lib.free_port(), log, env
        address = ["--host", "127.0.0.1", "--port", str(self.port)]
        self.command = [sys.executable, "-m", "granian", *GRANIAN, *address, *target]
        self.start()

    def start(self) -> None:
        """Start and wait for the first answer: the port is open before a worker listens to it."""
        self.process = lib.start(self.command, self.env, self.log)
        lib.wait_for_port(self.port, self.process, self.log)
        until = time.monotonic() + lib.PATIENCE
        while not self._answers():
            if time.monotonic() > until:
                raise RuntimeError(f"no answer; the log ends:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=lib.PATIENCE)
        try:
            client.request("HEAD", "/static/none")
            client.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            client.close()
        return True

    def kill(self) -> None:
        lib.kill(self.process)

    def stop(self) -> None:
        lib.stop(self.process)

    def cpu_seconds(self) -> float:
        """Processor time of all processes of the server so far; 0 where /proc does not tell."""
        return sum(seconds for group, _, seconds in _processes() if group == self.process.pid)


@contextlib.contextmanager
def served(target: list[str] = SITE, env: dict[str, str] | None = None) -> Iterator[Server]:
    """A running server, stopped at the end."""
    with lib.scratch() as folder:
        server = Server(target, folder / "server.log", env or {})
        try:
            yield server
        finally:
            server.stop()


def database_cpu_seconds(name: str) -> float:
    """Processor time of the PostgreSQL processes on this machine that serve database *name*."""
    backends = (seconds for _, line, seconds in _processes() if f" {name} " in line)
    return sum(backends)


def _processes() -> Iterator[tuple[int, str, float]]:
    """Group, command line and processor seconds of every process of this machine (Linux)."""
    tick = os.sysconf("SC_CLK_TCK")
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            yield int(fields[2]), line, (int(fields[11]) + int(fields[12])) / tick


class Crowd:
    """The load generator's process, ready to begin."""

    def __init__(self, plan: Plan) -> None:
        command = [sys.executable, "-m", "bench.annotation.client"]
        self.process = subprocess.Popen(
            command, cwd=lib.PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._say(json.dumps(asdict(plan)))
        if self._hear() != "ready":
            raise RuntimeError("the load generator could not open the judging page")

    def begin(self) -> None:
        self._say("go")

    def outcome(self, seconds: float | None = None) -> Outcome:
        """What happened, when everybody is done; after *seconds* they are sent home, which they
        do when the judgment they are at is answered."""
        assert self.process.stdout is not None
        if not select.select([self.process.stdout], [], [], seconds)[0]:
            self._say("enough")
        said = self._hear()
        self.process.wait(timeout=lib.PATIENCE)
        return Outcome(**json.loads(said))

    def _say(self, line: str) -> None:
        assert self.process.stdin is not None
        print(line, file=self.process.stdin, flush=True)

    def _hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()
