"""A host whose clock is wrong, as many hosts of one site have it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone


@pytest.fixture
def wrong_host(db, monkeypatch) -> Callable[[timedelta], None]:
    """A function that sets this host's clock wrong by so much, as far as Django tells the time."""
    if connection.vendor != "postgresql":
        pytest.skip("a database in a file has the clock of its one host")
    right = timezone.now

    def set_wrong(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: right() + by)

    return set_wrong


def database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
