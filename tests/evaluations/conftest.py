"""Builders of small runs, and workers on them, for the tests of this app."""

import signal
from collections.abc import Iterator

import pytest
import redis

from accounts.models import Project
from evaluations.definitions.catalogue import instrument, prompt_pack
from evaluations.models import Answer, Endpoint, Run, Trial, Turn
from evaluations.running.conversations import resume
from evaluations.running.planning import Design, create_run
from evaluations.scoring.scorers import score_trials
from tests.evaluations.processes import manage, wait_until

REDIS = "redis://127.0.0.1:6379"
PRINTED = tuple(range(1, 10))


@pytest.fixture
def project(db) -> Project:
    return Project.objects.create(slug="bench", name="Bench")


@pytest.fixture
def judge(project) -> Endpoint:
    """A model that can be asked to score; nobody listens at its address."""
    return Endpoint.objects.create(
        project=project,
        name="judge",
        kind=Endpoint.Kind.OPENAI,
        model="judge-model",
        base_url="http://127.0.0.1:9/v1",
        concurrency=1,
    )


@pytest.fixture
def make_run(project):
    """Make a run that is ready to be worked on, by default against a simulated respondent."""

    def make(name: str = "run", endpoint: Endpoint | None = None, **design) -> Run:
        endpoint = endpoint or Endpoint(
            name=f"{name}'s respondent",
            kind=Endpoint.Kind.SIMULATED,
            model="simulated",
            parameters={"angle": 30.0, "noise": 4.0, "seed": 0},
        )
        endpoint.project = project
        endpoint.save()
        defaults = {"targets": ["prosocial"], "with_goal": [True], "trials_per_cell": 2}
        run = create_run(
            project, name, Design(**(defaults | design)), [endpoint], instrument(), prompt_pack()
        )
        resume(run)
        return run

    return make


@pytest.fixture
def make_trial(make_run):
    """A complete trial with these answers to items 1, 2, ... (None: the item was not answered)."""

    def make(answers, order=PRINTED, finish="stop", run_fields=None, **design):
        run = make_run(f"run {Run.objects.count()}", trials_per_cell=1, **design)
        Run.objects.filter(pk=run.pk).update(**(run_fields or {}))
        trial = run.trials.get()
        for number, text in enumerate(answers, start=1):
            if text is None:
                continue
            turn = Turn.objects.create(
                trial=trial,
                position=number,
                role="assistant",
                step="item",
                item_number=number,
                text=text,
                call={"finish": finish},
            )
            Answer.objects.create(trial=trial, turn=turn, item_number=number, shown=list(order))
        Trial.objects.filter(pk=trial.pk).update(state=Trial.State.COMPLETE)
        score_trials([trial.pk])
        return trial

    return make


@pytest.fixture
def broker() -> Iterator[str]:
    """The address of an empty Redis database, empty again afterwards."""
    for number in range(15, 0, -1):
        client = redis.Redis.from_url(f"{REDIS}/{number}", socket_connect_timeout=2)
        try:
            if client.dbsize() == 0:
                break
        except redis.RedisError as error:
            pytest.skip(f"Celery needs a Redis server at {REDIS}: {error}")
    else:
        pytest.skip(f"none of the databases 1 to 15 of {REDIS} is empty")
    yield f"{REDIS}/{number}"
    client.flushdb()
    client.close()


@pytest.fixture
def start(many_connections, tmp_path):
    """Start a worker process on this test's database; all have ended after the test."""
    processes = []

    def start_one(**environment):
        log = tmp_path / f"worker-{len(processes)}.log"
        process = manage("worker", log=log, **environment)
        processes.append(process)
        wait_until(lambda: "takes runs from" in log.read_text(), log)
        return process

    yield start_one
    for process in processes:
        process.terminate()
    ends = {process.wait(timeout=30) for process in processes}
    assert ends <= {0, -signal.SIGKILL}  # a test may have killed one
