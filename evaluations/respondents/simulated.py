"""The simulated respondent: a labelled, seeded chooser with a known SVO angle and known noise.

It is a scientific instrument as well as a demonstration: scoring its trials must give back the
angle that was put in (`evaluations.instruments.svo.Chooser` says how it is calibrated).
"""

from collections.abc import Mapping
from typing import Any

from evaluations.instruments.svo import (
    STYLES,
    Chooser,
    Measure,
    Orientation,
    ideal_set,
    reachable_expectations,
    simulated_answer,
)
from evaluations.models import Endpoint, ValueOrientation
from evaluations.respondents.respondent import Reply, Request, Respondent, RespondentError

DEFAULT_NOISE = 2.0
"""Coins: an option two coins of utility better is chosen e times as often."""

TALK = {
    "induction": "Such a person looks at what each side would get and chooses by their values.",
    "task": "Understood. From now on I answer as this person.",
    "goal": "I aim for the division that fits the values of this person best.",
}
"""What is said before the items; it tells nothing about the angle."""


class SimulatedRespondent(Respondent):
    """Endpoint.parameters: ``angle`` in degrees, or one angle per target value as an object;
    ``noise`` in coins; ``seed``, which makes another person of the same kind.

    Raises RespondentError when a parameter is missing or out of reach.
    """

    def __init__(self, endpoint: Endpoint, measure: Measure) -> None:
        parameters = endpoint.parameters
        try:
            noise = float(parameters.get("noise", DEFAULT_NOISE))
            self.seed = int(parameters.get("seed", 0))
            self.choosers = {
                target: Chooser(degrees, noise, measure)
                for target, degrees in _angles(parameters).items()
            }
        except (TypeError, ValueError) as error:
            raise RespondentError(
                "parameters", f"{endpoint.name}: {error}", stops_run=True
            ) from None
        self.name = endpoint.name

    async def reply(self, request: Request) -> Reply:
        call: dict[str, Any] = {"finish": "stop", "seconds": 0.0, "retries": 0}
        if request.item_number is None:
            return Reply(TALK[request.step], call, model_returned=self.name)
        chooser = self.choosers.get(request.target_value)
        if chooser is None:
            raise RespondentError(
                "parameters",
                f"{self.name} has no angle for the target value {request.target_value!r}",
                stops_run=True,
            )
        answer = simulated_answer(
            chooser,
            request.item_number,
            f"{self.seed}/{request.seed}",
            order=request.option_numbers,
            allocations=request.allocations,
            styles=("bare",) if request.constrained else STYLES,
        )
        if request.constrained:
            call["constraint"] = "letter"
        return Reply(answer.text, call, model_returned=self.name)


def _angles(parameters: Mapping[str, Any]) -> dict[str, float]:
    """The angle for each target value; '' is the baseline."""
    angle = parameters.get("angle")
    if isinstance(angle, Mapping):
        return {str(target): float(degrees) for target, degrees in angle.items()}
    if angle is None:
        raise ValueError("the parameter 'angle' (degrees) is missing")
    return dict.fromkeys([*ValueOrientation.values, ""], float(angle))


def ideal_angles(noise: float) -> dict[str, float]:
    """One angle per target value for a respondent that does as it is told: the middle of the
    target's ideal set, or the nearest angle that a chooser with this noise can have."""
    low, high = reachable_expectations(noise)
    return {target.value: min(max(sum(ideal_set(target)) / 2, low), high) for target in Orientation}
