"""Correlations over clusters, the noise ceiling and what lies below it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.core.result import ANY, Estimate, Interval, Undefined
from analysis.statistics.numbers.correlation import correlation, disattenuated, noise_ceiling
from analysis.statistics.numbers.icc import icc
from tests.support.examples import examples


def estimate(value, low, high):
    return Estimate.of(value, Interval(low, high, 0.95, "made"), {"units": 50}, within=ANY)


@pytest.mark.parametrize("kind", ["pearson", "spearman", "kendall"])
def test_the_interval_is_over_clusters_from_four_on(kind):
    rng = np.random.default_rng(3)
    x = rng.normal(size=60)
    y = x + rng.normal(size=60)
    over = correlation(x, y, kind, clusters=np.repeat(np.arange(6), 10))
    assert over.interval.method == "t on 6 clusters"
    few = correlation(x, y, kind, clusters=np.repeat(np.arange(3), 20))
    assert few.interval.method == "Fisher z"
    assert "3 cluster(s)" in few.warnings[0]
    assert over.value == few.value == correlation(x, y, kind).value


def test_a_cluster_without_which_nothing_varies_gives_no_interval():
    x = np.array([0.0] * 9 + [1.0, 2.0, 4.0])
    found = correlation(x, x + np.arange(12) / 9, clusters=np.repeat(np.arange(4), 3))
    assert found.interval is None
    assert "leaving one cluster out leaves the value undefined" in found.interval_reason


def test_the_ceiling_is_the_root_of_the_reliability():
    found = noise_ceiling(estimate(0.81, 0.64, 0.9025))
    assert found.value == pytest.approx(0.9)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.8, 0.95))


@pytest.mark.parametrize(("icc_value", "defined"), [(-0.2, False), (0.0, False), (0.01, True)])
def test_raters_without_reliability_have_no_ceiling(icc_value, defined):
    assert noise_ceiling(estimate(icc_value, -0.3, 0.5)).defined is defined


def test_the_limits_of_a_quotient_are_those_of_mover_r():
    # Without doubt about the ceiling they are those of the correlation over it.
    sure = disattenuated(estimate(0.6, 0.4, 0.75), estimate(0.8, 0.8, 0.8))
    assert sure.value == pytest.approx(0.75)
    assert (sure.interval.low, sure.interval.high) == pytest.approx((0.5, 0.9375))
    unsure = disattenuated(estimate(0.6, 0.4, 0.75), estimate(0.8, 0.7, 0.85))
    assert unsure.interval.low < 0.5
    assert unsure.interval.high > 0.9375


def test_above_the_ceiling_at_most_1_is_shown():
    found = disattenuated(estimate(0.9, 0.8, 0.95), estimate(0.8, 0.7, 0.85))
    assert found.value == 1
    assert found.warnings


def test_without_a_ceiling_there_is_its_reason():
    found = disattenuated(estimate(0.5, 0.3, 0.7), Undefined("one rater", {}))
    assert found.reason == "one rater"


def test_the_quotient_finds_what_raters_without_noise_would_show():
    rng = np.random.default_rng(1)
    truth = rng.normal(size=4000)
    metric = 0.7 * truth + math.sqrt(1 - 0.49) * rng.normal(size=4000)
    raters = truth[:, None] + rng.normal(scale=1.5, size=(4000, 4))
    observed = correlation(metric, raters.mean(axis=1))
    found = disattenuated(observed, noise_ceiling(icc(raters, limits="pivot")["ICC(C,k)"]))
    assert observed.value == pytest.approx(0.7 / math.sqrt(1 + 1.5**2 / 4), abs=0.02)
    assert found.value == pytest.approx(0.7, abs=0.03)
    assert found.interval.contains(0.7)


LIMITS = st.tuples(*[st.floats(-1, 1)] * 3).map(sorted)
HIGH = st.tuples(*[st.floats(0.0, 1)] * 3).map(sorted)


@settings(max_examples=examples(200))
@given(LIMITS, HIGH)
def test_a_quotient_and_its_limits_lie_within_the_range(observed, ceiling):
    low, value, high = observed
    under, at, over = ceiling
    if at == 0:
        return
    found = disattenuated(estimate(value, low, high), estimate(at, under, over))
    assert -1 <= found.value <= 1
    if found.interval is not None:
        assert -1 <= found.interval.low <= found.value <= found.interval.high <= 1
