"""A site says whether it lives and whether it can serve, to whoever asks and without secrets."""

import pytest
from django.db import OperationalError

from hvae_site.monitoring import health

pytestmark = pytest.mark.django_db


def test_a_site_that_has_all_it_needs_is_ready(client):
    found = client.get("/health/ready")
    assert found.status_code == 200
    needs = {"database": "ok", "migrations": "ok", "cache": "ok"}
    assert found.json() == {"status": "ok", "needs": needs}


def test_who_asks_gets_no_session_and_keeps_nothing(client):
    found = client.get("/health/ready")
    assert not found.cookies
    assert "no-store" in found.headers["Cache-Control"]


def break_database(monkeypatch):
    def fail():
        raise OperationalError("connection to server at 10.1.2.3, user valuecheck failed")

    monkeypatch.setitem(health.CHECKS, "database", fail)


def test_a_database_that_is_down_is_named_without_where_it_is(client, monkeypatch):
    break_database(monkeypatch)
    found = client.get("/health/ready")
    assert found.status_code == 503
    assert found.json()["needs"]["database"] == (
        "does not answer (OperationalError; the log says more)"
    )
    assert "10.1.2.3" not in found.content.decode()


def test_the_process_lives_without_its_database(client, monkeypatch, django_assert_num_queries):
    break_database(monkeypatch)
    with django_assert_num_queries(0):
        assert client.get("/health/live").status_code == 200


def test_missing_migrations_say_what_to_do(client, monkeypatch):
    monkeypatch.setattr(health, "missing_migrations", lambda: ["annotations 0099_more"])
    needs = client.get("/health/ready").json()["needs"]
    assert needs["migrations"] == "1 migrations are missing: run manage.py migrate"


def test_a_cache_that_forgets_is_told(client, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    found = client.get("/health/ready")
    assert found.status_code == 503
    assert found.json()["needs"]["cache"] == "what was put into it was not found"


@pytest.mark.parametrize("address", ["/health/live", "/health/ready", "/metrics"])
def test_who_asks_the_process_itself_is_not_sent_to_https(client, settings, address):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(address).status_code != 301
