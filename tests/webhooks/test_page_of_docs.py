"""The receiver on the page about webhooks checks what is sent, as it stands there."""

import re
import threading
from http.server import ThreadingHTTPServer

import pytest

from evaluations.background.happened import Event, emit
from tests.conftest import PROJECT
from webhooks import receivers
from webhooks.delivering import deliver
from webhooks.models import RESTS, Delivery
from webhooks.sending import DEADLINE, NotArrived, send

PAGE = (PROJECT / "docs" / "webhooks.md").read_text("utf-8")


@pytest.fixture
def documented():
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    found: dict = {}
    exec(compile(code, "docs/webhooks.md", "exec"), found)
    found["Receiver"].log_message = lambda *args: None
    server = ThreadingHTTPServer(("127.0.0.1", 0), found["Receiver"])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield found, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_it_takes_what_is_signed_and_nothing_else(cast, documented):
    found, url = documented
    receiver = receivers.add(cast.project, cast.researcher, url, list(Event))
    found["SECRET"] = receivers.secret_for(receiver)
    emit(cast.project, Event.RUN_FINISHED, run={"id": 1})
    delivery = Delivery.objects.get()
    assert deliver(delivery.pk)
    assert found["SEEN"] == {f"msg_{delivery.message.key.hex}"}
    forged = {"webhook-id": "a", "webhook-timestamp": "0", "webhook-signature": "v1,AAAA"}
    with pytest.raises(NotArrived, match="401"):
        send(url, forged, b"{}")


@pytest.mark.parametrize("kind", Event.values)
def test_every_kind_is_described(kind):
    assert f"| `{kind}` |" in PAGE


def test_times_are_what_they_are():
    assert f"{DEADLINE:.0f} seconds" in PAGE
    assert [rest.total_seconds() for rest in RESTS][:8] == [
        *(10, 60, 300, 1200, 3600, 7200, 14400, 28800)
    ]
