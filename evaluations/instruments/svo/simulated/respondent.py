"""The simulated respondent of this kind: a seeded chooser with a known SVO angle and known noise.

It is a scientific instrument as well as a demonstration: scoring its trials must give back the
angle that was put in (`Chooser` says how it is calibrated).
"""

from collections.abc import Mapping
from typing import Any

from evaluations.instruments.conversation import Ask
from evaluations.instruments.svo import (
    Allocation,
    Chooser,
    Measure,
    Orientation,
    ideal_set,
    reachable_expectations,
    simulated_answer,
)
from evaluations.instruments.svo.simulated.in_languages import talk_of

DEFAULT_NOISE = 2.0
"""Coins: an option two coins of utility better is chosen e times as often."""

TALK = {
    "induction": "Such a person looks at what each side would get and chooses by their values.",
    "task": "Understood. From now on I answer as this person.",
    "goal": "I aim for the division that fits the values of this person best.",
}
"""What is said before the items; it tells nothing about the angle."""


class SimulatedChooser:
    """*parameters*: ``angle`` in degrees, or one angle per target value as an object; ``noise`` in
    coins; ``seed``, which makes another person of the same kind.

    Raises ValueError or TypeError when a parameter is missing or out of reach.
    """

    def __init__(self, parameters: Mapping[str, Any], measure: Measure) -> None:
        noise = float(parameters.get("noise", DEFAULT_NOISE))
        self.seed = int(parameters.get("seed", 0))
        self.choosers = {
            target: Chooser(degrees, noise, measure)
            for target, degrees in _angles(parameters).items()
        }

    def answer(self, ask: Ask, target: str, seed: int) -> str:
        if ask.item_number is None:
            return (talk_of(ask.language) or TALK)[ask.step]
        chooser = self.choosers.get(target)
        if chooser is None:
            raise ValueError(f"has no angle for the target value {target!r}")
        return simulated_answer(
            chooser,
            ask.item_number,
            f"{self.seed}/{seed}",
            order=tuple(option.number for option in ask.options),
            allocations=tuple(
                Allocation(option.offers["self"], option.offers["other"]) for option in ask.options
            ),
            styles=("bare",) if ask.constrained else (),
            language=ask.language,
        ).text


def _angles(parameters: Mapping[str, Any]) -> dict[str, float]:
    """The angle for each target value; '' is the baseline."""
    angle = parameters.get("angle")
    if isinstance(angle, Mapping):
        return {str(target): float(degrees) for target, degrees in angle.items()}
    if angle is None:
        raise ValueError("the parameter 'angle' (degrees) is missing")
    return dict.fromkeys([*(value.value for value in Orientation), ""], float(angle))


def ideal_angles(noise: float) -> dict[str, float]:
    """One angle per target value for a respondent that does as it is told: the middle of the
    target's ideal set, or the nearest angle that a chooser with this noise can have."""
    low, high = reachable_expectations(noise)
    return {target.value: min(max(sum(ideal_set(target)) / 2, low), high) for target in Orientation}
