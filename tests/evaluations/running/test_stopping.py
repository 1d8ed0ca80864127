"""One endpoint that is no use stops itself, and no other; then it is dropped, mended or retried."""

import asyncio
import time
from collections import Counter

import pytest

from accounts.models import AuditEvent
from evaluations.models import Endpoint, Run, Trial, Turn
from evaluations.respondents.llm import ModelRespondent
from evaluations.respondents.respondent import Request, RespondentError
from evaluations.running import stopping, trial_leases
from evaluations.running.conversations import Worker, advance, resume
from evaluations.running.run_progress import hands
from evaluations.tasks import others_wait
from tests.evaluations.respondents.loopback import NO_MODEL, THOUGHT, loopback
from tests.evaluations.running.three import three

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def servers(monkeypatch):
    monkeypatch.setattr(trial_leases, "_next_attempt", lambda attempts, rest: None)
    monkeypatch.setattr(trial_leases, "MAX_ATTEMPTS", 2)
    with loopback() as found:
        yield found


@pytest.fixture
def worked(project, transactional_db, servers):
    run = three(project, servers)
    resume(run)
    advance(run)
    run.refresh_from_db()
    return run


def states(run, name):
    trials = run.trials.filter(cell__endpoint__name=name)
    return Counter(trials.values_list("state", flat=True))


def test_a_dead_model_stops_itself_only_and_says_so_in_its_servers_words(worked, servers):
    assert states(worked, "thinking") == {"complete": 2}
    assert states(worked, "dripping") == {"failed": 2}
    assert states(worked, "dead") == {"planned": 2}
    assert worked.state == Run.State.PAUSED
    ((endpoint, reason, left),) = stopping.stopped(worked)
    assert (endpoint.name, left) == ("dead", 2) and NO_MODEL in reason
    assert "/dead/v1/chat/completions" in reason
    assert servers.asked["dead"] <= 2  # as many as were under way
    assert AuditEvent.objects.get(verb="stop endpoint").detail["endpoint"] == "dead"
    said = Turn.objects.filter(trial__run=worked, role="assistant")
    assert set(said.values_list("text", "reasoning")) == {("I choose option C.", THOUGHT)}
    errors = Trial.objects.filter(cell__endpoint__name="dripping").values_list("last_error")
    assert all("no whole answer from dripping within 1 s" in error for (error,) in errors)


def test_what_is_stopped_waits_for_no_worker(worked):
    assert hands(worked).due == 0


def test_a_dripping_server_ends_at_the_limit_and_is_asked_once(servers):
    endpoint = Endpoint(
        name="drip", model="m", base_url=servers.address("dripping"), timeout_seconds=1
    )
    respondent = ModelRespondent(endpoint)
    started = time.monotonic()
    with pytest.raises(RespondentError, match="within 1 s"):
        ask(respondent, Request([("user", "Which?")], 7))
    assert time.monotonic() - started < 5
    assert servers.asked["dripping"] == 1


def ask(respondent, request):
    async def talk():
        try:
            return await respondent.reply(request)
        finally:
            await respondent.close()

    return asyncio.run(talk())


def test_dropped_it_ends_the_run_and_keeps_what_others_answered(worked):
    assert stopping.drop(worked, Endpoint.objects.get(name="dead")) == 2
    worked.refresh_from_db()
    assert worked.state == Run.State.COMPLETE
    assert states(worked, "dead") == {"cancelled": 2}
    assert AuditEvent.objects.get(verb="drop endpoint").detail["cancelled"] == 2


def test_mended_as_a_new_version_it_does_what_was_left(worked, servers):
    dead = Endpoint.objects.get(name="dead")
    mended = Endpoint.objects.get(pk=dead.pk)
    mended.pk, mended.name, mended.base_url = None, "alive", servers.address("thinking")
    mended._state.adding = True
    mended.save()
    seeds = set(worked.trials.filter(cell__endpoint=dead).values_list("seed", flat=True))
    assert stopping.mend(worked, dead, mended) == 2
    resume(worked)
    advance(worked)
    assert states(worked, "alive") == {"complete": 2}
    moved = worked.trials.filter(cell__endpoint=mended)
    assert set(moved.values_list("seed", flat=True)) == seeds
    trial = moved.first()
    assert (trial.parameters["endpoint"], trial.parameters["begun_at"]) == ("alive", "dead")


def test_what_was_answered_stays_with_who_answered(worked, servers):
    thinking = Endpoint.objects.get(name="thinking")
    other = Endpoint.objects.get(name="dripping")
    assert stopping.mend(worked, thinking, other) == 0
    assert states(worked, "thinking") == {"complete": 2}


def test_retried_it_is_asked_again(worked, servers):
    before = servers.asked["dead"]
    stopping.retry(worked, Endpoint.objects.get(name="dead"))
    resume(worked)
    advance(worked)
    assert servers.asked["dead"] > before
    assert len(stopping.stopped(worked)) == 1


def test_a_worker_gives_way_to_a_run_that_waits(make_run, transactional_db, monkeypatch):
    monkeypatch.setattr("evaluations.running.conversations.TURN_SECONDS", 0.0)
    first, second = make_run("first", trials_per_cell=3), make_run("second")
    assert others_wait(first.pk)
    worker = Worker(first, yields=lambda: others_wait(first.pk))
    worker.work()
    assert worker.gave_way
    assert first.trials.exclude(state="complete").exists()
    advance(second)
    assert not others_wait(first.pk)
    again = Worker(first, yields=lambda: others_wait(first.pk))
    again.work()
    assert not again.gave_way and not first.trials.exclude(state="complete").exists()
