"""The product under test: a fresh database, and processes that work on it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import lib
from bench.evaluation.processes import Child, Endpoint

TIME_LIMIT = 120
"""Seconds a call may take, where the bench is not about that."""


@dataclass
class Site:
    """One installation; `folder` holds what it writes and the logs of its processes."""

    name: str
    url: str
    folder: Path
    children: list[Child] = field(default_factory=list)

    def child(self, piece: str, /, **arguments: Any) -> Child:
        """Start a piece of `bench.evaluation.pieces` that waits for its go."""
        env = {
            **os.environ,
            "DATABASE_URL": self.url,
            "VAR_DIR": str(self.folder),
            "SITE_MODE": "local",
            "LLM_ALLOW_PRIVATE_ADDRESSES": "1",
            "LOG_LEVEL": "ERROR",
        }
        log = self.folder / f"{piece}-{len(self.children)}.log"
        child = Child("bench.evaluation.job", piece, json.dumps(arguments), env=env, log=log)
        self.children.append(child)
        return child

    def do(self, piece: str, /, **arguments: Any) -> dict[str, Any]:
        """Run a piece to its end; return what it found. Raises RuntimeError when it fails."""
        child = self.child(piece, **arguments)
        child.wait_until_ready()
        child.go()
        return child.result()

    def plan(
        self,
        name: str,
        trials: int,
        endpoint: Endpoint,
        calls_at_once: int,
        time_limit: int = TIME_LIMIT,
    ) -> int:
        """Plan a run whose workers have so many calls at once each; return its id."""
        row = {
            "kind": "openai",
            "model": "bench",
            "base_url": endpoint.base_url,
            "concurrency": calls_at_once,
            "timeout_seconds": time_limit,
        }
        run: int = self.do("plan", name=name, trials=trials, endpoint=row)["run"]
        return run


@contextmanager
def site(name: str, kind: str) -> Iterator[Site]:
    """An installation on a fresh database of a kind that `lib.database` knows, gone afterwards."""
    with lib.database(kind) as url, lib.scratch() as folder:
        made = Site(name, url, folder)
        try:
            made.do("prepare")
            yield made
        finally:
            for child in made.children:
                child.kill()
