"""Runs lose nothing and double nothing, whatever happens to workers and endpoints."""

import asyncio
import threading
from collections import Counter
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import AuditEvent, Project
from evaluations.models import Endpoint, Run, Score, Trial, Turn
from evaluations.respondents.respondent import Reply, Respondent, RespondentError
from evaluations.running import conversations, trial_leases
from evaluations.running.conversations import Worker, advance, pause, resume
from evaluations.tasks import advance_run, nudge, sweep

pytestmark = pytest.mark.django_db


class Scripted(Respondent):
    """Answers 'A', unless its script has something else for the n-th call (from 1)."""

    def __init__(self, script=None):
        self.script = script or {}
        self.calls = []

    async def reply(self, request):
        self.calls.append((request.seed, request.ask.step, request.ask.item_number))
        event = self.script.get(len(self.calls))
        if isinstance(event, BaseException):
            raise event
        if callable(event):
            await sync_to_async(event)()
        return Reply("A" if request.ask.item_number else "Very well.", {"finish": "stop"}, "m-1")


def work(run, respondent, **fields):
    endpoint = Endpoint.objects.get(cells__run=run)
    return Worker(run, respondents={endpoint.pk: respondent}, **fields).work()


def states(run):
    return Counter(run.trials.values_list("state", flat=True))


def test_a_run_is_worked_to_its_end_and_scored(make_run):
    run = make_run(with_goal=[True, False], trials_per_cell=3)
    assert advance(run) == {"complete": 6}
    run.refresh_from_db()
    assert run.state == Run.State.COMPLETE
    assert Score.objects.filter(trial__run=run).count() == 6
    assert Turn.objects.filter(trial__run=run).count() == 3 * (2 * 9 + 2 * 8)


def test_a_trial_stores_its_conversation_and_record(make_run):
    run = make_run(trials_per_cell=1, own={"option_order": ["shuffled"]})
    work(run, Scripted())
    trial = run.trials.get()
    turns = list(trial.turns.all())
    assert [turn.position for turn in turns] == list(range(18))
    assert [turn.step for turn in turns[::2]] == ["induction", "task", "goal", *["item"] * 6]
    assert (trial.model_returned, trial.attempts, trial.lease_owner) == ("m-1", 1, "")
    assert trial.parameters["seed"] == trial.seed
    for answer in trial.answers.select_related("turn"):
        assert answer.turn.item_number == answer.item_number
        assert sorted(answer.shown) == list(range(1, 10))


def test_a_crash_repeats_at_most_the_call_under_way(make_run):
    run = make_run(trials_per_cell=1)
    first = Scripted({5: KeyboardInterrupt()})
    worker = Worker(run, respondents={Endpoint.objects.get(cells__run=run).pk: first})
    with pytest.raises(BaseException):  # noqa: B017
        worker.work()
    Trial.objects.filter(run=run).update(
        state=Trial.State.RUNNING, lease_owner="dead", lease_expires_at=timezone.now()
    )
    second = Scripted()
    assert work(run, second) == {"complete": 1}
    assert len(first.calls) + len(second.calls) == 9 + 1
    assert first.calls[4] == second.calls[0]


@pytest.mark.parametrize("stored", range(0, 18))
def test_a_trial_goes_on_from_every_number_of_stored_turns(make_run, stored):
    run = make_run(trials_per_cell=1)
    work(run, Scripted())
    trial = run.trials.get()
    whole = list(trial.turns.values_list("position", "role", "text"))
    trial.scores.all().delete()
    trial.turns.filter(position__gte=stored).delete()
    Trial.objects.filter(pk=trial.pk).update(state=Trial.State.PLANNED)
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING)
    again = Scripted()
    work(run, again)
    assert list(trial.turns.values_list("position", "role", "text")) == whole
    assert len(again.calls) == 9 - stored // 2
    assert trial.answers.count() == 6 and trial.scores.count() == 1


def test_the_same_design_gives_the_same_words(make_run):
    texts = []
    for name in ("one", "two"):
        endpoint = Endpoint(
            name="the same", kind=Endpoint.Kind.SIMULATED, model="m", parameters={"angle": 20}
        )
        if name == "two":
            endpoint = Endpoint.objects.get(name="the same")
        run = make_run(name, endpoint, seed=5)
        advance(run)
        texts.append(list(Turn.objects.filter(trial__run=run).values_list("text", flat=True)))
    assert texts[0] == texts[1]


def test_a_claim_takes_each_trial_once(make_run):
    run = make_run(trials_per_cell=5)
    endpoint = Endpoint.objects.get(cells__run=run).pk
    first = trial_leases.claim(run.pk, endpoint, "one", 3)
    second = trial_leases.claim(run.pk, endpoint, "two", 3)
    assert (len(first), len(second)) == (3, 2)
    assert not set(first) & set(second)
    assert trial_leases.claim(run.pk, endpoint, "three", 3) == []


def test_a_worker_does_not_claim_again_what_it_has_under_way(make_run):
    run = make_run(trials_per_cell=2)
    endpoint = Endpoint.objects.get(cells__run=run).pk
    first, second = trial_leases.claim(run.pk, endpoint, "stalled", 2)
    Trial.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    trial_leases.sweep()
    assert trial_leases.claim(run.pk, endpoint, "stalled", 2, besides={first}) == [second]
    assert trial_leases.claim(run.pk, endpoint, "another", 2) == [first]


def test_an_answer_gives_a_trial_its_attempts_again(make_run):
    run = make_run(trials_per_cell=1)
    Trial.objects.update(attempts=trial_leases.MAX_ATTEMPTS - 1)
    seen = []
    script = {n: lambda: seen.append(Trial.objects.get().attempts) for n in (1, 2)}
    work(run, Scripted(script))
    assert seen == [trial_leases.MAX_ATTEMPTS, 1]


def test_nothing_is_claimed_of_a_run_that_is_not_running(make_run):
    run = make_run()
    pause(run)
    assert trial_leases.claim(run.pk, Endpoint.objects.get().pk, "one", 3) == []


def test_a_swept_lease_is_taken_up_by_another_worker(make_run):
    run = make_run(trials_per_cell=1)
    (trial_id,) = trial_leases.claim(run.pk, Endpoint.objects.get().pk, "dead", 1)
    assert trial_leases.sweep() == 0
    Trial.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert trial_leases.sweep() == 1
    trial = Trial.objects.get(pk=trial_id)
    assert (trial.state, trial.lease_owner) == ("planned", "")
    assert trial.last_error == "the worker dead went silent"
    assert work(run, Scripted()) == {"complete": 1}


def test_a_worker_that_lost_its_lease_stores_nothing_more(make_run):
    run = make_run(trials_per_cell=1)

    def lose():
        Trial.objects.update(lease_owner="another")

    told = threading.Event()
    worker = Worker(run, ending=told.is_set)
    worker.respondents = {Endpoint.objects.get().pk: Scripted({3: lose})}
    timer = threading.Timer(1, told.set)
    timer.start()
    assert worker.work() == {}
    timer.join()
    assert Turn.objects.count() == 5
    assert Trial.objects.get().lease_owner == "another"


def test_an_unmendable_failure_ends_the_trial_with_its_reason(make_run):
    run = make_run(trials_per_cell=2)
    outcome = work(run, Scripted({4: RespondentError("request", "too long")}))
    assert outcome == {"complete": 1, "failed": 1}
    failed = run.trials.get(state="failed")
    assert failed.last_error == "request: too long"
    assert failed.finished_at is not None
    run.refresh_from_db()
    assert run.state == Run.State.COMPLETE


def test_a_passing_failure_is_tried_again_where_it_stopped(make_run, monkeypatch):
    monkeypatch.setattr(trial_leases, "_next_attempt", lambda attempts, rest: timezone.now())
    run = make_run(trials_per_cell=1)
    respondent = Scripted({4: RespondentError("timeout", "slow", retryable=True)})
    assert work(run, respondent) == {"planned": 1, "complete": 1}
    assert len(respondent.calls) == 10


def test_a_failure_that_never_passes_is_given_up(make_run, monkeypatch):
    monkeypatch.setattr(trial_leases, "_next_attempt", lambda attempts, rest: timezone.now())
    run = make_run(trials_per_cell=1)
    error = RespondentError("timeout", "slow", retryable=True)
    respondent = Scripted(dict.fromkeys(range(1, 50), error))
    work(run, respondent)
    trial = run.trials.get()
    assert (trial.state, trial.attempts) == ("failed", trial_leases.MAX_ATTEMPTS)
    assert trial.finished_at is not None
    assert trial.last_error == "timeout: slow (given up after 6 attempts)"


def test_waits_grow_and_stay_under_a_minute():
    for attempts in range(1, 30):
        wait = (trial_leases._next_attempt(attempts) - timezone.now()).total_seconds()
        assert 0 < wait <= min(60, 2**attempts)


def test_a_trial_rests_as_long_as_its_endpoint_asks(make_run):
    run = make_run(trials_per_cell=1)
    (trial_id,) = trial_leases.claim(run.pk, Endpoint.objects.get().pk, "me", 1)
    error = RespondentError("rate limit", "slow down", retryable=True, retry_after=300)
    assert conversations.settle(trial_id, "me", error) == "planned"
    left = (Trial.objects.get().lease_expires_at - timezone.now()).total_seconds()
    assert 295 < left <= 302.1


def test_a_failure_of_all_pauses_the_run_and_costs_no_attempt(make_run):
    run = make_run(trials_per_cell=3)
    respondent = Scripted(
        dict.fromkeys(range(1, 9), RespondentError("key", "wrong key", stops_endpoint=True))
    )
    work(run, respondent)
    run.refresh_from_db()
    assert run.state == Run.State.PAUSED
    assert states(run) == {"planned": 3}
    assert set(run.trials.values_list("attempts", flat=True)) == {0}
    assert "key: wrong key" in set(run.trials.values_list("last_error", flat=True))


def test_an_unexpected_error_fails_one_trial_only(make_run):
    run = make_run(trials_per_cell=2)
    outcome = work(run, Scripted({3: ZeroDivisionError("oops")}))
    assert outcome == {"complete": 1, "failed": 1}
    assert run.trials.get(state="failed").last_error == "unexpected ZeroDivisionError: oops"


def test_resuming_gives_failed_trials_their_attempts_again(make_run):
    run = make_run(trials_per_cell=2)
    work(run, Scripted({4: RespondentError("request", "too long")}))
    resume(run)
    assert work(run, Scripted()) == {"complete": 1}
    assert states(run) == {"complete": 2}


def test_resuming_a_complete_run_leaves_it_complete(make_run):
    run = make_run()
    advance(run)
    resume(run)
    assert run.state == Run.State.COMPLETE
    assert advance(run) == {}


def test_pausing_stops_after_the_turn_under_way_and_loses_nothing(make_run, monkeypatch):
    run = make_run(trials_per_cell=1)
    original = conversations.trial_log.store

    def store_then_pause(exchanges, owner):
        goes_on = original(exchanges, owner)
        if len(exchanges[0].trial.said) == 5:
            pause(run)
        return goes_on

    monkeypatch.setattr(conversations.trial_log, "store", store_then_pause)
    assert work(run, Scripted()) == {"planned": 1}
    assert Turn.objects.count() == 7
    resume(run)
    again = Scripted()
    assert work(run, again) == {"complete": 1}
    assert len(again.calls) == 6


def test_a_worker_told_to_end_gives_its_trials_back(make_run):
    run = make_run(trials_per_cell=2)
    told = threading.Event()
    worker = Worker(run, ending=told.is_set)
    worker.respondents = {Endpoint.objects.get().pk: Scripted({3: told.set})}
    worker.work()
    left = run.trials.exclude(state="complete")
    assert set(left.values_list("state", "lease_owner", "attempts")) <= {("planned", "", 0)}
    resume(run)
    work(run, Scripted())
    assert states(run) == {"complete": 2}


def test_acts_are_in_the_audit_trail(make_run):
    run = make_run()
    pause(run)
    verbs = AuditEvent.objects.filter(subject_id=str(run.pk)).values_list("verb", flat=True)
    assert sorted(verbs) == ["pause run", "plan run", "resume run"]


def test_an_imported_run_cannot_be_run(make_run):
    run = make_run()
    Run.objects.update(source=Run.Source.IMPORT)
    run.refresh_from_db()
    with pytest.raises(ValueError, match="nothing to run"):
        resume(run)


def test_a_nudge_is_enqueued_after_commit_and_may_come_twice(
    make_run, settings, django_capture_on_commit_callbacks
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    run = make_run()
    with django_capture_on_commit_callbacks(execute=True):
        nudge(run)
        assert Turn.objects.count() == 0
    assert states(run) == {"complete": 2}
    assert advance_run.func(run.pk) == {}


def test_a_sweep_nudges_every_run_under_way(make_run):
    running_run, paused = make_run("one"), make_run("two")
    pause(paused)
    assert sweep() == [running_run]


def test_a_trial_that_cannot_be_put_away_does_not_end_the_others(make_run, monkeypatch):
    run = make_run(trials_per_cell=3)
    settle = conversations.settle
    refused = []

    def refuse_once(*arguments):
        if not refused:
            refused.append(arguments)
            Trial.objects.filter(pk=arguments[0]).update(lease_expires_at=timezone.now())
            raise ValueError("the database refuses the reason")
        return settle(*arguments)

    monkeypatch.setattr(conversations, "settle", refuse_once)
    outcome = work(run, Scripted({4: RespondentError("request", "too long")}))
    assert outcome == {"complete": 3}
    assert refused


def test_a_failing_heartbeat_is_followed_by_the_next(make_run, monkeypatch):
    beats = []

    def renew(*_):
        beats.append(1)
        if len(beats) == 1:
            raise OSError("the database is away")

    async def slow(self, request):
        await asyncio.sleep(0.05)
        return Reply("A")

    monkeypatch.setattr(conversations, "HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr(trial_leases, "renew", renew)
    monkeypatch.setattr(Scripted, "reply", slow)
    assert work(make_run(trials_per_cell=1), Scripted()) == {"complete": 1}
    assert len(beats) > 1


def test_a_message_that_cannot_be_stored_is_mended(make_run):
    run = make_run(trials_per_cell=1)
    work(run, Scripted({4: RespondentError("request", "odd \x00 \ud800")}))
    assert run.trials.get().last_error == "request: odd \ufffd ?"


def test_resuming_looks_at_the_state_as_it_is_now(make_run):
    run = make_run(trials_per_cell=1)
    stale = Run.objects.get(pk=run.pk)
    conversations.cancel(run)
    with pytest.raises(ValueError, match="cancelled: nothing to run"):
        resume(stale)
    assert Run.objects.get(pk=run.pk).state == Run.State.CANCELLED


@pytest.mark.parametrize(
    "act", [resume, conversations.cancel, lambda run: conversations.complete_if_done(run.pk)]
)
def test_acts_on_a_run_lock_it_before_they_decide(make_run, monkeypatch, act):
    run = make_run(trials_per_cell=1)
    locked = []
    select_for_update = QuerySet.select_for_update

    def spy(self, *arguments, **options):
        locked.append(self.model)
        return select_for_update(self, *arguments, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", spy)
    act(run)
    # Whoever resumes holds the project first, as whoever archives it does.
    assert next(model for model in locked if model is not Project) is Run
