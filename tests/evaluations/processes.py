"""Commands of this project in processes of their own, on the database of a test."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from tests.conftest import PROJECT

PATIENCE = 60
"""Seconds."""


def database_url() -> str:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return (
        f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}"
        f":{settings['PORT'] or 5432}/{settings['NAME']}"
    )


def manage(*arguments: str, log: Path | None = None, **environment: str) -> subprocess.Popen:
    """`manage.py` with these arguments, started; what it says goes to *log*."""
    with (log or Path(os.devnull)).open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env={**os.environ, "DATABASE_URL": database_url(), **environment},
            stdout=output,
            stderr=output,
        )


def wait_until(there: Callable[[], object], log: Path | None = None) -> None:
    """Look until something is *there*; when that takes too long, fail with the end of *log*."""
    deadline = time.monotonic() + PATIENCE
    while not there():
        words = log.read_text()[-2000:] if log else ""
        assert time.monotonic() < deadline, f"waited in vain; {words}"
        time.sleep(0.05)
