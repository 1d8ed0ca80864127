"""A lease: who has it, for how long, and what a trial is when it is given back or over."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evaluations.background import leases
from evaluations.models import Endpoint, Run, Trial
from evaluations.running import trial_leases

A_SECOND = timedelta(seconds=1)


@pytest.fixture
def run(make_run) -> Run:
    return make_run(trials_per_cell=3)


def claim(run: Run, owner: str = "me", number: int = 1) -> list[int]:
    return trial_leases.claim(run.pk, Endpoint.objects.get(cells__run=run).pk, owner, number)


def seconds_left(trial: Trial) -> float:
    return (trial.lease_expires_at - timezone.now()).total_seconds()


def run_out() -> None:
    Trial.objects.filter(state="running").update(lease_expires_at=timezone.now() - A_SECOND)


def test_a_claim_is_written_into_the_trial(run):
    (key,) = claim(run)
    trial = Trial.objects.get(pk=key)
    assert (trial.state, trial.lease_owner, trial.attempts) == ("running", "me", 1)
    assert 55 < seconds_left(trial) <= 60
    assert timezone.now() - trial.started_at < timedelta(minutes=1)


def test_a_trial_keeps_the_moment_of_its_first_claim(run):
    (key,) = claim(run)
    first = Trial.objects.get(pk=key).started_at
    trial_leases.release(key, "me")
    assert claim(run) == [key]
    trial = Trial.objects.get(pk=key)
    assert (trial.started_at, trial.attempts) == (first, 2)


def test_the_first_trials_are_claimed_first_and_only_of_the_endpoint(run, make_run):
    other = make_run("other")
    assert trial_leases.claim(run.pk, Endpoint.objects.get(cells__run=other).pk, "me", 1) == []
    assert claim(run, number=2) == sorted(run.trials.values_list("pk", flat=True))[:2]


def test_a_trial_that_waits_is_claimed_when_its_time_has_come(run):
    first, *others = sorted(run.trials.values_list("pk", flat=True))
    Trial.objects.filter(pk=first).update(lease_expires_at=timezone.now() + timedelta(minutes=1))
    assert claim(run, number=3) == others
    Trial.objects.filter(pk=first).update(lease_expires_at=timezone.now() - A_SECOND)
    assert claim(run, number=3) == [first]


def test_only_the_owner_holds_and_renews_a_lease(run):
    mine, others = claim(run), claim(run, "other")
    both = [*mine, *others]
    assert trial_leases.hold(both, "me") == set(mine)
    run_out()
    assert trial_leases.renew(both, "me") == 1
    assert 55 < seconds_left(Trial.objects.get(pk=mine[0])) <= 60
    assert seconds_left(Trial.objects.get(pk=others[0])) < 0
    Trial.objects.update(state="complete")
    assert (trial_leases.hold(both, "me"), trial_leases.renew(both, "me")) == (set(), 0)


def test_a_trial_given_back_is_free_at_once_and_its_attempt_counts(run):
    (key,) = claim(run)
    Trial.objects.filter(pk=key).update(last_error="what went wrong before")
    trial_leases.release(key, "me")
    trial = Trial.objects.get(pk=key)
    assert (trial.state, trial.lease_owner, trial.attempts) == ("planned", "", 1)
    assert (trial.lease_expires_at, trial.finished_at) == (None, None)
    assert trial.last_error == "what went wrong before"


def test_a_trial_given_back_with_a_reason_waits(run):
    (key,) = claim(run)
    trial_leases.release(key, "me", "busy", rest=100)
    trial = Trial.objects.get(pk=key)
    assert trial.last_error == "busy"
    assert 99 < seconds_left(trial) <= 102
    assert key not in claim(run, number=3)


def test_an_attempt_that_is_not_charged_costs_nothing_and_waits_for_nothing(run):
    (key,) = claim(run)
    trial_leases.release(key, "me", "paused", charged=False, rest=100)
    trial = Trial.objects.get(pk=key)
    assert (trial.attempts, trial.lease_expires_at, trial.last_error) == (0, None, "paused")
    Trial.objects.filter(pk=key).update(state="running", lease_owner="me", attempts=0)
    trial_leases.release(key, "me", charged=False)
    assert Trial.objects.get(pk=key).attempts == 0


@pytest.mark.parametrize(
    ("attempts", "state"),
    [(trial_leases.MAX_ATTEMPTS - 1, "planned"), (trial_leases.MAX_ATTEMPTS, "failed")],
)
def test_the_last_attempt_that_fails_ends_the_trial(run, attempts, state):
    (key,) = claim(run)
    Trial.objects.filter(pk=key).update(attempts=attempts)
    trial_leases.release(key, "me", "busy")
    trial = Trial.objects.get(pk=key)
    assert trial.state == state
    assert (trial.finished_at is None) == (state == "planned")
    assert (trial.lease_expires_at is None) == (state == "failed")


def test_nobody_gives_back_or_ends_what_another_has(run):
    (key,) = claim(run, "other")
    trial_leases.release(key, "me", "busy")
    trial_leases.fail(key, "me", "wrong")
    trial = Trial.objects.get(pk=key)
    assert (trial.state, trial.lease_owner, trial.last_error) == ("running", "other", "")


def test_a_failed_trial_is_over_with_its_reason(run):
    (key,) = claim(run)
    trial_leases.fail(key, "me", "wrong")
    trial = Trial.objects.get(pk=key)
    assert (trial.state, trial.lease_owner, trial.last_error) == ("failed", "", "wrong")
    assert trial.lease_expires_at is None
    assert trial.finished_at is not None


def test_a_sweep_frees_what_is_silent_of_one_run_or_of_all(run, make_run):
    other = make_run("other")
    claim(run)
    claim(other)
    assert trial_leases.sweep() == 0
    run_out()
    assert trial_leases.sweep(other.pk) == 1
    assert not other.trials.filter(state="running").exists()
    assert trial_leases.sweep() == 1


def test_a_run_is_at_work_while_a_lease_holds(run):
    assert not trial_leases.runs_at_work()
    claim(run)
    assert [row["run_id"] for row in trial_leases.runs_at_work()] == [run.pk]
    run_out()
    assert not trial_leases.runs_at_work()


def test_how_long_until_a_trial_can_be_had(run, make_run):
    make_run("other")
    assert trial_leases.seconds_until_due(run.pk) == 0.0
    claim(run, number=3)
    assert 55 < trial_leases.seconds_until_due(run.pk) <= 60
    run_out()
    assert trial_leases.seconds_until_due(run.pk) == 0.0
    run.trials.update(state="complete")
    assert trial_leases.seconds_until_due(run.pk) is None


def test_the_wait_before_an_attempt_lies_between_half_a_second_and_its_power_of_two(monkeypatch):
    asked = []
    monkeypatch.setattr(leases.random, "uniform", lambda *limits: asked.append(limits) or 0.0)
    for attempts in (1, 3, 6):
        trial_leases._next_attempt(attempts)
    assert asked == [(0.5, 2.0), (0.5, 8.0), (0.5, 60.0)]
