"""Limits of agreement with one rater: raters are a sample too."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.statistics.core.ratings import Ratings
from analysis.statistics.numbers.crossed_limits import CrossedLimits, crossed_limits
from tests.analysis.statistics.support import matrix, noisy_angles, oracles
from tests.support.examples import examples

FEW = settings(max_examples=examples(25))
tables = st.tuples(st.integers(3, 12), st.integers(2, 5)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.floats(-60, 60).map(lambda v: round(v, 1)))
)


def limits_of(table: np.ndarray, **options: object) -> CrossedLimits:
    return crossed_limits(Ratings.from_matrix(table), replicates=200, **options)  # type: ignore[arg-type]


def test_variances_of_the_published_table_are_its_components() -> None:
    entry = oracles()["icc_reml_sf_complete"]
    found = limits_of(matrix(entry["data"]))
    assert found.bias.defined
    for ours, theirs in (("unit", "target"), ("rater", "rater"), ("residual", "residual")):
        expected = entry["expected"][f"var_{theirs}"]
        assert found.bias.details[f"var_{ours}"] == pytest.approx(expected, rel=1e-6)
    assert found.bias.value == pytest.approx(entry["expected"]["mean"])


@FEW
@given(tables, st.floats(-50, 50), st.integers(0, 99))
def test_a_shift_moves_everything_and_a_turn_swaps_the_limits(table, shift, seed) -> None:
    one = limits_of(table, seed=seed)
    assume(one.bias.defined)
    moved, turned = limits_of(table + shift, seed=seed), limits_of(-table, seed=seed)
    for part, other in (("bias", "bias"), ("lower", "upper"), ("upper", "lower")):
        value = getattr(one, part).value
        assert getattr(moved, part).value == pytest.approx(value + shift, abs=1e-6)
        assert getattr(turned, other).value == pytest.approx(-value, abs=1e-6)
        assert getattr(one, part).interval.contains(value)


@FEW
@given(tables, st.randoms())
def test_the_order_of_units_and_raters_changes_no_value(table, random) -> None:
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    one, other = limits_of(table), limits_of(table[rows][:, columns])
    assert one.upper.defined == other.upper.defined
    if one.upper.defined and other.upper.defined:
        assert other.upper.value == pytest.approx(one.upper.value, abs=1e-6)


def test_intervals_hold_the_truth_where_few_raters_differ() -> None:
    """The one-way form held it in half of such studies."""
    wide = 1.96 * np.sqrt(300)
    held = np.zeros(3)
    for seed in range(100):
        found = limits_of(noisy_angles(40, 5, variances=(100, 100, 100), seed=seed))
        truths = ((found.bias, 0.0), (found.lower, -wide), (found.upper, wide))
        held += [
            part.defined and part.interval is not None and part.interval.contains(truth)
            for part, truth in truths
        ]
    assert (held >= 88).all()


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ([[1.0], [2.0]], "one rater alone"),
        ([[1.0, 2.0]], "fewer than two units"),
        ([[1.0, 1.0], [1.0, 1.0]], "no spread"),
        ([[1.0, np.nan], [np.nan, 2.0]], "no unit was judged by two"),
        ([[1.0, 2.0], [2.0, 3.0]], "explain every difference"),
    ],
)
def test_what_cannot_be_said_has_a_reason(table, reason) -> None:
    found = limits_of(np.array(table))
    assert not found.upper.defined
    assert reason in found.upper.reason
