import math
import statistics
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.instruments.svo import (
    INTERNAL_RANGE,
    SLIDER,
    STYLES,
    Chooser,
    Outcome,
    ShownOptions,
    UnreachableAngle,
    choice_probabilities,
    expected_angle,
    phrase,
    printed_order,
    reachable_expectations,
    read_prose,
    score,
    shown,
    simulated_answer,
)
from tests.support.examples import examples

REVERSED = tuple(range(9, 0, -1))
ANGLES = (-10, 7.8, 30, 55)  # Chosen once: calibrating a chooser takes half a second.


@pytest.mark.parametrize(("angle", "noise"), [*((angle, 2) for angle in ANGLES), (57, 5)])
def test_the_expected_measured_angle_is_the_angle_put_in(angle, noise):
    assert Chooser(angle, noise).expected_angle() == pytest.approx(angle, abs=2e-4)


@pytest.mark.parametrize("noise", [0.1, 2, 40])
def test_the_expected_angle_rises_with_the_internal_angle(noise):
    low, high = INTERNAL_RANGE
    steps = [low + (high - low) * k / 6 for k in range(7)]
    angles = [expected_angle(internal, noise) for internal in steps]
    assert all(later > earlier - 1e-9 for earlier, later in pairwise(angles))


@pytest.mark.parametrize("angle", ANGLES)
def test_scoring_words_of_100_trials_recovers_the_angle_within_a_degree(angle):
    chooser = Chooser(angle, noise=2)
    angles = []
    for trial in range(100):
        choices = {}
        for item in range(1, 7):
            order = REVERSED if trial % 2 else printed_order()
            said = simulated_answer(chooser, item, f"cell/{trial}", order=order)
            read = read_prose(said.text, shown(item, order))
            choices[item] = order[read.index]
        angles.append(score(choices).angle)
    error = statistics.mean(angles) - angle
    assert abs(error) < 1
    assert abs(error) < 4 * chooser.angle_sd() / math.sqrt(len(angles))


def test_spread_of_trials_is_the_computed_one():
    chooser = Chooser(30, noise=2)
    rng = Random(2)
    angles = [
        score({item: chooser.choose(item, rng) for item in range(1, 7)}).angle for _ in range(2000)
    ]
    assert statistics.pstdev(angles) == pytest.approx(chooser.angle_sd(), rel=0.1)


@pytest.mark.parametrize(("angle", "noise"), [(61.39, 5), (-16.2, 2), (60, 20), (90, 1)])
def test_an_angle_out_of_reach_is_refused_with_the_range(angle, noise):
    low, high = reachable_expectations(noise)
    with pytest.raises(UnreachableAngle, match=f"{low:.2f} to {high:.2f}"):
        Chooser(angle, noise)


@pytest.mark.parametrize("noise", [0, -1, 0.001, math.inf, math.nan])
def test_noise_must_be_a_positive_number_of_coins(noise):
    with pytest.raises(ValueError, match="noise must be"):
        Chooser(30, noise)


def test_little_noise_reaches_nearly_every_angle_of_the_items():
    assert reachable_expectations(0.5) == pytest.approx((-16.26, 61.39), abs=0.02)


@settings(max_examples=examples(40))
@given(st.floats(-180, 180), st.floats(0.01, 1000), st.integers(1, 15))
def test_probabilities_are_a_distribution(internal, noise, item):
    probabilities = choice_probabilities(SLIDER.item(item), internal, noise)
    assert math.fsum(probabilities) == pytest.approx(1)
    assert min(probabilities) >= 0


def test_a_rescaled_measure_gives_the_same_chooser():
    rescaled = Chooser(30, 2, SLIDER.rescaled(10, shift=100))
    assert rescaled.internal_angle == pytest.approx(Chooser(30, 2).internal_angle, abs=1e-2)


def test_the_same_seed_answers_the_same_and_another_differs():
    chooser = Chooser(30, 2)
    first = [simulated_answer(chooser, item, "t") for item in range(1, 7)]
    assert first == [simulated_answer(chooser, item, "t") for item in range(1, 7)]
    assert first != [simulated_answer(chooser, item, "u") for item in range(1, 7)]


def test_shuffling_moves_the_label_and_not_the_option():
    chooser = Chooser(30, 2)
    for item in range(1, 16):
        plain = simulated_answer(chooser, item, "t")
        turned = simulated_answer(chooser, item, "t", order=REVERSED)
        assert turned.option == plain.option
        assert turned.index == 8 - plain.index


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("noun", ["option", "allocation"])
def test_every_style_of_every_choice_is_read_back(style, noun):
    for item in (1, 4, 6, 12):
        for order in (printed_order(), REVERSED):
            options = shown(item, order, noun=noun)
            for index in range(9):
                for seed in range(3):
                    text = phrase(options, index, style, Random(seed))
                    read = read_prose(text, options)
                    assert (read.outcome, read.index) == (Outcome.CHOICE, index), text


def test_an_unknown_style_is_refused():
    with pytest.raises(ValueError, match="no style 'sung'"):
        phrase(shown(1), 0, "sung", Random(0))


@pytest.mark.parametrize("index", [-1, 9])
def test_an_index_outside_the_options_is_refused(index):
    with pytest.raises(ValueError, match="outside 0 to 8"):
        phrase(shown(1), index, "bare", Random(0))


def test_words_need_the_payoffs_of_the_options():
    with pytest.raises(ValueError, match="needs the payoffs"):
        phrase(ShownOptions(), 0, "bare", Random(0))
