"""From an endpoint's row to the respondent behind it, and a first question to it."""

import json
import time
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import async_to_sync

from evaluations.instruments.base import InstrumentDefinition
from evaluations.instruments.kinds import KINDS
from evaluations.models import Endpoint
from evaluations.respondents import replay
from evaluations.respondents.chat.parameters import as_used
from evaluations.respondents.chat.probing import otherwise
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


def parameters_used(endpoint: Endpoint, seed: int) -> dict[str, Any]:
    """What is written into a trial of this *seed*, so that it can be read without the endpoint's
    row, which may change later. Of a model it names what was not sent as well."""
    is_model = endpoint.kind == Endpoint.Kind.OPENAI
    sent = as_used(endpoint.parameters, seed) if is_model else endpoint.parameters | {"seed": seed}
    return {
        **sent,
        "endpoint": endpoint.name,
        "kind": endpoint.kind,
        "model": endpoint.model,
        "base_url": endpoint.base_url,
        "timeout_seconds": endpoint.timeout_seconds,
        "max_retries": endpoint.max_retries,
    }


BEFORE = [("system", "Answer in one sentence."), ("user", "Hello."), ("assistant", "Hello.")]

MOST_ADJUSTMENTS = 8
"""Things a server may refuse one after the other before it is given up."""


@dataclass(frozen=True)
class TryResult:
    """How the call went: the answer, or the problem in words. `settings` are the parameters it
    went with, `found_out` says in words how these differ from the endpoint's."""

    ok: bool
    text: str = ""
    reasoning: str = ""
    seconds: float = 0.0
    model_returned: str = ""
    problem: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    found_out: Sequence[str] = ()

    @property
    def settings_written(self) -> str:
        """The parameters as JSON, as the form of an endpoint takes them."""
        return json.dumps(self.settings, ensure_ascii=False)


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
    """Ask an endpoint (saved or not) one question; nothing is stored. Blocks.

    What a model's server says it does not take is left out or put otherwise, and it is asked again:
    so one call finds out the settings that it needs.
    """
    started, tried = time.monotonic(), copy(endpoint)
    found_out: list[str] = []
    while True:
        try:
            reply = async_to_sync(_ask_once)(respondent_of(tried), _instrument_for(tried))
            break
        except RespondentError as error:
            other = otherwise(tried.parameters, str(error)) if error.kind == "request" else None
            if other is None or len(found_out) == MOST_ADJUSTMENTS:
                return TryResult(False, seconds=time.monotonic() - started, problem=str(error))
            tried.parameters, words = other
            found_out.append(words)
    return TryResult(
        True,
        reply.text,
        reply.reasoning,
        time.monotonic() - started,
        reply.model_returned,
        settings=tried.parameters,
        found_out=found_out,
    )


async def _ask_once(respondent: Respondent, instrument: InstrumentDefinition) -> Reply:
    """Ask as a trial does in its midst: after a system message and an exchange."""
    _, ask = instrument.kind.sample()
    targets = instrument.kind.targets(instrument.measure)
    try:
        return await respondent.reply(
            Request(
                messages=[*BEFORE, *((said.role, said.text) for said in ask.messages)],
                thoughts=("", "", "They greet me."),
                seed=0,
                words=tuple(option.label for option in ask.options),
                ask=ask,
                target=targets[0].key if targets else "",
            )
        )
    finally:
        await respondent.close()
