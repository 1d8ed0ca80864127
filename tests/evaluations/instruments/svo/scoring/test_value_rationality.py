import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.instruments.svo import (
    SLIDER,
    Orientation,
    assess,
    chance_corrected,
    chance_value_rationality,
    distance,
    hit_rate,
    ideal_set,
    max_distance,
    reachable_angles,
    value_rationality,
)
from evaluations.instruments.svo.scoring.rationality import chance_corrected_floor
from tests.support.examples import examples

TARGETS = list(Orientation)
ANGLES = st.floats(*reachable_angles())


@pytest.mark.parametrize(
    ("target", "low", "high", "farthest", "chance"),
    [
        (Orientation.ALTRUISTIC, 61.39, 61.39, 77.65, 0.50),
        (Orientation.PROSOCIAL, 37.09, 52.91, 53.35, 0.71),
        (Orientation.INDIVIDUALISTIC, -7.82, 7.82, 53.57, 0.71),
        (Orientation.COMPETITIVE, -16.26, -16.26, 77.65, 0.50),
    ],
)
def test_ideal_sets_ranges_and_chance_are_as_published(target, low, high, farthest, chance):
    assert ideal_set(target) == pytest.approx((low, high), abs=0.005)
    assert max_distance(target) == pytest.approx(farthest, abs=0.005)
    assert chance_value_rationality(target) == pytest.approx(chance, abs=0.005)


def test_chance_is_the_mean_over_every_pattern_enumerated_plainly():
    # Every 9^6 pattern one by one, without the folding of equal sums the function relies on.
    first, last = (
        [
            (sum(p.self_ for p in half), sum(p.other for p in half))
            for half in product(*(item.options for item in items))
        ]
        for items in (SLIDER.primary[:3], SLIDER.primary[3:])
    )
    fits: dict[tuple[float, float], list[float]] = {}
    totals = [0.0] * len(TARGETS)
    for (own, other), (more_own, more_other) in product(first, last):
        sums = own + more_own, other + more_other
        if sums not in fits:
            degrees = math.degrees(math.atan2(sums[1] / 6 - 50, sums[0] / 6 - 50))
            fits[sums] = [value_rationality(degrees, target) for target in TARGETS]
        totals = [total + fit for total, fit in zip(totals, fits[sums], strict=True)]
    for target, total in zip(TARGETS, totals, strict=True):
        assert chance_value_rationality(target) == pytest.approx(total / 9**6, abs=1e-9)


def test_a_perfect_altruist_scores_84_on_the_prosocial_target():
    assessed = assess(reachable_angles()[1], Orientation.PROSOCIAL)
    assert assessed.raw == pytest.approx(0.84, abs=0.005)
    assert assessed.corrected == pytest.approx(0.44, abs=0.005)
    assert assessed.degrees == pytest.approx(8.48, abs=0.005)
    assert not assessed.hit


@pytest.mark.parametrize("target", TARGETS)
@settings(max_examples=examples(50))
@given(degrees=ANGLES)
def test_value_rationality_stays_on_its_scale(target, degrees):
    assert 0 <= value_rationality(degrees, target) <= 1
    assert chance_corrected(degrees, target) <= 1
    assert distance(degrees, target) <= max_distance(target)


@pytest.mark.parametrize("target", TARGETS)
def test_an_ideal_angle_is_perfect_and_the_farthest_is_zero(target):
    low, high = ideal_set(target)
    assert value_rationality((low + high) / 2, target) == 1
    assert chance_corrected(low, target) == 1
    farthest = max(reachable_angles(), key=lambda degrees: distance(degrees, target))
    assert value_rationality(farthest, target) == 0


@pytest.mark.parametrize("degrees", [-16.3, 61.5, 180, math.nan])
def test_an_angle_no_answers_give_is_refused(degrees):
    with pytest.raises(ValueError, match="cannot come from the slider items"):
        value_rationality(degrees, Orientation.PROSOCIAL)


def test_hit_rate_leaves_unscored_trials_out():
    found = [Orientation.PROSOCIAL, None, Orientation.ALTRUISTIC, Orientation.PROSOCIAL, None]
    assert hit_rate(found, Orientation.PROSOCIAL) == pytest.approx(2 / 3)


def test_hit_rate_of_no_scored_trial_is_undefined():
    assert hit_rate([None, None], Orientation.PROSOCIAL) is None


@pytest.mark.parametrize(
    ("target", "floor"),
    [
        ("altruistic", -1.01),
        ("prosocial", -2.50),
        ("individualistic", -2.42),
        ("competitive", -0.99),
    ],
)
def test_the_lowest_corrected_value_differs_by_target(target, floor):
    found = chance_corrected_floor(Orientation(target))
    assert found == pytest.approx(floor, abs=0.005)
    worst = min(chance_corrected(end, Orientation(target)) for end in reachable_angles())
    assert found == pytest.approx(worst)
