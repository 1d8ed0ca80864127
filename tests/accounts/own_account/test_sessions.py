"""Whoever is signed in sees where, and can end all of it but the browser at hand."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.own_account.sessions import browser_in_words

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 15) AppleWebKit/605 Version/18 Safari/605"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (FIREFOX, "Firefox, Linux"),
        (CHROME, "Chrome, Android"),
        (EDGE, "Edge, Windows"),
        (SAFARI, "Safari, macOS"),
        ("curl/8.0", "curl/8.0"),
        ("x" * 300, "x" * 60),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_words(said, words):
    assert browser_in_words(said) == words


def sign_in(agent):
    client = Client(headers={"user-agent": agent})
    client.post(reverse("account_login"), {"login": "rater", "password": "a right one"})
    return client


@pytest.fixture
def two_browsers(cast):
    cast.rater.set_password("a right one")
    cast.rater.save()
    return sign_in(FIREFOX), sign_in(CHROME)


def test_both_browsers_are_listed(two_browsers):
    page = two_browsers[0].get(reverse("usersessions_list")).content.decode()
    assert "Firefox, Linux" in page and "Chrome, Android" in page
    assert page.count("this one") == 1


def test_the_other_is_signed_out_and_that_is_written_down(cast, two_browsers):
    here, there = two_browsers
    here.post(reverse("usersessions_list"))
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    event = AuditEvent.objects.get()
    assert (event.actor, event.verb, event.detail) == (
        *(cast.rater, "sessions ended"),
        {"sessions": 1},
    )


def test_nobody_ends_the_sessions_of_somebody_else(cast, two_browsers):
    stranger = cast.client("stranger")
    stranger.post(reverse("usersessions_list"))
    assert UserSession.objects.count() == 2
    assert not AuditEvent.objects.exists()
