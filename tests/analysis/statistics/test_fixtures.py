"""Sixteen awkward data sets: every statistic gives an estimate in range or a reason, never NaN."""

import contextlib
import inspect
import json
import math
import pkgutil
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from analysis import statistics
from analysis.statistics import paired
from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.alt_test import agreement_gap, alt_test, held_together
from analysis.statistics.agreement.coefficients import (
    agreement,
    brennan_prediger,
    class_agreement,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    percent_agreement,
)
from analysis.statistics.agreement.confusion import accuracy, classification
from analysis.statistics.agreement.dawid_skene import dawid_skene
from analysis.statistics.agreement.kappa import cohen_kappa, cohen_kappa_table
from analysis.statistics.agreement.vectors import vector_alpha, vector_concordance
from analysis.statistics.core.clustered import cluster_bootstrap_mean, t_on_group_means
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Estimate, Result, Undefined
from analysis.statistics.cultures.compare import compare_cultures
from analysis.statistics.cultures.cross_replication import cross_replication
from analysis.statistics.cultures.equivalence import scenes_against_anchor
from analysis.statistics.cultures.g_study import g_study
from analysis.statistics.cultures.logistic_dif import logistic_dif
from analysis.statistics.cultures.mantel_haenszel import (
    generalised_mantel_haenszel,
    mantel_haenszel,
)
from analysis.statistics.intra_rater import repeated_labels, repeated_numbers
from analysis.statistics.leaning import leaning_effect
from analysis.statistics.numbers.agreement_limits import (
    limits_of_agreement,
    repeatability,
    repeated_limits_of_agreement,
)
from analysis.statistics.numbers.concordance import concordance
from analysis.statistics.numbers.contrasts import paired_contrasts
from analysis.statistics.numbers.correlation import correlation, disattenuated, noise_ceiling
from analysis.statistics.numbers.crossed_limits import crossed_limits
from analysis.statistics.numbers.icc import FORMS, icc, icc_bootstrap
from analysis.statistics.numbers.icc_forms import rater_part
from analysis.statistics.numbers.profiles import (
    Judged,
    Resampled,
    alignment_of,
    corrected_profile,
    gain,
    mean_profile,
)
from analysis.statistics.numbers.reliability import (
    minimum_detectable_change,
    standard_error_of_measurement,
    within_cell,
)
from analysis.statistics.paired import paired_difference
from analysis.statistics.ppi import ppi_mean
from tests.analysis.statistics.support import as_codes, fixture_matrix, fixtures

FAST = {"replicates": 40}
COEFFICIENT = (-1.0, 1.0)
SHARE = (0.0, 1.0)
POSITIVE = (0.0, math.inf)
DIFFERENCE = (-2.0, 2.0)
AT_MOST_ONE = (-math.inf, 1.0)
ANY = (-math.inf, math.inf)
SCORES = (
    paired.accuracy,
    paired.balanced_accuracy,
    paired.gwet_ac1,
    paired.kappa,
    paired.kappa_quadratic,
    paired.macro_f1,
)
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
            within = SHARE if name == "percent" else AT_MOST_ONE
            for groups in (None, clusters):
                yield agreement(codes, 4, name, weights=weights, clusters=groups), within
    for statistic in (
        brennan_prediger,
        conger_kappa,
        fleiss_kappa,
        gwet_ac,
        percent_agreement,
    ):
        yield statistic(codes, 4), COEFFICIENT
    for groups in (None, clusters):
        for result in class_agreement(codes, 4, clusters=groups, **FAST):
            yield result, SHARE


def two_columns(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return values[:, 0], values[:, min(1, values.shape[1] - 1)]


def kappas(values: np.ndarray) -> Found:
    first, second = two_columns(as_codes(values))
    for weights in ("unweighted", "linear", "quadratic"):
        yield cohen_kappa(first, second, 4, weights=weights), COEFFICIENT
    yield cohen_kappa(first, second, 4, clusters=clusters_of(values)), COEFFICIENT
    known = ~(np.isnan(first) | np.isnan(second))
    cells = np.zeros((4, 4))
    np.add.at(cells, (first[known].astype(int), second[known].astype(int)), 1)
    yield cohen_kappa_table(cells), COEFFICIENT


def confusions(values: np.ndarray) -> Found:
    first, second = two_columns(as_codes(values))
    for clusters in (None, clusters_of(values), np.zeros(len(values))):
        scores = classification(first, second, 4, clusters=clusters, **FAST)
        for row in scores.classes:
            for result in (row.precision, row.recall, row.f1):
                yield result, SHARE
        for result in (scores.accuracy, scores.macro_f1, scores.balanced_accuracy):
            yield result, SHARE
        yield accuracy(first, second, 4, clusters=clusters), SHARE


def iccs(values: np.ndarray) -> Found:
    for limits in ("F", "pivot"):
        for result in icc(values, limits=limits, **FAST).values():
            yield result, COEFFICIENT
            part = rater_part(result)
            assert part is None or 0 <= part < math.inf
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
    crossed = crossed_limits(Ratings.from_matrix(values), **FAST)
    for result in (crossed.bias, crossed.lower, crossed.upper):
        yield result, ANY


def pairs(values: np.ndarray) -> Found:
    first, second = two_columns(values)
    yield concordance(first, second), COEFFICIENT
    yield concordance(first, second, clusters=clusters_of(values)), COEFFICIENT
    for kind in ("pearson", "spearman", "kendall"):
        yield correlation(first, second, kind), COEFFICIENT


def alt_tests(values: np.ndarray) -> Found:
    for scale, data in (("class", as_codes(values)), ("number", values)):
        automated, humans = data[:, 0], data[:, 1:]
        if not humans.shape[1]:
            humans = data
        bounds = COEFFICIENT if scale == "class" else ANY
        result = alt_test(automated, humans, epsilon=0.1, scale=scale, min_items=5)
        yield result.winning_rate, SHARE
        yield result.advantage, SHARE
        yield agreement_gap(automated, humans, scale=scale, **FAST), bounds


def ceilings(values: np.ndarray) -> Found:
    """The noise ceiling, what is left of a correlation under it, and several metrics at once."""
    ceiling = noise_ceiling(icc(values, limits="pivot", **FAST)["ICC(C,k)"])
    yield ceiling, SHARE
    yield disattenuated(correlation(*two_columns(values)), ceiling), COEFFICIENT
    test = alt_test(values[:, 0], values, epsilon=0.1, scale="number", min_items=2)
    for one in held_together([test, test]):
        yield one.winning_rate, SHARE
    without_exception = np.repeat(np.arange(4.0)[:, None], 3, axis=1)
    yield krippendorff_alpha(without_exception, "nominal", **FAST), COEFFICIENT


def means(values: np.ndarray) -> Found:
    first, second = two_columns(values)
    known = ~(np.isnan(first) | np.isnan(second))
    y, f = first[known], second[known]
    half = len(y) // 2
    yield ppi_mean(y[:half], f[:half], f[half:]), ANY
    groups = clusters_of(y)
    yield ppi_mean(y[:half], f[:half], f[half:], clusters=(groups[:half], groups[half:])), ANY
    yield t_on_group_means(first, clusters_of(values)), ANY
    yield cluster_bootstrap_mean(first, clusters_of(values), **FAST), ANY
    names = [f"rater {column}" for column in range(values.shape[1])]
    for row in paired_contrasts(values, names).rows:
        yield row.difference, ANY


def same_again(values: np.ndarray) -> Found:
    """The first two raters as the first and the repeated judgment of five raters."""
    first, second = two_columns(values)
    known = ~(np.isnan(first) | np.isnan(second))
    rater = clusters_of(values)[known]
    codes = as_codes(np.column_stack([first, second]))[known]
    labels = repeated_labels(rater, codes[:, 0], codes[:, 1], 4, **FAST)
    numbers = repeated_numbers(rater, first[known], second[known])
    for found in (labels.overall, *labels.raters.values()):
        for result in found.values():
            yield result, COEFFICIENT
    for found in (numbers.overall, *numbers.raters.values()):
        for result in found.values():
            yield result, POSITIVE


def own_angles(values: np.ndarray) -> Found:
    own = np.linspace(-16, 61, values.shape[1])
    for angles in (own, np.zeros_like(own), np.where(own > 0, own, np.nan)):
        found = leaning_effect(angles, values)
        yield found.slope, ANY
        yield found.correlation, COEFFICIENT


def vectors(values: np.ndarray) -> Found:
    """A table and its mirror image as the two dimensions of a vector."""
    data = Ratings.from_matrix(as_codes(values))
    table = np.column_stack([data.value, -data.value])
    first, second = two_columns(values)
    known = ~(np.isnan(first) | np.isnan(second))
    x, y = first[known], second[known]
    for clusters in (None, clusters_of(values)):
        options = {"clusters": clusters, **FAST}
        found = vector_alpha(data.unit, data.rater, table, n_units=len(values), **options)
        options["clusters"] = None if clusters is None else clusters[known]
        beside = vector_concordance(np.column_stack([x, -x]), np.column_stack([y, -y]), **options)
        for result in (*found.dimensions, found.macro, *beside.dimensions, beside.macro):
            yield result, COEFFICIENT


def differences(values: np.ndarray) -> Found:
    """The raters against the same raters in another order, one unit on."""
    codes = as_codes(values)
    twice = np.nonzero((~np.isnan(codes)).sum(axis=1) >= 2)[0]
    one, other = (Ratings.from_matrix(part[twice]) for part in (codes, np.roll(codes, 1, axis=0)))
    if (other.per_unit() >= 2).all() and len(twice):
        for name in ("percent", "gwet", "fleiss", "brennan_prediger"):
            yield paired_difference(paired.agreements(one, other, 4, name), **FAST), DIFFERENCE
        with contextlib.suppress(ValueError):  # an alpha that cannot be said is refused in words
            yield paired_difference(paired.alphas(one, other, "nominal"), **FAST), DIFFERENCE
    first, second = two_columns(values)
    known = ~(np.isnan(first) | np.isnan(second))
    columns = (first[known], second[known]), (second[known], first[known])
    labels = as_codes(np.column_stack([first, second]))[known].astype(int).T
    for score in SCORES:
        sides = paired.labelled((*labels, 4), (*labels[::-1], 4), score)
        yield paired_difference(sides, **FAST), DIFFERENCE
    if known.any():
        yield paired_difference(paired.biases(*columns), **FAST), ANY
        yield paired_difference(paired.concordances(*columns), **FAST), DIFFERENCE


def cultures(values: np.ndarray) -> Found:
    """The raters as two cultures and as two sides; the columns as scenes; the codes in strata."""
    codes, culture = as_codes(values), np.arange(values.shape[1]) % 2
    for scale, table in (("nominal", codes), ("ordinal", codes), ("interval", values)):
        yield cross_replication(table, table[:, ::-1], scale, **FAST), AT_MOST_ONE
        for result in compare_cultures(table, culture, scale, **FAST).values.values():
            yield result, ANY
    counts = np.zeros((3, 2, 4))
    whole = np.nan_to_num(codes).astype(int)
    for column in range(values.shape[1]):
        np.add.at(counts, (np.arange(len(codes)) % 3, column % 2, whole[:, column]), 1)
    for result in vars_of(mantel_haenszel(np.stack([counts[..., 0], counts[..., 1]], axis=-1))):
        yield result, ANY
    yield generalised_mantel_haenszel(counts), POSITIVE
    used, focal = np.arange(len(values)) % 2, np.arange(len(values)) // 2 % 2
    for result in vars_of(logistic_dif(used, focal, np.nan_to_num(values[:, 0]))):
        yield result, SHARE
    found = g_study(values, sizes=[(8, 2)], **FAST)
    for result in found.components.values():
        yield result, ANY
    for size in found.sizes:
        yield from ((size.g, SHARE), (size.phi, SHARE), (size.sem, POSITIVE))
    names = [str(column) for column in range(values.shape[1])]
    for scene in scenes_against_anchor(values, names, names[0]).values():
        yield scene.difference, ANY


def profiles(values: np.ndarray) -> Found:
    """The raters as dimensions, the items as answers: two to a prompt, every third judged."""
    how = Resampled(FAST["replicates"], 0.95, seed=0)
    prompts, target = np.arange(len(values)) // 2, np.arange(values.shape[1], dtype=float)
    metric, at = mean_profile(values, prompts, how), np.arange(0, len(values), 3)
    judged = Judged(values[at], values[at][:, ::-1], prompts[at], np.ones(len(at)))
    lam = np.full(values.shape[1], 0.5)
    corrected = corrected_profile(values, prompts, judged, lam, how)
    for profile in (metric, corrected):
        yield alignment_of(profile, target, how), COEFFICIENT
    yield gain(corrected, metric, target, how), (-2.0, 2.0)


def vars_of(found: Any) -> list[Result]:
    """The results that an answer of several holds."""
    held = [getattr(found, name) for name in found.__slots__]
    return [one for one in held if isinstance(one, Estimate | Undefined)]


FAMILIES: list[Callable[[np.ndarray], Found]] = [
    profiles,
    alphas,
    agreements,
    kappas,
    confusions,
    iccs,
    reliabilities,
    limits,
    pairs,
    alt_tests,
    ceilings,
    means,
    same_again,
    own_angles,
    vectors,
    differences,
    cultures,
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
    model = dawid_skene(codes, 4)
    json.dumps(model.to_dict(), allow_nan=False)
    if name == "fx_one_rater":
        assert not hasattr(model, "posterior")
    else:
        judged = (~np.isnan(codes)).any(axis=1)
        assert model.posterior[judged].sum(axis=1) == pytest.approx(1.0)
        assert not model.posterior[~judged].any()


NO_DATA = {
    "analysis.statistics.planning": "plans are made before there are judgments",
    "analysis.statistics.core.diagnostics": "warnings in words, not statistics",
    "analysis.statistics.core.weights": "weights between categories, not of judgments",
    "analysis.statistics.core.result": "what a statistic answers with",
}
OTHERWISE = {
    "dawid_skene": "see test_consensus_models",
    "dawid_skene_repeated": "see test_consensus_models",
}


def public_functions() -> Iterator[Callable[..., Any]]:
    """Every public function of the package that takes judgments."""
    for module in pkgutil.walk_packages(statistics.__path__, "analysis.statistics."):
        if module.name in NO_DATA:
            continue
        held = vars(import_module(module.name)).items()
        for name, found in held:
            own = inspect.isfunction(found) and found.__module__ == module.name
            if own and not name.startswith("_") and name not in OTHERWISE:
                yield found


def test_no_public_statistic_is_left_out() -> None:
    called = set()

    def note(frame: Any, event: str, _: Any) -> None:
        if event == "call":
            called.add(frame.f_code)

    sys.setprofile(note)
    try:
        for name in ("fx_missing_angle", "fx_complete_angle"):
            for family in FAMILIES:
                for _ in family(fixture_matrix(name)):
                    pass
    finally:
        sys.setprofile(None)
    missing = [found.__qualname__ for found in public_functions() if found.__code__ not in called]
    assert not missing
