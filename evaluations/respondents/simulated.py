"""The simulated respondent: a labelled, seeded subject of an instrument's kind.

What its parameters mean, and which words it answers in, is the kind's affair.
"""

from typing import Any

from evaluations.instruments.base import InstrumentDefinition
from evaluations.models import Endpoint
from evaluations.respondents.respondent import Reply, Request, Respondent, RespondentError


class SimulatedRespondent(Respondent):
    """Answers as Endpoint.parameters say; raises RespondentError when the kind cannot make a
    subject of them, or when it is asked what they say nothing about."""

    def __init__(self, endpoint: Endpoint, instrument: InstrumentDefinition) -> None:
        self.name = endpoint.name
        try:
            self.subject = instrument.simulated(endpoint.parameters)
        except (TypeError, ValueError) as error:
            raise self._wrong(f": {error}") from None

    async def reply(self, request: Request) -> Reply:
        if request.ask is None:
            raise self._wrong(" answers the questions of an instrument, and no others")
        try:
            text = self.subject.answer(request.ask, request.target, request.seed)
        except ValueError as error:
            raise self._wrong(f" {error}") from None
        call: dict[str, Any] = {"finish": "stop", "seconds": 0.0, "retries": 0}
        if request.ask.constrained:
            call["constraint"] = "letter"
        return Reply(text, call, model_returned=self.name)

    def _wrong(self, problem: str) -> RespondentError:
        return RespondentError("parameters", f"{self.name}{problem}", stops_endpoint=True)
