"""The one door to a model: chat completions at any OpenAI-compatible address.

The client's own retries are used (they back off with jitter and honour Retry-After); time limit
and number are always set, as the defaults of ten minutes and two retries fit no experiment.
"""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.request import getproxies

import httpx2
import openai
from django.conf import settings

from evaluations.instruments.endings import STOP, ending_of
from evaluations.models import Endpoint
from evaluations.respondents import key_policy
from evaluations.respondents.chat import failures, statuses
from evaluations.respondents.chat.bodies import body_of
from evaluations.respondents.chat.completions import SaidError, reply_of, usage
from evaluations.respondents.chat.deadline import TimedClient, clocked
from evaluations.respondents.chat.parameters import parameters_of
from evaluations.respondents.chat.streams import completion_in
from evaluations.respondents.metering import count_call, count_tokens, metered
from evaluations.respondents.respondent import Reply, Request, Respondent, RespondentError
from evaluations.respondents.spread_transport import ADDRESSES, SpreadTransport


class ModelRespondent(Respondent):
    """A model behind an endpoint. *transport* replaces the network in tests.

    Raises RespondentError at once when the endpoint's key, address or parameters are not in order.
    """

    def __init__(
        self, endpoint: Endpoint, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self.endpoint = endpoint
        self.settings = parameters_of(endpoint.parameters)
        self._key = key = key_policy.key_for(endpoint.base_url, endpoint.key_variable)
        key_policy.allowed_addresses(endpoint.base_url)
        host = httpx2.URL(endpoint.base_url).host
        self.client = openai.AsyncOpenAI(
            base_url=endpoint.base_url,
            api_key=key,
            timeout=None,  # `TimedClient` has it
            max_retries=endpoint.max_retries,
            http_client=TimedClient(
                endpoint.timeout_seconds,
                transport=transport or _transport(host, endpoint.concurrency),
                # A redirect could lead the question, and with it the key, to another host.
                follow_redirects=False,
                # A proxy of the environment is for the world outside, never for this machine.
                trust_env=not key_policy.is_loopback(host),
                event_hooks={
                    "request": [self._check_address, self._tell_of_retry, _count],
                    "response": [self._tell_of_status, _count_failure],
                },
            ),
        )

    async def _check_address(self, request: httpx2.Request) -> None:
        """Look again before each request: a name can point elsewhere by now."""
        look = partial(key_policy.allowed_addresses, str(request.url))
        # Where all addresses are allowed nothing is resolved: no thread is needed.
        free = settings.LLM_ALLOW_PRIVATE_ADDRESSES
        request.extensions[ADDRESSES] = look() if free else await asyncio.to_thread(look)

    async def _tell_of_retry(self, request: httpx2.Request) -> None:
        if self.trouble and request.headers.get("x-stainless-retry-count", "0") != "0":
            self.trouble(
                f"a call to {self.endpoint.name} at {self.endpoint.base_url} got no good answer "
                "and is tried again; is the server running?"
            )

    async def _tell_of_status(self, response: httpx2.Response) -> None:
        if self.trouble and response.status_code >= 400:
            self.trouble(f"{self.endpoint.name} answered with status {response.status_code}")

    async def reply(self, request: Request) -> Reply:
        with metered(request.meter) as meter:
            before = meter.calls
            reply = await self._call(request)
            if _is_hiccup(reply) and self._repeats(request) is not None:
                # Asked once more; then it is taken as it is.
                reply = await self._call(request)
                reply = replace(reply, call={**reply.call, "empty_answers": 1 + (not reply.text)})
            call = {**reply.call, "retries": meter.calls - before - 1}
            # What the calls before this answer used is spent on it as well.
            return replace(reply, call=call | ({"usage": meter.tokens} if meter.tokens else {}))

    def _repeats(self, request: Request) -> int | None:
        """How often a call for *request* may be repeated; None where it may not be sent at all."""
        most = self.endpoint.max_retries
        if request.most_calls is None:
            return most
        left = request.most_calls - request.meter.calls
        return min(most, left - 1) if left > 0 else None

    async def _call(self, request: Request) -> Reply:
        arguments, repeats = self._arguments(request), self._repeats(request)
        if repeats is None:
            raise RespondentError("budget", "no further call is allowed for this", retryable=True)
        client = self.client
        if repeats != self.endpoint.max_retries:
            client = client.with_options(max_retries=repeats)
        started = time.monotonic()
        try:
            async with clocked():
                raw = await client.chat.completions.with_raw_response.create(**arguments)
        except TimeoutError as error:
            # Not asked again at once: who drips or hangs gives its place to another trial.
            raise statuses.overdue(self.endpoint) from error
        except openai.OpenAIError as error:
            if failures.is_filtered(error):
                return Reply("", call=failures.filtered(error, self._key))
            raise failures.explained(error, self.endpoint, self._key) from error
        seconds = round(time.monotonic() - started, 4)
        content = raw.http_response.content
        try:
            # The client's own objects check no types and cost a tenth of the CPU time of a call.
            completion = completion_in(content)
            request.meter.count(usage(completion))
            return reply_of(completion, seconds, self._used(request))
        except SaidError as error:
            said = str(error).replace(self._key, "[key]")
            raise statuses.of_status(error.status or 500, said, self.endpoint) from error
        except (ValueError, TypeError, RecursionError) as error:
            said = content[:300].decode(errors="replace").replace(self._key, "[key]")
            raise statuses.garbage(self.endpoint, str(error), said) from error

    def _used(self, request: Request) -> str:
        return self.settings.constraint if request.constrained else ""

    def _arguments(self, request: Request) -> dict[str, Any]:
        # The client matches each message of `messages` against every type a message could have:
        # 3 ms of CPU for half a conversation. What is given as extra body it sends as it is.
        body = body_of(self.endpoint.model, self.settings, request)
        if self.settings.stream:  # read whole all the same: nobody looks on
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return {"model": self.endpoint.model, "messages": [], "extra_body": body}

    async def close(self) -> None:
        await self.client.close()


def _transport(host: str, calls_at_once: int) -> httpx2.AsyncBaseTransport | None:
    """Our own way to the network, or None for the client's where a proxy may stand in between: a
    client that is given a transport no longer asks for proxies."""
    if key_policy.is_loopback(host) or not getproxies():
        return SpreadTransport(calls_at_once)
    return None


async def _count(request: httpx2.Request) -> None:
    count_call()


async def _count_failure(response: httpx2.Response) -> None:
    """Gateways say what a failed call used as well; the client throws that away and asks again,
    which is in vain where nothing is left to pay with."""
    if response.status_code < 400:
        return
    with suppress(ValueError, RecursionError):
        said = json.loads(await response.aread())
        count_tokens(usage(said))
        if statuses.is_out_of_quota(said):
            response.headers["x-should-retry"] = "false"


def _is_hiccup(reply: Reply) -> bool:
    """Whether to ask once more could help: the server ended well and said nothing at all."""
    return not reply.text and not reply.reasoning and ending_of(reply.call) in ("", STOP)
