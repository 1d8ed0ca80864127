"""The one clock of a site: the database's, which all its hosts read alike.

What one host writes down as a deadline, another compares with its own time. Were that each host's
own, a worker whose clock runs two minutes ahead would take every trial from the healthy ones, and
one that is late would keep a place that was given away. So nothing here asks this host for the
time of day; it only counts the seconds since the database was asked last.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

ASKED_EVERY = 60.0
"""Seconds for which this host's count of seconds is trusted: no clock's rate is off by so much that
a lease would notice."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The database's time at a moment of this process's monotonic clock."""

    told: datetime
    at: float

    def age(self) -> float:
        return time.monotonic() - self.at


_last: Reading | None = None
_asking = threading.Lock()


def now() -> datetime:
    """The database's time now, aware, to the millisecond or so. A database in a file has no clock
    but this host's."""
    global _last
    if connections[DEFAULT_DB_ALIAS].vendor != "postgresql":
        return timezone.now()
    known = _last
    if known is None or known.age() > ASKED_EVERY:
        with _asking:
            known = _last = _ask()
    return known.told + timedelta(seconds=known.age())


def _ask() -> Reading:
    """Ask the database; beneath Django's cursor, so that it counts as none of a page's queries."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    before = time.monotonic()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (told,) = cursor.fetchone()
    return Reading(told, (before + time.monotonic()) / 2)
