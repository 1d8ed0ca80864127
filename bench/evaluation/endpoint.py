"""A loopback OpenAI-compatible endpoint with set latency and faults, for the benches.

`python -m bench.evaluation.endpoint` prints its port and serves until its standard input closes.
Only the standard library and as little work a call as possible, so that what is measured is the
caller. What it answers and which calls go wrong depend on the call and the seed alone, never on
the order of calls. It counts from outside what a caller could hide: calls at once, and how often
each question was answered well.
"""

import asyncio
import hashlib
import json
import resource
import socket
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

FAULTS = (
    *("429", "500", "cut", "hang", "drip", "empty body", "empty text", "garbage"),
    *("refusal", "filtered"),
)
ANSWERED_WELL = ("good", "refusal", "filtered")
THOUGHT = "Option B leaves more for me, and option C more for the other. I weigh both."
REASONING_TOKENS = len(THOUGHT) // 4
PROSE = (
    "Yes, I know this value system well. A person who holds it weighs what an allocation means "
    "for themselves and for the other, and acts on that steadily, in small things as in large ones."
)
REFUSAL = "I'm sorry, but I can't help with that request."
REASONS = {200: "OK", 404: "Not Found", 429: "Too Many Requests", 500: "Internal Server Error"}


@dataclass
class Behaviour:
    """How the endpoint behaves: seconds, and the share of calls that go wrong."""

    latency: float = 0.2
    fault_share: float = 0.0
    hang: float = 30.0
    retry_after: int = 1
    seed: int = 1


@dataclass
class Counts:
    """What was seen since the last `POST /behaviour`."""

    calls: int = 0
    at_once: int = 0
    most_at_once: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    asked: Counter[bytes] = field(default_factory=Counter)
    answered_well: Counter[tuple[int, bytes]] = field(default_factory=Counter)

    def repeats(self) -> dict[int, int]:
        """By conversation (its seed): how often a question was asked again after a good answer."""
        found: Counter[int] = Counter()
        for (conversation, _), times in self.answered_well.items():
            found[conversation] += times - 1
        return {conversation: times for conversation, times in found.items() if times}


class Server:
    """One endpoint; `behaviour` and `counts` are replaced together."""

    def __init__(self) -> None:
        self.behaviour = Behaviour()
        self.counts = Counts()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection until either side closes it."""
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # Cancelled: the bench is over while a call hangs.
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while await self._exchange(reader, writer):
                await writer.drain()
        writer.close()
        with suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; return whether the connection may be used again."""
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_content_length(head))
        if head.startswith(b"POST /v1/chat/completions "):
            return await self._chat(body, writer)
        if head.startswith(b"POST /behaviour "):
            self.behaviour, self.counts = Behaviour(**json.loads(body)), Counts()
            writer.write(_response(200, b"{}"))
        elif head.startswith(b"GET /counts "):
            writer.write(_response(200, json.dumps(self.report()).encode()))
        else:
            writer.write(_response(404, b'{"error": {"message": "no such address"}}'))
        return True

    async def _chat(self, body: bytes, writer: asyncio.StreamWriter) -> bool:
        counts, behaviour = self.counts, self.behaviour
        counts.at_once += 1
        counts.most_at_once = max(counts.most_at_once, counts.at_once)
        try:
            question = hashlib.blake2b(body, digest_size=16).digest()
            fault = _fault(behaviour, question, counts.asked[question])
            counts.calls += 1
            counts.asked[question] += 1
            await asyncio.sleep(behaviour.hang if fault == "hang" else behaviour.latency)
            call = json.loads(body)
            outcome = fault or "good"
            counts.outcomes[outcome] += 1
            if outcome in ANSWERED_WELL:
                counts.answered_well[call["seed"], question] += 1
            if fault == "hang":
                return False
            answer = _answer(behaviour, fault, call, question)
            if fault == "drip":
                await _drip(answer, writer, behaviour.hang)
                return False
            writer.write(answer[: len(answer) // 2] if fault == "cut" else answer)
            return fault != "cut"
        finally:
            counts.at_once -= 1

    def report(self) -> dict[str, Any]:
        counts, used = self.counts, resource.getrusage(resource.RUSAGE_SELF)
        return {
            "calls": counts.calls,
            "questions": len(counts.asked),
            "most_at_once": counts.most_at_once,
            "outcomes": counts.outcomes,
            "repeats": counts.repeats(),
            "cpu_seconds": used.ru_utime + used.ru_stime,
            "behaviour": asdict(self.behaviour),
        }


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _fault(behaviour: Behaviour, question: bytes, times_before: int) -> str | None:
    """What goes wrong with this call, drawn from the seed, the question and how often it came."""
    words = f"{behaviour.seed}/{times_before}/".encode() + question
    draw = int.from_bytes(hashlib.blake2b(words, digest_size=8).digest()) / 2**64
    if draw >= behaviour.fault_share:
        return None
    return FAULTS[int(draw / behaviour.fault_share * len(FAULTS))]


def _answer(behaviour: Behaviour, fault: str | None, call: Any, question: bytes) -> bytes:
    if fault == "429":
        waiting = f"Retry-After: {behaviour.retry_after}\r\n"
        return _response(429, b'{"error": {"message": "slow down"}}', waiting)
    if fault == "500":
        return _response(500, b'{"error": {"message": "something broke"}}')
    if fault == "empty body":
        return _response(200, b"")
    if fault == "garbage":
        return _response(200, b'{"id": "chatcmpl-1", "choices": [{"mess')
    text = {"empty text": "", "refusal": REFUSAL}.get(fault or "", _text(call, question))
    # Half of the questions are thought about first, some aloud and some beside the answer.
    thinks = question[1] % 2 and fault not in ("empty text", "refusal")
    completion = _completion(call, text, REASONING_TOKENS if thinks else 0)
    choice = completion["choices"][0]
    if thinks and question[1] % 4 == 1:
        choice["message"]["reasoning_content"] = THOUGHT
    elif thinks:
        choice["message"]["content"] = f"<think>\n{THOUGHT}\n</think>\n\n{text}"
    if fault == "filtered":
        choice["finish_reason"] = "content_filter"
    return _response(200, json.dumps(completion).encode())


async def _drip(answer: bytes, writer: asyncio.StreamWriter, seconds: float) -> None:
    """Send an answer so slowly that it takes *seconds*, a byte or some at a time."""
    pieces = max(1, round(seconds / 0.5))
    size = -(-len(answer) // pieces)
    for start in range(0, len(answer), size):
        writer.write(answer[start : start + size])
        await writer.drain()
        await asyncio.sleep(0.5)


def _text(call: Any, question: bytes) -> str:
    """Prose for induction, task and goal, then a choice that the question alone decides."""
    answers = sum(message["role"] == "assistant" for message in call["messages"])
    return PROSE if answers < 3 else f"My choice is option {'ABCDEFGHI'[question[0] % 9]}."


def _completion(call: Any, text: str, reasoning: int) -> dict[str, Any]:
    asked = sum(len(message["content"]) for message in call["messages"]) // 4
    answered = max(1, len(text) // 4) + reasoning
    return {
        "id": "chatcmpl-bench",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": f"{call['model']}-2024-01-01",
        "system_fingerprint": "fp_bench",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": text, "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {
            "prompt_tokens": asked,
            "completion_tokens": answered,
            "total_tokens": asked + answered,
            "completion_tokens_details": {"reasoning_tokens": reasoning},
        },
    }


def _response(status: int, body: bytes, headers: str = "") -> bytes:
    head = (
        f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode() + body


async def main() -> None:
    server = await asyncio.start_server(Server().serve, "127.0.0.1", 0, backlog=1024, limit=2**20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
