"""A live server that can be waited for: no test ends while the server still answers its browser.

A page that is left, or a browser that is closed, has requests under way (figures, polls). Were the
database emptied beneath them, they would lock its tables, fail in the next test's time, or leave
rows behind for it.
"""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread

PATIENCE = 30.0
"""Seconds until a connection that is still open is an error of the test that opened it."""


class WatchedServer(ThreadedWSGIServer):
    """Knows how many connections are open."""

    opened = 0
    changed = threading.Condition()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._count(1)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._count(-1)

    @classmethod
    def _count(cls, more: int) -> None:
        with cls.changed:
            cls.opened += more
            cls.changed.notify_all()

    @classmethod
    def wait_until_quiet(cls, patience: float = PATIENCE) -> bool:
        """Whether all connections ended in time."""
        with cls.changed:
            return cls.changed.wait_for(lambda: cls.opened == 0, timeout=patience)


LiveServerThread.server_class = WatchedServer


@pytest.fixture(autouse=True)
def quiet_server(request: pytest.FixtureRequest) -> Iterator[None]:
    """Ends after the test's browsers and before its database is emptied."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    assert WatchedServer.wait_until_quiet(), (
        f"{WatchedServer.opened} connections to the live server are still open {PATIENCE:.0f} s "
        "after the test: close the browser or client that holds them"
    )
