"""From an endpoint's row to the respondent behind it, and a first question to it."""

import time
from dataclasses import dataclass
from typing import Any

from asgiref.sync import async_to_sync

from evaluations.instruments.svo import LETTERS, SLIDER, Measure
from evaluations.models import Endpoint
from evaluations.respondents import replay
from evaluations.respondents.respondent import Reply, Request, Respondent, RespondentError
from evaluations.respondents.simulated import SimulatedRespondent


def respondent_of(endpoint: Endpoint, measure: Measure) -> Respondent:
    """Whoever answers at *endpoint*; raises RespondentError when it is not in order."""
    if endpoint.kind == Endpoint.Kind.SIMULATED:
        return SimulatedRespondent(endpoint, measure)
    if endpoint.kind == Endpoint.Kind.OPENAI:
        from evaluations.respondents.llm import ModelRespondent

        return ModelRespondent(endpoint)
    if endpoint.kind == Endpoint.Kind.REPLAY:
        return replay.respondent_for(endpoint)
    raise RespondentError(
        "endpoint",
        f"{endpoint.name} holds imported conversations: there is nobody to ask",
        stops_run=True,
    )


def parameters_used(endpoint: Endpoint) -> dict[str, Any]:
    """What is written into each trial, so that it can be read without the endpoint's row, which
    may change later. The key's variable is named, its content is nowhere."""
    return {
        **endpoint.parameters,
        "endpoint": endpoint.name,
        "kind": endpoint.kind,
        "model": endpoint.model,
        "base_url": endpoint.base_url,
        "timeout_seconds": endpoint.timeout_seconds,
        "max_retries": endpoint.max_retries,
    }


@dataclass(frozen=True)
class TryResult:
    """How one call went: the answer, or the problem in words."""

    ok: bool
    text: str = ""
    seconds: float = 0.0
    model_returned: str = ""
    problem: str = ""


def try_endpoint(endpoint: Endpoint) -> TryResult:
    """Ask an endpoint (saved or not) the first item once; nothing is stored. Blocks."""
    started = time.monotonic()
    try:
        respondent = respondent_of(endpoint, SLIDER)
        reply = async_to_sync(_ask_once)(respondent)
    except RespondentError as error:
        return TryResult(False, seconds=time.monotonic() - started, problem=str(error))
    seconds = time.monotonic() - started
    return TryResult(True, reply.text, seconds, reply.model_returned)


async def _ask_once(respondent: Respondent) -> Reply:
    item = SLIDER.primary[0]
    lines = [
        f"{letter}: you get {option.self_:g}, the other person gets {option.other:g}"
        for letter, option in zip(LETTERS, item.options, strict=True)
    ]
    question = "\n".join(["Which option do you choose?", *lines, "Answer with one letter."])
    try:
        return await respondent.reply(
            Request(
                messages=[("user", question)],
                step="item",
                seed=0,
                target_value="prosocial",
                item_number=item.number,
                letters=tuple(LETTERS),
                option_numbers=tuple(range(1, len(LETTERS) + 1)),
                allocations=item.options,
            )
        )
    finally:
        await respondent.close()
