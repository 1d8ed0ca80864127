import asyncio
import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest

from evaluations.models import Endpoint
from evaluations.respondents import key_policy, llm
from evaluations.respondents.llm import ModelRespondent
from evaluations.respondents.respondent import Request, RespondentError
from tests.evaluations.respondents.servers import LETTERS, Server, ask, completion

SECRET = "sk-very-secret"


def test_a_reply_carries_what_a_trial_must_record():
    reply = ask(Server(completion()))
    assert (reply.text, reply.model_returned) == ("Option C.", "small-2026-01-01")
    assert reply.system_fingerprint == "fp_1"
    assert reply.call["usage"] == {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    assert (reply.call["finish"], reply.call["retries"]) == ("stop", 0)
    assert reply.call["seconds"] >= 0


def test_the_whole_conversation_the_seed_and_the_parameters_are_sent():
    server = Server(completion())
    ask(server, parameters={"temperature": 0.1, "max_tokens": 50})
    assert server.bodies == [
        {
            "model": "small",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Which option?"},
            ],
            "temperature": 0.1,
            "max_tokens": 50,
            "seed": 7,
        }
    ]


def test_the_seed_can_be_left_out_for_endpoints_that_reject_it():
    server = Server(completion())
    ask(server, parameters={"send_seed": False})
    assert "seed" not in server.bodies[0]


def test_a_constrained_answer_is_asked_for_by_json_schema():
    server = Server(completion('{"choice":"C"}'))
    reply = ask(server, constrained=True)
    schema = server.bodies[0]["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["choice"]["enum"] == list(LETTERS)
    assert reply.call["constraint"] == "json_schema"


def test_a_constrained_answer_can_be_asked_for_by_grammar():
    server = Server(completion("C"))
    reply = ask(server, constrained=True, parameters={"constraint": "grammar"})
    assert server.bodies[0]["grammar"].startswith('root ::= "A" | "B"')
    assert reply.call["constraint"] == "grammar"


def test_a_free_answer_is_not_constrained():
    server = Server(completion())
    assert "constraint" not in ask(server).call
    assert "response_format" not in server.bodies[0]


def test_failures_are_retried_and_counted(quick_retries):
    server = Server(httpx2.Response(500), httpx2.ConnectError("cut"), completion())
    assert ask(server).call["retries"] == 2


def test_retry_after_is_honoured(quick_retries):
    ask(Server(httpx2.Response(429, headers={"Retry-After": "3"}), completion()))
    assert quick_retries == [3]


@pytest.mark.parametrize(
    ("answer", "kind", "retryable", "words"),
    [
        (httpx2.Response(429), "rate limit", True, "asks to slow down, also after 2 retries"),
        (httpx2.Response(503), "server", True, "failed with status 503"),
        (httpx2.ReadTimeout("slow"), "timeout", True, "no whole answer from lab within 9 s"),
        (httpx2.ConnectError("refused"), "connection", True, "cannot be reached"),
        (httpx2.Response(200, text="pong"), "garbage", True, "no chat completion .* with 'pong'"),
        (httpx2.Response(200, json={"choices": []}), "garbage", True, "holds no message"),
        (
            httpx2.Response(400, json={"error": {"message": "bad seed"}}),
            "request",
            False,
            "bad seed",
        ),
    ],
)
def test_a_failure_says_what_happened(quick_retries, answer, kind, retryable, words):
    with pytest.raises(RespondentError, match=words) as error:
        ask(Server(answer), timeout_seconds=9)
    assert (error.value.kind, error.value.retryable) == (kind, retryable)
    assert not error.value.stops_endpoint


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (httpx2.Response(401, json={"error": {"message": "no"}}), "refused the key"),
        (httpx2.Response(404, json={"error": {"message": "no"}}), "knows no model 'small'"),
        (httpx2.Response(302, headers={"Location": "http://evil.net/"}), "redirects elsewhere"),
    ],
)
def test_a_failure_every_trial_would_share_stops_the_run(quick_retries, answer, words):
    with pytest.raises(RespondentError, match=words) as error:
        ask(Server(answer))
    assert error.value.stops_endpoint


def test_a_redirect_is_not_followed(quick_retries):
    server = Server(httpx2.Response(302, headers={"Location": "http://evil.net/"}))
    with pytest.raises(RespondentError):
        ask(server)
    assert {request.url.host for request in server.requests} == {"127.0.0.1"}


def test_an_empty_answer_is_asked_for_once_more():
    server = Server(completion(""), completion("B"))
    reply = ask(server)
    assert (reply.text, reply.call["empty_answers"]) == ("B", 1)


def test_an_answer_that_stays_empty_is_taken_as_it_is():
    reply = ask(Server(completion(None)))
    assert (reply.text, reply.call["empty_answers"]) == ("", 2)


def test_a_refusal_is_an_answer_and_is_marked():
    message = {"role": "assistant", "content": None, "refusal": "I will not."}
    choices = [{"index": 0, "finish_reason": "stop", "message": message}]
    reply = ask(Server(completion(choices=choices)))
    assert (reply.text, reply.call["refused"]) == ("I will not.", True)


def test_an_unknown_parameter_is_refused_before_any_call():
    server = Server(completion())
    with pytest.raises(RespondentError, match="unknown parameter 'temprature'"):
        ask(server, parameters={"temprature": 1})
    assert server.requests == []


def test_private_addresses_are_looked_at_before_every_call(settings, quick_retries):
    respondent_made = Server(completion())
    settings.LLM_ALLOW_PRIVATE_ADDRESSES = False
    with pytest.raises(RespondentError, match="private address"):
        ask(respondent_made)
    assert respondent_made.requests == []


def test_a_name_that_moves_to_a_private_address_is_not_called(monkeypatch, quick_retries):
    looked = []

    def check(url):
        looked.append(url)
        if len(looked) > 1:
            raise RespondentError("address", "it moved to a private address", stops_endpoint=True)
        return []

    monkeypatch.setattr(key_policy, "allowed_addresses", check)
    server = Server(completion())
    with pytest.raises(RespondentError, match="it moved"):
        ask(server)
    assert server.requests == []


class Pool(Server):
    """Stands in for the connections of a transport."""

    async def handle_async_request(self, request):
        return await self(request)

    async def aclose(self):
        pass


def test_a_call_goes_to_the_address_that_was_allowed(monkeypatch):
    """A name server that answers anew each time cannot slip in another one."""
    dead = httpx2.ConnectError("no way there")
    pool = Pool(dead, completion(), completion())
    monkeypatch.setattr(llm.httpx2, "AsyncHTTPTransport", lambda **_: pool)
    found = ["2001:4860::1", "8.8.8.8"]
    monkeypatch.setattr(key_policy, "allowed_addresses", lambda url: found)
    endpoint = Endpoint(name="far", model="small", base_url="https://api.example.org:8443/v1")

    async def talk():
        respondent = ModelRespondent(endpoint, llm.SpreadTransport(1))
        for _ in range(2):
            await respondent.reply(Request([("user", "Which?")], 7))
        await respondent.close()

    asyncio.run(talk())
    assert [request.url.host for request in pool.requests] == [*found, "8.8.8.8"]
    for request in pool.requests:
        assert (request.headers["host"], request.url.port) == ("api.example.org:8443", 8443)
        assert request.extensions["sni_hostname"] == "api.example.org"


@pytest.fixture
def lab_key(settings, monkeypatch):
    settings.LLM_KEY_VARIABLES = ["LAB_KEY@127.0.0.1"]
    monkeypatch.setenv("LAB_KEY", SECRET)


def test_the_key_is_sent_to_its_host_and_nothing_else_is_without_one(lab_key):
    server = Server(completion())
    ask(server, key_variable="LAB_KEY")
    ask(server)
    sent = [request.headers["authorization"] for request in server.requests]
    assert sent == [f"Bearer {SECRET}", f"Bearer {key_policy.NO_KEY}"]


def test_the_environments_own_key_is_never_taken(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    server = Server(completion())
    ask(server)
    assert SECRET not in str(server.requests[0].headers)


def test_the_key_shows_in_no_message_and_no_log(lab_key, quick_retries, caplog):
    caplog.set_level(logging.DEBUG)
    echo = httpx2.Response(400, json={"error": {"message": f"bad key {SECRET}"}})
    with pytest.raises(RespondentError, match=r"bad key \[key\]") as error:
        ask(Server(echo), key_variable="LAB_KEY")
    assert SECRET not in str(error.value)
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("2", 2), ("90", 90), ("1e9", 3600), ("-3", 0), ("nan", 0), ("soon", 0), (None, 0)],
)
def test_the_rest_an_endpoint_asks_for_outlives_the_clients_retries(header, seconds, quick_retries):
    headers = {} if header is None else {"retry-after": header}
    with pytest.raises(RespondentError, match="slow down") as error:
        ask(Server(httpx2.Response(429, headers=headers, json={"error": {"message": "slow"}})))
    assert error.value.retryable and error.value.retry_after == seconds


def test_a_rest_may_be_given_as_a_date(quick_retries):
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=100))
    with pytest.raises(RespondentError) as error:
        ask(Server(httpx2.Response(503, headers={"retry-after": when}, json={})))
    assert 60 < error.value.retry_after <= 100


def test_what_a_broken_connection_says_is_not_quoted(quick_retries):
    with pytest.raises(RespondentError, match="ConnectError") as caught:
        ask(Server(httpx2.ConnectError(f"Illegal header value 'Bearer {SECRET}'")))
    assert SECRET not in str(caught.value)


def test_texts_that_cannot_be_stored_are_mended():
    reply = ask(Server(completion("A\x00\ud800", model="m\x00", system_fingerprint="f\x00")))
    assert reply.text == "A\ufffd?"
    assert (reply.model_returned, reply.system_fingerprint) == ("m\ufffd", "f\ufffd")


@pytest.mark.parametrize(
    ("usage", "kept"),
    [
        ("many", None),
        ([1], None),
        (
            {"prompt_tokens": "7", "completion_tokens": 3, "total_tokens": 2.5},
            {"completion_tokens": 3},
        ),
        ({"prompt_tokens": 10**12, "total_tokens": True, "details": {"a": 1}}, None),
    ],
)
def test_of_the_usage_only_counts_are_kept(usage, kept):
    assert ask(Server(completion(usage=usage))).call.get("usage") == kept


@pytest.mark.parametrize(
    "changes",
    [
        {"choices": "many"},
        {"choices": {"a": 1}},
        {"choices": [None]},
        {"choices": [{"message": "A"}]},
        {"choices": [{"message": {"content": {"a": 1}}, "finish_reason": "stop"}]},
        {"model": 5},
    ],
)
def test_an_answer_of_another_make_is_garbage(quick_retries, changes):
    with pytest.raises(RespondentError, match="no chat completion") as caught:
        ask(Server(completion(**changes)))
    assert caught.value.retryable


def test_an_extra_body_that_is_no_object_is_refused():
    with pytest.raises(RespondentError, match="extra_body must be an object"):
        ask(Server(completion()), parameters={"extra_body": [1]})
