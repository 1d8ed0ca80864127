"""Worker processes score runs from either queue; one that is killed loses and doubles nothing."""

import json
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.utils import timezone

from evaluations import tasks
from evaluations.definitions.catalogue import rubric
from evaluations.models import Endpoint, Score, Scoring
from evaluations.running.conversations import advance
from evaluations.running.scorings import ask
from tests.evaluations.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

TRIALS, AT_ONCE = 20, 2


class Model(ThreadingHTTPServer):
    """Finds everybody prosocial, after a moment; counts how often it was asked which question."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked = Counter()
        Thread(target=self.serve_forever, daemon=True).start()


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked[body["seed"]] += 1
        time.sleep(0.2)
        message = {"role": "assistant", "content": '{"choice": "prosocial"}'}
        choices = [{"index": 0, "finish_reason": "stop", "message": message}]
        content = json.dumps({"model": "judge-1", "choices": choices}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def model():
    server = Model()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def scoring(make_run, project, model, many_connections):
    run = make_run(trials_per_cell=TRIALS)
    advance(run)
    judge = Endpoint.objects.create(
        project=project,
        name="judge",
        kind=Endpoint.Kind.OPENAI,
        model="judge",
        base_url=f"http://127.0.0.1:{model.server_port}/v1",
        concurrency=AT_ONCE,
    )
    return ask(run, judge, rubric())


def scored(scoring):
    return Score.objects.filter(metric=scoring.metric).count()


def is_complete(scoring):
    return Scoring.objects.filter(pk=scoring.pk, state=Scoring.State.COMPLETE).exists()


def test_of_several_workers_one_scores_and_another_takes_up_what_it_left(scoring, model, start):
    first = start()
    wait_until(lambda: scored(scoring) >= 4)
    start()
    tasks.nudge_scorings()
    first.kill()
    first.wait()
    Scoring.objects.filter(pk=scoring.pk).update(lease_expires_at=timezone.now(), nudged_at=None)
    tasks.nudge_scorings()
    wait_until(lambda: is_complete(scoring))
    assert scored(scoring) == TRIALS
    repeated = sum(model.asked.values()) - TRIALS
    assert 0 <= repeated <= AT_ONCE  # those under way when it was killed


def test_a_worker_told_to_end_hands_its_scoring_to_the_next(scoring, model, start):
    first = start()
    wait_until(lambda: scored(scoring) >= 4)
    first.terminate()
    assert first.wait(timeout=30) == 0
    assert set(Scoring.objects.values_list("state", "attempts")) == {("queued", 0)}
    start()
    wait_until(lambda: is_complete(scoring))
    assert scored(scoring) == TRIALS


def test_a_worker_scores_from_celery_and_redis(scoring, model, start, broker):
    start(CELERY_BROKER_URL=broker)
    wait_until(lambda: is_complete(scoring))
    assert model.asked.total() == scored(scoring) == TRIALS
