"""Tokens: shown once, kept as a hash, never more than their owner and their scopes allow."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as drawing
from hypothesis import strategies as st

from accounts.models import AuditEvent, Membership, Role
from accounts.people.members import change_roles
from api.models import Token
from api.tokens.scopes import Scope
from api.tokens.tokens import TokenRefused, digest_of, make_token, revoke, spend, token_of
from tests.api.doors import doors
from tests.support.examples import examples


def bearer(secret: str) -> Client:
    return Client(headers={"authorization": f"Bearer {secret}"})


RUNS = "/api/v1/projects/lab/runs/"


def test_a_token_is_shown_once_and_kept_as_a_hash(cast):
    page = cast.client("researcher").post(
        reverse("tokens", args=["lab"]), {"name": "script", "scopes": ["read"], "days": "30"}
    )
    token = Token.objects.get()
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert token.digest == digest_of(secret)
    assert (
        secret
        not in cast.client("researcher").get(reverse("tokens", args=["lab"])).content.decode()
    )
    assert secret not in str(list(AuditEvent.objects.values()))


def test_its_end_is_as_chosen(cast):
    page = {"name": "script", "scopes": ["read"], "days": "30"}
    cast.client("researcher").post(reverse("tokens", args=["lab"]), page)
    left = Token.objects.get().expires_at - timezone.now()
    assert timedelta(days=29) < left <= timedelta(days=30)


def test_an_expired_token_opens_nothing(cast):
    ends = timezone.now() + timedelta(hours=1)
    token, secret = make_token(cast.project, cast.researcher, "script", ["read"], ends)
    assert bearer(secret).get(RUNS).status_code == 200
    Token.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = bearer(secret).get(RUNS)
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication_failed")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_revoked_token_opens_nothing_and_frees_its_name(cast):
    token, secret = make_token(cast.project, cast.researcher, "script", ["read"])
    revoke(token, cast.researcher)
    revoke(token, cast.researcher)
    assert bearer(secret).get(RUNS).status_code == 401
    assert AuditEvent.objects.filter(verb="revoke token").count() == 1
    make_token(cast.project, cast.researcher, "script", ["read"])


def test_it_loses_what_its_owner_loses(cast):
    _, secret = make_token(cast.project, cast.researcher, "script", ["read"])
    Membership.objects.filter(user=cast.researcher).update(role=Role.RATER)
    assert bearer(secret).get(RUNS).status_code == 403
    Membership.objects.filter(user=cast.researcher).delete()
    assert bearer(secret).get(RUNS).status_code == 404


def test_it_opens_its_own_project_alone(cast):
    Membership.objects.create(
        user=cast.researcher, project=cast.other_project, role=Role.ADMINISTRATOR
    )
    _, secret = make_token(cast.project, cast.researcher, "script", list(Scope))
    assert bearer(secret).get("/api/v1/projects/elsewhere/runs/").status_code == 404
    names = [p["slug"] for p in bearer(secret).get("/api/v1/projects/").json()["results"]]
    assert names == ["lab"]


def test_an_account_that_is_closed_has_no_token(cast):
    _, secret = make_token(cast.project, cast.researcher, "script", ["read"])
    cast.researcher.is_active = False
    cast.researcher.save()
    assert bearer(secret).get(RUNS).status_code == 401


@pytest.mark.parametrize("scopes", [[], ["everything"], ["read", "admin"]])
def test_no_token_without_scopes_that_there_are(cast, scopes):
    with pytest.raises(TokenRefused, match="scopes"):
        make_token(cast.project, cast.researcher, "script", scopes)


def test_a_name_is_given_once(cast):
    make_token(cast.project, cast.researcher, "script", ["read"])
    with pytest.raises(TokenRefused, match="another name"):
        make_token(cast.project, cast.researcher, "script", ["read"])


def test_an_administrator_sees_and_revokes_those_of_others(cast):
    token, _ = make_token(cast.project, cast.researcher, "script", ["read"])
    address = reverse("token_act", args=["lab", token.pk])
    assert cast.client("reviewer").post(address).status_code == 404
    assert cast.client("administrator").post(address).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at


def test_a_minute_has_its_requests(cast, settings):
    settings.API_REQUESTS_PER_MINUTE = 3
    token, _ = make_token(cast.project, cast.researcher, "script", ["read"])
    assert [spend(token, now) for now in (1000.0, 1000.0, 1000.0)] == [0, 0, 0]
    assert spend(token, 1000.0) == pytest.approx(20)
    assert spend(token, 1020.0) == 0
    assert spend(token, 1021.0) == pytest.approx(19)


def test_one_request_too_many_is_told_when_to_come_again(cast, settings):
    settings.API_REQUESTS_PER_MINUTE = 1
    _, secret = make_token(cast.project, cast.researcher, "script", ["read"])
    assert bearer(secret).get(RUNS).status_code == 200
    answer = bearer(secret).get(RUNS)
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert 1 <= int(answer["Retry-After"]) <= 60


def test_its_last_use_is_noted(cast):
    token, secret = make_token(cast.project, cast.researcher, "script", ["read"])
    bearer(secret).get(RUNS)
    token.refresh_from_db()
    assert token.used_at


@drawing(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(secret=st.text(max_size=60) | st.binary(max_size=60).map(lambda b: b.decode("latin-1")))
def test_no_made_up_token_is_one(db, secret):
    assert token_of(secret) is None


SCOPED = [door for door in doors() if door.need]


@pytest.fixture
def secrets_of(cast):
    """A token of the administrator, who has every role, for a set of scopes."""
    made: dict[tuple[str, ...], str] = {}

    def secret(scopes: frozenset[str]) -> str:
        names = tuple(sorted(scopes))
        if names not in made:
            _, made[names] = make_token(cast.project, cast.administrator, " ".join(names), names)
        return made[names]

    return secret


@drawing(max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    scopes=st.frozensets(st.sampled_from([scope.value for scope in Scope]), min_size=1),
    door=st.sampled_from(SCOPED),
)
def test_no_token_goes_beyond_its_scopes(secrets_of, settings, scopes, door):
    settings.API_REQUESTS_PER_MINUTE = 100_000
    arguments = {"project_slug": "lab", "study_slug": "s", "pk": 1, "position": 1, "key": "k"}
    arguments |= {"name": "confusion", "suffix": "svg"}
    answer = bearer(secrets_of(scopes)).generic(
        door.method, door.path(arguments), "{}", content_type="application/json"
    )
    is_refused = answer.status_code == 403 and answer.json()["code"] == "missing_scope"
    assert is_refused == (door.need.scope not in scopes)


def test_a_token_ends_with_its_owners_last_role_and_stays_so(cast):
    _, secret = make_token(cast.project, cast.researcher, "script", ["read"])
    change_roles(cast.project, cast.administrator, cast.researcher, ["reviewer"])
    assert bearer(secret).get(RUNS).status_code == 200
    change_roles(cast.project, cast.administrator, cast.researcher, [])
    change_roles(cast.project, cast.administrator, cast.researcher, ["researcher"])
    assert bearer(secret).get(RUNS).status_code == 401
    assert AuditEvent.objects.filter(verb="revoke token", actor=cast.administrator).count() == 1


def test_a_page_says_of_a_token_that_it_has_expired(cast):
    ends = timezone.now() + timedelta(hours=1)
    token, _ = make_token(cast.project, cast.researcher, "script", ["read"], ends)
    Token.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    page = cast.client("researcher").get(reverse("tokens", args=["lab"])).content.decode()
    assert "expired 20" in page
