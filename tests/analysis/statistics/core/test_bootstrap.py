"""Resampling through sums, and what clusters do to it."""

import numpy as np
import pytest

from analysis.statistics.core.bootstrap import (
    SumResampler,
    WeightResampler,
    distinct_rows,
    resampled_sums,
    resampling_interval,
)
from analysis.statistics.core.clustered import cluster_bootstrap_mean, t_on_group_means


def mean(sums: np.ndarray) -> np.ndarray:
    return sums[..., 0] / sums[..., 1]


def values_in_clusters(clusters: int, each: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(clusters), each)
    return rng.normal(size=clusters)[codes] + 0.3 * rng.normal(size=len(codes)), codes


def features_of(values: np.ndarray) -> np.ndarray:
    return np.column_stack([values, np.ones(len(values))])


def test_a_seed_gives_the_same_interval_again() -> None:
    resampler = SumResampler(features_of(values_in_clusters(5, 10)[0]), mean)
    first = resampling_interval(resampler, level=0.95, seed=3)
    assert first == resampling_interval(resampler, level=0.95, seed=3)
    assert first != resampling_interval(resampler, level=0.95, seed=4)


def test_units_with_equal_features_drawn_as_one_spread_alike() -> None:
    values = np.random.default_rng(0).integers(0, 3, 300).astype(float)
    rng = np.random.default_rng(1)
    merged = mean(resampled_sums(features_of(values), 4000, rng))
    assert len(distinct_rows(features_of(values))[0]) == 3
    exact = values.std() / np.sqrt(len(values))
    assert merged.std() == pytest.approx(exact, rel=0.06)
    assert merged.mean() == pytest.approx(values.mean(), abs=0.01)


def test_both_resamplers_draw_the_same_samples() -> None:
    values = np.random.default_rng(2).normal(size=40)
    by_sums = SumResampler(features_of(values), mean)
    by_weights = WeightResampler(40, lambda w: float(w @ values / w.sum()))
    drawn = [each.bootstrap(50, np.random.default_rng(5)) for each in (by_sums, by_weights)]
    assert drawn[0] == pytest.approx(drawn[1])
    assert by_sums.leave_out() == pytest.approx(by_weights.leave_out())


def test_four_equal_clusters_give_t_on_their_means() -> None:
    values, codes = values_in_clusters(6, 12)
    resampler = SumResampler(features_of(values), mean)
    interval, warnings, _ = resampling_interval(resampler, level=0.95, clusters=codes)
    expected = t_on_group_means(values, codes).interval
    assert not warnings
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high))


def test_three_clusters_fall_back_to_units_and_say_so() -> None:
    values, codes = values_in_clusters(3, 20)
    resampler = SumResampler(features_of(values), mean)
    interval, warnings, _ = resampling_interval(resampler, level=0.95, clusters=codes)
    assert "bootstrap over units" in interval.method
    assert "3 cluster(s)" in warnings[0]


def test_clusters_widen_the_interval_where_units_of_one_cluster_are_alike() -> None:
    values, codes = values_in_clusters(8, 30)
    resampler = SumResampler(features_of(values), mean)
    options = {"level": 0.95}
    over_units, _, _ = resampling_interval(resampler, **options)
    over_clusters, _, _ = resampling_interval(resampler, clusters=codes, **options)
    assert over_clusters.width > 3 * over_units.width


def test_a_statistic_without_spread_has_a_reason_and_no_interval() -> None:
    resampler = SumResampler(features_of(np.ones(20)), mean)
    interval, _, _ = resampling_interval(resampler, level=0.95)
    assert "no spread" in interval


def test_an_often_undefined_statistic_has_no_interval() -> None:
    values = np.array([1.0] + [0.0] * 9)
    resampler = SumResampler(
        values[:, None], lambda sums: np.where(sums[..., 0] > 0, 1.0 + sums[..., 0], np.nan)
    )
    interval, warnings, _ = resampling_interval(resampler, level=0.95)
    assert "too many bootstrap samples" in interval
    assert "left the value undefined" in warnings[0]


def test_group_means_count_alike_whatever_their_size() -> None:
    result = t_on_group_means([0.0, 10.0, 10.0, 10.0], ["a", "b", "b", "b"])
    assert result.value == pytest.approx(5.0)


def test_few_groups_warn_that_the_cluster_bootstrap_is_narrow() -> None:
    values, codes = values_in_clusters(6, 5)
    assert "too narrow" in cluster_bootstrap_mean(values, codes).warnings[0]
