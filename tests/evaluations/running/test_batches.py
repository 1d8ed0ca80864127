"""A run that is asked by files: turn by turn, nothing twice, nothing lost."""

import json
from datetime import timedelta
from urllib.request import Request, urlopen

import pytest

from accounts import clock
from accounts.models import AuditEvent
from evaluations.models import Answer, Endpoint, GrantedCalls, LostCalls, Run, Trial, Turn
from evaluations.running import budgets
from evaluations.running.batches import sending, taking
from evaluations.running.conversations import advance, pause, resume
from evaluations.running.spending import spend
from evaluations.running.trial_leases import BATCH, sweep
from tests.evaluations.respondents.loopback import loopback


@pytest.fixture
def servers():
    with loopback() as found:
        yield found


@pytest.fixture
def make_paused(make_run, servers):
    def make(name="by files", **design):
        endpoint = Endpoint(
            name=f"model of {name}",
            kind="openai",
            model="m",
            base_url=servers.address("thinking"),
            input_price=1000,
            output_price=1000,
        )
        run = make_run(name, endpoint=endpoint, **design)
        pause(run)
        return run

    return make


def questions(run) -> list[dict]:
    lines: list[str] = []
    sending.export(run, Endpoint.objects.get(cells__run=run), lines.append)
    return [json.loads(line) for line in lines]


def answered(servers, asked: list[dict]) -> list[str]:
    """What the server answers to the bodies, as a provider's output file has it."""
    return [
        json.dumps(
            {
                "id": "batch_req_1",
                "custom_id": one["custom_id"],
                "response": {"status_code": 200, "body": call(servers, one["body"])},
                "error": None,
            }
        )
        for one in asked
    ]


def call(servers, body: dict) -> dict:
    url = f"{servers.address('thinking')}/chat/completions"
    sent = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    return json.loads(urlopen(sent).read())


def to_its_end(run, servers) -> int:
    """Files until the run is complete; how many there were."""
    for number in range(1, 20):
        if taking.take(run, answered(servers, questions(run))).complete:
            return number
    raise AssertionError("it does not end")


@pytest.mark.django_db(transaction=True)
def test_a_run_by_files_is_the_run_by_calls(make_run, make_paused, servers):
    by_files, by_calls = make_paused("by files"), make_paused("by calls")
    turns = to_its_end(by_files, servers)
    bodies_of_files = [body for _, body in servers.bodies]
    servers.bodies.clear()
    resume(by_calls)
    advance(by_calls)
    bodies_of_calls = [body for _, body in servers.bodies]
    assert sorted(map(_seedless, bodies_of_files)) == sorted(map(_seedless, bodies_of_calls))
    assert said_in(by_files) == said_in(by_calls)
    assert spend(by_files).cost == spend(by_calls).cost
    assert turns == len(bodies_of_files) // 2
    by_files.refresh_from_db()
    assert by_files.state == Run.State.COMPLETE
    assert by_files.trials.filter(scores__isnull=False).distinct().count() == 2


def said_in(run) -> list:
    turns = Turn.objects.filter(trial__run=run).order_by("trial", "position")
    return list(turns.values_list("role", "text", "reasoning"))


def _seedless(body: dict) -> str:
    return json.dumps({name: said for name, said in body.items() if name != "seed"}, sort_keys=True)


@pytest.mark.django_db
def test_the_same_file_twice_adds_nothing(make_paused, servers):
    run = make_paused()
    lines = answered(servers, questions(run))
    assert taking.take(run, lines).answered == 2
    before = Turn.objects.count()
    again = taking.take(run, lines)
    assert (again.answered, again.already, again.rejected) == (0, 2, [])
    assert Turn.objects.count() == before


@pytest.mark.django_db
def test_no_worker_asks_what_a_file_asks_and_an_expired_file_frees_its_trials(make_paused, servers):
    run = make_paused()
    questions(run)
    resume(run)
    assert run.trials.filter(lease_owner__startswith=BATCH).count() == 2
    assert sending.out(run).popitem()[1] == 2
    run.trials.update(lease_expires_at=clock.now() - timedelta(seconds=1))
    assert sweep(run.pk) == 2
    assert "brought no answer in time" in run.trials.first().last_error


@pytest.mark.django_db
def test_an_answer_that_comes_late_is_taken_while_nobody_asked_anew(make_paused, servers):
    run = make_paused()
    lines = answered(servers, questions(run))
    assert sending.give_back(run) == 2
    assert taking.take(run, lines).answered == 2


@pytest.mark.django_db
def test_what_is_no_answer_is_named_by_line_and_changes_nothing(make_paused, servers):
    run, other = make_paused(), make_paused("other")
    asked = questions(run)
    good = answered(servers, asked)
    foreign = answered(servers, questions(other))[0]
    lines = [
        "no json",
        json.dumps({"custom_id": "mine"}),
        json.dumps(asked[0]),
        foreign,
        good[0],
        good[0],
        json.dumps({**json.loads(good[1]), "custom_id": good_id(run, 99)}),
    ]
    found = taking.take(run, lines)
    assert found.answered == 1
    said = dict(found.rejected)
    assert sorted(said) == [1, 2, 3, 4, 6, 7]
    assert "no JSON" in said[1] and "none that was exported here" in said[2]
    assert "line of the questions" in said[3] and "another run" in said[4]
    assert "a second time" in said[6] and "only" in said[7]


def good_id(run, turn):
    return f"valuecheck-run{run.pk}-trial{run.trials.latest('pk').pk}-turn{turn}"


@pytest.mark.django_db
def test_a_refused_question_fares_as_one_that_was_called(make_paused, servers):
    run = make_paused(trials_per_cell=4)
    asked = questions(run)
    errors = [
        {"status_code": 500, "body": {"error": {"message": "overloaded"}}},
        {"status_code": 400, "body": {"error": {"message": "no", "code": "content_filter"}}},
        {"status_code": 200, "body": {"choices": []}},
    ]
    lines = [
        json.dumps({"custom_id": one["custom_id"], "response": response, "error": None})
        for one, response in zip(asked[:3], errors, strict=True)
    ]
    gone = {"code": "batch_expired", "message": "This request could not be executed."}
    lines.append(json.dumps({"custom_id": asked[3]["custom_id"], "response": None, "error": gone}))
    found = taking.take(run, lines)
    assert found.answered == 1  # what a filter kept back is how the call ended
    assert Turn.objects.filter(call__finish="content_filter").exists()
    kinds = sorted(reason.partition(":")[0] for reason in found.failed)
    assert kinds == ["batch", "garbage", "server"]
    assert set(run.trials.values_list("state", flat=True)) == {Trial.State.PLANNED}
    assert sum(LostCalls.objects.values_list("calls", flat=True)) == 2  # the expired was none


@pytest.mark.django_db
def test_a_file_holds_no_more_questions_than_the_budget_has_calls(make_paused, servers):
    run = make_paused(trials_per_cell=5)
    budgets.limit(run.project, run, {"calls": 3})
    asked = questions(run)
    assert len(asked) == 3
    assert GrantedCalls.objects.get().calls == 3
    taking.take(run, answered(servers, asked))
    assert not GrantedCalls.objects.exists()
    with pytest.raises(sending.BatchRefused, match="raise it first"):
        questions(run)


@pytest.mark.django_db
def test_a_run_that_workers_ask_gives_no_file(make_run, servers):
    endpoint = Endpoint(name="m", kind="openai", model="m", base_url=servers.address("thinking"))
    run = make_run(endpoint=endpoint)
    with pytest.raises(sending.BatchRefused, match="pause it first"):
        questions(run)


@pytest.mark.django_db
def test_both_ways_are_on_record(make_paused, servers):
    run = make_paused()
    taking.take(run, answered(servers, questions(run)))
    events = AuditEvent.objects.filter(verb__contains="batch").order_by("pk")
    said = [(e.verb, e.detail.get("questions"), e.detail.get("answered")) for e in events]
    assert said == [("export batch file", 2, None), ("import batch file", None, 2)]


@pytest.mark.django_db
def test_answers_to_items_are_read(make_paused, servers):
    run = make_paused()
    to_its_end(run, servers)
    assert Answer.objects.filter(trial__run=run, readings__isnull=False).exists()
    assert not Turn.objects.filter(trial__run=run, call__has_key="seconds").exists()
