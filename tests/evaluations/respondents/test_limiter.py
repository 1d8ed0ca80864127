"""Requests and tokens a minute are kept, by one worker and by several together."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, transaction

from evaluations.models import Endpoint, EndpointMeter
from evaluations.respondents import asking as desk_module
from evaluations.respondents.asking import Desk
from evaluations.respondents.limiter import Limiter, Limits, reserve
from evaluations.respondents.respondent import Reply, Request, Respondent, RespondentError
from evaluations.running.conversations import advance

REQUEST = Request(messages=[("user", "x" * 400)], seed=0)


class Answering(Respondent):
    def __init__(self, call=None, errors=()):
        self.call, self.errors, self.times = call or {}, list(errors), []

    async def reply(self, request):
        self.times.append(asyncio.get_running_loop().time())
        if self.errors:
            raise self.errors.pop(0)
        return Reply("A", self.call)


class Row:
    """Stands for the row of the database: remembers what was reserved."""

    def __init__(self, limits, delay=0.0):
        self.limits, self.delay, self.asked = limits, delay, []

    async def __call__(self, requests, tokens):
        self.asked.append((requests, tokens))
        return self.delay


def permits(limits, calls, tokens=0, row=None):
    """The seconds at which so many calls that ask at once may begin."""

    async def run():
        limiter, loop = Limiter(limits, row), asyncio.get_running_loop()
        started = loop.time()

        async def one():
            await limiter.permit(tokens)
            return loop.time() - started

        return await asyncio.gather(*(one() for _ in range(calls)))

    return asyncio.run(run())


def test_without_limits_nothing_is_reserved():
    row = Row(Limits(None, None))
    assert max(permits(Limits(None, None), 20, row=row)) < 0.5
    assert row.asked == []


def test_calls_begin_evenly_and_share_one_reservation():
    limits = Limits(requests=600, tokens=None)
    row = Row(limits)
    times = permits(limits, 4, row=row)
    assert row.asked == [(4, 0)]
    for place, seconds in enumerate(times):
        assert seconds >= 0.1 * place - 0.01


def test_no_reservation_takes_more_than_a_second_of_the_allowance():
    limits = Limits(requests=1200, tokens=None)
    row = Row(limits)
    permits(limits, 25, row=row)
    assert [requests for requests, _ in row.asked] == [20, 5]


def test_tokens_bound_calls_as_well():
    limits = Limits(requests=None, tokens=60_000)
    row = Row(limits)
    times = permits(limits, 4, tokens=100, row=row)
    assert row.asked == [(4, 400)]
    assert times[-1] >= 0.29


def test_a_call_larger_than_a_second_of_tokens_is_let_through_alone():
    limits = Limits(requests=None, tokens=60)
    row = Row(limits)
    assert len(permits(limits, 1, tokens=500, row=row)) == 1
    assert row.asked == [(1, 500)]


def test_a_failing_reservation_reaches_everybody_who_waits():
    async def broken(requests, tokens):
        raise OSError("the database is gone")

    with pytest.raises(OSError, match="gone"):
        permits(Limits(600, None), 3, row=broken)


@pytest.fixture
def endpoint(project):
    return Endpoint.objects.create(project=project, name="e", kind="simulated", model="m")


@pytest.mark.django_db
def test_a_reservation_begins_where_the_last_one_ends(endpoint):
    limits = Limits(requests=60, tokens=None)
    assert reserve(endpoint.pk, limits, 3, 0) == 0
    assert reserve(endpoint.pk, limits, 1, 0) == pytest.approx(3, abs=0.5)
    assert reserve(endpoint.pk, limits, 1, 0) == pytest.approx(4, abs=0.5)


@pytest.mark.django_db
def test_the_stricter_of_two_limits_counts_and_unused_tokens_come_back(endpoint):
    limits = Limits(requests=6000, tokens=600)
    reserve(endpoint.pk, limits, 1, 100)
    assert reserve(endpoint.pk, limits, 1, -50) == pytest.approx(10, abs=0.5)
    assert reserve(endpoint.pk, limits, 1, 0) == pytest.approx(10, abs=0.5)


@pytest.mark.django_db
def test_a_limit_of_nothing_is_no_limit_and_is_refused(endpoint):
    with pytest.raises(IntegrityError), transaction.atomic():
        Endpoint.objects.filter(pk=endpoint.pk).update(requests_per_minute=0)


@pytest.mark.django_db(transaction=True)
def test_workers_that_reserve_at_once_get_different_times(endpoint, many_connections):
    def take(_):
        try:
            return round(reserve(endpoint.pk, Limits(60, None), 1, 0))
        finally:
            many_connections()

    with ThreadPoolExecutor(6) as pool:
        starts = Counter(pool.map(take, range(12)))
    assert sum(starts.values()) == 12
    assert max(starts) >= 10 and max(starts.values()) <= 2


@pytest.mark.django_db
def test_a_run_keeps_the_limit_of_its_endpoint(make_run):
    limited = Endpoint(
        name="slow",
        kind=Endpoint.Kind.SIMULATED,
        model="m",
        parameters={"angle": 30.0},
        requests_per_minute=3000,
    )
    assert advance(make_run(endpoint=limited, trials_per_cell=3)) == {"complete": 3}
    meter = EndpointMeter.objects.get(endpoint=limited)
    assert meter.requests_free_at is not None


def test_tokens_are_settled_by_what_was_used():
    async def run():
        row = Row(Limits(None, 6_000_000))
        answering = Answering({"usage": {"total_tokens": 1000, "completion_tokens": 900}})
        desk = Desk(Endpoint(concurrency=1), answering, Limiter(row.limits, row))
        await desk.ask(REQUEST)
        await desk.ask(REQUEST)
        return row.asked

    (_, first), (_, second) = asyncio.run(run())
    assert first == 100 + desk_module.FIRST_ANSWER_TOKENS
    # What the first call took beyond its 164, and more for answers that turned out longer.
    assert second > first + (1000 - first)


def test_retries_inside_the_client_count_as_requests():
    async def run():
        row = Row(Limits(60_000, None))
        desk = Desk(Endpoint(concurrency=1), Answering({"retries": 2}), Limiter(row.limits, row))
        await desk.ask(REQUEST)
        await desk.ask(REQUEST)
        return [requests for requests, _ in row.asked]

    assert asyncio.run(run()) == [1, 3]


def test_an_endpoint_that_asks_for_rest_is_left_alone_by_all_conversations():
    error = RespondentError("rate limit", "slow down", retryable=True, retry_after=0.2)

    async def run():
        answering = Answering(errors=[error])
        row = Row(Limits(None, None))
        desk = Desk(Endpoint(concurrency=1), answering, Limiter(row.limits, row))
        with pytest.raises(RespondentError):
            await desk.ask(REQUEST)
        await desk.ask(REQUEST)
        return answering.times

    first, second = asyncio.run(run())
    assert second - first >= 0.2


def test_calls_at_once_are_bounded():
    most = 0
    under_way = 0

    class Slow(Respondent):
        async def reply(self, request):
            nonlocal most, under_way
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.01)
            under_way -= 1
            return Reply("A")

    async def run():
        desk = Desk(Endpoint(concurrency=3), Slow(), Limiter(Limits(None, None), Row(None)))
        await asyncio.gather(*(desk.ask(REQUEST) for _ in range(12)))

    asyncio.run(run())
    assert most == 3
