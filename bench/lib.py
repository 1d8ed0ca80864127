"""What the benches share: how figures are printed, throw-away databases, and processes.

A bench prints one line a figure: ``name value bar``. The bar reads `<=350`, `>=150` or `=0`, and
`-` where a figure has none. Lines that begin with `#` are remarks. A missed bar is printed and no
more; only a broken invariant makes a bench fail.
"""

import contextlib
import os
import platform
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
"""Seconds a process has to start or to end."""


def quick() -> bool:
    """Whether QUICK=1 asks for the short form."""
    return os.environ.get("QUICK", "") not in ("", "0")


def remark(text: str) -> None:
    print(f"# {text}", flush=True)


def figure(name: str, value: float | str, bar: str = "-") -> None:
    """Print a figure; numbers with at most four significant digits, counts in full."""
    shown = f"{value:.4g}" if isinstance(value, float) and abs(value) < 10_000 else value
    print(name, shown, bar, flush=True)


class Invariants:
    """Counts that must be what they must be; remembers whether one was not."""

    def __init__(self) -> None:
        self.broken: list[str] = []

    def check(self, name: str, value: int, expected: int = 0) -> None:
        figure(name, value, f"={expected}")
        if value != expected:
            self.broken.append(f"{name} is {value} and must be {expected}")

    def exit_status(self) -> int:
        for line in self.broken:
            print(f"broken: {line}", file=sys.stderr, flush=True)
        return 1 if self.broken else 0


def machine() -> str:
    """The machine in one line: processors, memory, system, Python, and what else runs on it."""
    words = [f"{os.cpu_count()} x {_processor()}", _memory(), platform.system()]
    words += [platform.release(), f"Python {platform.python_version()}", f"load {load_average()}"]
    return ", ".join(word for word in words if word)


def load_average() -> str:
    """Processes that wanted to run during the last minute, on average."""
    return f"{os.getloadavg()[0]:.1f}"


def _processor() -> str:
    with contextlib.suppress(OSError):
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
        if found:
            return found[1]
    return platform.processor() or platform.machine()


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return ""
    return f"{size / 2**30:.0f} GiB"


# --- databases ------------------------------------------------------------------------------------


def find_postgres() -> tuple[str, str]:
    """The address of a PostgreSQL server on which a database may be made, and why there is none."""
    command = [sys.executable, str(PROJECT / "scripts" / "find_postgres.py")]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode:
        return "", " ".join(found.stderr.split())
    return found.stdout.strip(), ""


@contextlib.contextmanager
def database(kind: str) -> Iterator[str]:
    """A new, empty database for one run, dropped at the end; yields its DATABASE_URL.

    kind: `sqlite`, or the address of a PostgreSQL server.
    """
    if kind == "sqlite":
        with scratch() as folder:
            yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    name = f"bench_{secrets.token_hex(4)}"
    with psycopg.connect(kind, autocommit=True) as server:
        server.execute(f'create database "{name}"')
    try:
        yield urlunsplit(urlsplit(kind)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(kind, autocommit=True) as server:
            server.execute(f'drop database if exists "{name}" with (force)')


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --- processes ------------------------------------------------------------------------------------


def clean_up_when_terminated() -> None:
    """Let SIGTERM end this process as Ctrl-C does, so that nothing is left running or lying."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(
    command: Sequence[str | Path], env: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Start a process, and whatever it starts, as a group of its own; its words go to *log*."""
    with log.open("ab") as handle:
        return subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**os.environ, **env},
            stdout=handle,
            stderr=handle,
            start_new_session=True,
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process of `start` with its whole group, gently first."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
    kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to a process of `start` and its whole group, and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=PATIENCE)


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until something listens on *port*; RuntimeError with the end of the log if it died."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.02)
    raise RuntimeError(f"nothing listens on port {port}; the log ends:\n{log.read_text()[-2000:]}")
