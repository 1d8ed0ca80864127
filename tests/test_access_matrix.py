"""Every address x every member of the cast: who gets in (200), is sent on (302), is told that it is
not theirs (403) or that there is no such thing (404). A new address without a row fails; the rows
are in tests/support/addresses.py.
"""

import pytest
from django.urls import reverse

from accounts.access import STAFF_ROLES
from accounts.models import Role
from api.tokens.scopes import Scope
from tests.api.doors import doors, refusals, things
from tests.cast import PARTS
from tests.support.addresses import ACTS, MATRIX, NAMESPACES, addresses, url_of


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
    "api-runs-drop": "run_state",
    "api-runs-retry": "run_state",
    "api-runs-mend": "run_state",
    "api-runs-limit": "run_state",
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
