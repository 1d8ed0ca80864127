"""What an endpoint takes is found out by trying it, and recorded with every trial."""

import json

import pytest

from evaluations.files.exporting import export_lines
from evaluations.models import Endpoint, Run, Turn
from evaluations.respondents.chat.probing import otherwise
from evaluations.respondents.chat.streams import completion_in
from evaluations.respondents.endpoints import try_endpoint
from evaluations.running.conversations import advance
from tests.evaluations.respondents.loopback import THOUGHT, loopback

FOUND_OUT = {
    "max_completion_tokens": 60,
    "send_seed": False,
    "system_role": "user",
    "stream": True,
    "send_reasoning": True,
}


@pytest.fixture(scope="module")
def servers():
    with loopback() as found:
        yield found


def endpoint_at(servers, behaviour, **fields):
    fields = {"parameters": {"temperature": 0.1, "max_tokens": 60}, "max_retries": 0} | fields
    return Endpoint(
        name=behaviour,
        kind=Endpoint.Kind.OPENAI,
        model="m",
        base_url=servers.address(behaviour),
        **fields,
    )


def test_trying_a_choosy_endpoint_finds_out_all_it_takes(servers):
    endpoint = endpoint_at(servers, "choosy")
    result = try_endpoint(endpoint)
    assert result.ok, result.problem
    assert (result.text, result.reasoning) == ("I choose option C.", THOUGHT)
    assert result.settings == FOUND_OUT
    assert len(result.found_out) == 6
    assert endpoint.parameters == {"temperature": 0.1, "max_tokens": 60}
    _, body = servers.bodies[-1]
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]
    assert body["messages"][0]["content"].startswith("Answer in one sentence.\n\nHello")


def test_what_cannot_be_put_otherwise_is_a_problem(servers):
    result = try_endpoint(endpoint_at(servers, "dead"))
    assert not result.ok and "has been deprecated" in result.problem


@pytest.mark.parametrize(
    ("parameters", "refusal", "found"),
    [
        ({"max_completion_tokens": 9}, "max_completion_tokens: Extra inputs", {"max_tokens": 9}),
        ({"top_p": 1}, "`top_p` cannot be used", {}),
        ({}, "Developer instruction is not enabled for models/gemma", {"system_role": "developer"}),
        (
            {"system_role": "developer"},
            "role 'developer' is unknown",
            {"system_role": "user"},
        ),
        ({}, "Conversation roles must alternate user/assistant/...", {"system_role": "user"}),
    ],
)
def test_a_refusal_says_what_to_ask_otherwise(parameters, refusal, found):
    assert otherwise(parameters, refusal)[0] == found


@pytest.mark.parametrize(
    ("parameters", "refusal"),
    [({}, "The prompt is too long."), ({"system_role": "user"}, "system role not supported")],
)
def test_what_names_nothing_is_left_as_it_is(parameters, refusal):
    assert otherwise(parameters, refusal) is None


def test_a_stream_that_breaks_off_is_no_answer():
    with pytest.raises(ValueError, match="broke off"):
        completion_in(b'data: {"choices": [{"delta": {"content": "I ch"}}]}\n\n')


def test_an_error_in_a_stream_is_one():
    found = completion_in(b'data: {"error": {"message": "overloaded", "code": 529}}\n\n')
    assert found["error"]["message"] == "overloaded"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("behaviour", ["choosy", "streaming"])
def test_a_run_goes_with_what_was_found_out_and_says_what_was_not_sent(
    make_run, servers, behaviour
):
    settings = FOUND_OUT if behaviour == "choosy" else {"temperature": 0.5}
    run = make_run(
        endpoint=endpoint_at(servers, behaviour, parameters=settings),
        trials_per_cell=1,
        value_places=["system"],
    )
    before = len(servers.bodies)
    advance(run)
    said = Turn.objects.filter(trial__run=run, role="assistant")
    assert set(said.values_list("text", "reasoning")) == {("I choose option C.", THOUGHT)}
    mine = [body for _, body in servers.bodies[before:]]
    used = json.loads(next(export_lines(Run.objects.filter(pk=run.pk))))["parameters"]
    if behaviour == "choosy":
        assert used["temperature"] == used["max_tokens"] == used["seed"] == "not sent"
        assert used["system_role"] == "user" and used["max_completion_tokens"] == 60
        thoughts = [one["reasoning_content"] for one in mine[-1]["messages"][1::2]]
        assert thoughts and set(thoughts) == {THOUGHT}
    else:
        assert used["temperature"] == 0.5 and isinstance(used["seed"], int)
        assert "reasoning_content" not in json.dumps(mine)
