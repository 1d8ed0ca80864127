"""One's own account: what the page shows and keeps, and what of it stands in the trail."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User

ARABIC = '<html lang="ar" dir="rtl">'


def test_the_page_shows_projects_with_a_way_to_leave(cast):
    page = cast.client("rater").get("/account/").content.decode()
    assert "Lab" in page and "/p/lab/leave/" in page


def test_a_language_is_kept_with_the_account(cast):
    cast.client("rater").post("/account/", {"language": "ar"})
    assert ARABIC in cast.client("rater").get("/account/").content.decode()
    [event] = AuditEvent.objects.all()
    assert event.detail == {"before": {"language": ""}, "after": {"language": "ar"}}


def test_the_same_language_again_is_no_change(cast):
    for _ in range(2):
        cast.client("rater").post("/account/", {"language": "es"})
    assert AuditEvent.objects.count() == 1


def test_what_a_browser_chose_goes_before_the_account(cast):
    User.objects.filter(pk=cast.rater.pk).update(language="ar")
    client = cast.client("rater")
    client.get("/account/?language=es")
    assert '<html lang="es"' in client.get("/account/").content.decode()


def test_a_language_of_the_account_takes_the_place_of_what_this_browser_chose(cast):
    client = cast.client("rater")
    client.get("/account/?language=es")
    client.get(client.post("/account/", {"language": "ar"}).url)
    assert ARABIC in client.get("/account/").content.decode()


def test_the_browsers_own_language_can_be_had_again(cast):
    client = cast.client("rater")
    client.get(client.post("/account/", {"language": "ar"}).url)
    client.post("/account/", {"language": "browser"})
    page = client.get("/account/", headers={"accept-language": "es"}).content.decode()
    assert '<html lang="es"' in page
    assert not client.cookies[settings.LANGUAGE_COOKIE_NAME].value


def test_staff_pages_stay_english(cast):
    User.objects.filter(pk=cast.researcher.pk).update(language="ar")
    assert '<html lang="en"' in cast.client("researcher").get("/p/lab/runs/").content.decode()


def test_an_unknown_language_is_refused(cast):
    assert cast.client("rater").post("/account/", {"language": "xx"}).status_code == 422


@pytest.fixture
def signed_in(cast):
    cast.rater.set_password("a right one")
    cast.rater.save()
    client = Client()
    client.post(reverse("account_login"), {"login": "rater", "password": "a right one"})
    return client


def test_a_new_password_is_written_down_without_it(cast, signed_in):
    new = {"oldpassword": "a right one", "password1": "a newer one", "password2": "a newer one"}
    assert signed_in.post(reverse("account_change_password"), new).status_code == 302
    [event] = AuditEvent.objects.all()
    assert (event.verb, event.actor, event.detail) == ("password changed", cast.rater, {})


def test_a_new_address_is_written_down_without_it(cast, signed_in):
    signed_in.post(reverse("account_email"), {"action_add": "", "email": "more@example.org"})
    [event] = AuditEvent.objects.all()
    assert (event.verb, event.detail) == ("e-mail address added", {})
