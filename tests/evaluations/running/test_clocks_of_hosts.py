"""Workers on hosts whose clocks differ by minutes share the trials all the same."""

from datetime import timedelta

import pytest

from evaluations.models import Endpoint, Trial
from evaluations.running import trial_leases
from tests.support.clocks import database_time

MINUTES = timedelta(minutes=2)
A_MOMENT = timedelta(seconds=5)


@pytest.fixture
def held(make_run):
    """The run of a trial that a worker with a right clock holds, and its endpoint."""
    run = make_run(trials_per_cell=1)
    endpoint = Endpoint.objects.get(cells__run=run).pk
    assert trial_leases.claim(run.pk, endpoint, "right", 9)
    return run.pk, endpoint


def test_a_worker_that_is_ahead_takes_nothing_from_another(held, wrong_host):
    wrong_host(MINUTES)
    assert trial_leases.claim(*held, "ahead", 9) == []


def test_what_a_worker_that_is_late_holds_is_its_own_for_as_long(make_run, wrong_host):
    run = make_run(trials_per_cell=1)
    endpoint = Endpoint.objects.get(cells__run=run).pk
    wrong_host(-MINUTES)
    held = trial_leases.claim(run.pk, endpoint, "late", 9)
    wrong_host(timedelta())
    assert held
    assert trial_leases.claim(run.pk, endpoint, "right", 9) == []
    until = Trial.objects.get(pk=held[0]).lease_expires_at
    assert trial_leases.LEASE - A_MOMENT < until - database_time() <= trial_leases.LEASE + A_MOMENT
