"""First and repeated judgment of the same rater."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.statistics.intra_rater import repeated_labels, repeated_numbers
from tests.analysis.statistics.support import oracles
from tests.support.examples import examples

FEW = settings(max_examples=examples(25))
pairs = st.integers(2, 30).flatmap(
    lambda size: st.tuples(
        arrays(np.int64, size, elements=st.integers(0, 5)),
        *[arrays(np.float64, size, elements=st.integers(0, 2))] * 2,
    )
)


@FEW
@given(pairs)
def test_percent_is_the_share_of_equal_pairs_over_all_and_for_each_rater(columns) -> None:
    rater, first, again = columns
    found = repeated_labels(rater, first, again, 3, replicates=50)
    percent = found.overall["percent"]
    assert percent.defined
    assert percent.value == pytest.approx(np.mean(first == again))
    assert set(found.raters) == set(rater.tolist())
    for code, rows in found.raters.items():
        mine = rows["percent"]
        assert mine.defined
        assert mine.value == pytest.approx(np.mean((first == again)[rater == code]))


@FEW
@given(pairs)
def test_numbers_do_not_mind_which_judgment_came_first(columns) -> None:
    rater, first, again = columns
    one = repeated_numbers(rater, first, again)
    other = repeated_numbers(rater, again, first)
    assert one.to_dict() == other.to_dict()
    sd = one.overall["within_sd"]
    assert sd.defined
    assert sd.value == pytest.approx(math.sqrt(np.mean((first - again) ** 2) / 2))


@pytest.mark.parametrize("meter", ["wright", "mini"])
def test_spread_of_the_published_peak_flow_runs(meter) -> None:
    """Bland & Altman 1986 give the SD of the differences; within one rater it is that / sqrt(2)."""
    entry = oracles()["repeatability_pefr"]
    first, again = entry["data"][meter]
    found = repeated_numbers(np.zeros(len(first), int), first, again).overall
    published = entry["expected"][meter]
    assert found["within_sd"].defined
    assert found["within_sd"].value == pytest.approx(published / math.sqrt(2), abs=1e-8)
    assert found["repeatability"].defined
    assert found["repeatability"].value == pytest.approx(1.959964 * published, rel=1e-6)


def test_perfect_repetition_is_one_without_an_interval() -> None:
    said = np.array([0, 1, 2, 0, 1], float)
    found = repeated_labels(np.zeros(5, int), said, said, 3, replicates=50)
    assert found.overall["alpha"].defined
    assert found.overall["alpha"].value == pytest.approx(1)
    spread = repeated_numbers(np.zeros(5, int), said, said).overall["within_sd"]
    assert spread.defined
    assert spread.value == 0
    assert spread.interval_reason == "the two runs never differ"


def test_intervals_over_raters_from_four_on() -> None:
    rng = np.random.default_rng(3)
    rater = np.repeat(np.arange(6), 20)
    first = rng.integers(0, 3, 120).astype(float)
    again = np.where(rng.random(120) < 0.8 - 0.08 * rater, first, (first + 1) % 3)
    found = repeated_labels(rater, first, again, 3, replicates=50)
    for name in ("percent", "alpha", "kappa"):
        row = found.overall[name]
        assert row.defined
        assert row.interval is not None
        assert row.interval.method.startswith("t on 6 clusters")


def test_nothing_repeated_is_undefined_with_its_reason() -> None:
    for found in (repeated_labels([], [], [], 3), repeated_numbers([], [], [])):
        assert all(not row.defined for row in found.overall.values())
        assert all("no repeated items" in row.reason for row in found.overall.values())  # type: ignore[union-attr]
        assert found.raters == {}


def test_a_pair_with_a_missing_half_is_refused() -> None:
    with pytest.raises(ValueError, match="leave others out"):
        repeated_numbers([0], [1.0], [math.nan])
    with pytest.raises(ValueError, match="one length"):
        repeated_labels([0, 1], [1.0], [1.0], 2)
