"""A transaction for which writers stand in line, where the database itself keeps none.

SQLite lets one write at a time, and those who wait look again after ever longer naps: under a
crowd a rater can be passed over many times while both processors idle. Here they wait for a lock
on a file beside the database, which the kernel hands to a sleeper the moment it is free, and which
falls free when its holder dies. It only orders who comes first: the database's own lock still
decides. PostgreSQL locks rows, and needs none of this.
"""

import contextlib
import fcntl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.db import connection, transaction

_own = threading.local()
"""The thread's own opened file: a lock belongs to an opening, so threads wait for each other."""


@contextlib.contextmanager
def atomic_in_turn() -> Iterator[None]:
    """``transaction.atomic``, after those who asked for it before."""
    with turn(_path()), transaction.atomic():
        yield


@contextlib.contextmanager
def turn(path: Path | None) -> Iterator[None]:
    """Wait for the lock on a file, and hold it; no waiting without a path."""
    if path is None:
        yield
        return
    line = _opened(path)
    fcntl.flock(line, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(line, fcntl.LOCK_UN)


def _path() -> Path | None:
    """Beside the file of SQLite; None for PostgreSQL, for SQLite in memory, and within another
    transaction, whose turn it is already."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return None
    in_memory = connection.is_in_memory_db()  # type: ignore[attr-defined]  # Only SQLite has it.
    return None if in_memory else Path(f"{connection.settings_dict['NAME']}-turn")


def _opened(path: Path) -> BinaryIO:
    found: BinaryIO | None = getattr(_own, "file", None)
    if found is None or found.name != str(path):
        found = _own.file = path.open("ab")
    return found
