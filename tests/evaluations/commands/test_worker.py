"""Worker processes finish runs from either queue, and take up what others left."""

import signal
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from evaluations import tasks
from evaluations.background import ending
from evaluations.management.commands import worker as worker_command
from evaluations.models import Endpoint, Run, Trial, Turn
from evaluations.running import trial_leases
from tests.evaluations.processes import PATIENCE, manage, wait_until


def is_complete(run):
    return Run.objects.filter(pk=run.pk, state=Run.State.COMPLETE).exists()


def check_whole(run, trials):
    assert Counter(run.trials.values_list("state", flat=True)) == {"complete": trials}
    assert Turn.objects.filter(trial__run=run).count() == trials * 18
    assert set(run.trials.values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_several_workers_finish_a_run_from_the_database(make_run, start):
    start()
    start()
    run = make_run(trials_per_cell=80)
    tasks.nudge(run)
    wait_until(lambda: is_complete(run))
    check_whole(run, 80)
    wait_until(lambda: DBTaskResult.objects.filter(status="SUCCESSFUL").count() >= 2)
    assert len(set(DBTaskResult.objects.values_list("worker_ids__0", flat=True))) == 2


@pytest.mark.django_db(transaction=True)
def test_a_worker_finishes_a_run_from_celery_and_redis(make_run, start, broker, tmp_path):
    start(CELERY_BROKER_URL=broker)
    run = make_run(trials_per_cell=3)
    nudging = manage(
        *("run_evaluation", "--name", run.name, "--background"),
        log=tmp_path / "nudge.log",
        CELERY_BROKER_URL=broker,
    )
    assert nudging.wait(timeout=PATIENCE) == 0, (tmp_path / "nudge.log").read_text()
    wait_until(lambda: is_complete(run))
    check_whole(run, 3)
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_starts_takes_up_what_is_under_way(make_run, start):
    run = make_run(trials_per_cell=2)
    start()
    wait_until(lambda: is_complete(run))
    check_whole(run, 2)


@pytest.fixture
def hanging(project):
    """An endpoint nobody answers at, which is tried for a long time."""
    return Endpoint(
        name="hangs",
        kind=Endpoint.Kind.OPENAI,
        model="m",
        base_url="http://127.0.0.1:9/v1",
        max_retries=50,
    )


def is_under_way(run):
    return run.trials.filter(state=Trial.State.RUNNING).exists()


def check_given_back(run):
    """Nothing is held any more, and no attempt was used up."""
    assert set(run.trials.values_list("state", "lease_owner", "lease_expires_at", "attempts")) == {
        ("planned", "", None, 0)
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_end_gives_its_trials_back(make_run, start, hanging, number):
    run = make_run(endpoint=hanging)
    process = start()
    wait_until(lambda: is_under_way(run))
    process.send_signal(number)
    process.send_signal(number)  # whoever is impatient makes it no worse
    assert process.wait(timeout=30) == 0
    check_given_back(run)
    assert DBTaskResult.objects.filter(status="READY").count() == 1  # for the next worker


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_celery_worker_told_to_end_gives_its_trials_back(
    make_run, start, hanging, broker, number
):
    run = make_run(endpoint=hanging)
    process = start(CELERY_BROKER_URL=broker)
    wait_until(lambda: is_under_way(run))
    process.send_signal(number)
    process.send_signal(number)
    assert process.wait(timeout=30) == 0
    check_given_back(run)


@pytest.mark.django_db(transaction=True)
def test_a_run_in_the_foreground_gives_its_trials_back(make_run, many_connections, hanging):
    run = make_run(endpoint=hanging)
    process = manage("run_evaluation", "--name", run.name)
    wait_until(lambda: is_under_way(run))
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 1
    check_given_back(run)


def test_what_begins_after_the_worker_was_told_to_end_is_given_back(make_run, monkeypatch):
    run = make_run()
    monkeypatch.setattr(ending, "_told", True)
    assert tasks.advance_run.func(run.pk) == {}
    check_given_back(run)


@pytest.mark.django_db
def test_the_queue_forgets_old_finished_tasks(project):
    now = timezone.now()
    for status, days in (
        *(("SUCCESSFUL", days) for days in (6, 8)),
        *(("FAILED", days) for days in (8, 29, 31)),
    ):
        DBTaskResult.objects.create(
            status=status,
            finished_at=now - timedelta(days=days),
            run_after=now,
            args_kwargs={},
            task_path=f"{status} {days}",
        )
    for status in ("READY", "RUNNING"):
        old = now - timedelta(days=99)
        DBTaskResult.objects.create(
            status=status, started_at=old, run_after=old, args_kwargs={}, task_path=status
        )
    assert tasks.prune() == 2
    left = set(DBTaskResult.objects.values_list("task_path", flat=True))
    assert left == {"SUCCESSFUL 6", "FAILED 8", "FAILED 29", "READY", "RUNNING"}


def test_only_abandoned_runs_are_nudged_now_and_then(make_run):
    held, abandoned = make_run("held"), make_run("abandoned")
    for run in (held, abandoned):
        trial_leases.claim(run.pk, run.cells.get().endpoint_id, "worker", 1)
    abandoned.trials.filter(state=Trial.State.RUNNING).update(lease_expires_at=timezone.now())
    assert tasks.sweep(only_abandoned=True) == [abandoned]


def test_a_run_too_large_for_one_worker_leaves_a_nudge_for_the_next(
    make_run, settings, monkeypatch, django_capture_on_commit_callbacks
):
    small, large = make_run("small", trials_per_cell=32), make_run("large", trials_per_cell=33)
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    monkeypatch.setattr(tasks.conversations.Worker, "work", lambda self: Counter())
    for run, nudges in ((small, 0), (large, 1)):
        with django_capture_on_commit_callbacks() as callbacks:
            tasks.advance_run.func(run.pk)
        assert len(callbacks) == nudges


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_away_costs_no_answer(make_run, monkeypatch):
    run = make_run()

    def away(*_):
        raise OSError("no queue")

    monkeypatch.setattr(type(tasks.advance_run), "enqueue", away)
    tasks.nudge(run)
    assert tasks.sweep() == [run]


def test_a_failing_sweep_is_followed_by_the_next(monkeypatch):
    class Thrice:
        looks = 0

        def wait(self, seconds):
            self.looks += 1
            return self.looks > 2

    sweeps = []

    def fail(**_):
        sweeps.append(1)
        raise OSError("the database is away")

    monkeypatch.setattr(tasks, "sweep", fail)
    monkeypatch.setattr(worker_command.connection, "close", lambda: None)
    worker_command._sweep_now_and_then(Thrice())
    assert len(sweeps) == 2


def test_the_queue_is_looked_after_once_an_hour(monkeypatch):
    class Thrice:
        looks = 0

        def wait(self, seconds):
            self.looks += 1
            return self.looks > 3

    prunings = []
    monkeypatch.setattr(tasks, "sweep", lambda **_: None)
    monkeypatch.setattr(tasks, "prune", lambda: prunings.append(1))
    monkeypatch.setattr(worker_command.connection, "close", lambda: None)
    worker_command._sweep_now_and_then(Thrice())
    assert len(prunings) == 1


@pytest.mark.django_db
def test_celery_performs_tasks_and_nothing_else(settings):
    settings.CELERY_BROKER_URL = "memory://"
    from evaluations.background import celery_queue

    assert celery_queue.perform("evaluations.tasks.advance_run", [0], {}) is None
    with pytest.raises(TypeError, match="is no task"):
        celery_queue.perform("evaluations.tasks.sweep", [], {})
