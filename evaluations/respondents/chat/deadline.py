"""A time limit that holds for the whole of a call, however slowly its answer drips.

The limits of a client are those between two bytes: an answer of 400 bytes, one a second, would hold
its place for minutes. Here the clock starts with each request and ends with the last byte; it
stands still while the client waits before it asks again.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

import httpx2
import openai

_clock: ContextVar[asyncio.Timeout | None] = ContextVar("clock", default=None)


@asynccontextmanager
async def clocked() -> AsyncIterator[None]:
    """Raise TimeoutError as soon as one request of this task exceeds the limit of its client."""
    async with asyncio.timeout(None) as clock:
        before = _clock.set(clock)
        try:
            yield
        finally:
            _clock.reset(before)


class TimedClient(openai.DefaultAsyncHttpxClient):
    """A client each of whose requests has *seconds* for its whole answer, which is read here."""

    def __init__(self, seconds: float, **options: Any) -> None:
        super().__init__(**options)
        self._seconds = seconds

    async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        clock = _clock.get()
        if clock:
            clock.reschedule(asyncio.get_running_loop().time() + self._seconds)
        try:
            response = await super().send(request, **options)
            await response.aread()
            return response
        finally:
            if clock and not clock.expired():
                clock.reschedule(None)
