"""The draw is exact in size, proportional, repeatable, and its weights undo it."""

from collections import Counter
from math import floor

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotations.sampling import proportional_allocation, sample_size, stratified_draw

STRATA = st.lists(st.sampled_from("abcde"), min_size=1, max_size=60)
SEEDS = st.integers(0, 2**32)


@given(STRATA, SEEDS, st.data())
@settings(max_examples=80)
def test_a_draw_has_the_size_asked_for_and_nothing_twice(strata, seed, data):
    size = data.draw(st.integers(0, len(strata)))
    indices = [unit.index for unit in stratified_draw(strata, size, seed)]
    assert len(indices) == len(set(indices)) == size
    assert all(0 <= index < len(strata) for index in indices)


@given(STRATA, SEEDS, st.data())
@settings(max_examples=80)
def test_weights_add_up_to_the_strata_that_were_drawn_from(strata, seed, data):
    drawn = stratified_draw(strata, data.draw(st.integers(1, len(strata))), seed)
    sizes, weights = Counter(strata), Counter()
    for unit in drawn:
        weights[strata[unit.index]] += unit.weight
    for stratum, weight in weights.items():
        assert weight == pytest.approx(sizes[stratum])


@given(st.lists(st.integers(0, 200), min_size=1, max_size=12), st.data())
@settings(max_examples=100)
def test_each_stratum_gets_its_proportion_rounded_down_or_up(sizes, data):
    population = sum(sizes)
    assume(population)
    total = data.draw(st.integers(0, population))
    allocation = proportional_allocation(sizes, total)
    assert sum(allocation) == total
    for size, places in zip(sizes, allocation, strict=True):
        assert 0 <= places <= size
        assert places - floor(size * total / population) in (0, 1)


def test_the_largest_remainders_get_the_places_left():
    assert proportional_allocation([50, 30, 20], 9) == [4, 3, 2]
    assert proportional_allocation([6, 5, 1], 4) == [2, 2, 0]


def test_the_same_seed_draws_the_same_and_another_seed_something_else():
    strata = ["a", "b"] * 40
    assert stratified_draw(strata, 20, 7) == stratified_draw(strata, 20, 7)
    assert stratified_draw(strata, 20, 7) != stratified_draw(strata, 20, 8)


def test_the_result_is_in_random_order():
    indices = [unit.index for unit in stratified_draw(["a"] * 50, 50, 1)]
    assert indices != sorted(indices)


def test_every_unit_of_a_stratum_is_equally_likely():
    counts = Counter(
        unit.index for seed in range(3000) for unit in stratified_draw(["a"] * 6, 2, seed)
    )
    assert all(abs(counts[index] / 3000 - 1 / 3) < 0.04 for index in range(6))


@pytest.mark.parametrize(
    ("population", "options", "size"),
    [
        (80, {}, 80),
        (80, {"n": 10}, 10),
        (80, {"share": 0.25}, 20),
        (81, {"share": 0.25}, 21),
        (10, {"share": 1.0}, 10),
        (10, {"share": 0.3}, 3),
    ],
)
def test_the_size_is_a_number_or_a_share(population, options, size):
    assert sample_size(population, **options) == size


@pytest.mark.parametrize(
    "options",
    [{"n": 0}, {"n": 11}, {"n": -1}, {"share": 0.0}, {"share": 1.1}, {"n": 1, "share": 0.5}],
)
def test_an_impossible_size_is_refused(options):
    with pytest.raises(ValueError):
        sample_size(10, **options)


def test_more_than_there_is_cannot_be_drawn():
    with pytest.raises(ValueError, match="cannot draw 3 of 2"):
        stratified_draw(["a", "b"], 3, 0)
