"""A site can ask for a second factor of those it names; nobody else notices."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, User
from accounts.own_account.second_factor import is_required_of

SET_UP = "/account/2fa/totp/activate/"


@pytest.fixture
def required(settings):
    """required('staff', 'researcher') sets whom the site asks."""

    def required(*named):
        settings.SECOND_FACTOR_REQUIRED_OF = list(named)

    return required


def give_second_factor(user):
    with transaction.atomic():
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")


@pytest.mark.parametrize(
    ("named", "who", "asked"),
    [
        ((), "researcher", False),
        (("researcher",), "researcher", True),
        (("researcher",), "other_researcher", True),
        (("researcher",), "administrator", False),
        (("reviewer", "administrator"), "administrator", True),
        (("staff", "researcher"), "rater", False),
        (("staff",), "stranger", False),
    ],
)
def test_whom_a_site_asks(cast, required, named, who, asked):
    required(*named)
    assert is_required_of(getattr(cast, who)) is asked


@pytest.mark.parametrize("flag", ["is_staff", "is_superuser"])
def test_staff_is_who_runs_the_site(cast, required, flag):
    required("staff")
    setattr(cast.stranger, flag, True)
    assert is_required_of(cast.stranger)


def test_whoever_lacks_it_is_led_to_setting_it_up(cast, required):
    required("researcher")
    client = cast.client("researcher")
    for path in ("/p/lab/runs/", "/account/", "/"):
        assert client.get(path).url == SET_UP
    assert client.post(reverse("definition_new", args=["lab"])).url == SET_UP


def test_a_part_of_a_page_leads_the_whole_page_there(cast, required):
    required("researcher")
    part = cast.client("researcher").get("/p/lab/runs/", headers={"hx-request": "true"})
    assert part.headers["HX-Redirect"] == SET_UP


def test_whoever_has_it_goes_on(cast, required):
    required("researcher")
    give_second_factor(cast.researcher)
    assert cast.client("researcher").get("/p/lab/runs/").status_code == 200


def test_nobody_else_notices(cast, required):
    required("researcher")
    assert cast.client("rater").get("/p/lab/studies/").status_code == 200
    assert cast.client("nobody").get("/p/lab/studies/").url.startswith("/account/login/")


def code_for(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def signed_in(cast, settings):
    """The researcher, who has just signed in with a password; a code counts half a minute longer,
    so that none runs out on its way."""
    settings.MFA_TOTP_TOLERANCE = 1
    cast.researcher.set_password("a right one")
    cast.researcher.save()
    client = Client()
    client.post(reverse("account_login"), {"login": "researcher", "password": "a right one"})
    return client


def test_it_is_set_up_at_sign_in_with_recovery_codes(cast, required, signed_in):
    required("researcher")
    assert signed_in.get("/p/lab/").url == SET_UP
    again = signed_in.get(SET_UP).url
    page = signed_in.get(again).content.decode()
    assert "This site asks you for a second factor" in page
    assert signed_in.post(again, {"password": "a right one"}).url == SET_UP
    secret = signed_in.get(SET_UP).context["form"].secret
    done = signed_in.post(SET_UP, {"code": code_for(secret)})
    assert done.url == reverse("mfa_view_recovery_codes")
    codes = signed_in.get(done.url)
    assert len(codes.context["unused_codes"]) == 10
    assert "Each code signs you in once" in codes.content.decode()
    assert signed_in.get("/p/lab/").status_code == 200
    verbs = AuditEvent.objects.filter(actor=cast.researcher).values_list("verb", "detail")
    assert sorted(verbs, key=str) == [
        ("second factor added", {"type": "recovery_codes"}),
        ("second factor added", {"type": "totp"}),
    ]


def test_who_runs_the_site_can_remove_it_on_record(cast):
    give_second_factor(cast.researcher)
    cast.administrator.is_staff = cast.administrator.is_superuser = True
    cast.administrator.save()
    found = Authenticator.objects.get()
    address = reverse("admin:mfa_authenticator_delete", args=[found.pk])
    cast.client("administrator").post(address, {"post": "yes"})
    event = AuditEvent.objects.first()
    assert (event.verb, event.actor) == ("authenticator deleted", cast.administrator)
    assert event.subject_id == str(found.pk)


def test_after_that_a_password_alone_signs_nobody_in(cast, signed_in):
    give_second_factor(cast.researcher)
    client = Client()
    answer = client.post(
        reverse("account_login"), {"login": "researcher", "password": "a right one"}
    )
    assert answer.url == reverse("mfa_authenticate")
    assert client.get("/p/lab/").url.startswith("/account/login/")


def test_a_second_factor_that_is_not_written_down_is_not_added(cast, signed_in, monkeypatch):
    signed_in.post(signed_in.get(SET_UP).url, {"password": "a right one"})
    secret = signed_in.get(SET_UP).context["form"].secret

    def fail(*_, **__):
        raise RuntimeError

    monkeypatch.setattr("accounts.own_account.events.record", fail)
    with pytest.raises(RuntimeError):
        signed_in.post(SET_UP, {"code": code_for(secret)})
    assert not Authenticator.objects.exists()
    assert not get_adapter().is_mfa_enabled(User.objects.get(username="researcher"))
