"""What of a completion is an answer: bodies as servers send them, cut to what is looked at."""

import httpx2
import pytest

from evaluations.instruments.endings import ending_of
from evaluations.respondents.respondent import RespondentError
from tests.evaluations.respondents.servers import Server, ask, completion, said

THOUGHT = "Option B is greedy. The other gets more with C."

REASONED = {
    "DeepSeek": said("I choose C.", reasoning_content=THOUGHT),
    "vLLM": said("I choose C.", reasoning=THOUGHT, reasoning_content=None),
    "two names for one": said("I choose C.", reasoning=THOUGHT, reasoning_content=THOUGHT),
    "OpenRouter": said(
        "I choose C.",
        reasoning_details=[
            {"type": "reasoning.text", "text": THOUGHT, "signature": "EqQB"},
            {"type": "reasoning.encrypted", "data": "gAAAAABo"},
        ],
    ),
    "Mistral": said(
        [
            {"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]},
            {"type": "text", "text": "I choose C."},
        ]
    ),
    "a gateway to Claude": said(
        [
            {"type": "thinking", "thinking": THOUGHT, "signature": "EqQB"},
            {"type": "text", "text": "I choose "},
            {"type": "text", "text": "C."},
        ]
    ),
    "llama.cpp": said(f"<think>\n{THOUGHT}\n</think>\n\nI choose C."),
    "a template that opens the thought": said(f"{THOUGHT}\n</think>\n\nI choose C."),
    "gpt-oss, raw": said(
        f"<|channel|>analysis<|message|>{THOUGHT}<|channel|>final<|message|>I choose C."
    ),
}


@pytest.mark.parametrize("server", REASONED)
def test_what_a_model_thinks_is_kept_apart_from_what_it_says(server):
    reply = ask(Server(REASONED[server]))
    assert (reply.text, reply.reasoning) == ("I choose C.", THOUGHT)


@pytest.mark.parametrize(
    "answer",
    [
        said(f"<think>{THOUGHT}", finish="length"),
        said(None, finish="length", reasoning_content=THOUGHT),
        said("", finish="length", reasoning=THOUGHT),
    ],
)
def test_a_thought_that_never_ends_is_no_answer_and_is_not_asked_for_again(answer):
    server = Server(answer)
    reply = ask(server)
    assert (reply.text, reply.reasoning, len(server.requests)) == ("", THOUGHT, 1)


def test_reasoning_tokens_are_counted_with_the_others():
    used = {
        "prompt_tokens": 9,
        "completion_tokens": 40,
        "completion_tokens_details": {"reasoning_tokens": 36},
        "prompt_tokens_details": {"cached_tokens": 8},
    }
    assert ask(Server(completion(usage=used))).call["usage"] == {
        "prompt_tokens": 9,
        "completion_tokens": 40,
        "reasoning_tokens": 36,
        "cached_tokens": 8,
    }


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        (said("I choose", finish="length"), "length"),
        (said("I choose A", finish="content_filter"), "content_filter"),
        (said("I choose A", finish="SAFETY"), "content_filter"),
        (said("", finish="content_filter"), "content_filter"),
        (said("I choose", finish="error"), "error"),
        (said(None, refusal="I cannot help with that."), "refusal"),
        (
            said(None, finish="stop", tool_calls=[{"function": {"name": "search"}}]),
            "tool_calls",
        ),
    ],
)
def test_how_a_call_ended_is_kept_and_nothing_is_asked_again(answer, ending):
    server = Server(answer)
    assert (ending_of(ask(server).call), len(server.requests)) == (ending, 1)


def test_a_question_that_a_filter_keeps_back_is_an_answer_that_was_filtered(httpx_400):
    server = Server(httpx_400)
    reply = ask(server)
    assert (reply.text, ending_of(reply.call)) == ("", "content_filter")
    assert "content management policy" in reply.call["note"]
    assert (reply.call["retries"], len(server.requests)) == (0, 1)


@pytest.fixture
def httpx_400():
    """As Azure words it."""
    words = "The response was filtered due to the prompt triggering Azure OpenAI's content "
    error = {"message": f"{words}management policy.", "code": "content_filter", "status": 400}
    return httpx2.Response(400, json={"error": error})


@pytest.mark.parametrize(
    ("error", "kind", "stops"),
    [
        ({"message": "Provider returned error", "code": 502}, "server", False),
        ({"message": "Rate limit exceeded: free", "code": 429}, "rate limit", False),
        ({"message": "Insufficient credits", "code": 402}, "quota", True),
        ({"message": "No auth credentials found", "code": 401}, "key", True),
        ("model 'small' not loaded", "server", False),
    ],
)
def test_an_error_under_a_good_status_is_an_error(error, kind, stops):
    with pytest.raises(RespondentError) as caught:
        ask(Server(httpx2.Response(200, json={"error": error})))
    assert (caught.value.kind, caught.value.stops_endpoint) == (kind, stops)
    words = error["message"] if isinstance(error, dict) else error
    assert words in str(caught.value)


def test_an_error_after_nothing_was_said_is_none_of_the_models_words():
    with pytest.raises(RespondentError, match="broke off before it answered") as caught:
        ask(Server(said("", finish="error")))
    assert caught.value.retryable


def test_a_web_page_names_the_address_and_its_beginning():
    page = httpx2.Response(200, text="<!doctype html><title>Ollama is running</title>")
    with pytest.raises(RespondentError, match="Ollama is running") as caught:
        ask(Server(page))
    assert "http://127.0.0.1:9/v1/chat/completions" in str(caught.value)
    assert caught.value.stops_endpoint


@pytest.mark.parametrize(
    "refusal",
    [
        httpx2.Response(402, json={"error": {"message": "Insufficient Balance"}}),
        httpx2.Response(
            429,
            json={"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}},
        ),
    ],
)
def test_where_nothing_is_left_to_pay_with_nothing_is_asked_again(refusal):
    server = Server(refusal)
    with pytest.raises(RespondentError, match=r"nothing left to pay with: (You|Insuff)") as caught:
        ask(server)
    assert caught.value.stops_endpoint and len(server.requests) == 1
