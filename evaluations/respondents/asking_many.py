"""Asking a model about what was stored: many questions, none of which waits for another.

The endpoint's concurrency, limits, retries and key policy hold as they do for trials. Each answer
is kept when it comes, in one transaction; what got none is simply asked again the next time.
"""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Generic, TypeVar

from asgiref.sync import async_to_sync, sync_to_async

from evaluations.background import ending
from evaluations.models import Endpoint
from evaluations.respondents.accounts import Account
from evaluations.respondents.asking import Desk
from evaluations.respondents.chat.words import word_of
from evaluations.respondents.endpoints import respondent_of
from evaluations.respondents.limiter import Limiter, Limits, reserve
from evaluations.respondents.respondent import Reply, Request, Respondent, RespondentError

INVALID_IN_A_ROW = 3
"""After so many answers in a row that are none of the words, it is asked once in other words."""

FAILURES_IN_A_ROW = 10
"""After so many questions without any answer between them the rest is not asked."""

WATCH_SECONDS = 1.0
"""Between two looks at whether somebody wants it ended."""


Key = TypeVar("Key")


@dataclass
class Inquiry(Generic[Key]):
    """Questions to one endpoint. `question` builds the request of a key (the id of a row), `keep`
    stores its reply and returns what it came to in a word; both may use the database. `watch` is
    called every second and says why to end now, with the questions under way unanswered; '' is go
    on. `account` pays for the calls.

    Afterwards `kept` counts those words, `problems` why questions got no answer, and `stopped` says
    why the rest was not asked.
    """

    endpoint: Endpoint
    question: Callable[[Key], Request]
    keep: Callable[[Key, Reply], str]
    report: Callable[[str], None] = lambda outcome: None
    respondent: Respondent | None = None
    watch: Callable[[], str] = ending.why
    account: Account[Key] = field(default_factory=Account)
    kept: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    stopped: str = ""
    _failures: int = 0
    _invalid: list[tuple[Key, Reply]] = field(default_factory=list)
    _plainly: bool = False
    _takes_constraint: bool = True

    def ask(self, keys: Sequence[Key]) -> None:
        """Ask about all *keys*; blocks. Raises ValueError when nobody can answer there."""
        self.check()
        async_to_sync(self._ask_all)(iter(keys))

    def check(self) -> None:
        """Raise ValueError when nobody can answer at the endpoint."""
        if self.endpoint.kind != Endpoint.Kind.OPENAI:
            raise ValueError(
                f"{self.endpoint.name} is a {self.endpoint.get_kind_display()}: name an endpoint "
                "with a model that can be asked"
            )

    async def _ask_all(self, keys: Iterator[Key]) -> None:
        try:
            respondent = self.respondent or await _db(respondent_of)(self.endpoint)
        except RespondentError as error:
            self.stopped = str(error)
            return
        limits = Limits.of(self.endpoint)
        limiter = Limiter(limits, _db(partial(reserve, self.endpoint.pk, limits)))
        desk = Desk(self.endpoint, respondent, limiter)
        clerks = [
            asyncio.create_task(self._clerk(desk, keys)) for _ in range(self.endpoint.concurrency)
        ]
        try:
            await self._see_to(clerks)
            waiting, self._invalid = self._invalid, []
            for one in waiting if not self.stopped else ():
                await self._keep(*one)
        finally:
            for clerk in clerks:
                clerk.cancel()
            await asyncio.gather(*clerks, return_exceptions=True)
            await desk.close()

    async def _see_to(self, clerks: Sequence[asyncio.Task[None]]) -> None:
        """Wait until all have done their part, or somebody wants it ended."""
        at_work: set[asyncio.Task[None]] = set(clerks)
        while at_work:
            done, at_work = await asyncio.wait(
                at_work, timeout=WATCH_SECONDS, return_when=asyncio.FIRST_EXCEPTION
            )
            for clerk in done:
                clerk.result()
            if at_work and (reason := await _db(self.watch)()):
                self.stopped = reason
                return

    async def _clerk(self, desk: Desk, keys: Iterator[Key]) -> None:
        """Ask one question after the other, until none is left or it makes no sense to go on."""
        while not self.stopped and (key := next(keys, None)) is not None:
            request = await _db(self.question)(key)
            if self._plainly:
                request = _plainer(request)
            if reply := await self._charged(desk, key, request):
                self._failures = 0
                await self._settle(desk, key, request, reply)

    async def _settle(self, desk: Desk, key: Key, request: Request, reply: Reply) -> None:
        """Keep a reply. Those that are none of the words wait for one that is: where none comes,
        they are not kept, and whoever mends the cause has them asked again."""
        if not _is_answer(request, reply):
            self._invalid.append((key, reply))
            if len(self._invalid) < INVALID_IN_A_ROW:
                return
            again = await self._in_other_words(desk, key, request)
            if again is None or self.stopped:
                return
            _, reply = self._invalid.pop()[0], again
        waiting, self._invalid = self._invalid, []
        for one in (*waiting, (key, reply)):
            await self._keep(*one)

    async def _in_other_words(self, desk: Desk, key: Key, request: Request) -> Reply | None:
        """The reply to the same question put more plainly, which all others are from now on; None
        and the reason to stop where it is none of the words either."""
        reply = await self._charged(desk, key, _plainer(request))
        if reply is None:
            return None
        if not _is_answer(request, reply):
            self.stopped = (
                f"{len(self._invalid)} answers in a row were none of the words asked for, and "
                f"one in other words was {_shortened(reply.text)!r}: these were not stored"
            )
            self._invalid = []
            return None
        self._plainly = True
        return replace(reply, call={**reply.call, "in_other_words": True})

    async def _keep(self, key: Key, reply: Reply) -> None:
        outcome = await _db(self.keep)(key, reply)
        self.kept[outcome] += 1
        self.report(outcome)

    async def _charged(self, desk: Desk, key: Key, request: Request) -> Reply | None:
        """Ask at the expense of the account; None, told of, where it brings no reply."""
        taken, why = await self.account.take(key)
        if why:
            self.stopped = why
            return None
        reply = None
        try:
            reply = await self._asked(desk, replace(request, most_calls=taken))
        except RespondentError as error:
            self._failed(error)
        finally:
            await self.account.settle(key, taken, request.meter.take(), reply is not None)
        return reply

    async def _asked(self, desk: Desk, request: Request) -> Reply:
        """Ask for one of the words in the form the endpoint was told to take; where it refuses the
        form, the words of the question must do."""
        if self._takes_constraint:
            try:
                return await desk.ask(request)
            except RespondentError as error:
                if error.kind != "request":
                    raise
        reply = await desk.ask(replace(request, constrained=False))
        self._takes_constraint = False
        return reply

    def _failed(self, error: RespondentError) -> None:
        self.problems[f"{error.kind}: {error}"] += 1
        self._failures += 1
        if error.stops_endpoint or self._failures >= FAILURES_IN_A_ROW:
            self.stopped = str(error)


def _is_answer(request: Request, reply: Reply) -> bool:
    """Whether a reply is what was asked for: one of the words, or in the form of the request."""
    if request.reads:
        return request.reads(reply.text)
    return word_of(reply.text, request.words) is not None


def _plainer(request: Request) -> Request:
    """The same question with an order at its end that no model can take for a talk."""
    plainly = request.plainly or (
        "Your whole reply must be exactly one of these words, with nothing before or after it: "
        f"{', '.join(request.words)}."
    )
    *before, (role, text) = request.messages
    return replace(request, messages=[*before, (role, f"{text}\n\n{plainly}")])


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}..."


def settings_digest(endpoint: Endpoint, *more: str) -> str:
    """Eight characters that change when another model, or the same one otherwise, is asked."""
    settings = [endpoint.model, endpoint.base_url, endpoint.parameters, *more]
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()[:8]


def provenance(endpoint: Endpoint, reply: Reply) -> dict[str, Any]:
    """What is stored with a conclusion that rests on a model's answer."""
    return {
        "endpoint": endpoint.name,
        "model": endpoint.model,
        "model_returned": reply.model_returned,
        "system_fingerprint": reply.system_fingerprint,
        "parameters": endpoint.parameters,
        "constraint": reply.call.get("constraint", "none"),
        "call": dict(reply.call),
        "said": reply.text[:2000],
        **({"reasoning": reply.reasoning[:2000]} if reply.reasoning else {}),
    }


def _db(function: Callable) -> Callable:
    return sync_to_async(function, thread_sensitive=True)
