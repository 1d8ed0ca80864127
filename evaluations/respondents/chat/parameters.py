"""The parameters of an endpoint that is asked by chat completions: what is known, what is sent."""

import json
import math
from collections.abc import Mapping
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

OWN_PARAMETERS = frozenset({"constraint", "send_seed"})
"""Entries of this program: how an answer is constrained (json_schema or grammar), and whether the
trial's seed is sent (true unless an endpoint rejects it)."""

CONSTRAINTS = ("json_schema", "grammar")

_NUMBER: tuple[Any, float, str] = ((int, float), -math.inf, "a number without quotes")
_TOKENS: tuple[Any, float, str] = (int, 1, "a whole number from 1, without quotes")
_KINDS = {"max_tokens": _TOKENS, "max_completion_tokens": _TOKENS} | dict.fromkeys(
    ("temperature", "top_p", "frequency_penalty", "presence_penalty"), _NUMBER
)
"""Parameter -> its types, its least value, and both in words; a plan counts with the tokens."""


def parameters_of(stored: Mapping[str, Any]) -> tuple[dict[str, Any], str, bool]:
    """What is sent with each call, how an answer is constrained, and whether the seed is sent.
    Raises RespondentError for what is not known or no value."""
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
    for name, (kinds, least, words) in _KINDS.items():
        value = stored.get(name, least)
        if isinstance(value, bool) or not isinstance(value, kinds) or value < least:
            raise RespondentError(
                "parameters",
                f"the endpoint's {name} is {json.dumps(value)}, must be {words}",
                stops_endpoint=True,
            )
    sent = {name: value for name, value in stored.items() if name in PARAMETERS}
    return sent, constraint, bool(stored.get("send_seed", True))


def constraint_of(
    kind: str, words: tuple[str, ...], arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """How the endpoint is told to answer with one of the words and nothing else."""
    if kind == "grammar":  # llama.cpp and servers built on it
        alternatives = " | ".join(json.dumps(word) for word in words)
        body = {**arguments.get("extra_body", {}), "grammar": f"root ::= {alternatives}"}
        return {"extra_body": body}
    schema = {
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
