"""What is logged of participants' requests tells neither their ids nor their links."""

import io
import logging
from collections.abc import Iterator

import pytest
import structlog

from hvae_site.log_privacy import hide_participants


@pytest.mark.parametrize(
    ("logged", "kept"),
    [
        ("GET /join/abc:DEF-_1/?PROLIFIC_PID=p1&SESSION_ID=t", "GET /join/…/"),
        ("Not Found: /join/abc:DEF/", "Not Found: /join/…/"),
        ("/in/1:x:y/p/lab/studies/s/way/?answered=3", "/in/…/p/lab/studies/s/way/"),
        ("GET /p/lab/studies/?state=open", "GET /p/lab/studies/?state=open"),
        ("POST /p/lab/joint/in/", "POST /p/lab/joint/in/"),
    ],
)
def test_addresses_of_participants_are_cut(logged, kept):
    assert hide_participants(None, "info", {"request": logged})["request"] == kept


def test_other_values_stay():
    event = {"code": 200, "event": "request_finished"}
    assert hide_participants(None, "info", dict(event)) == event


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the site's own handler writes."""
    (handler,) = [
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    ]
    stream = io.StringIO()
    earlier = handler.setStream(stream)
    yield stream
    handler.setStream(earlier)


def test_the_log_of_a_real_request_holds_no_id(client, db, log):
    client.get("/join/made:up/?PROLIFIC_PID=UNMISTAKABLE")
    assert "/join/…/" in log.getvalue()
    assert "UNMISTAKABLE" not in log.getvalue()
    assert "made:up" not in log.getvalue()
