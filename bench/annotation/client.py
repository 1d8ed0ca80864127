"""The load generator: a crowd of raters over real HTTP, in a process of its own.

Hand-written HTTP/1.1 on asyncio streams, because a comfortable client would take half a core from
the server it measures. It knows as much of a page as `find` tells it.

Reads a `Plan` as one line of JSON, signs nobody in (the plan brings sessions), lets every rater
open the judging page, prints `ready`, waits for a line, judges, and prints what happened as JSON.
A second line sends everybody home after the judgment they are at.
"""

import asyncio
import json
import random
import resource
import sys
import time
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

LABELS = ("prosocial", "individualistic", "altruistic", "competitive", "unclear", "refusal")
WEIGHTS = (70, 12, 6, 6, 4, 2)
"""What raters say, and how often: as in a study in which most items find a consensus."""

SEND_AGAIN_AFTER, GIVE_UP_AFTER = 0.05, 120
"""Seconds until a rater sends a form again that was not answered, and until they stop trying."""


@dataclass(frozen=True)
class Plan:
    """What the crowd does.

    sessions: session keys, one a rater. cycles: judgments each of them sends, None until no item
    is left or the crowd is sent home. judging: False for the reference view, which asks nothing.
    """

    port: int
    path: str
    session_cookie: str
    csrf_cookie: str
    sessions: list[str]
    cycles: int | None
    judging: bool = True


@dataclass
class Outcome:
    """What happened. acknowledged: (assignment, label) the server said it keeps. errors: answers
    that were an error, and connections that broke, by name. milliseconds: one a judgment.
    unfinished: raters who gave up."""

    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    not_kept: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    milliseconds: list[float] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    unfinished: int = 0

    def error(self, name: str) -> None:
        self.errors[name] = self.errors.get(name, 0) + 1


class Refused(Exception):
    """The server gave no answer, or an error that sending again would not mend."""


class Connection:
    """One kept-alive connection; opened when it is needed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.writer: asyncio.StreamWriter | None = None

    async def exchange(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Send a request; status, head and body of the answer."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = _between(head.lower(), b"content-length: ", b"\r\n")
        body = await self.reader.readexactly(int(length))
        return int(head[9:12]), head, body

    def close(self) -> None:
        if self.writer is not None:
            self.writer.close()
            self.writer = None


class Rater:
    """One person at one browser."""

    def __init__(self, plan: Plan, session: str, outcome: Outcome) -> None:
        self.plan, self.outcome = plan, outcome
        self.connection = Connection(plan.port)
        self.cookies = f"{plan.session_cookie}={session}"
        self.chance = random.Random(session)
        self.form: dict[str, str] = {}

    async def sit_down(self) -> None:
        """Open the judging page and read the first form."""
        head, page = await self._answered(self._request("GET"))
        if token := _between(head, f"{self.plan.csrf_cookie}=".encode(), b";"):
            self.cookies += f"; {self.plan.csrf_cookie}={token.decode()}"
        self.form = form_on(page)

    async def judge(self) -> None:
        """Send the form and read the next one; stays at it until the server has answered."""
        (label,) = self.chance.choices(LABELS, WEIGHTS)
        sent = {**self.form, "label": label, "confidence": "4"}
        request = self._request("POST", urlencode(sent).encode())
        begun = time.perf_counter()
        _, page = await self._answered(request)
        self.outcome.milliseconds.append((time.perf_counter() - begun) * 1000)
        if page.find(b"notice--warning") >= 0:
            self.outcome.not_kept += 1
        else:
            self.outcome.acknowledged.append((int(sent["assignment"]), label))
        self.form = form_on(page)

    async def insert(self) -> None:
        """One exchange with the reference view."""
        begun = time.perf_counter()
        await self._answered(self._request("POST", b"said=this"))
        self.outcome.milliseconds.append((time.perf_counter() - begun) * 1000)

    def _request(self, method: str, body: bytes = b"") -> bytes:
        host = f"127.0.0.1:{self.plan.port}"
        lines = [f"{method} {self.plan.path} HTTP/1.1", f"Host: {host}"]
        lines += ["X-Forwarded-Proto: https", f"Cookie: {self.cookies}", "Accept: text/html"]
        if method == "POST":
            lines += [f"Origin: https://{host}", "HX-Request: true", f"Content-Length: {len(body)}"]
            lines += ["Content-Type: application/x-www-form-urlencoded"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    async def _answered(self, request: bytes) -> tuple[bytes, bytes]:
        """Head and body of the answer 200, however often it has to be sent until it comes."""
        until = time.monotonic() + GIVE_UP_AFTER
        while time.monotonic() < until:
            try:
                status, head, body = await self.connection.exchange(request)
            except (OSError, EOFError):
                self.outcome.error("connection")
                self.connection.close()
            else:
                if status == 200:
                    return head, body
                self.outcome.error(str(status))
                if status < 500:
                    raise Refused(f"{status}: {head.decode()}{body[:300].decode()}")
            await asyncio.sleep(SEND_AGAIN_AFTER)
        raise Refused(f"no answer within {GIVE_UP_AFTER} s")


def form_on(page: bytes) -> dict[str, str]:
    """The hidden fields of the judging form; empty when no item was left."""
    names = ("assignment", "revision", "shown_at", "csrfmiddlewaretoken")
    values = {name: _between(page, f'name="{name}" value="'.encode(), b'"') for name in names}
    return {name: value.decode() for name, value in values.items()} if values["assignment"] else {}


def _between(text: bytes, before: bytes, after: bytes) -> bytes:
    start = text.find(before)
    if start < 0:
        return b""
    start += len(before)
    return text[start : text.find(after, start)]


async def _work(rater: Rater, plan: Plan, home_time: asyncio.Event) -> None:
    done = 0
    while done != plan.cycles and not home_time.is_set() and (rater.form or not plan.judging):
        await (rater.judge() if plan.judging else rater.insert())
        done += 1


async def run(plan: Plan) -> Outcome:
    outcome, home_time = Outcome(), asyncio.Event()
    raters = [Rater(plan, session, outcome) for session in plan.sessions]
    if plan.judging:
        await asyncio.gather(*(rater.sit_down() for rater in raters))
    print("ready", flush=True)
    sys.stdin.readline()
    _set_when_told(home_time)
    begun, used = time.perf_counter(), _cpu_seconds()
    work = (_work(rater, plan, home_time) for rater in raters)
    ends = await asyncio.gather(*work, return_exceptions=True)
    outcome.seconds = time.perf_counter() - begun
    outcome.cpu_seconds = _cpu_seconds() - used
    for end in filter(None, ends):
        print(f"a rater gave up: {end!r}", file=sys.stderr)
        outcome.unfinished += 1
    return outcome


def _set_when_told(event: asyncio.Event) -> None:
    """Set the event when something arrives on standard input."""
    loop = asyncio.get_running_loop()

    def told() -> None:
        loop.remove_reader(sys.stdin)
        event.set()

    loop.add_reader(sys.stdin, told)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(run(Plan(**json.loads(sys.stdin.readline())))))))
