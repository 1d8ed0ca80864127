"""The parameters of an endpoint that is asked by chat completions: what is known, what is sent."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluations.respondents.respondent import RespondentError

PARAMETERS = frozenset(
    {
        "temperature",
        "top_p",
        "max_tokens",
        "max_completion_tokens",
        "frequency_penalty",
        "presence_penalty",
        "reasoning_effort",
        "extra_body",
    }
)
"""Entries of `Endpoint.parameters` that are sent with each call as they are."""

SYSTEM_ROLES = ("system", "developer", "user")
"""What a system message is sent as; of a 'user' it opens the first message."""

_SWITCHES = {"send_seed": True, "stream": False, "send_reasoning": False}

OWN_PARAMETERS = frozenset({"constraint", "system_role", *_SWITCHES})
"""Entries of this program: how an answer is constrained (json_schema or grammar), what a system
message is sent as, and whether the trial's seed is sent (true unless an endpoint rejects it),
whether the answer is to come as a stream, and whether what the model thought goes back with what
it said, which some want."""


@dataclass(frozen=True)
class Settings:
    """What is sent with each call as it is, and how the rest of it is made."""

    sent: Mapping[str, Any]
    constraint: str
    system_role: str
    send_seed: bool
    stream: bool
    send_reasoning: bool


NOT_SENT = "not sent"
CONSTRAINTS = ("json_schema", "grammar")

_NUMBER: tuple[Any, float, str] = ((int, float), -math.inf, "a number without quotes")
_TOKENS: tuple[Any, float, str] = (int, 1, "a whole number from 1, without quotes")
_KINDS = {"max_tokens": _TOKENS, "max_completion_tokens": _TOKENS} | dict.fromkeys(
    ("temperature", "top_p", "frequency_penalty", "presence_penalty"), _NUMBER
)
"""Parameter -> its types, its least value, and both in words; a plan counts with the tokens."""


def is_value(name: str, value: Any) -> bool:
    """Whether a parameter that is sent as it is can have this value, whatever a server takes."""
    if name == "extra_body":
        return isinstance(value, Mapping)
    if name == "reasoning_effort":
        return isinstance(value, str)
    kinds, least, _ = _KINDS[name]
    return not isinstance(value, bool) and isinstance(value, kinds) and value >= least


def as_used(stored: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """What a trial says of the parameters its calls were sent with: each that is known, and
    `NOT_SENT` of what the server was left to choose."""
    said = {**stored.get("extra_body", {}), **stored}
    unsent = (name for name in sorted(PARAMETERS) if name != "extra_body" and name not in said)
    used = {**stored, **dict.fromkeys(unsent, NOT_SENT)}
    return {**used, "seed": seed if stored.get("send_seed", True) else NOT_SENT}


def parameters_of(stored: Mapping[str, Any]) -> Settings:
    """The parameters of an endpoint, looked at. Raises RespondentError for what is not known or no
    value."""
    if unknown := set(stored) - PARAMETERS - OWN_PARAMETERS:
        raise RespondentError(
            "parameters",
            f"the endpoint has the unknown parameter {min(unknown)!r}; known are "
            f"{', '.join(sorted(PARAMETERS | OWN_PARAMETERS))}",
            stops_endpoint=True,
        )
    constraint = stored.get("constraint", "json_schema")
    if constraint not in CONSTRAINTS:
        raise RespondentError(
            "parameters",
            f"the endpoint's constraint is {constraint!r}, must be {' or '.join(CONSTRAINTS)}",
            stops_endpoint=True,
        )
    if not isinstance(stored.get("extra_body", {}), Mapping):
        raise RespondentError(
            "parameters", "the endpoint's extra_body must be an object {...}", stops_endpoint=True
        )
    for name, (_, _, words) in _KINDS.items():
        if name in stored and not is_value(name, stored[name]):
            raise RespondentError(
                "parameters",
                f"the endpoint's {name} is {json.dumps(stored[name])}, must be {words}",
                stops_endpoint=True,
            )
    role = stored.get("system_role", SYSTEM_ROLES[0])
    if role not in SYSTEM_ROLES:
        raise RespondentError(
            "parameters",
            f"the endpoint's system_role is {role!r}, must be one of {', '.join(SYSTEM_ROLES)}",
            stops_endpoint=True,
        )
    sent = {name: value for name, value in stored.items() if name in PARAMETERS}
    switches = {name: bool(stored.get(name, default)) for name, default in _SWITCHES.items()}
    return Settings(sent, constraint, role, **switches)


def messages_of(
    messages: Sequence[tuple[str, str]], thoughts: Sequence[str], settings: Settings
) -> list[dict[str, str]]:
    """The messages of a call, (role, text) as the endpoint takes them; *thoughts* are what was
    thought before each, '' for nothing."""
    found: list[dict[str, str]] = []
    opening = ""
    for at, (role, text) in enumerate(messages):
        if role == "system" and settings.system_role == "user":
            opening += f"{text}\n\n"
            continue
        named = settings.system_role if role == "system" else role
        message = {"role": named, "content": f"{opening}{text}" if role == "user" else text}
        opening = "" if role == "user" else opening
        if settings.send_reasoning and at < len(thoughts) and thoughts[at]:
            message["reasoning_content"] = thoughts[at]
        found.append(message)
    return found


def constraint_of(
    kind: str,
    words: tuple[str, ...],
    arguments: Mapping[str, Any],
    form: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """How the endpoint is told to answer with one of the words and nothing else, or in JSON of a
    *form* (its schema)."""
    if kind == "grammar" and form:  # llama.cpp makes a grammar of the schema by itself
        return {"extra_body": {**arguments.get("extra_body", {}), "json_schema": form}}
    if kind == "grammar":  # llama.cpp and servers built on it
        alternatives = " | ".join(json.dumps(word) for word in words)
        body = {**arguments.get("extra_body", {}), "grammar": f"root ::= {alternatives}"}
        return {"extra_body": body}
    schema = form or {
        "type": "object",
        "properties": {"choice": {"type": "string", "enum": list(words)}},
        "required": ["choice"],
        "additionalProperties": False,
    }
    return {
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "choice", "strict": True, "schema": schema},
        }
    }
