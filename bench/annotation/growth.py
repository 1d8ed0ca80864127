"""Whether the next item comes as fast after a million judgments as after a thousand."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from annotations.models import Study
from bench import lib
from bench.annotation import scene, serving
from bench.annotation.client import LABELS, form_on
from bench.annotation.history import History
from bench.annotation.load import measure

JUDGMENTS, JUDGMENTS_QUICK = (1_000, 100_000, 1_000_000), (1_000, 100_000)
OPEN_ITEMS = 800
ROUNDS, ROUNDS_QUICK, EXCHANGES = 5, 2, 40
FLAT = 1.5


def run(kind: str, invariants: lib.Invariants) -> None:
    rounds = ROUNDS_QUICK if lib.quick() else ROUNDS
    lib.remark(
        f"growth on {kind}: one rater, {EXCHANGES} exchanges, median, the quietest of {rounds} "
        f"rounds; {OPEN_ITEMS} open items beside the judged; load average {lib.load_average()}"
    )
    study = scene.open_study("growth", OPEN_ITEMS)
    history = History(study)
    first_time, first_queries = 0.0, 0
    with serving.served() as server:
        for size in JUDGMENTS_QUICK if lib.quick() else JUDGMENTS:
            history.grow_to(size)
            queries, time = count_queries(study), _milliseconds(study, server, rounds)
            prefix = f"growth_{kind}_{size}_judgments"
            lib.figure(f"{prefix}_next_item_ms", time)
            lib.figure(f"{prefix}_queries", queries, f"={first_queries}" if first_queries else "-")
            if first_time:
                lib.figure(f"{prefix}_slower_by", time / first_time, f"<={FLAT}")
            first_time, first_queries = first_time or time, first_queries or queries


def _milliseconds(study: Study, server: serving.Server, rounds: int) -> float:
    medians = [
        measure(server, scene.plan(study, server.port, 1, EXCHANGES)).percentile(50)
        for _ in range(rounds)
    ]
    return min(medians)


def count_queries(study: Study) -> int:
    """Statements of one exchange, COMMIT and BEGIN included: a judgment sent, the next item got."""
    plan = scene.plan(study, 0, 1)
    client = Client(headers={"x-forwarded-proto": "https", "host": "127.0.0.1"})
    client.cookies[plan.session_cookie] = plan.sessions[0]
    form = form_on(client.get(plan.path).content)
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(
            plan.path, {**form, "label": LABELS[0]}, headers={"hx-request": "true"}
        )
    if answer.status_code != 200:
        raise RuntimeError(f"the exchange was answered with {answer.status_code}")
    return len(captured)
