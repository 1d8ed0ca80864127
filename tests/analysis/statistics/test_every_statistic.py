"""What holds for every public statistic, whatever it is: its range, and that no number depends on
the unit, the zero of the scale or the order of units and raters."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.statistics.agreement.coefficients import percent_agreement
from analysis.statistics.core.result import ANY, Estimate, Undefined
from analysis.statistics.numbers.agreement_limits import repeated_limits_of_agreement
from tests.analysis.statistics.every import (
    CATEGORIES,
    Statistic,
    results_in,
    statistics_of_the_package,
)
from tests.support.examples import examples

EVERY = statistics_of_the_package()
MEASURED = [one for one in EVERY if not one.of_codes]
FEW = settings(max_examples=examples(8))
shapes = st.tuples(st.integers(3, 12), st.integers(2, 5))
values = st.sampled_from([0.0, 0.0, 0.1, 0.3, 1.2, -7.1, 10.1, 33.3, 60.9, math.nan])
numbers = st.one_of(
    shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=values)),
    # Raters who agree, or differ by a constant each: what is left is rounding.
    st.tuples(
        st.lists(values.filter(math.isfinite), min_size=3, max_size=12),
        st.lists(st.sampled_from([0.0, 0.0, 0.1, 0.7]), min_size=2, max_size=5),
    ).map(lambda parts: np.add.outer(np.array(parts[0]), np.array(parts[1]))),
)
codes = shapes.flatmap(
    lambda shape: arrays(
        np.float64, shape, elements=st.sampled_from([*map(float, range(CATEGORIES)), math.nan])
    )
)
factors = st.one_of(st.sampled_from([0.109375, 0.1, 1 / 3, 3.0, 7.7]), st.floats(0.01, 100))
shifts = st.one_of(st.sampled_from([0.1, 90.7, -33.3]), st.floats(-90, 90))
every = pytest.mark.parametrize("statistic", EVERY, ids=lambda one: one.name)
measured = pytest.mark.parametrize("statistic", MEASURED, ids=lambda one: one.name)


def answers(
    statistic: Statistic,
    table: np.ndarray,
    clustered: bool = False,
    rows: np.ndarray | None = None,
) -> dict[str, list[Estimate | Undefined]]:
    """The results of each call by its words."""
    calls = statistic.calls(table, clustered, rows)
    return {words: list(results_in(answer)) for words, answer in calls}


@every
@FEW
@given(st.data(), st.booleans())
def test_every_interval_lies_within_the_range_of_its_statistic(
    statistic: Statistic, data: st.DataObject, clustered: bool
) -> None:
    table = data.draw(codes if statistic.of_codes else numbers)
    for words, results in answers(statistic, table, clustered).items():
        for result in results:
            if result.defined:
                low, high = result.within
                assert low <= result.value <= high, words
                if result.interval is not None:
                    assert low <= result.interval.low <= result.interval.high <= high, words


def test_percent_agreement_of_two_items_with_one_deviant_has_limits_of_a_share() -> None:
    found = percent_agreement(np.array([[0.0] * 5, [0.0] * 4 + [1.0]]), 2)
    assert found.value == pytest.approx(0.8)
    assert found.within == (0.0, 1.0)
    assert (found.interval.low, found.interval.high) == (0.0, 1.0)


VARIANCES = ("g_study.",)
"""Statistics whose numbers are, some of them, in the square of the unit."""


def alike(one: Estimate | Undefined, other: Estimate | Undefined, size: float, unit: float) -> str:
    """'' when *other* says the same as *one*, its numbers times *unit*; else what differs."""
    if not one.defined or not other.defined:
        reasons = [part.reason if not part.defined else "" for part in (one, other)]
        return "" if reasons[0] == reasons[1] else f"{reasons[0]!r} is {reasons[1]!r}"
    if one.interval_reason != other.interval_reason:
        return f"{one.interval_reason!r} is {other.interval_reason!r}"
    pairs = [(one.value, other.value)]
    if one.interval is not None and other.interval is not None:
        if one.interval.method != other.interval.method:
            return f"{one.interval.method} is {other.interval.method}"
        pairs += [(one.interval.low, other.interval.low), (one.interval.high, other.interval.high)]
    tolerance = 1e-6 * size * unit
    if all(abs(unit * a - b) <= tolerance + 1e-6 * abs(b) for a, b in pairs):
        return ""
    return f"{pairs} x {unit}"


def size_of(table: np.ndarray) -> float:
    return float(np.nanmax(np.abs(table), initial=0.0)) or 1.0


ZEROS = np.zeros(16)
LAST = np.array([0.0] * 15 + [1.2])
NAMED = np.column_stack([ZEROS, LAST])
"""The mean squares between and within units (in pairs) are equal up to rounding."""


@measured
@FEW
@given(numbers, factors, st.booleans())
@example(NAMED, 0.109375, False)
def test_no_number_depends_on_the_unit(
    statistic: Statistic, table: np.ndarray, factor: float, clustered: bool
) -> None:
    before = answers(statistic, table, clustered)
    after = answers(statistic, table * factor, clustered)
    size = size_of(table)
    assert before.keys() == after.keys()
    for words, results in before.items():
        for one, other in zip(results, after[words], strict=True):
            measured_in_it = one.defined and math.inf in one.within
            units = [(factor, size), (1.0, 1.0)] if measured_in_it else [(1.0, 1.0)]
            if statistic.name.startswith(VARIANCES):
                units.append((factor**2, size**2))
            differ = [alike(one, other, large, unit) for unit, large in units]
            assert "" in differ, (words, differ)


def test_repeated_limits_of_equal_mean_squares_have_one_method_in_any_unit() -> None:
    unit = np.arange(16) // 2
    one = repeated_limits_of_agreement(ZEROS, LAST, unit).upper.interval
    for factor in (0.109375, 0.1, 0.7, 3.0, 1e-6, 1e6):
        other = repeated_limits_of_agreement(factor * ZEROS, factor * LAST, unit).upper.interval
        assert other.high == pytest.approx(factor * one.high, rel=1e-9)
    small = repeated_limits_of_agreement(0.109375 * ZEROS, 0.109375 * LAST, unit)
    assert small.upper.interval.high == pytest.approx(0.11812, abs=5e-6)
    assert small.sd.details["var_between"] == 0.0


@measured
@FEW
@given(numbers, shifts)
@example(NAMED, 90.7)
def test_no_difference_depends_on_the_zero_of_the_scale(
    statistic: Statistic, table: np.ndarray, shift: float
) -> None:
    before, after = answers(statistic, table), answers(statistic, table + shift)
    size = size_of(table) + abs(shift)
    for words, results in before.items():
        if "ratio" in words:
            continue  # a ratio has a zero of its own
        for one, other in zip(results, after[words], strict=True):
            moved = (shift, 0.0) if one.defined and one.within == ANY else (0.0,)
            differ = [alike(plus(one, by), other, size, 1.0) for by in moved]
            assert "" in differ, (words, differ)


def plus(result: Estimate | Undefined, shift: float) -> Estimate | Undefined:
    if not result.defined or not shift:
        return result
    moved = result.interval
    if moved is not None:
        moved = type(moved)(moved.low + shift, moved.high + shift, moved.level, moved.method)
    return Estimate.of(
        result.value + shift, moved or str(result.interval_reason), result.n, within=ANY
    )


@every
@FEW
@given(st.data(), st.randoms(use_true_random=False), st.booleans())
def test_no_number_depends_on_the_order_of_units(
    statistic: Statistic, data: st.DataObject, random: Random, clustered: bool
) -> None:
    """What is drawn is drawn by place, so of resampled and simulated intervals the value alone."""
    table = data.draw(codes if statistic.of_codes else numbers)
    order = np.array(random.sample(range(len(table)), len(table)))
    before = answers(statistic, table, clustered)
    after = answers(statistic, table[order], clustered, order)
    for words, results in before.items():
        for one, other in zip(results, after[words], strict=True):
            pair = [without_draws(one), without_draws(other)]
            assert alike(*pair, size_of(table), 1.0) == "", words


def without_draws(result: Estimate | Undefined) -> Estimate | Undefined:
    if not result.defined:
        return result
    how = result.interval_reason if result.interval is None else result.interval.method
    drawn = any(word in how for word in ("bootstrap", "resampling", "simulation"))
    return result.with_interval("drawn") if drawn else result
