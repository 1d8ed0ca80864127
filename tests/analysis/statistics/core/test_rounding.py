"""What rounding leaves is told from what was measured, in any unit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.core.rounding import is_larger, noise, snapped
from analysis.statistics.numbers.concordance import concordance
from analysis.statistics.numbers.correlation import correlation
from analysis.statistics.ppi import ppi_mean

THIRDS = np.array([0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1, 0.2 + 0.1 + 0.3]) / 3
"""The mean of the same three numbers in three orders: not all equal as floats."""


def test_sums_in_another_order_are_equal_but_for_rounding() -> None:
    assert np.ptp(THIRDS) > 0
    assert np.ptp(THIRDS) <= noise(THIRDS)
    assert np.ptp(snapped(THIRDS)) == 0


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=30), st.floats(1e-6, 1e6))
def test_what_was_measured_is_left_as_it_is_in_any_unit(values: list[int], factor: float) -> None:
    measured = factor * np.array(values, dtype=float)
    assert np.array_equal(snapped(measured), measured)


def test_a_number_is_larger_only_by_more_than_rounding() -> None:
    assert not is_larger(0.3, 0.1 + 0.2)
    assert not is_larger(0.1 + 0.2, 0.3)
    assert is_larger(0.3001, 0.3)
    assert not is_larger(0.0, 0.0)


def test_nothing_given_has_no_noise() -> None:
    assert noise(np.empty(0)) == 0.0


@pytest.mark.parametrize("factor", [1.0, 0.109375, 7.7])
def test_columns_of_equal_means_do_not_vary(factor: float) -> None:
    other = np.array([1.0, 2.0, 4.0])
    assert not concordance(factor * THIRDS, factor * THIRDS[::-1]).defined
    assert not correlation(factor * THIRDS, other).defined
    assert concordance(factor * THIRDS, other).interval is None
    assert ppi_mean(other, factor * THIRDS, factor * THIRDS).details["lam"] == 0.0


def test_means_that_differ_by_rounding_are_tied_in_ranks() -> None:
    means, exact = np.append(THIRDS, [1.0, 2.0]), np.array([0.2, 0.2, 0.2, 1.0, 2.0])
    other = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
    for kind in ("spearman", "kendall"):
        assert correlation(means, other, kind).value == correlation(exact, other, kind).value
