"""Several workers on one run, one of them killed: nothing is lost and nothing is done twice."""

import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils import timezone

from evaluations.models import Answer, Run, Score, Trial, Turn
from evaluations.running.conversations import advance
from tests.evaluations.processes import manage

pytestmark = pytest.mark.django_db(transaction=True)


def check_whole(run, trials):
    """Every trial is complete with its whole conversation, once."""
    assert Counter(run.trials.values_list("state", flat=True)) == {"complete": trials}
    assert Turn.objects.count() == trials * 18
    assert Answer.objects.count() == trials * 6
    assert Score.objects.count() == trials


def test_workers_in_several_threads_share_a_run(make_run, many_connections):
    run = make_run(trials_per_cell=12)

    def work(_):
        try:
            return advance(Run.objects.get(pk=run.pk))
        finally:
            many_connections()

    with ThreadPoolExecutor(3) as pool:
        done = sum(pool.map(work, range(3)), Counter())
    assert done == {"complete": 12}
    check_whole(run, 12)
    assert set(run.trials.values_list("attempts", flat=True)) == {1}


def test_a_killed_worker_loses_nothing(make_run, many_connections):
    run = make_run(trials_per_cell=60)
    victim = manage("run_evaluation", "--name", run.name)
    deadline = time.monotonic() + 60
    while Turn.objects.count() < 100 and time.monotonic() < deadline:
        time.sleep(0.02)
    victim.send_signal(signal.SIGKILL)
    victim.wait(timeout=30)
    held = Trial.objects.filter(state=Trial.State.RUNNING)
    assert 0 < held.count() < 60
    assert Turn.objects.count() < 60 * 18
    held.update(lease_expires_at=timezone.now())
    assert manage("run_evaluation", "--name", run.name).wait(timeout=120) == 0
    check_whole(run, 60)
