"""The processes of these benches: children that say when they are ready, and the endpoint."""

import http.client
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import lib
from bench.evaluation.endpoint import Behaviour

READY = "ready"


class Child:
    """A Python module in a process of its own.

    It prints `ready` when it has imported what it needs, begins when told so, and prints what it
    found as one line of JSON. Its errors go to *log*.
    """

    def __init__(
        self, module: str, *arguments: str, env: Mapping[str, str] | None = None, log: Path
    ) -> None:
        self.log = log
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=lib.PROJECT,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                bufsize=1,
            )

    def wait_until_ready(self) -> None:
        if self._line() != READY:
            raise self._error("did not become ready")

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def result(self) -> dict[str, Any]:
        """Wait for what the child found. Raises RuntimeError, with its log, when it failed."""
        line = self._line()
        if self.process.wait(timeout=lib.PATIENCE) or not line:
            raise self._error(f"ended with status {self.process.returncode}")
        found: dict[str, Any] = json.loads(line)
        return found

    def kill(self) -> None:
        """SIGKILL, and wait until the process is gone."""
        self.process.kill()
        self.process.wait(timeout=lib.PATIENCE)

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def _error(self, what: str) -> RuntimeError:
        command = " ".join(map(str, self.process.args[2:]))  # type: ignore[index]
        return RuntimeError(f"{command} {what}; its log ends:\n{self.log.read_text()[-3000:]}")


def child_main(work: Callable[[], Mapping[str, Any]]) -> None:
    """The child's side: call *work* when the parent says go, and print its result as JSON.

    Adds `cpu_seconds` of the work, `peak_megabytes` (10^6 bytes) of the process and, unless the
    work knows better, when it `ended` (seconds since the epoch).
    """
    print(READY, flush=True)
    sys.stdin.readline()
    before = time.process_time()
    found = work()
    used = {
        "cpu_seconds": time.process_time() - before,
        "ended": time.time(),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
    }
    print(json.dumps({**used, **found}), flush=True)


def timed(children: Sequence[Child]) -> tuple[float, list[dict[str, Any]]]:
    """Let ready children begin together; return the seconds until the last ended, and results."""
    started = time.time()
    for child in children:
        child.go()
    results = [child.result() for child in children]
    return max(result["ended"] for result in results) - started, results


class Endpoint:
    """The running loopback endpoint, seen from the bench."""

    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def behave(self, behaviour: Behaviour) -> None:
        """Set the behaviour from now on, and count from zero."""
        self._request("POST", "/behaviour", json.dumps(asdict(behaviour)))

    def counts(self) -> dict[str, Any]:
        return self._request("GET", "/counts")

    def _request(self, method: str, path: str, body: str = "") -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body)
            answer: dict[str, Any] = json.loads(connection.getresponse().read())
            return answer
        finally:
            connection.close()


@contextmanager
def endpoint() -> Iterator[Endpoint]:
    """A loopback endpoint in its own process, gone afterwards."""
    command = [sys.executable, "-m", "bench.evaluation.endpoint"]
    process = subprocess.Popen(
        command, cwd=lib.PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        yield Endpoint(int(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.wait(timeout=lib.PATIENCE)
