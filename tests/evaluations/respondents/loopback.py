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
from typing import Any

THOUGHT = "Option B is greedy, so I had better say C."
NO_MODEL = "The model `gone-1` has been deprecated."
DRIP_SECONDS = 0.2


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


BEHAVIOURS = {"thinking": thinking, "dead": dead, "dripping": dripping}
