"""A rater's own number beside how far they lean from the others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.statistics.leaning import leaning_effect
from tests.support.examples import examples

FEW = settings(max_examples=examples(25))
angles = st.floats(-16, 61).map(lambda value: round(value, 1))
designs = st.tuples(st.integers(2, 10), st.integers(3, 6)).flatmap(
    lambda shape: st.tuples(
        arrays(np.float64, shape, elements=angles),
        arrays(np.float64, shape[1], elements=angles),
    )
)


@FEW
@given(designs)
def test_leanings_are_the_distance_from_the_mean_of_the_others(design) -> None:
    table, own = design
    found = leaning_effect(own, table)
    k = table.shape[1]
    expected = (table - table.mean(axis=1, keepdims=True)).mean(axis=0) * k / (k - 1)
    assert found.leaning == pytest.approx(expected, abs=1e-9)
    assert (found.items == len(table)).all()
    if found.slope.defined:
        slope = np.polyfit(own, expected, 1)[0]
        assert found.slope.value == pytest.approx(slope, abs=1e-6)


@FEW
@given(designs, st.floats(-20, 20))
def test_a_shift_of_all_judgments_or_of_an_item_changes_nothing(design, shift) -> None:
    table, own = design
    moved = table + shift * np.arange(len(table))[:, None]
    before, after = leaning_effect(own, table), leaning_effect(own, moved)
    assert after.leaning == pytest.approx(before.leaning, abs=1e-6)


def test_raters_who_project_themselves_have_the_slope_they_project_with() -> None:
    rng = np.random.default_rng(1)
    own = rng.uniform(-10, 60, 12)
    table = rng.uniform(-16, 61, (40, 1)) + 0.2 * own + rng.normal(0, 0.01, (40, 12))
    found = leaning_effect(own, table)
    assert found.slope.defined
    assert found.slope.value == pytest.approx(0.2 * 12 / 11, abs=0.001)
    assert found.slope.interval is not None
    assert not found.slope.interval.contains(0)
    assert found.correlation.defined
    assert found.correlation.value > 0.99


def test_interval_holds_no_effect_where_there_is_none() -> None:
    held = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        table = rng.normal(20, 15, (30, 1)) + rng.normal(0, 5, 8) + rng.normal(0, 8, (30, 8))
        found = leaning_effect(rng.uniform(-10, 60, 8), table).slope
        held += found.defined and found.interval is not None and found.interval.contains(0)
    assert 178 <= held <= 198


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        ([np.nan, np.nan, np.nan], "no rater's own number"),
        ([1.0, 2.0, np.nan], "only 2 raters"),
        ([5.0, 5.0, 5.0], "do not differ"),
    ],
)
def test_what_cannot_be_said_has_a_reason(own, reason) -> None:
    found = leaning_effect(own, [[1.0, 2.0, 4.0], [2.0, 3.0, 9.0]])
    assert not found.slope.defined
    assert reason in found.slope.reason
    assert not found.correlation.defined


def test_an_item_of_one_rater_says_nothing() -> None:
    table = [[1.0, np.nan, np.nan], [1.0, 2.0, np.nan]]
    found = leaning_effect([0.0, 10.0, 20.0], table)
    assert found.items.tolist() == [1, 1, 0]
    assert np.isnan(found.leaning[2])
    with pytest.raises(ValueError, match="as many own numbers"):
        leaning_effect([0.0], table)
