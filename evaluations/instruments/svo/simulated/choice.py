"""The simulated respondent's choices: a chooser with a known SVO angle and known noise.

Utility of an option = self * cos(phi) + other * sin(phi); the option is drawn by softmax of
utility / noise. Noise is in published coins: an option one coin of utility better is chosen
``exp(1 / noise)`` times as often.

Why phi is not the angle put in. The options of an item lie on a line, so without noise a linear
utility always takes an end of it: as phi turns, the measured angle stands still and then jumps,
and noise pulls it towards the middle. The chooser is therefore *calibrated*: its internal angle
phi is solved so that the exact expected measured angle (over all patterns and their
probabilities) equals the angle that was asked for. Scoring then recovers the angle put in without
bias, at any noise; what noise changes is the spread of single trials and the reachable range.

Reachable range: phi runs from -67.5 to 112.5 degrees, where the expected angle rises with phi. At
noise 0.5 that reaches -16.24 to 61.39 degrees, at 5 -13.4 to 58.6, at 20 0.2 to 45.2: an angle
outside is refused, since no chooser of this kind has it. Near a jump and at very low noise a
calibrated chooser mixes two patterns, so its mean is right although few single trials are near it.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from evaluations.instruments.svo.measure.items import Item
from evaluations.instruments.svo.measure.slider import SLIDER, Measure
from evaluations.instruments.svo.scoring.enumeration import angle_distribution

INTERNAL_RANGE = (-67.5, 112.5)
"""Internal angles in degrees over which the expected measured angle rises."""

MIN_NOISE = 0.01
"""Coins; below it the expected angle jumps too steeply to be solved for."""

CALIBRATION_TOLERANCE = 1e-4
"""Degrees by which the expected measured angle may differ from the angle put in."""


_NEGLIGIBLE = 1e-9


class UnreachableAngle(ValueError):
    """No chooser with this noise has the angle; the message gives the reachable range."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """A chooser whose expected measured angle is `angle` degrees, with `noise` in published coins.

    Raises ValueError when noise is below `MIN_NOISE`, UnreachableAngle for an angle out of reach.
    """

    angle: float
    noise: float
    measure: Measure = SLIDER

    def __post_init__(self) -> None:
        _calibrate(self.angle, self.noise, self.measure)

    @property
    def internal_angle(self) -> float:
        """The calibrated phi of the utility, in degrees."""
        return _calibrate(self.angle, self.noise, self.measure)

    def probabilities(self, item_number: int) -> tuple[float, ...]:
        """Return the probability of each option of a primary or secondary item, in option order."""
        return choice_probabilities(
            self.measure.item(item_number), self.internal_angle, self.noise * self.measure.unit
        )

    def choose(self, item_number: int, rng: Random) -> int:
        """Draw an option number (1 to n) for an item."""
        probabilities = self.probabilities(item_number)
        return rng.choices(range(1, len(probabilities) + 1), weights=probabilities)[0]

    def expected_angle(self) -> float:
        """Return the exact mean of the measured angle over all patterns, in degrees."""
        return expected_angle(self.internal_angle, self.noise, self.measure)

    def angle_sd(self) -> float:
        """Return the exact standard deviation of the measured angle of one trial, in degrees."""
        mean = self.expected_angle()
        weights = _weights(self.internal_angle, self.noise, self.measure)
        variance = math.fsum(
            weight * (degrees - mean) ** 2
            for degrees, weight in angle_distribution(self.measure, weights)
        )
        return math.sqrt(variance)


def choice_probabilities(item: Item, internal_angle: float, noise: float) -> tuple[float, ...]:
    """Return the softmax over an item's options; noise in the item's own payoff units."""
    toward_self = math.cos(math.radians(internal_angle))
    toward_other = math.sin(math.radians(internal_angle))
    utilities = [(p.self_ * toward_self + p.other * toward_other) / noise for p in item.options]
    best = max(utilities)
    odds = [math.exp(utility - best) for utility in utilities]
    total = math.fsum(odds)
    return tuple(odd / total for odd in odds)


def expected_angle(internal_angle: float, noise: float, measure: Measure = SLIDER) -> float:
    """Return the exact expected measured angle, in degrees, of an uncalibrated internal angle."""
    weights = _weights(internal_angle, noise, measure)
    return math.fsum(degrees * weight for degrees, weight in angle_distribution(measure, weights))


@lru_cache(maxsize=1024)
def reachable_expectations(noise: float, measure: Measure = SLIDER) -> tuple[float, float]:
    """Return the lowest and highest angle a chooser with this noise can have, in degrees."""
    if not (noise >= MIN_NOISE and math.isfinite(noise)):
        raise ValueError(
            f"noise must be a finite number of coins, {MIN_NOISE} or more, got {noise}"
        )
    low, high = (expected_angle(internal, noise, measure) for internal in INTERNAL_RANGE)
    return low, high


def _weights(internal_angle: float, noise: float, measure: Measure) -> list[tuple[float, ...]]:
    """Return the probabilities of every primary item, negligible ones as 0 to keep folding quick.

    Leaving them out moves an expected angle by less than 1e-5 degrees.
    """
    return [
        tuple(probability if probability > _NEGLIGIBLE else 0.0 for probability in row)
        for row in (
            choice_probabilities(item, internal_angle, noise * measure.unit)
            for item in measure.primary
        )
    ]


@lru_cache(maxsize=1024)
def _calibrate(angle: float, noise: float, measure: Measure) -> float:
    """Solve expected_angle(phi) = angle for phi by false position with the Illinois step."""
    low_angle, high_angle = reachable_expectations(noise, measure)
    if not low_angle <= angle <= high_angle:
        raise UnreachableAngle(
            f"a chooser with noise {noise:g} can have an angle of {low_angle:.2f} to "
            f"{high_angle:.2f} degrees, not {angle:g}: ask for one in that range or lower the noise"
        )
    low, high = INTERNAL_RANGE
    low_gap, high_gap = low_angle - angle, high_angle - angle
    side = 0
    # Ends always: from `MIN_NOISE` up the expected angle moves by far less than the tolerance
    # between neighbouring floats.
    while True:
        middle = (low * high_gap - high * low_gap) / (high_gap - low_gap)
        gap = expected_angle(middle, noise, measure) - angle
        if abs(gap) <= CALIBRATION_TOLERANCE:
            return middle
        # The Illinois step: an end that stays twice in a row has its gap halved, so that it moves.
        if gap < 0:
            low, low_gap = middle, gap
            high_gap = high_gap / 2 if side < 0 else high_gap
        else:
            high, high_gap = middle, gap
            low_gap = low_gap / 2 if side > 0 else low_gap
        side = -1 if gap < 0 else 1
