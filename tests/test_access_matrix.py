"""Every address x every member of the cast: who gets in (200), is sent on (302), is told that it is
not theirs (403) or that there is no such thing (404). A new address without a row fails.

A row gives the answers to GET in the order of PARTS. Acts take POST only; their rows say who is
refused, and anything but a refusal (a redirect, a form with errors) is an entry. A participant, who
has a part in a study and no account, is anybody without an account where a row does not say else.
"""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.access import STAFF_ROLES
from accounts.models import Role
from accounts.people.invitations import invite
from api.tokens.scopes import Scope
from api.tokens.tokens import make_token
from evaluations.background.happened import Event, emit
from tests.api.doors import doors, refusals, things
from tests.cast import PARTS
from webhooks import receivers

#        nobody stranger other rater second researcher reviewer administrator participant
EVERYBODY = (200, 200, 200, 200, 200, 200, 200, 200)
MEMBERS = (302, 404, 404, 200, 200, 200, 200, 200)
STAFF = (302, 404, 404, 403, 403, 200, 200, 200)
RATERS = (403, 404, 404, 200, 200, 403, 403, 403, 200)
ON_THE_WAY = (403, 404, 404, 302, 302, 403, 403, 403, 302)
INVITED = (200, 200, 200, 302, 302, 403, 403, 403, 302)
RESEARCHERS = (302, 404, 404, 403, 403, 200, 403, 200)
ADMINISTRATORS = (302, 404, 404, 403, 403, 403, 403, 200)
REVIEWERS = (302, 404, 404, 403, 403, 403, 200, 200)
SIGNED_IN = (302, 200, 200, 200, 200, 200, 200, 200)
SIGNED_OUT = (200, 302, 302, 302, 302, 302, 302, 302)
SENT_ON = (302,) * 8
SHARED_BY_ALL = (302, 404, 404, 403, 403, 404, 403, 404)
"""What the cast's project has is shared by all: there is nothing of its own to share."""
OWN_TOKEN = (302, 404, 404, 403, 403, 200, 404, 200)
"""A token of the researcher: administrators revoke it as well."""
NOT_SET_UP = (302, 404, 404, 404, 404, 404, 404, 404)

MATRIX: dict[str, tuple[int, ...]] = {
    "home": (200, 200, 302, 302, 302, 302, 302, 302),
    "project": (302, 404, 404, 302, 302, 200, 200, 200),
    "project_delete": ADMINISTRATORS,
    "project_archive": ADMINISTRATORS,
    # Machines that watch over the site have no account; the figures need a token of the site's.
    "live": EVERYBODY,
    "ready": EVERYBODY,
    "metrics": (404,) * 8,
    "trail": ADMINISTRATORS,
    "trail_file": ADMINISTRATORS,
    "site_trail": NOT_SET_UP,
    "site_trail_file": NOT_SET_UP,
    # evaluations
    "run_delete": RESEARCHERS,
    "endpoint_delete": RESEARCHERS,
    "runs": STAFF,
    "run": STAFF,
    "run_new": RESEARCHERS,
    "run_plan": RESEARCHERS,
    "run_preview": RESEARCHERS,
    "run_progress": STAFF,
    "run_figure": STAFF,
    "scorings": STAFF,
    "scoring_new": RESEARCHERS,
    "scoring_plan": RESEARCHERS,
    "endpoints": STAFF,
    "endpoint_new": RESEARCHERS,
    "endpoint": RESEARCHERS,
    "definitions": STAFF,
    "definition_new": RESEARCHERS,
    "instrument": STAFF,
    "prompt_pack": STAFF,
    "frame": STAFF,
    "trial": STAFF,
    # annotations
    "studies": MEMBERS,
    "study_new": RESEARCHERS,
    "study": STAFF,
    "study_settings": RESEARCHERS,
    "study_delete": RESEARCHERS,
    "study_metric": RESEARCHERS,
    "study_guidelines": STAFF,
    "study_guideline": STAFF,
    "study_controls": STAFF,
    "study_rater": STAFF,
    "rater_board": STAFF,
    "judge": RATERS,
    "judge_last": RATERS,
    "judge_correct": (403, 404, 404, 200, 404, 403, 403, 403, 404),
    "join": INVITED,
    "way": ON_THE_WAY,
    "way_pause": RATERS,
    "own_data": RATERS,
    "own_data_file": RATERS,
    "invitations": RESEARCHERS,
    "judgments_file": RESEARCHERS,
    "participants_file": RESEARCHERS,
    "judge_preview": STAFF,
    "disputes": STAFF,
    "dispute": STAFF,
    # analysis
    "report": STAFF,
    "report_items": STAFF,
    "report_file": STAFF,
    "report_figure": STAFF,
    "report_archive": STAFF,
    "report_progress": STAFF,
    "compare": STAFF,
    "compare_progress": STAFF,
    "planning": STAFF,
    "run_statistics": STAFF,
    # api: its pages; what programs may do is walked below
    "tokens": STAFF,
    "api-docs": EVERYBODY,
    "api-schema": EVERYBODY,
    "api-not-there": (404,) * 8,
    # accounts
    "project_new": (302, 403, 200, 403, 403, 200, 403, 200),
    "all_projects": (302, 403, 403, 403, 403, 403, 403, 403),
    "invited": (200, 200, 200, 302, 302, 200, 200, 200),
    "project_leave": MEMBERS,
    "members": ADMINISTRATORS,
    "member": ADMINISTRATORS,
    # webhooks
    "webhooks": RESEARCHERS,
    "webhook": RESEARCHERS,
    # accounts, by allauth
    "account_login": SIGNED_OUT,
    "account_logout": SIGNED_IN,
    "account_inactive": EVERYBODY,
    "account_signup": SIGNED_OUT,
    "account_reauthenticate": SIGNED_IN,
    "account_email": SIGNED_IN,
    "account_email_verification_sent": EVERYBODY,
    "account_change_password": SIGNED_IN,
    "account_set_password": SENT_ON,
    "account_reset_password": EVERYBODY,
    "account_reset_password_done": EVERYBODY,
    "account_reset_password_from_key": EVERYBODY,
    "account_reset_password_from_key_done": EVERYBODY,
    "account_confirm_email": EVERYBODY,
    "account_confirm_login_code": SENT_ON,
    "own_account": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_authenticate": SENT_ON,
    "mfa_reauthenticate": SENT_ON,
    "mfa_activate_totp": SENT_ON,
    "mfa_deactivate_totp": NOT_SET_UP,
    "mfa_view_recovery_codes": NOT_SET_UP,
    "mfa_generate_recovery_codes": SENT_ON,
    "mfa_download_recovery_codes": NOT_SET_UP,
}

ACTS: dict[str, tuple[int, ...]] = {
    "run_state": RESEARCHERS,
    "run_extend": RESEARCHERS,
    "instrument_share": SHARED_BY_ALL,
    "prompt_pack_share": SHARED_BY_ALL,
    "frame_share": RESEARCHERS,
    "scoring_act": RESEARCHERS,
    "endpoint_try": RESEARCHERS,
    "webhook_act": RESEARCHERS,
    "webhook_send_again": RESEARCHERS,
    "study_state": RESEARCHERS,
    "study_archive": RESEARCHERS,
    "report_refresh": STAFF,
    "report_keep": STAFF,
    "compare_again": STAFF,
    "own_data_delete": RATERS,
    "invitation_act": RESEARCHERS,
    "participant_act": RESEARCHERS,
    "study_control_remove": RESEARCHERS,
    "study_rater_act": RESEARCHERS,
    "token_act": OWN_TOKEN,
    "dispute_decide": REVIEWERS,
    "dispute_reopen": REVIEWERS,
    "project_hand_over": ADMINISTRATORS,
    "member_remove": ADMINISTRATORS,
    "member_invitation_revoke": ADMINISTRATORS,
}
"""Addresses that only take POST; 200 stands for 'may act'."""

NAMESPACES = {"admin": SENT_ON}
"""The admin as a whole: nobody in the cast is staff of the site, so all are sent to its sign-in."""


def addresses(
    patterns: list[URLPattern | URLResolver] | None = None, namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address of the site as (namespace:name, pattern)."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace]))
            yield from addresses(pattern.url_patterns, inner)
        else:
            yield ":".join(filter(None, [namespace, pattern.name or str(pattern.pattern)])), pattern


def rows_needed() -> list[str]:
    walked = {door.name for door in doors()}
    return [
        name
        for name, _ in addresses()
        if name.partition(":")[0] not in NAMESPACES and name not in walked
    ]


def test_every_address_has_a_row():
    assert sorted(set(rows_needed()) - set(MATRIX | ACTS)) == []


def test_every_row_has_an_address():
    assert sorted(set(MATRIX | ACTS) - set(rows_needed())) == []


@pytest.fixture
def arguments(world, cast) -> dict[str, object]:
    """Something to name for every argument of every address."""
    invitation, token = invite(cast.project, cast.administrator, Role.RATER, days=1)
    parts = {"file_format": "json", "name": "confusion", "suffix": "svg", "uidb36": "x", "key": "x"}
    parts |= {"trail_format": "ndjson", "figure": "ring", "computation_id": 0, "comparison_id": 0}
    parts |= {"invite_token": token, "member_invitation_id": invitation.pk}
    parts["user_id"] = cast.second_rater.pk
    api_token, _ = make_token(cast.project, cast.researcher, "script", [Scope.READ])
    parts["token_id"] = api_token.pk
    receiver = receivers.add(cast.project, cast.researcher, "http://127.0.0.1:9/", list(Event))
    emit(cast.project, Event.RUN_FINISHED)
    parts |= {"receiver_id": receiver.pk, "delivery_id": receiver.deliveries.get().pk}
    return {**world.arguments, **parts}


def url_of(name: str, arguments: dict[str, object]) -> str:
    needed = {
        argument
        for found, pattern in addresses()
        if found == name
        for argument in pattern.pattern.regex.groupindex
    }
    return reverse(name, kwargs={argument: arguments[argument] for argument in needed})


def expected(rows: dict[str, tuple[int, ...]], part: str) -> dict[str, int]:
    at = PARTS.index(part)
    return {name: row[at] if at < len(row) else row[0] for name, row in sorted(rows.items())}


@pytest.mark.parametrize("part", PARTS)
def test_who_gets_in(cast, arguments, part):
    client = cast.client(part)
    answers = {name: client.get(url_of(name, arguments)).status_code for name in sorted(MATRIX)}
    assert answers == expected(MATRIX, part)


@pytest.mark.parametrize("part", PARTS)
def test_who_may_act(cast, arguments, part):
    client = cast.client(part)
    answers = {name: client.post(url_of(name, arguments)).status_code for name in sorted(ACTS)}
    allowed = {name for name, status in expected(ACTS, part).items() if status == 200}
    assert {name for name, status in answers.items() if status not in (403, 404, 405)} == (
        {name for name, status in expected(ACTS, part).items() if status in (200, 302)}
    )
    refused = {name: status for name, status in answers.items() if name not in allowed}
    assert refused == {n: s for n, s in expected(ACTS, part).items() if n not in allowed}


@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_act_cannot_be_followed_as_a_link(cast, arguments, name):
    assert cast.client("administrator").get(url_of(name, arguments)).status_code == 405


@pytest.mark.parametrize("part", PARTS)
def test_the_admin_is_closed_to_the_cast(cast, part):
    assert cast.client(part).get(reverse("admin:index")).status_code == 302


# --- programs -------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_what_the_api_refuses(cast, world, part):
    client, answers, there = cast.client(part), {}, things(world)
    for door in doors():
        answer = client.generic(
            door.method, door.path(there), "{}", content_type="application/json"
        )
        answers[door.route, door.method] = answer.status_code
    refused = {door: status for door, status in answers.items() if status in (401, 403, 404, 405)}
    assert refused == refusals(part)


def test_every_act_of_a_program_needs_a_role_and_a_scope_of_its_own():
    acts = [door for door in doors() if door.method != "GET"]
    assert {door.route for door in acts if door.need is None} == set()
    assert {door.route for door in acts if door.need.scope == Scope.READ} == set()
    assert {door.route for door in acts if Role.RATER in door.need.roles} == set()


def test_programs_read_what_staff_read():
    reads = [door for door in doors() if door.method == "GET" and door.need]
    assert {door.route for door in reads if door.need.scope != Scope.READ} == set()
    assert {door.route for door in reads if not set(door.need.roles) <= set(STAFF_ROLES)} == set()


SAME = {
    "api-runs-plan": "run_plan",
    "api-runs-start": "run_state",
    "api-runs-pause": "run_state",
    "api-runs-cancel": "run_state",
    "api-runs-extend": "run_extend",
    "api-runs-progress": "run_progress",
    "api-trials-detail": "trial",
    "api-studies-state": "study_state",
    "api-studies-metric": "study_metric",
    "api-raters-exclude": "study_rater_act",
    "api-judgments-export": "judgments_file",
    "api-disputes-decide": "dispute_decide",
    "api-disputes-reopen": "dispute_reopen",
    "api-reports-now": "report",
    "api-comparisons-list": "compare",
    "api-planning-list": "planning",
}
"""Addresses of programs, and pages on which people do the same."""


@pytest.mark.parametrize("name", sorted(SAME))
def test_a_program_may_do_what_its_owner_may_do_on_a_page(name):
    page = dict(zip(PARTS, (MATRIX | ACTS)[SAME[name]], strict=False))
    allowed = {part for part in PARTS if page.get(part) == 200}
    entering = [door for door in doors() if door.name == name]
    assert entering
    for door in entering:
        assert {part for part in PARTS if door.status(part) is None} == allowed
