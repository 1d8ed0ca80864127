"""Servers on this machine that behave as models' servers do, well and badly, over real HTTP.

The first part of the address says how: http://127.0.0.1:PORT/thinking/v1.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

THOUGHT = "Option B is greedy, so I had better say C."
NO_MODEL = "The model `gone-1` has been deprecated."
DRIP_SECONDS = 0.2
MAX_TOKENS = (
    "Unsupported parameter: 'max_tokens' is not supported with this model. "
    "Use 'max_completion_tokens' instead."
)
TEMPERATURE = (
    "Unsupported value: 'temperature' does not support 0.1 with this model. "
    "Only the default (1) value is supported."
)
_HICCUPS = count(1)
NOT_PASSED_BACK = "The reasoning_content in the thinking mode must be passed back to the API."


@dataclass
class Servers:
    """All of them behind one port; `asked` counts calls by behaviour, `bodies` keeps them."""

    port: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    bodies: list[tuple[str, Any]] = field(default_factory=list)

    def address(self, behaviour: str) -> str:
        return f"http://127.0.0.1:{self.port}/{behaviour}/v1"


@contextmanager
def loopback() -> Iterator[Servers]:
    """Serve until the block is left."""
    servers = Servers()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            behaviour = self.path.split("/")[1]
            servers.asked[behaviour] += 1
            servers.bodies.append((behaviour, body))
            with suppress(ConnectionError):
                BEHAVIOURS[behaviour](self, body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    servers.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield servers
    finally:
        server.shutdown()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, body: Any, drip: float = 0) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    for byte in content if drip else ():
        handler.wfile.write(bytes([byte]))
        handler.wfile.flush()
        time.sleep(drip)
    if not drip:
        handler.wfile.write(content)


def answer(text: str, finish: str = "stop", **message: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": text} | message
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": "m-2026",
        "choices": [{"index": 0, "finish_reason": finish, "message": said}],
        "usage": {
            "prompt_tokens": 20,
            "completion_tokens": 12,
            "total_tokens": 32,
            "completion_tokens_details": {"reasoning_tokens": 8},
        },
    }


def thinking(handler: BaseHTTPRequestHandler, body: Any) -> None:
    send(handler, 200, answer(f"<think>{THOUGHT}</think>I choose option C."))


def dead(handler: BaseHTTPRequestHandler, body: Any) -> None:
    send(handler, 404, {"error": {"message": NO_MODEL, "code": "model_not_found"}})


def dripping(handler: BaseHTTPRequestHandler, body: Any) -> None:
    send(handler, 200, answer("I choose option C."), drip=DRIP_SECONDS)


def choosy(handler: BaseHTTPRequestHandler, body: Any) -> None:
    """Takes nothing that today's models do not take, and says so in the words of their servers."""
    role = body["messages"][0]["role"]
    said = [message for message in body["messages"] if message["role"] == "assistant"]
    refusals = (
        ("max_tokens" in body, MAX_TOKENS),
        ("temperature" in body, TEMPERATURE),
        ("seed" in body, "Unrecognized request argument supplied: seed"),
        (role == "system", "System role not supported"),
        (not body.get("stream"), "This model only supports streaming: set stream to true."),
        (any("reasoning_content" not in message for message in said), NOT_PASSED_BACK),
    )
    refusal = next((words for is_so, words in refusals if is_so), None)
    if refusal:
        send(handler, 400, {"error": {"message": refusal}})
    else:
        streaming(handler, body)


def streaming(handler: BaseHTTPRequestHandler, body: Any) -> None:
    """Streams whether it is asked to or not."""
    deltas = [
        {"role": "assistant", "content": ""},
        {"reasoning_content": THOUGHT[:10]},
        {"reasoning_content": THOUGHT[10:]},
        {"content": "I choose "},
        {"content": "option C."},
    ]
    chunks: list[dict[str, Any]] = [
        {"model": "m-2026", "choices": [{"index": 0, "delta": delta}]} for delta in deltas
    ]
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    chunks.append({"choices": [], "usage": answer("")["usage"]})
    events = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
    send(handler, 200, (": keep-alive\n\n" + "".join(events) + "data: [DONE]\n\n").encode())


def hiccuping(handler: BaseHTTPRequestHandler, body: Any) -> None:
    """Fails two of three times, in turn of what all its callers ask."""
    if next(_HICCUPS) % 3:
        send(handler, 503, {"error": {"message": "overloaded"}})
    else:
        thinking(handler, body)


def judging(handler: BaseHTTPRequestHandler, body: Any) -> None:
    send(handler, 200, answer('{"choice": "prosocial"}'))


BEHAVIOURS = {
    "hiccuping": hiccuping,
    "judging": judging,
    "thinking": thinking,
    "dead": dead,
    "dripping": dripping,
    "choosy": choosy,
    "streaming": streaming,
}
