"""From an endpoint's row to the respondent behind it, and a first question to it."""

import time
from dataclasses import dataclass
from typing import Any

from asgiref.sync import async_to_sync

from evaluations.instruments.base import InstrumentDefinition
from evaluations.instruments.kinds import KINDS
from evaluations.models import Endpoint
from evaluations.respondents import replay
from evaluations.respondents.respondent import Reply, Request, Respondent, RespondentError
from evaluations.respondents.simulated import SimulatedRespondent


def respondent_of(endpoint: Endpoint, instrument: InstrumentDefinition | None = None) -> Respondent:
    """Whoever answers at *endpoint*; raises RespondentError when it is not in order.

    *instrument* is what a simulated respondent is the subject of; without one, the first kind that
    takes its parameters.
    """
    if endpoint.kind == Endpoint.Kind.SIMULATED:
        return SimulatedRespondent(endpoint, instrument or _instrument_for(endpoint))
    if endpoint.kind == Endpoint.Kind.OPENAI:
        from evaluations.respondents.llm import ModelRespondent

        return ModelRespondent(endpoint)
    if endpoint.kind == Endpoint.Kind.REPLAY:
        return replay.respondent_for(endpoint)
    raise RespondentError(
        "endpoint",
        f"{endpoint.name} holds imported conversations: there is nobody to ask",
        stops_endpoint=True,
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
    reasoning: str = ""
    seconds: float = 0.0
    model_returned: str = ""
    problem: str = ""


def _instrument_for(endpoint: Endpoint) -> InstrumentDefinition:
    """An instrument of the first kind that makes a subject of the endpoint's parameters."""
    samples = [kind.sample()[0] for kind in KINDS.values()]
    for instrument in samples:
        try:
            instrument.simulated(endpoint.parameters)
        except (TypeError, ValueError):
            continue
        return instrument
    return samples[0]  # which then says what it misses


def try_endpoint(endpoint: Endpoint) -> TryResult:
    """Ask an endpoint (saved or not) one question once; nothing is stored. Blocks."""
    started = time.monotonic()
    try:
        respondent = respondent_of(endpoint)
        reply = async_to_sync(_ask_once)(respondent, _instrument_for(endpoint))
    except RespondentError as error:
        return TryResult(False, seconds=time.monotonic() - started, problem=str(error))
    seconds = time.monotonic() - started
    return TryResult(True, reply.text, reply.reasoning, seconds, reply.model_returned)


async def _ask_once(respondent: Respondent, instrument: InstrumentDefinition) -> Reply:
    _, ask = instrument.kind.sample()
    targets = instrument.kind.targets(instrument.measure)
    try:
        return await respondent.reply(
            Request(
                messages=[(said.role, said.text) for said in ask.messages],
                seed=0,
                words=tuple(option.label for option in ask.options),
                ask=ask,
                target=targets[0].key if targets else "",
            )
        )
    finally:
        await respondent.close()
