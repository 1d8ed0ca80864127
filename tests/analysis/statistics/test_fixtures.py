"""Sixteen awkward data sets: every statistic gives an estimate in range or a reason, never NaN."""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from analysis.statistics.agreement import agreement, class_agreement
from analysis.statistics.agreement_limits import (
    limits_of_agreement,
    repeatability,
    repeated_limits_of_agreement,
)
from analysis.statistics.alpha import krippendorff_alpha
from analysis.statistics.alt_test import agreement_gap, alt_test
from analysis.statistics.clustered import cluster_bootstrap_mean, t_on_group_means
from analysis.statistics.concordance import concordance
from analysis.statistics.confusion import classification
from analysis.statistics.consensus import majority_vote
from analysis.statistics.contrasts import paired_contrasts
from analysis.statistics.correlation import correlation
from analysis.statistics.dawid_skene import dawid_skene
from analysis.statistics.icc import FORMS, icc, icc_bootstrap
from analysis.statistics.kappa import cohen_kappa
from analysis.statistics.ppi import ppi_mean
from analysis.statistics.reliability import (
    minimum_detectable_change,
    standard_error_of_measurement,
    within_cell,
)
from analysis.statistics.result import Result
from tests.analysis.statistics.support import as_codes, fixture_matrix, fixtures

FAST = {"replicates": 40}
COEFFICIENT = (-1.0, 1.0)
SHARE = (0.0, 1.0)
POSITIVE = (0.0, math.inf)
ANY = (-math.inf, math.inf)
Found = Iterator[tuple[Result, tuple[float, float]]]


def clusters_of(values: np.ndarray) -> np.ndarray:
    return np.arange(len(values)) % 5


def alphas(values: np.ndarray) -> Found:
    codes, clusters = as_codes(values), clusters_of(values)
    for scale in ("nominal", "ordinal"):
        yield krippendorff_alpha(codes, scale, **FAST), COEFFICIENT
        yield krippendorff_alpha(values, scale, **FAST), COEFFICIENT
    for scale in ("interval", "ratio"):
        yield krippendorff_alpha(values, scale, **FAST), COEFFICIENT
        yield krippendorff_alpha(values, scale, clusters=clusters, **FAST), COEFFICIENT
    yield krippendorff_alpha(np.abs(values), "ratio", **FAST), COEFFICIENT


def agreements(values: np.ndarray) -> Found:
    codes, clusters = as_codes(values), clusters_of(values)
    for weights in ("unweighted", "linear", "quadratic"):
        for name in ("percent", "gwet", "fleiss", "conger", "brennan_prediger", "krippendorff"):
            yield agreement(codes, 4, name, weights=weights), COEFFICIENT
            yield agreement(codes, 4, name, weights=weights, clusters=clusters), COEFFICIENT
    for result in class_agreement(codes, 4, **FAST):
        yield result, SHARE


def two_columns(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return values[:, 0], values[:, min(1, values.shape[1] - 1)]


def kappas(values: np.ndarray) -> Found:
    first, second = two_columns(as_codes(values))
    for weights in ("unweighted", "linear", "quadratic"):
        yield cohen_kappa(first, second, 4, weights=weights), COEFFICIENT
    yield cohen_kappa(first, second, 4, clusters=clusters_of(values)), COEFFICIENT


def confusions(values: np.ndarray) -> Found:
    first, second = two_columns(as_codes(values))
    for clusters in (None, clusters_of(values), np.zeros(len(values))):
        scores = classification(first, second, 4, clusters=clusters, **FAST)
        for row in scores.classes:
            for result in (row.precision, row.recall, row.f1):
                yield result, SHARE
        for result in (scores.accuracy, scores.macro_f1, scores.balanced_accuracy):
            yield result, SHARE


def iccs(values: np.ndarray) -> Found:
    for limits in ("F", "pivot"):
        for result in icc(values, limits=limits, **FAST).values():
            yield result, COEFFICIENT
    for form in FORMS:
        yield icc_bootstrap(values, form, **FAST), COEFFICIENT


def reliabilities(values: np.ndarray) -> Found:
    for kind in ("agreement", "consistency"):
        sem = standard_error_of_measurement(values, kind, **FAST)
        yield sem, POSITIVE
        yield minimum_detectable_change(sem), POSITIVE
    cell = within_cell(values, **FAST)
    yield cell.sd, POSITIVE
    yield cell.mdc, POSITIVE
    yield cell.icc, COEFFICIENT


def limits(values: np.ndarray) -> Found:
    first, second = two_columns(values)
    ends = (-16.26, 61.39)
    units = np.arange(len(values)) // 4
    for found in (
        limits_of_agreement(first, second, bounds=ends),
        repeated_limits_of_agreement(first, second, units, bounds=ends),
    ):
        yield found.sd, POSITIVE
        for result in (found.bias, found.lower, found.upper, found.slope):
            yield result, ANY
    yield repeatability(first, second), POSITIVE


def pairs(values: np.ndarray) -> Found:
    first, second = two_columns(values)
    yield concordance(first, second), COEFFICIENT
    yield concordance(first, second, clusters=clusters_of(values)), COEFFICIENT
    for kind in ("pearson", "spearman", "kendall"):
        yield correlation(first, second, kind), COEFFICIENT


def alt_tests(values: np.ndarray) -> Found:
    for scale, data in (("class", as_codes(values)), ("degrees", values)):
        automated, humans = data[:, 0], data[:, 1:]
        if not humans.shape[1]:
            humans = data
        bounds = COEFFICIENT if scale == "class" else ANY
        result = alt_test(automated, humans, epsilon=0.1, scale=scale, min_items=5, **FAST)
        yield result.winning_rate, SHARE
        yield result.advantage, SHARE
        yield agreement_gap(automated, humans, scale=scale, **FAST), bounds


def means(values: np.ndarray) -> Found:
    first, second = two_columns(values)
    known = ~(np.isnan(first) | np.isnan(second))
    y, f = first[known], second[known]
    half = len(y) // 2
    yield ppi_mean(y[:half], f[:half], f[half:]), ANY
    yield t_on_group_means(first, clusters_of(values)), ANY
    yield cluster_bootstrap_mean(first, clusters_of(values), **FAST), ANY
    names = [f"rater {column}" for column in range(values.shape[1])]
    for row in paired_contrasts(values, names).rows:
        yield row.difference, ANY


FAMILIES: list[Callable[[np.ndarray], Found]] = [
    alphas,
    agreements,
    kappas,
    confusions,
    iccs,
    reliabilities,
    limits,
    pairs,
    alt_tests,
    means,
]


def assert_sound(result: Result, low: float, high: float) -> None:
    written: dict[str, Any] = result.to_dict()
    json.dumps(written, allow_nan=False)
    if not result.defined:
        assert len(result.reason.split()) > 3
        return
    assert low <= result.value <= high
    assert (result.interval is None) == bool(result.interval_reason)
    if result.interval is not None:
        assert low <= result.interval.low <= result.interval.high <= high


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
@pytest.mark.parametrize("name", sorted(fixtures()))
def test_estimate_in_range_or_reason(name: str, family: Callable[[np.ndarray], Found]) -> None:
    count = 0
    for result, (low, high) in family(fixture_matrix(name)):
        assert_sound(result, low, high)
        count += 1
    assert count or name == "fx_one_rater"


@pytest.mark.parametrize("name", sorted(fixtures()))
def test_consensus_models(name: str) -> None:
    codes = as_codes(fixture_matrix(name))
    majority = majority_vote(codes, 4)
    assert ((majority.labels >= -1) & (majority.labels <= 3)).all()
    assert ((majority.share >= 0) & (majority.share <= 1)).all()
    model = dawid_skene(codes, 4)
    json.dumps(model.to_dict(), allow_nan=False)
    if name == "fx_one_rater":
        assert not hasattr(model, "posterior")
    else:
        judged = (~np.isnan(codes)).any(axis=1)
        assert model.posterior[judged].sum(axis=1) == pytest.approx(1.0)
        assert not model.posterior[~judged].any()
