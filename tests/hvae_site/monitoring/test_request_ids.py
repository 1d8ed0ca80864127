"""Whoever reports a fault can name the request, and its lines in the log are found by that."""

import json

import pytest
from django.test import Client

from hvae_site.monitoring import views

pytestmark = pytest.mark.django_db


def test_every_answer_names_its_request(client):
    first, second = (client.get("/health/live").headers["X-Request-ID"] for _ in range(2))
    assert len(first) == 36
    assert first != second


def test_an_id_from_outside_is_not_taken_over():
    found = Client(headers={"X-Request-ID": "mine\nWARNING: forged"}).get("/health/live")
    assert found.headers["X-Request-ID"] != "mine"
    assert len(found.headers["X-Request-ID"]) == 36


def test_a_page_that_broke_names_the_request_of_the_logged_error(monkeypatch, caplog):
    def broken():
        raise ValueError("broken on purpose")

    monkeypatch.setattr(views, "readiness", broken)
    with caplog.at_level("ERROR"):
        found = Client(raise_request_exception=False).get("/health/ready")
    assert found.status_code == 500
    name = found.headers["X-Request-ID"]
    assert any(name in json.dumps(record.msg, default=str) for record in caplog.records)
