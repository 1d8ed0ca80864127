"""A budget of calls, tokens or money stops work before it is passed, says so, and can be raised."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import AuditEvent
from evaluations.models import Budget, Endpoint, Run
from evaluations.running import budgets
from evaluations.running.conversations import advance, resume
from evaluations.running.spending import spend
from tests.evaluations.respondents.loopback import loopback
from tests.support.examples import examples


@pytest.fixture
def servers():
    with loopback() as found:
        yield found


@pytest.fixture
def priced(make_run, transactional_db, servers):
    """A run of two trials of nine calls, 32 tokens each, at a thousandth a token."""
    endpoint = Endpoint(
        name="lab",
        kind="openai",
        model="m",
        base_url=servers.address("thinking"),
        concurrency=2,
        input_price=1000,
        output_price=1000,
    )
    return make_run(endpoint=endpoint)


def worked(run):
    advance(run)
    run.refresh_from_db()
    return run.state, spend(run).calls


@pytest.mark.parametrize(
    ("limits", "most"),
    [({"calls": 10}, 10), ({"tokens": 10 * 32 + 5}, 10), ({"money": Decimal("0.33")}, 10)],
)
def test_work_stops_before_it_is_passed_and_goes_on_when_it_is_raised(
    priced, servers, limits, most
):
    budgets.limit(priced.project, priced, limits)
    state, calls = worked(priced)
    assert state == Run.State.PAUSED
    assert most - 2 <= calls <= most and servers.asked["thinking"] == calls
    said = AuditEvent.objects.filter(verb="pause run").latest("pk").detail["budget"]
    assert said.startswith("this run: ")
    resume(priced)
    assert worked(priced) == (Run.State.PAUSED, calls)  # asked nothing more
    budgets.limit(priced.project, priced, {"calls": 100})
    resume(priced)
    assert worked(priced) == (Run.State.COMPLETE, 18)


def test_a_budget_of_a_project_holds_for_its_runs_together(priced, make_run):
    other = make_run("other", trials_per_cell=1)
    advance(other)
    spent = spend(other).calls
    budgets.limit(priced.project, None, {"calls": spent + 5})
    state, calls = worked(priced)
    assert state == Run.State.PAUSED and 3 <= calls <= 5


@pytest.mark.django_db
def test_money_that_is_not_known_is_not_spent(make_run):
    run = make_run()
    state = budgets.State("this run", Budget(money=1), 3, 10, None, "lab: no prices are stated")
    assert state.calls_left(0) == 0 and "no prices are stated" in state.words()
    assert run.pk


@settings(max_examples=examples(100))
@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 1000))
def test_no_number_of_calls_that_is_left_passes_a_limit(most, calls, tokens, under_way):
    state = budgets.State("", Budget(calls=most), calls, tokens, Decimal(0))
    left = state.calls_left(under_way)
    assert left == 0 or calls + under_way + left <= most


def test_it_is_set_on_the_page_of_the_run(db, cast):
    from tests.evaluations.views.test_pages import simulate

    run = simulate(cast.project, trials=1)
    client = cast.client("researcher")
    address = f"/p/lab/runs/{run.pk}/state/"
    page = client.post(address, {"act": "limit", "whose": "run", "calls": "5"}, follow=True)
    content = page.content.decode()
    assert "Budget of this run: 0 of 5 calls" in content
    refused = client.post(address, {"act": "limit", "whose": "run", "calls": "-1"}, follow=True)
    assert "The limits were not set. calls:" in refused.content.decode()
    assert Budget.objects.get().calls == 5
