"""Several workers, and judges, spend from one budget together: it is never passed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from accounts import clock
from evaluations.definitions.catalogue import rubric
from evaluations.models import Endpoint, GrantedCalls, Run, Trial
from evaluations.running import budgets, scorings
from evaluations.running.conversations import Worker, advance, resume
from evaluations.running.scorings import score_at_their_expense
from evaluations.running.spending import spend, spent
from evaluations.scoring.rubric_scorer import RubricScorer
from tests.evaluations.processes import wait_until
from tests.evaluations.respondents.loopback import loopback

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 6


@pytest.fixture
def servers():
    with loopback() as found:
        yield found


def endpoint_at(servers, behaviour, **fields):
    fields = {"concurrency": 1, "max_retries": 3} | fields
    address = servers.address(behaviour)
    return Endpoint(name=behaviour, kind="openai", model="m", base_url=address, **fields)


@pytest.mark.parametrize("behaviour", ["thinking", "hiccuping"])
@pytest.mark.parametrize("most", [1, 23])
def test_several_workers_never_pass_a_budget_of_calls(
    make_run, many_connections, servers, behaviour, most
):
    run = make_run(endpoint=endpoint_at(servers, behaviour), trials_per_cell=WORKERS)
    budgets.limit(run.project, run, {"calls": most})

    def work(_):
        try:
            advance(Run.objects.get(pk=run.pk))
        finally:
            many_connections()

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    run.refresh_from_db()
    assert run.state == Run.State.PAUSED
    assert servers.asked[behaviour] == spend(run).calls
    assert 0 < spend(run).calls <= most
    assert behaviour == "hiccuping" or spend(run).calls == most
    assert not GrantedCalls.objects.exists()


@pytest.fixture
def answered(make_run, transactional_db):
    """A run of three trials of a simulated respondent."""
    run = make_run(trials_per_cell=3)
    advance(run)
    return run


@pytest.fixture
def judge(answered, servers):
    found = endpoint_at(servers, "judging", input_price=1000, output_price=1000)
    found.project = answered.project
    found.save()
    return found


def judged(run, judge):
    return score_at_their_expense(Run.objects.filter(pk=run.pk), RubricScorer(rubric(), judge))


def test_a_judge_spends_from_the_budget_of_its_run(answered, judge, servers):
    before = spend(answered).calls
    budgets.limit(answered.project, answered, {"calls": before + 2})
    inquiry = judged(answered, judge)
    assert servers.asked["judging"] == inquiry.kept.total() == 2
    assert inquiry.stopped.startswith("Budget of this run: ")
    budgets.limit(answered.project, answered, {"calls": before + 3})
    assert judged(answered, judge).kept.total() == 1


def test_what_a_judge_used_stands_on_its_own(answered, judge):
    judged(answered, judge)
    whole, (respondent, judging) = spent(answered)
    assert (respondent.judged, judging.judged) == (False, True)
    assert (judging.spend.calls, judging.spend.input_tokens) == (3, 60)
    assert judging.spend.cost == whole.cost and whole.calls == respondent.spend.calls + 3


def test_a_scoring_in_the_background_stops_at_the_budget_and_says_so(answered, judge):
    budgets.limit(answered.project, answered, {"calls": spend(answered).calls})
    scoring = scorings.ask(answered, judge, rubric())
    scorings.ScoringWorker(scoring.pk).work()
    scoring.refresh_from_db()
    assert scoring.state == "failed" and "Budget of this run" in scoring.error


def test_a_worker_that_died_gives_its_calls_back(make_run, servers):
    run = make_run(endpoint=endpoint_at(servers, "thinking"), trials_per_cell=1)
    budgets.limit(run.project, run, {"calls": 9})
    assert budgets.grant(run.pk, "dead", 0).calls == 3
    assert budgets.grant(run.pk, "alive", 0).calls == 2
    GrantedCalls.objects.filter(owner="dead").update(expires_at="2026-01-01T00:00Z")
    resume(run)
    assert budgets.grant(run.pk, "alive", 0).calls == 3


def test_who_waits_for_a_trial_of_another_gives_back_what_that_one_waits_for(
    make_run, many_connections, servers
):
    """Else both would wait until the grant runs out."""
    run = make_run(endpoint=endpoint_at(servers, "thinking"), trials_per_cell=2)
    budgets.limit(run.project, run, {"calls": 100})
    elsewhere = Trial.objects.filter(pk=run.trials.latest("pk").pk)
    ends = clock.now() + timedelta(hours=1)
    elsewhere.update(state=Trial.State.RUNNING, lease_owner="elsewhere", lease_expires_at=ends)
    over = threading.Event()

    def work():
        try:
            Worker(Run.objects.get(pk=run.pk), ending=over.is_set).work()
        finally:
            many_connections()

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        try:
            wait_until(lambda: run.trials.filter(state=Trial.State.COMPLETE).exists())
            wait_until(lambda: not GrantedCalls.objects.filter(run=run).exists())
            assert not working.done()
        finally:
            over.set()
            working.result()
