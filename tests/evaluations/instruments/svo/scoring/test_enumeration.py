from collections import Counter
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise, product

import pytest

from evaluations.instruments.svo import (
    SLIDER,
    Orientation,
    angle_distribution,
    ideal_set,
    one_step_flips,
    orientation,
    orientation_counts,
    orientations,
    reachable_angles,
    sum_distribution,
)
from tests.evaluations.instruments.svo.helpers import svo_oracles

EXPECTED = svo_oracles()["svo_enumeration"]["expected"]


def test_the_distribution_of_sums_counts_every_pattern():
    assert sum(sum_distribution().values()) == EXPECTED["n"]


def test_the_reachable_range_is_the_enumerated_one():
    assert reachable_angles() == pytest.approx((EXPECTED["min"], EXPECTED["max"]), abs=1e-9)


def test_distinct_angles_are_as_many_as_enumerated():
    # Self is always above the centre, so equal exact slopes mean equal angles.
    slopes = {Fraction(other - 300, own - 300) for own, other in sum_distribution()}
    assert len(slopes) == EXPECTED["distinct"]


def test_orientations_of_all_patterns_are_as_enumerated():
    assert orientation_counts() == EXPECTED["counts"]
    assert Counter(orientations()) == EXPECTED["counts"]


def test_one_step_flips_are_as_enumerated():
    assert one_step_flips() == EXPECTED["one_step_flip"]


def test_a_pattern_stands_at_its_place_in_the_enumeration():
    classes = orientations()
    altruist = (1, 9, 1, 1, 9, 9)
    place = sum((option - 1) * 9 ** (5 - i) for i, option in enumerate(altruist))
    assert classes[place] is Orientation.ALTRUISTIC


def test_118_patterns_change_class_when_cut_offs_are_not_rounded():
    # The published cut-offs are midpoints between neighbouring ideal sets, rounded to .01.
    ascending = [
        Orientation.COMPETITIVE,
        Orientation.INDIVIDUALISTIC,
        Orientation.PROSOCIAL,
        Orientation.ALTRUISTIC,
    ]
    ends = [ideal_set(target) for target in ascending]
    midpoints = [(low[1] + high[0]) / 2 for low, high in pairwise(ends)]

    def unrounded(degrees):
        return ascending[sum(degrees > midpoint for midpoint in midpoints)]

    changed = sum(
        count
        for degrees, count in angle_distribution()
        if orientation(degrees) != unrounded(degrees)
    )
    assert changed == EXPECTED["patterns_changing_class_with_unrounded_boundaries"]


def test_weights_give_the_distribution_of_a_random_answerer():
    only_first = [[1.0] + [0.0] * 8] * 6
    assert sum_distribution(SLIDER, only_first) == {
        (
            sum(item.options[0].self_ for item in SLIDER.primary),
            sum(item.options[0].other for item in SLIDER.primary),
        ): 1.0
    }


def test_two_items_enumerated_by_hand_agree():
    two = replace(SLIDER, primary=SLIDER.primary[:2])
    by_hand = Counter(
        (a.self_ + b.self_, a.other + b.other)
        for a, b in product(SLIDER.item(1).options, SLIDER.item(2).options)
    )
    assert sum_distribution(two) == by_hand
