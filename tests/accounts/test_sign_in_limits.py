"""Wrong sign-ins keep out whoever makes them, and nobody else."""

import time

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

PROXY = "127.0.0.1"


@pytest.fixture(autouse=True)
def one_moment(monkeypatch):
    """Limits count within a minute: on a slow machine the tries must still fall into one."""
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)


@pytest.fixture(autouse=True)
def behind_a_proxy(settings, db):
    settings.TRUSTED_PROXIES = [PROXY]
    cache.clear()
    yield
    cache.clear()


def sign_in(who, password, client_address):
    return Client(REMOTE_ADDR=PROXY, headers={"x-forwarded-for": client_address}).post(
        reverse("account_login"), {"login": who, "password": password}
    )


@pytest.fixture
def rater(cast):
    cast.rater.set_password("a right one")
    cast.rater.save()
    return cast.rater.username


def test_a_strangers_wrong_sign_ins_lock_out_nobody_behind_the_same_proxy(rater):
    for number in range(15):
        sign_in(f"nobody{number}", "wrong", "198.51.100.66")
    assert "Too many" in sign_in(rater, "a right one", "198.51.100.66").content.decode()
    assert sign_in(rater, "a right one", "203.0.113.9").status_code == 302


def test_who_guesses_at_a_name_does_not_keep_its_owner_out(rater):
    for _ in range(7):
        found = sign_in(rater, "wrong", "198.51.100.66")
    assert "Too many" in found.content.decode()
    assert sign_in(rater, "a right one", "203.0.113.9").status_code == 302


def test_a_name_can_be_guessed_at_from_many_addresses_a_hundred_times_an_hour(rater, monkeypatch):
    monkeypatch.setattr("accounts.adapter.FAILURES_OF_A_NAME", "6/h/key")
    for number in range(6):
        assert "Too many" not in sign_in(rater, "wrong", f"198.51.100.{number}").content.decode()
    assert "Too many" in sign_in(rater, "wrong", "198.51.100.99").content.decode()


@pytest.mark.parametrize(("is_open", "mails"), [(False, 0), (True, 1)])
def test_an_unknown_address_is_invited_to_sign_up_only_where_one_can(
    settings, is_open, mails, django_capture_on_commit_callbacks
):
    settings.SIGNUP_OPEN = settings.ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = is_open
    with django_capture_on_commit_callbacks(execute=True):
        found = Client().post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert found.status_code == 302
    assert len(mail.outbox) == mails
    assert ("sign" in "".join(message.body for message in mail.outbox).lower()) is is_open
