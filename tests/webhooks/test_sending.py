"""One message to real receivers, good and bad."""

import socket

import pytest

from evaluations.respondents import key_policy
from tests.webhooks.receiving import status
from webhooks.sending import NotArrived, check, send


def hold(server):
    """Take the message and say nothing until the test is over."""
    return lambda handler: server.released.wait(30)


def drip(server):
    """Answer a byte at a time: no single wait is long, all together never end."""

    def answer(handler):
        while not server.released.wait(0.05):
            handler.wfile.write(b"H")
            handler.wfile.flush()

    return answer


def test_what_is_sent_arrives(server):
    assert send(server.url, {"webhook-id": "msg_1"}, b"{}") == 204
    headers, body = server.came[0]
    assert (headers["webhook-id"], body) == ("msg_1", b"{}")


@pytest.mark.parametrize("code", [400, 404, 410, 429, 500, 503])
def test_an_answer_that_is_no_success_is_named(server, code):
    server.answer = status(code)
    with pytest.raises(NotArrived, match=f"status {code}") as found:
        send(server.url, {}, b"{}")
    assert found.value.status == code


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(server, code):
    server.answer = status(code, location=server.url)
    with pytest.raises(NotArrived, match="not followed"):
        send(server.url, {}, b"{}")
    assert len(server.came) == 1


@pytest.mark.parametrize("way", [hold, drip])
def test_a_slow_receiver_is_left_when_the_time_is_over(server, way):
    server.answer = way(server)
    with pytest.raises(NotArrived, match="no answer within"):
        send(server.url, {}, b"{}", deadline=0.3)


def test_nobody_there_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # not listening: refused
        with pytest.raises(NotArrived, match="cannot be reached"):
            send(f"http://127.0.0.1:{taken.getsockname()[1]}/", {}, b"{}")


def test_an_answer_that_is_no_http_is_named(server):
    server.answer = lambda handler: handler.wfile.write(b"hello\r\n\r\n")
    with pytest.raises(NotArrived):
        send(server.url, {}, b"{}")


def test_a_private_address_is_not_called(server, settings):
    settings.LLM_ALLOW_PRIVATE_ADDRESSES = False
    with pytest.raises(NotArrived, match="private address"):
        send(server.url, {}, b"{}")
    assert server.came == []


@pytest.mark.parametrize("url", ["ftp://host/x", "https://a:b@host/", "https:///x", "nothing"])
def test_an_address_that_cannot_be_called_is_refused_at_once(url):
    with pytest.raises(NotArrived):
        check(url)


def test_a_name_that_points_elsewhere_a_moment_later_leads_nowhere(server, settings, monkeypatch):
    """The name is looked up once; the connection goes to what was looked at."""
    settings.LLM_ALLOW_PRIVATE_ADDRESSES = False
    port = server.server.server_port
    asked = []
    real = socket.getaddrinfo

    def resolve(host, *args, **kwargs):
        if host != "rebinding.example":
            return real(host, *args, **kwargs)
        asked.append(host)
        address = "192.0.2.1" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(key_policy, "is_public", lambda address: address == "192.0.2.1")
    with pytest.raises(NotArrived):
        send(f"http://rebinding.example:{port}/", {}, b"{}", deadline=1)
    assert server.came == [] and len(asked) == 1
