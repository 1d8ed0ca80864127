import random

import pytest
from scipy.stats import binom

from evaluations.instruments.svo import (
    Orientation,
    boundary_case,
    boundary_flips,
    degrees_to_cut_off,
    orientations,
    position_bias,
    same_option,
    score,
    straight_lining,
)

ITEMS = range(1, 7)


def test_a_sample_of_patterns_flips_exactly_where_the_enumeration_says():
    classes = orientations()
    rng = random.Random(5)
    for _ in range(300):
        pattern = [rng.randint(1, 9) for _ in ITEMS]
        place = sum((option - 1) * 9 ** (5 - i) for i, option in enumerate(pattern))
        neighbours = [
            classes[place + step * 9 ** (5 - i)]
            for i, option in enumerate(pattern)
            for step in (-1, 1)
            if 1 <= option + step <= 9
        ]
        expected = any(neighbour is not classes[place] for neighbour in neighbours)
        assert boundary_case(dict(zip(ITEMS, pattern, strict=True))) is expected


def test_a_flip_says_which_answer_leads_where():
    choices = {1: 1, 2: 9, 3: 1, 4: 1, 5: 9, 6: 7}
    for flip in boundary_flips(choices):
        moved = score({**choices, flip.item: flip.option})
        assert moved.orientation is flip.becomes
        assert moved.orientation is not score(choices).orientation


def test_an_ideal_prosocial_is_no_boundary_case():
    assert not boundary_case({1: 1, 2: 9, 3: 9, 4: 1, 5: 5, 6: 9})


def test_nothing_answered_is_no_boundary_case():
    assert boundary_flips({1: None, 2: 12}) == ()


@pytest.mark.parametrize(
    ("degrees", "expected"), [(22.45, 0.0), (60.15, 3.0), (-20.04, 8.0), (20.45, 2.0)]
)
def test_distance_to_the_nearest_cut_off(degrees, expected):
    assert degrees_to_cut_off(degrees) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ([0] * 6, True),
        ([8] * 6, True),
        ([0, 0, 0, 0, 0, 1], False),
        ([0, None, 0, 0, None, None], True),
        ([0, None, None, None, None, 0], False),
        ([None] * 6, False),
        ([], False),
    ],
)
def test_straight_lining_is_one_place_throughout(shown, expected):
    assert straight_lining(shown) is expected


def test_reversed_options_part_place_from_option():
    shown = [0] * 6
    options = [1, 9, 1, 9, 1, 9]
    assert straight_lining(shown)
    assert not same_option(options)
    assert same_option([4] * 6)


def test_position_bias_names_the_place_and_its_chance():
    bias = position_bias([0] * 35 + [8] * 13)
    assert (bias.index, bias.count, bias.answers) == (0, 35, 48)
    assert bias.share == pytest.approx(35 / 48)
    assert bias.p_value < 1e-15


@pytest.mark.parametrize(("most", "total", "places"), [(3, 10, 9), (30, 100, 9), (9, 20, 5)])
def test_position_chance_is_the_binomial_tail_over_all_places(most, total, places):
    others = [place % (places - 1) + 1 for place in range(total - most)]
    bias = position_bias([0] * most + others, places)
    assert bias.count == most
    expected = min(1.0, places * binom.sf(most - 1, total, 1 / places))
    assert bias.p_value == pytest.approx(expected, rel=1e-9)


def test_even_choices_show_no_bias():
    assert position_bias(list(range(9)) * 10).p_value == 1


def test_many_answers_stay_exact_and_quick():
    assert position_bias([0] * 100_000).p_value == 0


def test_position_bias_without_answers_is_undefined():
    bias = position_bias([None, None])
    assert (bias.index, bias.share, bias.p_value) == (None, None, None)
    assert bias.reason


def test_a_place_outside_the_list_is_refused():
    with pytest.raises(ValueError, match="shown index 9 is outside 0 to 8"):
        position_bias([9])


def test_orientation_of_a_flip_is_one_of_the_four():
    flips = boundary_flips(dict.fromkeys(ITEMS, 5))
    assert all(flip.becomes in Orientation for flip in flips)
