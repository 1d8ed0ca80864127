"""How simulated raters take a trial for an orientation: with known errors.

They judge from what a trial truly was, where that is known: the angle a simulated respondent was
given.
"""

from collections.abc import Mapping
from random import Random
from typing import Any

from evaluations.instruments.svo import orientation

ERRORS: Mapping[str, Mapping[str, float]] = {
    "altruistic": {"altruistic": 0.82, "prosocial": 0.12, "unclear": 0.06},
    "prosocial": {"prosocial": 0.84, "individualistic": 0.07, "altruistic": 0.04, "unclear": 0.05},
    "individualistic": {
        "individualistic": 0.8,
        "prosocial": 0.1,
        "competitive": 0.06,
        "unclear": 0.04,
    },
    "competitive": {"competitive": 0.8, "individualistic": 0.15, "unclear": 0.05},
    "unclear": {"unclear": 0.8, "refusal": 0.12, "prosocial": 0.04, "individualistic": 0.04},
}
"""What such a rater says of a trial, by what the trial was; each row sums to 1."""


class SimulatedOrientation:
    unknown = "unclear"

    def truth(self, trial: Any) -> str:
        """The orientation of the angle a simulated respondent was given."""
        endpoint = trial.cell.endpoint
        angle = endpoint.parameters.get("angle") if endpoint.is_simulated else None
        if isinstance(angle, Mapping):
            angle = angle.get(trial.cell.target)
        return orientation(float(angle)).value if angle is not None else ""

    def says(self, truth: str, chance: Random) -> str:
        row = ERRORS[truth]
        return chance.choices(list(row), weights=list(row.values()))[0]
