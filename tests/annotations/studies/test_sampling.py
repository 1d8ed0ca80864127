"""The draw is exact in size, proportional, repeatable, and its weights undo it."""

from collections import Counter
from math import ceil, floor
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotations.studies.sampling import (
    grouped_draw,
    proportional_allocation,
    sample_size,
    stratified_draw,
)
from tests.support.examples import examples

STRATA = st.lists(st.sampled_from("abcde"), min_size=1, max_size=60)
SEEDS = st.integers(0, 2**32)


@given(STRATA, SEEDS, st.data())
@settings(max_examples=examples(80))
def test_a_draw_has_the_size_asked_for_and_nothing_twice(strata, seed, data):
    size = data.draw(st.integers(0, len(strata)))
    indices = [unit.index for unit in stratified_draw(strata, size, seed)]
    assert len(indices) == len(set(indices)) == size
    assert all(0 <= index < len(strata) for index in indices)


@given(STRATA, SEEDS, st.data())
@settings(max_examples=examples(80))
def test_weights_add_up_to_all_units(strata, seed, data):
    drawn = stratified_draw(strata, data.draw(st.integers(1, len(strata))), seed)
    assert sum(unit.weight for unit in drawn) == pytest.approx(len(strata))


@given(st.lists(st.integers(0, 200), min_size=1, max_size=12), SEEDS, st.data())
@settings(max_examples=examples(100))
def test_each_stratum_gets_its_proportion_rounded_down_or_up(sizes, seed, data):
    population = sum(sizes)
    assume(population)
    total = data.draw(st.integers(0, population))
    allocation = proportional_allocation(sizes, total, Random(seed))
    assert sum(allocation) == total
    for size, places in zip(sizes, allocation, strict=True):
        assert 0 <= places <= size
        exact = size * total / population
        assert floor(exact) <= places <= ceil(exact)


def test_whole_proportions_are_kept_exactly():
    assert proportional_allocation([50, 30, 20], 10, Random(1)) == [5, 3, 2]


def frequencies(strata, groups, shares, size, draws=4000):
    """How often each unit is drawn, and the Horvitz-Thompson estimate of the size of each stratum,
    both on average over many seeds."""
    drawn_often, estimates = Counter(), Counter()
    for seed in range(draws):
        for unit in grouped_draw(strata, groups, shares, size, seed):
            drawn_often[unit.index] += 1 / draws
            estimates[strata[unit.index]] += unit.weight / draws
    return drawn_often, estimates


def test_weights_are_one_over_the_frequency_with_which_a_unit_is_drawn():
    """Also in strata far too small for a place of their own."""
    strata = ["large"] * 20 + ["small"] * 3 + ["single"]
    groups = (["boundary"] * 4 + ["plain"] * 16) + (["boundary"] + ["plain"] * 2) + ["plain"]
    drawn_often, estimates = frequencies(strata, groups, {"boundary": 0.5}, 6)
    weights = {
        unit.index: unit.weight
        for seed in range(60)
        for unit in grouped_draw(strata, groups, {"boundary": 0.5}, 6, seed)
    }
    assert set(weights) == set(range(len(strata)))
    for index, weight in weights.items():
        assert drawn_often[index] == pytest.approx(1 / weight, abs=0.035)
    assert estimates == pytest.approx({"large": 20, "small": 3, "single": 1}, rel=0.12)


def test_the_estimate_of_a_total_is_right_on_average_where_the_rounding_is_enumerated():
    """Every start of the rounding of three strata, enumerated: exactly the remainders."""

    class Start(Random):
        def __init__(self, start):
            super().__init__(0)
            self.start = start

        def shuffle(self, x):
            pass

        def randrange(self, *_):
            return self.start

    sizes, total = [5, 4, 2], 3
    counts = Counter()
    for start in range(11):
        for at, places in enumerate(proportional_allocation(sizes, total, Start(start))):
            counts[at] += places
    assert [counts[at] for at in range(3)] == [size * total for size in sizes]


@given(
    st.lists(st.sampled_from(["boundary", "ambiguous", "plain"]), min_size=4, max_size=60),
    SEEDS,
    st.floats(0.05, 0.5),
    st.floats(0.05, 0.4),
    st.data(),
)
@settings(max_examples=examples(120))
def test_groups_get_their_shares_or_all_they_have(groups, seed, boundary, ambiguous, data):
    shares = {"boundary": boundary, "ambiguous": ambiguous}
    size = data.draw(st.integers(1, len(groups)))
    strata = [at % 3 for at in range(len(groups))]
    try:
        drawn = grouped_draw(strata, groups, shares, size, seed)
    except ValueError as error:
        assert "leave no place" in str(error)
        return
    found, there = Counter(groups[unit.index] for unit in drawn), Counter(groups)
    assert len({unit.index for unit in drawn}) == len(drawn) == size
    stands_for = Counter()
    for unit in drawn:
        stands_for[groups[unit.index]] += unit.weight
    assert stands_for == pytest.approx(there)
    for group, share in shares.items():
        assert found[group] >= min(there[group], max(1, round(share * size)))


@pytest.mark.parametrize("shares", [{"a": 1.2}, {"a": 0.0}, {"a": 0.6, "b": 0.6}])
def test_shares_are_shares(shares):
    with pytest.raises(ValueError, match="together at most 1"):
        grouped_draw("aabb", "aabb", shares, 2, 0)


def test_shares_that_leave_the_others_without_a_place_are_refused():
    with pytest.raises(ValueError, match="leave no place for the other units"):
        grouped_draw("aaab", "aaab", {"a": 1.0}, 2, 0)


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
    ("options", "words"),
    [
        ({"n": 0}, "cannot draw 0 of 10: give 1 to 10"),
        ({"n": 11}, "cannot draw 11 of 10: give 1 to 10"),
        ({"n": -1}, "cannot draw -1 of 10: give 1 to 10"),
        ({"share": 0.0}, "the share is 0.0: it must be above 0 and at most 1"),
        ({"share": 1.1}, "the share is 1.1: it must be above 0 and at most 1"),
        ({"n": 1, "share": 0.5}, "give a number or a share, not both"),
    ],
)
def test_an_impossible_size_is_refused(options, words):
    with pytest.raises(ValueError) as refused:
        sample_size(10, **options)
    assert str(refused.value) == words


def test_more_than_there_is_cannot_be_drawn():
    with pytest.raises(ValueError, match="cannot draw 3 of 2"):
        stratified_draw(["a", "b"], 3, 0)


def test_a_seeded_draw_stays_what_it_was():
    """Whoever draws a study again from its seed gets its items, in their order."""
    drawn = stratified_draw(["a"] * 6 + ["b"] * 4, 5, 7)
    assert [(unit.index, unit.weight) for unit in drawn] == [(at, 2.0) for at in (0, 6, 4, 3, 7)]


def test_a_seeded_draw_with_shares_stays_what_it_was():
    drawn = grouped_draw("xxyyxxyyzz", "aaabbbcccc", {"a": 0.4, "b": 0.2}, 5, 11)
    assert [(unit.index, unit.weight) for unit in drawn] == [
        *((9, 2.0), (7, 2.0), (5, 3.0), (1, 1.5), (2, 1.5)),
    ]


def test_which_strata_are_rounded_up_follows_from_the_seed():
    assert proportional_allocation([5, 4, 2, 1], 6, Random(3)) == [2, 2, 1, 1]
    assert proportional_allocation([5, 4, 2, 1], 5, Random(4)) == [2, 2, 0, 1]
