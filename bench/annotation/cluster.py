"""A PostgreSQL server of one's own, so that it can be killed."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import lib

UNPRIVILEGED = "postgres"
"""Whom PostgreSQL runs as when the bench runs as root, whom it refuses."""


class Unavailable(Exception):
    """There can be no server of one's own here; says why."""


class Cluster:
    """A server in *folder* on *port*, with the durability PostgreSQL has by default: fsync on."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.url = f"postgres://bench@127.0.0.1:{port}/postgres"

    def create(self) -> None:
        """Make the folder a data folder; Unavailable where the programs are missing."""
        if os.getuid() == 0:
            try:
                shutil.chown(self.folder, UNPRIVILEGED)
            except LookupError:
                raise Unavailable(f"running as root, and no user {UNPRIVILEGED!r}") from None
        self._run("initdb", "--username=bench", "--auth=trust", "--no-instructions", "--no-sync")

    def start(self) -> None:
        """Start, or start again: a killed server's last processes may need a moment to go."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=on"
        until = time.monotonic() + lib.PATIENCE
        while True:
            try:
                log = str(self.folder / "log")
                return self._run("pg_ctl", "start", "--wait", "--log", log, "--options", options)
            except subprocess.CalledProcessError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)

    def kill(self) -> None:
        """SIGKILL to the postmaster; its children notice and end without a word."""
        os.kill(int((self.folder / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--mode=immediate")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(_programs() / program), "--pgdata", str(self.folder), *arguments]
        if os.getuid() == 0:
            command = ["runuser", "--user", UNPRIVILEGED, "--", *command]
        # Not a pipe: the server would keep it open and the call would never end.
        subprocess.run(
            command,
            cwd=self.folder,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


@contextlib.contextmanager
def throwaway() -> Iterator[Cluster]:
    """A running server, gone afterwards; Unavailable where there can be none."""
    _programs()
    with lib.scratch() as folder:
        cluster = Cluster(folder, lib.free_port())
        cluster.create()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


def _programs() -> Path:
    """Where `initdb` and `pg_ctl` are; Unavailable when they are not installed."""
    for folder in _places():
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise Unavailable("initdb and pg_ctl of PostgreSQL are not installed")


def _places() -> Sequence[Path]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if config := shutil.which("pg_config"):
        said = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        found.append(Path(said.stdout.strip()))
    return found
