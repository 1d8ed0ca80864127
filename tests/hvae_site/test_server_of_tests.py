"""A test that a browser or script visits ends when the server has answered all of it."""

import threading
import urllib.request

import pytest
from django.core.signals import request_started

from tests.support.server import WatchedServer


@pytest.fixture
def held():
    """An event until which every request waits."""
    release = threading.Event()

    def wait(**_: object) -> None:
        release.wait(20)

    request_started.connect(wait)
    yield release
    request_started.disconnect(wait)


def test_the_server_is_busy_until_the_last_request_is_answered(live_server, held):
    asking = threading.Thread(
        target=lambda: urllib.request.urlopen(f"{live_server.url}/health/live").read()
    )
    with WatchedServer.changed:
        asking.start()
        assert WatchedServer.changed.wait_for(lambda: WatchedServer.opened == 1, timeout=20)
    assert not WatchedServer.wait_until_quiet(patience=0)
    held.set()
    assert WatchedServer.wait_until_quiet()
    asking.join()
