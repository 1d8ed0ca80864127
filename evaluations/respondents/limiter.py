"""Requests and tokens a minute at one endpoint, over all workers, through one row of the database.

The row says when the endpoint is free again (the generic cell rate algorithm: every call moves
that time on by its share of the minute). A worker reserves for everything that waits in one short
transaction, so that the row costs one write a second and not one a call. What a worker reserved
and did not use, because it was stopped or killed, is lost: one second's worth at most.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts import clock
from evaluations.models import Endpoint, EndpointMeter

AHEAD_SECONDS = 1.0
"""How much of an endpoint's allowance one reservation takes at most."""

CHARACTERS_A_TOKEN = 4
"""A rough measure for texts that were not counted yet; what was really used is settled later."""


@dataclass(frozen=True)
class Limits:
    """What an endpoint allows in a minute; None where it sets no limit."""

    requests: int | None
    tokens: int | None

    @classmethod
    def of(cls, endpoint: Endpoint) -> "Limits":
        return cls(endpoint.requests_per_minute, endpoint.tokens_per_minute)

    def __bool__(self) -> bool:
        return bool(self.requests or self.tokens)

    def seconds(self, requests: int, tokens: int) -> float:
        """How long the endpoint is taken by so much."""
        return max(_share(requests, self.requests), _share(tokens, self.tokens))


def _share(used: int, a_minute: int | None) -> float:
    return 60 * used / a_minute if a_minute else 0.0


@transaction.atomic
def reserve(endpoint_id: int, limits: Limits, requests: int, tokens: int) -> float:
    """Reserve at an endpoint; return the seconds from now at which the first call may begin.

    *tokens* may be negative: what an earlier reservation took too much.
    """
    EndpointMeter.objects.get_or_create(endpoint_id=endpoint_id)
    meter = EndpointMeter.objects.select_for_update().get(endpoint_id=endpoint_id)
    now = clock.now()
    free_at = max(now, meter.requests_free_at or now, meter.tokens_free_at or now)
    meter.requests_free_at = _later(free_at, requests, limits.requests)
    meter.tokens_free_at = _later(free_at, tokens, limits.tokens)
    meter.save(update_fields=["requests_free_at", "tokens_free_at"])
    return (free_at - now).total_seconds()


def _later(free_at: datetime, used: int, a_minute: int | None) -> datetime:
    return free_at + timedelta(seconds=_share(used, a_minute))


Reserve = Callable[[int, int], Awaitable[float]]
"""Requests and tokens -> seconds until the first may begin."""


class Limiter:
    """Lets the calls of one worker to one endpoint begin when its limits allow."""

    def __init__(self, limits: Limits, reserve: Reserve) -> None:
        self._limits = limits
        self._reserve = reserve
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._owed_requests = 0
        self._owed_tokens = 0
        self._server: asyncio.Task[None] | None = None

    async def permit(self, tokens: int) -> None:
        """Wait until a call of about so many tokens may begin."""
        if not self._limits:
            return
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((tokens, granted))
        if self._server is None or self._server.done():
            self._server = asyncio.create_task(self._serve())
        await granted

    def settle(self, expected: int, used: int, retries: int = 0) -> None:
        """Account with the next reservation for what a call used beyond what was expected."""
        if self._limits:
            self._owed_tokens += used - expected
            self._owed_requests += retries

    async def _serve(self) -> None:
        try:
            while batch := self._next_batch():
                await self._grant(batch)
        except Exception as error:
            for _, granted in self._waiting:
                if not granted.done():
                    granted.set_exception(error)
            self._waiting = []

    def _next_batch(self) -> list[tuple[int, asyncio.Future[None]]]:
        """Those who wait longest and fit into what may be reserved at once; one at least."""
        self._waiting = [entry for entry in self._waiting if not entry[1].done()]
        tokens = number = 0
        for tokens_of_one, _ in self._waiting:
            tokens += tokens_of_one
            if number and self._limits.seconds(number + 1, tokens) > AHEAD_SECONDS:
                break
            number += 1
        return self._waiting[:number]

    async def _grant(self, batch: list[tuple[int, asyncio.Future[None]]]) -> None:
        """Reserve for a batch, then let its calls begin one after the other, evenly."""
        requests = len(batch) + self._owed_requests
        tokens = sum(tokens for tokens, _ in batch) + self._owed_tokens
        self._owed_requests = self._owed_tokens = 0
        starts = asyncio.get_running_loop().time() + await self._reserve(requests, tokens)
        del self._waiting[: len(batch)]
        for tokens_of_one, granted in batch:
            await asyncio.sleep(starts - asyncio.get_running_loop().time())
            if not granted.done():
                granted.set_result(None)
            starts += self._limits.seconds(1, tokens_of_one)
