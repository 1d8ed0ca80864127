"""The one door to a model: chat completions at any OpenAI-compatible address.

The client's own retries are used (they back off with jitter and honour Retry-After); time limit
and number are always set, as the defaults of ten minutes and two retries fit no experiment.
"""

import asyncio
import json
import math
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.request import getproxies

import httpx2
import openai
from django.conf import settings

from evaluations.models import Endpoint
from evaluations.respondents import key_policy
from evaluations.respondents.metering import count_call, count_tokens, metered
from evaluations.respondents.respondent import Reply, Request, Respondent, RespondentError
from evaluations.respondents.spread_transport import ADDRESSES, SpreadTransport
from evaluations.text.storable import storable, token_counts

PARAMETERS = frozenset(
    {
        "temperature",
        "top_p",
        "max_tokens",
        "max_completion_tokens",
        "frequency_penalty",
        "presence_penalty",
        "reasoning_effort",
        "extra_body",
    }
)
"""Entries of `Endpoint.parameters` that are sent with each call as they are."""

OWN_PARAMETERS = frozenset({"constraint", "send_seed"})
"""Entries for this module: how an answer is constrained (json_schema or grammar), and whether the
trial's seed is sent (true unless an endpoint rejects it)."""

LONGEST_REST = 3600.0
"""Seconds an endpoint can have a trial wait by Retry-After."""

CONSTRAINTS = ("json_schema", "grammar")


class ModelRespondent(Respondent):
    """A model behind an endpoint. *transport* replaces the network in tests.

    Raises RespondentError at once when the endpoint's key, address or parameters are not in order.
    """

    def __init__(
        self, endpoint: Endpoint, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self.endpoint = endpoint
        self.parameters, self.constraint, self.send_seed = _parameters(endpoint.parameters)
        self._key = key = key_policy.key_for(endpoint.base_url, endpoint.key_variable)
        key_policy.allowed_addresses(endpoint.base_url)
        host = httpx2.URL(endpoint.base_url).host
        self.client = openai.AsyncOpenAI(
            base_url=endpoint.base_url,
            api_key=key,
            timeout=endpoint.timeout_seconds,
            max_retries=endpoint.max_retries,
            http_client=openai.DefaultAsyncHttpxClient(
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
            if not reply.text and not reply.call.get("refused"):
                # An empty answer is often a hiccup of the server: ask once more, then take it.
                reply = await self._call(request)
                empty = {"empty_answers": 1 + (not reply.text)}
                reply = replace(reply, call={**reply.call, **empty})
            call = {**reply.call, "retries": meter.calls - before - 1}
            # What the calls before this answer used is spent on it as well.
            return replace(reply, call=call | ({"usage": meter.tokens} if meter.tokens else {}))

    async def _call(self, request: Request) -> Reply:
        arguments = self._arguments(request)
        started = time.monotonic()
        try:
            raw = await self.client.chat.completions.with_raw_response.create(**arguments)
        except openai.OpenAIError as error:
            raise _explained(error, self.endpoint, self._key) from error
        seconds = round(time.monotonic() - started, 4)
        try:
            # The client's own objects check no types and cost a tenth of the CPU time of a call.
            completion = json.loads(raw.http_response.content)
            request.meter.count(_usage(completion))
            return _reply(completion, seconds, self._used(request))
        except (ValueError, TypeError, RecursionError) as error:
            raise _garbage(self.endpoint, str(error)) from error

    def _used(self, request: Request) -> str:
        return self.constraint if request.constrained else ""

    def _arguments(self, request: Request) -> dict[str, Any]:
        arguments: dict[str, Any] = {**self.parameters, "model": self.endpoint.model}
        if self.send_seed:
            arguments["seed"] = request.seed
        if request.constrained:
            arguments |= _constraint(self.constraint, request.words, arguments)
        # The client matches each message of `messages` against every type a message could have:
        # 3 ms of CPU for half a conversation. What is given as extra body it sends as it is.
        messages = [{"role": role, "content": text} for role, text in request.messages]
        body = {**arguments.pop("extra_body", {}), "messages": messages}
        return {**arguments, "messages": [], "extra_body": body}

    async def close(self) -> None:
        await self.client.close()


def _transport(host: str, calls_at_once: int) -> httpx2.AsyncBaseTransport | None:
    """Our own way to the network, or None for the client's where a proxy may stand in between: a
    client that is given a transport no longer asks for proxies."""
    if key_policy.is_loopback(host) or not getproxies():
        return SpreadTransport(calls_at_once)
    return None


_NUMBER: tuple[Any, float, str] = ((int, float), -math.inf, "a number without quotes")
_TOKENS: tuple[Any, float, str] = (int, 1, "a whole number from 1, without quotes")
_KINDS = {"max_tokens": _TOKENS, "max_completion_tokens": _TOKENS} | dict.fromkeys(
    ("temperature", "top_p", "frequency_penalty", "presence_penalty"), _NUMBER
)
"""Parameter -> its types, its least value, and both in words; a plan counts with the tokens."""


def _parameters(stored: Mapping[str, Any]) -> tuple[dict[str, Any], str, bool]:
    if unknown := set(stored) - PARAMETERS - OWN_PARAMETERS:
        raise RespondentError(
            "parameters",
            f"the endpoint has the unknown parameter {min(unknown)!r}; known are "
            f"{', '.join(sorted(PARAMETERS | OWN_PARAMETERS))}",
            stops_run=True,
        )
    constraint = stored.get("constraint", "json_schema")
    if constraint not in CONSTRAINTS:
        raise RespondentError(
            "parameters",
            f"the endpoint's constraint is {constraint!r}, must be {' or '.join(CONSTRAINTS)}",
            stops_run=True,
        )
    if not isinstance(stored.get("extra_body", {}), Mapping):
        raise RespondentError(
            "parameters", "the endpoint's extra_body must be an object {...}", stops_run=True
        )
    for name, (kinds, least, words) in _KINDS.items():
        value = stored.get(name, least)
        if isinstance(value, bool) or not isinstance(value, kinds) or value < least:
            raise RespondentError(
                "parameters",
                f"the endpoint's {name} is {json.dumps(value)}, must be {words}",
                stops_run=True,
            )
    sent = {name: value for name, value in stored.items() if name in PARAMETERS}
    return sent, constraint, bool(stored.get("send_seed", True))


def _constraint(kind: str, words: tuple[str, ...], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """How the endpoint is told to answer with one of the words and nothing else."""
    if kind == "grammar":  # llama.cpp and servers built on it
        alternatives = " | ".join(json.dumps(word) for word in words)
        body = {**arguments.get("extra_body", {}), "grammar": f"root ::= {alternatives}"}
        return {"extra_body": body}
    schema = {
        "type": "object",
        "properties": {"choice": {"type": "string", "enum": list(words)}},
        "required": ["choice"],
        "additionalProperties": False,
    }
    return {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "choice", "strict": True, "schema": schema},
        }
    }


async def _count(request: httpx2.Request) -> None:
    count_call()


async def _count_failure(response: httpx2.Response) -> None:
    """Gateways say what a failed call used as well; the client throws that away and asks again."""
    if response.status_code >= 400:
        with suppress(ValueError, RecursionError):
            count_tokens(_usage(json.loads(await response.aread())))


def _usage(completion: Any) -> dict[str, int]:
    """The tokens an answer used, also one that is no completion otherwise."""
    return token_counts(completion.get("usage")) if isinstance(completion, dict) else {}


def _reply(completion: Any, seconds: float, constraint: str) -> Reply:
    """What of a completion (as parsed JSON) is kept; raises TypeError when it is not made like
    one."""
    choice, message = _message(completion)
    refusal = message.get("refusal") or ""
    call: dict[str, Any] = {
        "finish": _text(choice.get("finish_reason")),
        "seconds": seconds,
    }
    if constraint:
        call["constraint"] = constraint
    if refusal:
        call["refused"] = True
    return Reply(
        text=_text(message.get("content") or refusal),
        call=call,
        model_returned=_text(completion.get("model")),
        system_fingerprint=_text(completion.get("system_fingerprint")),
    )


def _message(completion: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first choice of a completion, and its message."""
    choices = completion.get("choices") if isinstance(completion, dict) else None
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise TypeError("the answer holds no message")
    return choice, message


def _text(said: Any) -> str:
    """A server may send anything where a text belongs."""
    if said is not None and not isinstance(said, str):
        raise TypeError(f"a {type(said).__name__} stands where a text belongs")
    return storable(said or "")


def _garbage(endpoint: Endpoint, detail: str) -> RespondentError:
    return RespondentError(
        "garbage",
        f"{endpoint.name} answered something that is no chat completion ({detail[:200]})",
        retryable=True,
    )


def _explained(error: openai.OpenAIError, endpoint: Endpoint, key: str) -> RespondentError:
    """The failure in words, with what would mend it; the key does not occur in what is quoted."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, RespondentError):  # raised by our own look at the address
            return cause
        cause = cause.__cause__
    if isinstance(error, openai.APITimeoutError):
        return RespondentError(
            "timeout",
            f"no answer from {endpoint.name} within {endpoint.timeout_seconds} s "
            f"({endpoint.max_retries} retries); raise the endpoint's time limit if that is usual",
            retryable=True,
        )
    if isinstance(error, openai.APIConnectionError):
        # The type only: what a cause says may quote the headers, and the key with them.
        return RespondentError(
            "connection",
            f"{endpoint.name} at {endpoint.base_url} cannot be reached "
            f"({type(error.__cause__ or error).__name__}); is the server running?",
            retryable=True,
        )
    if isinstance(error, openai.APIStatusError):
        return _explained_status(error, endpoint, key)
    return _garbage(endpoint, str(error))


def _explained_status(
    error: openai.APIStatusError, endpoint: Endpoint, key: str
) -> RespondentError:
    status = error.status_code
    said = _quoted(error).replace(key, "[key]")
    if status in (401, 403):
        variable = endpoint.key_variable or "no key variable"
        return RespondentError(
            "key", f"{endpoint.name} refused the key ({variable}): {said}", stops_run=True
        )
    if status == 404:
        return RespondentError(
            "not found",
            f"{endpoint.name} knows no model {endpoint.model!r} at {endpoint.base_url}: {said}",
            stops_run=True,
        )
    if status == 429:
        return RespondentError(
            "rate limit",
            f"{endpoint.name} asks to slow down, also after {endpoint.max_retries} retries: {said}",
            retryable=True,
            retry_after=_retry_after(error),
        )
    if status in (408, 409) or status >= 500:
        return RespondentError(
            "server",
            f"{endpoint.name} failed with status {status}: {said}",
            retryable=True,
            retry_after=_retry_after(error),
        )
    if 300 <= status < 400:
        return RespondentError(
            "redirect",
            f"{endpoint.name} redirects elsewhere, which is not followed; give the final address",
            stops_run=True,
        )
    return RespondentError(
        "request", f"{endpoint.name} refused the question with status {status}: {said}"
    )


def _retry_after(error: openai.APIStatusError) -> float:
    """Seconds the endpoint asks to wait, at most an hour; 0 when it does not say."""
    said = error.response.headers.get("retry-after", "")
    try:
        seconds = float(said)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(said).timestamp() - time.time()
        except ValueError:
            return 0.0
    return min(max(seconds, 0.0), LONGEST_REST) if math.isfinite(seconds) else 0.0


def _quoted(error: openai.APIStatusError) -> str:
    body = error.body
    message = body.get("message") if isinstance(body, dict) else None
    return " ".join(str(message or error.message).split())[:300]
