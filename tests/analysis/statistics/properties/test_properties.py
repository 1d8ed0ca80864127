"""Properties that hold for any data: invariances, ranges, agreement with the definitions."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.statistics.agreement.alpha import Scale, krippendorff_alpha
from analysis.statistics.agreement.coefficients import agreement, class_agreement
from analysis.statistics.agreement.confusion import accuracy, classification
from analysis.statistics.agreement.kappa import cohen_kappa
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Result
from analysis.statistics.numbers.concordance import concordance
from analysis.statistics.numbers.contrasts import holm
from analysis.statistics.numbers.correlation import correlation
from analysis.statistics.numbers.icc import FORMS, icc
from tests.support.examples import examples

CATEGORIES = 4
COEFFICIENTS = ("percent", "gwet", "fleiss", "conger", "brennan_prediger", "krippendorff")
SCALES: tuple[Scale, ...] = ("nominal", "ordinal", "interval", "ratio")
FEW = settings(max_examples=examples(25))
cells = st.sampled_from([0.0, 1.0, 2.0, 3.0, 3.0, math.nan])
shapes = st.tuples(st.integers(3, 12), st.integers(2, 5))
code_tables = shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=cells))
angles = st.floats(-16, 61).map(lambda value: round(value, 2))
angle_tables = shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=angles))
columns = st.integers(3, 30).flatmap(
    lambda size: st.tuples(*[arrays(np.float64, size, elements=st.integers(0, 3))] * 2)
)
seeds = st.integers(0, 2**16)


def alpha(table: np.ndarray, scale: Scale) -> Result:
    return krippendorff_alpha(table, scale, replicates=20)


def same(first: Result, second: Result) -> bool:
    if not first.defined or not second.defined:
        return first.defined == second.defined
    return first.value == pytest.approx(second.value, abs=1e-9)


def shuffled(table: np.ndarray, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return table[rng.permutation(len(table))][:, rng.permutation(table.shape[1])]


def alpha_by_definition(table: np.ndarray, scale: Scale) -> float | None:
    """Krippendorff 2011 word for word: coincidence matrix, then the metric difference."""
    rows = [row[~np.isnan(row)] for row in table]
    rows = [row for row in rows if len(row) > 1]
    values = np.unique(np.concatenate(rows)) if rows else np.array([])
    if len(rows) < 2 or len(values) < 2:
        return None
    matches = np.zeros((len(values), len(values)))
    for row in rows:
        held = np.array([np.sum(row == value) for value in values])
        matches += (np.outer(held, held) - np.diag(held)) / (len(row) - 1)
    n_c = matches.sum(axis=1)
    n = n_c.sum()
    delta = np.zeros_like(matches)
    for c, low in enumerate(values):
        for k, high in enumerate(values):
            first, last = min(c, k), max(c, k)
            delta[c, k] = {
                "nominal": float(c != k),
                "ordinal": n_c[first : last + 1].sum() - (n_c[c] + n_c[k]) / 2,
                "interval": high - low,
                "ratio": (high - low) / (high + low) if high + low else 0.0,
            }[scale] ** 2
    return 1 - (n - 1) * np.sum(matches * delta) / np.sum(np.outer(n_c, n_c) * delta)


@FEW
@given(code_tables, st.sampled_from(SCALES))
def test_alpha_is_its_definition(table: np.ndarray, scale: Scale) -> None:
    expected, result = alpha_by_definition(table, scale), alpha(table, scale)
    assert result.defined == (expected is not None)
    if result.defined:
        assert result.value == pytest.approx(expected, abs=1e-9)


@FEW
@given(code_tables, st.sampled_from(SCALES), seeds)
def test_alpha_ignores_the_order_of_raters_and_targets(
    table: np.ndarray, scale: Scale, seed: int
) -> None:
    assert same(alpha(table, scale), alpha(shuffled(table, seed), scale))


@FEW
@given(code_tables, st.permutations(range(CATEGORIES)))
def test_nominal_alpha_ignores_the_names_of_labels(table: np.ndarray, renamed: list[int]) -> None:
    swapped = np.where(
        np.isnan(table), np.nan, np.array(renamed, float)[np.nan_to_num(table).astype(int)]
    )
    assert same(alpha(table, "nominal"), alpha(swapped, "nominal"))


@FEW
@given(angle_tables, st.floats(0.1, 50), st.floats(-90, 90), st.booleans())
def test_interval_alpha_and_icc_ignore_the_unit_and_zero_of_the_scale(
    table: np.ndarray, factor: float, shift: float, turned: bool
) -> None:
    moved = (-factor if turned else factor) * table + shift
    assume(np.ptp(table) > 0.1)
    assert same(alpha(table, "interval"), alpha(moved, "interval"))
    before, after = icc(table), icc(moved)
    for form in FORMS:
        assert same(before[form], after[form])


@FEW
@given(angle_tables, st.floats(0.1, 50))
def test_ratio_alpha_ignores_the_unit(table: np.ndarray, factor: float) -> None:
    positive = np.abs(table)
    assert same(alpha(positive, "ratio"), alpha(positive * factor, "ratio"))


@FEW
@given(code_tables)
def test_ordinal_alpha_needs_the_order_only(table: np.ndarray) -> None:
    assert same(alpha(table, "ordinal"), alpha(np.exp(table), "ordinal"))


@FEW
@given(code_tables, st.sampled_from(COEFFICIENTS), seeds)
def test_agreement_ignores_the_order_of_raters_and_targets(
    table: np.ndarray, name: str, seed: int
) -> None:
    first = agreement(table, CATEGORIES, name)
    second = agreement(shuffled(table, seed), CATEGORIES, name)
    assert same(first, second)
    if first.defined and "se" in first.details:
        assert first.details["se"] == pytest.approx(second.details["se"], abs=1e-9)


@FEW
@given(code_tables, st.sampled_from(COEFFICIENTS), st.permutations(range(CATEGORIES)))
def test_unweighted_agreement_ignores_the_names_of_labels(
    table: np.ndarray, name: str, renamed: list[int]
) -> None:
    swapped = np.where(
        np.isnan(table), np.nan, np.array(renamed, float)[np.nan_to_num(table).astype(int)]
    )
    assert same(agreement(table, CATEGORIES, name), agreement(swapped, CATEGORIES, name))


@FEW
@given(code_tables)
def test_alpha_as_a_chance_corrected_coefficient_is_nominal_alpha(table: np.ndarray) -> None:
    known, general = agreement(table, CATEGORIES, "krippendorff"), alpha(table, "nominal")
    if general.defined:
        assert same(known, general)


@FEW
@given(st.integers(3, 12), st.integers(2, 4), seeds)
def test_perfect_agreement_is_one(units: int, raters: int, seed: int) -> None:
    own = np.random.default_rng(seed).integers(0, CATEGORIES, units).astype(float)
    own[:2] = 0, 1
    table = np.repeat(own[:, None], raters, axis=1)
    for scale in SCALES:
        assert alpha(table, scale).value == pytest.approx(1.0)
    for name in COEFFICIENTS:
        assert agreement(table, CATEGORIES, name).value == pytest.approx(1.0)
    assert all(result.value == pytest.approx(1.0) for result in icc(table).values())
    assert cohen_kappa(own, own, CATEGORIES).value == pytest.approx(1.0)
    assert classification(own, own, CATEGORIES, replicates=20).macro_f1.value == pytest.approx(1.0)
    assert concordance(own, own).value == pytest.approx(1.0)
    for result in class_agreement(table, CATEGORIES, replicates=20):
        assert not result.defined or result.value == pytest.approx(1.0)


@FEW
@given(columns, st.sampled_from(["unweighted", "linear", "quadratic"]))
def test_kappa_treats_both_raters_alike(pair: tuple[np.ndarray, np.ndarray], weights: str) -> None:
    first = cohen_kappa(*pair, CATEGORIES, weights=weights)
    second = cohen_kappa(pair[1], pair[0], CATEGORIES, weights=weights)
    assert same(first, second)


@FEW
@given(columns)
def test_conger_of_two_raters_is_cohen(pair: tuple[np.ndarray, np.ndarray]) -> None:
    table = np.column_stack(pair)
    assert same(agreement(table, CATEGORIES, "conger"), cohen_kappa(*pair, CATEGORIES))


@FEW
@given(columns)
def test_quadratic_kappa_of_counts_is_ccc(pair: tuple[np.ndarray, np.ndarray]) -> None:
    # Fleiss & Cohen 1973: with quadratic weights kappa is the concordance of the codes.
    assume(any(np.ptp(column) > 0 for column in pair))
    kappa = cohen_kappa(*pair, CATEGORIES, weights="quadratic")
    assert same(kappa, concordance(*pair))


@FEW
@given(angle_tables)
def test_concordance_is_symmetric_and_no_larger_than_correlation(table: np.ndarray) -> None:
    x, y = table[:, 0], table[:, 1]
    ccc, r = concordance(x, y), correlation(x, y)
    assert same(ccc, concordance(y, x))
    if ccc.defined and r.defined:
        assert abs(ccc.value) <= abs(r.value) + 1e-9


@FEW
@given(angle_tables, seeds)
def test_icc_ignores_the_order_of_raters_and_targets(table: np.ndarray, seed: int) -> None:
    before, after = icc(table), icc(shuffled(table, seed))
    for form in FORMS:
        assert same(before[form], after[form])


@FEW
@given(code_tables)
def test_long_form_and_table_hold_the_same(table: np.ndarray) -> None:
    kept = Ratings.from_matrix(table)
    order = np.random.default_rng(0).permutation(kept.n_judgments)
    again = Ratings.from_long(
        kept.unit[order],
        kept.rater[order],
        kept.value[order],
        n_units=kept.n_units,
        n_raters=kept.n_raters,
    )
    assert np.array_equal(again.to_matrix(), table, equal_nan=True)


@FEW
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_keeps_order_and_never_lowers_p(p: list[float]) -> None:
    adjusted = holm(p)
    assert all(a >= b for a, b in zip(adjusted, p, strict=True))
    assert max(adjusted) <= 1.0
    order = np.argsort(p, kind="stable")
    assert np.all(np.diff(np.array(adjusted)[order]) >= 0)


@FEW
@given(columns, st.integers(1, 6))
def test_accuracy_alone_is_that_of_the_whole_classification(
    pair: tuple[np.ndarray, np.ndarray], models: int
) -> None:
    truth, said = pair
    clusters = np.arange(len(truth)) % models
    whole = classification(truth, said, CATEGORIES, clusters=clusters, replicates=20)
    alone = accuracy(truth, said, CATEGORIES, clusters=clusters)
    assert alone.to_dict() == whole.accuracy.to_dict()
