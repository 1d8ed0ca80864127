"""As many calls are counted as a model was sent, whatever became of them."""

import asyncio

import httpx2
import pytest

from evaluations.models import Endpoint, LostCalls, Trial
from evaluations.respondents.llm import ModelRespondent
from evaluations.respondents.metering import Meter, count_call, metered
from evaluations.running import trial_leases
from evaluations.running.conversations import Worker
from evaluations.running.spending import spend
from tests.evaluations.respondents.servers import Server, ask, completion

USAGE = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}


def test_a_meter_counts_calls_of_its_own_task_only():
    first, second = Meter(), Meter()

    async def call(meter, times):
        with metered(meter):
            for _ in range(times):
                await asyncio.sleep(0)
                count_call()

    async def both():
        await asyncio.gather(call(first, 3), call(second, 5))
        count_call()

    asyncio.run(both())
    assert (first.calls, second.calls) == (3, 5)


def test_an_answer_that_was_asked_for_twice_costs_both_times():
    reply = ask(Server(completion(""), completion("B")))
    assert reply.call["usage"] == {name: 2 * count for name, count in USAGE.items()}
    assert reply.call["retries"] == 1


def test_reasoning_is_counted_from_the_details():
    usage = USAGE | {"completion_tokens_details": {"reasoning_tokens": 2, "note": "x"}}
    assert ask(Server(completion(usage=usage))).call["usage"] == USAGE | {"reasoning_tokens": 2}


@pytest.fixture
def run_at(make_run, monkeypatch):
    """Work on a run of two trials at a server, as often as its trials may be tried."""
    monkeypatch.setattr(trial_leases, "_next_attempt", lambda attempts, rest: None)

    def work(server, ending=lambda: False):
        endpoint = Endpoint(
            name="lab",
            kind=Endpoint.Kind.OPENAI,
            model="small",
            base_url="http://127.0.0.1:9/v1",
            max_retries=2,
            concurrency=1,
            input_price=10_000,
            output_price=10_000,
        )
        run = make_run(endpoint=endpoint)
        respondent = ModelRespondent(endpoint, httpx2.MockTransport(server))
        Worker(run, respondents={endpoint.pk: respondent}, ending=ending).work()
        return run

    return work


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("answers", "paid"),
    [
        ([completion("A")], 18),
        ([httpx2.Response(500), httpx2.ConnectError("cut"), completion("A")], 18),
        ([*[httpx2.Response(503)] * 4, completion("A")], 18),
        ([completion("A"), completion(""), completion("B")], 19),
        # An answer that is no completion was answered all the same, and its tokens are counted.
        ([completion(choices="many"), completion("A")], 19),
        ([httpx2.Response(400), completion("A")], 9),
        # So were failures that say what they used, whether the client asks again or not.
        ([httpx2.Response(503, json={"usage": USAGE}), completion("A")], 19),
        ([httpx2.Response(400, json={"usage": USAGE}), completion("A")], 10),
    ],
)
def test_calls_and_tokens_of_a_run_are_those_the_server_was_asked(
    run_at,
    quick_retries,
    answers,
    paid,
):
    server = Server(*answers)
    run = run_at(server)
    found = spend(run)
    assert found.calls == len(server.requests)
    assert (found.input_tokens, found.output_tokens) == (7 * paid, 3 * paid)
    assert float(found.cost) == pytest.approx(0.1 * paid)
    turns = 9 * run.trials.filter(state="complete").count()
    assert found.repeated == found.calls - turns


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_came_after_the_trial_was_anothers_is_counted(run_at):
    class Robbed(Server):
        async def __call__(self, request):
            if len(self.requests) == 2:
                rob = Trial.objects.filter(state="running").aupdate
                await rob(lease_owner="another")
            return await super().__call__(request)

    server = Robbed(completion("A"))
    run = run_at(server, ending=lambda: len(server.requests) >= 3)
    assert spend(run).calls == len(server.requests)
    assert "lease lost" in LostCalls.objects.values_list("kind", flat=True)


@pytest.mark.django_db
def test_reasoning_that_stands_in_the_total_alone_is_paid_as_output(make_run):
    run = make_run()
    trial = run.trials.first()
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 40}
    LostCalls.objects.create(trial=trial, kind="garbage", calls=1, usage=usage)
    assert (spend(run).calls, spend(run).output_tokens) == (1, 30)
