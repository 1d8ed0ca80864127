"""Several workers on one run, one of them killed: nothing is lost and nothing is done twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from evaluations.models import Answer, Run, Score, Trial, Turn
from evaluations.running import advance

pytestmark = pytest.mark.django_db(transaction=True)

PROJECT = Path(__file__).resolve().parent.parent.parent


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


def worker(run):
    """A worker in a process of its own, on the database of this test."""
    settings = connection.settings_dict
    url = f"sqlite:///{settings['NAME']}"
    if connection.vendor == "postgresql":
        url = (
            f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}"
            f":{settings['PORT'] or 5432}/{settings['NAME']}"
        )
    return subprocess.Popen(
        [sys.executable, "manage.py", "run_evaluation", "--name", run.name],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_killed_worker_loses_nothing(make_run, many_connections):
    run = make_run(trials_per_cell=60)
    victim = worker(run)
    deadline = time.monotonic() + 60
    while Turn.objects.count() < 100 and time.monotonic() < deadline:
        time.sleep(0.02)
    victim.send_signal(signal.SIGKILL)
    victim.wait(timeout=30)
    held = Trial.objects.filter(state=Trial.State.RUNNING)
    assert 0 < held.count() < 60
    assert Turn.objects.count() < 60 * 18
    held.update(lease_expires_at=timezone.now())
    assert worker(run).wait(timeout=120) == 0
    check_whole(run, 60)
