"""Real receivers on this machine: what they were sent, and how they answer."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiving:
    """What came; `answer` gets the handler and answers, and may be exchanged at any time."""

    def __init__(self):
        self.came, self.released = [], threading.Event()
        self.answer = status(204)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def _handler(receiving):
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                receiving.came.append((dict(self.headers), body))
                receiving.answer(self)

            def log_message(self, *args):
                pass

        return Handler


def status(code, **headers):
    def answer(handler):
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("content-length", "0")
        handler.end_headers()

    return answer


@contextmanager
def receiving():
    found = Receiving()
    thread = threading.Thread(target=found.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        found.released.set()
        found.server.shutdown()
        found.server.server_close()
        thread.join()
