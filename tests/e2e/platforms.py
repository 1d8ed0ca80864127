"""A simulated crowd platform: a small server of its own, on another site than Valuecheck's."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PAGE = """<!doctype html><html lang="en"><head><title>Simulated platform</title></head>
<body><h1>Simulated crowd platform</h1>{inner}</body></html>"""


@dataclass
class Platform:
    """``inner``: what its page holds. ``received``: paths and fields of what was sent to it."""

    origin: str
    inner: str = ""
    received: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def show_frame(self, address: str) -> None:
        self.inner = f'<iframe title="The task" src="{address}" width="1000" height="800"></iframe>'

    def show_link(self, address: str) -> None:
        self.inner = f'<a href="{address}">Open the study</a>'


@contextmanager
def simulated_platform() -> Iterator[Platform]:
    """A platform at http://127.0.0.1:<port>; the live server is at localhost, another site."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.query:
                self._receive(parts.path, parts.query)
            self._answer(platform.inner)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._receive(self.path, self.rfile.read(length).decode())
            self._answer("<p>Simulated platform: received</p>")

        def _receive(self, path: str, raw: str) -> None:
            fields = {name: values[0] for name, values in parse_qs(raw).items()}
            platform.received.append((path, fields))

        def _answer(self, inner: str) -> None:
            body = PAGE.format(inner=inner).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    platform = Platform(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield platform
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
