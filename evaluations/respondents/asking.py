"""One worker's way to one endpoint: who answers there, and what bounds the calls."""

import asyncio
import random
from typing import Any

from evaluations.models import Endpoint
from evaluations.respondents.limiter import CHARACTERS_A_TOKEN, Limiter
from evaluations.respondents.respondent import Reply, Request, Respondent, RespondentError

FIRST_ANSWER_TOKENS = 64
"""Expected of an answer before the first one has come."""


class Desk:
    """Asks the respondent of an endpoint within its concurrency, its limits and its wishes."""

    def __init__(self, endpoint: Endpoint, respondent: Respondent, limiter: Limiter) -> None:
        self._respondent = respondent
        self._limiter = limiter
        self._free = asyncio.Semaphore(endpoint.concurrency)
        self._answer_tokens = float(FIRST_ANSWER_TOKENS)
        self._rests_until = 0.0

    async def ask(self, request: Request) -> Reply:
        """Ask as soon as it is allowed; raises RespondentError."""
        async with self._free:
            await self._wait_for_rest()
            expected = self._expected_tokens(request)
            await self._limiter.permit(expected)
            try:
                reply = await self._respondent.reply(request)
            except RespondentError as error:
                self._rest(error.retry_after)
                raise
            self._settle(expected, reply.call)
            return reply

    async def close(self) -> None:
        await self._respondent.close()

    def _expected_tokens(self, request: Request) -> int:
        characters = sum(len(text) for _, text in request.messages)
        return characters // CHARACTERS_A_TOKEN + round(self._answer_tokens)

    def _settle(self, expected: int, call: Any) -> None:
        usage = call.get("usage") or {}
        answered = usage.get("completion_tokens")
        if answered is not None:
            self._answer_tokens += (answered - self._answer_tokens) / 8
        used = usage.get("total_tokens", expected)
        self._limiter.settle(expected, used, call.get("retries", 0))

    def _rest(self, seconds: float) -> None:
        """No further call of this worker while the endpoint asks to be left alone."""
        until = asyncio.get_running_loop().time() + seconds * random.uniform(1, 1.1)
        self._rests_until = max(self._rests_until, until)

    async def _wait_for_rest(self) -> None:
        while (left := self._rests_until - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(left)
