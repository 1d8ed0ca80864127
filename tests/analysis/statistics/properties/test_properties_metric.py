"""Properties of what sets a metric beside raters, and of errors in units of the scale."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.statistics import paired
from analysis.statistics.agreement.alt_test import agreement_gap, alt_test
from analysis.statistics.agreement.coefficients import class_agreement
from analysis.statistics.agreement.confusion import classification
from analysis.statistics.agreement.dawid_skene import dawid_skene
from analysis.statistics.core.clustered import t_on_group_means
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.numbers.agreement_limits import (
    limits_of_agreement,
    repeated_limits_of_agreement,
)
from analysis.statistics.numbers.contrasts import paired_contrasts
from analysis.statistics.numbers.icc import FORMS, icc
from analysis.statistics.numbers.reliability import (
    minimum_detectable_change,
    standard_error_of_measurement,
    within_cell,
)
from analysis.statistics.paired import paired_difference
from analysis.statistics.planning import bonett_targets, kappa_targets, zou_targets
from analysis.statistics.ppi import ppi_mean
from tests.analysis.statistics.support import noisy_angles, noisy_labels
from tests.support.examples import examples

FEW = settings(max_examples=examples(25))
QUICK = {"replicates": 20}
seeds = st.integers(0, 2**16)
factors = st.floats(0.1, 50)
shifts = st.floats(-90, 90)
renamed = st.permutations(range(4))
angle = st.floats(-16, 61).map(lambda value: round(value, 1))
pairs = st.integers(4, 24).flatmap(
    lambda n: st.tuples(*[arrays(np.float64, n, elements=angle)] * 2)
)


@FEW
@given(seeds, renamed)
def test_class_agreement_moves_with_the_names_of_labels(seed: int, names: list[int]) -> None:
    table = noisy_labels(20, 3, seed=seed)
    before = class_agreement(table, 4, **QUICK)
    after = class_agreement(np.array(names, float)[table.astype(int)], 4, **QUICK)
    for code, result in enumerate(before):
        other = after[names[code]]
        assert result.defined == other.defined
        assert not result.defined or result.value == pytest.approx(other.value)


@FEW
@given(seeds, renamed)
def test_swapped_sides_swap_precision_and_recall(seed: int, names: list[int]) -> None:
    truth, said = noisy_labels(40, 2, keep=0.6, seed=seed).astype(int).T
    one, turned = (classification(*pair, 4, **QUICK) for pair in ((truth, said), (said, truth)))
    other = classification(np.array(names)[truth], np.array(names)[said], 4, **QUICK)
    assert one.accuracy.value == pytest.approx(other.accuracy.value)
    assert one.macro_f1.value == pytest.approx(other.macro_f1.value)
    assert one.macro_f1.value == pytest.approx(turned.macro_f1.value)
    for row, mirrored in zip(one.classes, turned.classes, strict=True):
        assert row.precision.defined == mirrored.recall.defined
        if row.precision.defined:
            assert row.precision.value == pytest.approx(mirrored.recall.value)


@FEW
@given(seeds, st.sampled_from(["class", "number"]))
def test_alt_test_ignores_the_order_of_raters_and_items(seed: int, scale: str) -> None:
    table = noisy_labels(40, 5, keep=0.6, seed=seed)
    table[:5, 4] = np.nan
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(40), rng.permutation(4)
    metric, people = table[:, 0], table[:, 1:]
    before = alt_test(metric, people, epsilon=0.1, scale=scale)
    after = alt_test(metric[rows], people[rows][:, columns], epsilon=0.1, scale=scale)
    assert before.winning_rate.value == after.winning_rate.value
    assert before.advantage.value == pytest.approx(after.advantage.value)
    assert 0 <= before.advantage.interval.low <= before.advantage.value
    gaps = (
        agreement_gap(*sides, scale=scale, **QUICK)
        for sides in ((metric, people), (metric[rows], people[rows][:, columns]))
    )
    first, second = (gap.value for gap in gaps)
    assert first == pytest.approx(second)


@FEW
@given(seeds, factors, shifts)
def test_a_corrected_mean_moves_with_the_scale(seed: int, factor: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    y, f = rng.normal(size=(2, 60))
    rest = rng.normal(size=200)
    order = rng.permutation(60)
    one = ppi_mean(y, f, rest)
    moved = ppi_mean(*(factor * part + shift for part in (y[order], f[order], rest)))
    assert moved.details["lam"] == pytest.approx(one.details["lam"])
    assert moved.value == pytest.approx(factor * one.value + shift)
    assert moved.interval.width == pytest.approx(factor * one.interval.width)


@FEW
@given(pairs, factors)
def test_limits_turn_with_the_sides_and_stretch_with_the_unit(pair, factor: float) -> None:
    x, y = pair
    unit = np.arange(len(x)) // 2
    for limits in (limits_of_agreement, repeated_limits_of_agreement):
        extra = (unit,) if limits is repeated_limits_of_agreement else ()
        one, turned = limits(x, y, *extra), limits(y, x, *extra)
        wide = limits(factor * x, factor * y, *extra)
        assume(one.upper.defined and one.upper.interval is not None)
        assert turned.bias.value == pytest.approx(-one.bias.value)
        assert turned.lower.value == pytest.approx(-one.upper.value)
        assert turned.lower.interval.low == pytest.approx(-one.upper.interval.high)
        assert wide.upper.value == pytest.approx(factor * one.upper.value)
        assert wide.upper.interval.high == pytest.approx(factor * one.upper.interval.high)


@FEW
@given(seeds, factors, shifts)
def test_errors_have_the_unit_of_the_scale(seed: int, factor: float, shift: float) -> None:
    table = noisy_angles(12, 4, variances=(100, 20, 40), seed=seed)
    moved = factor * table + shift
    for kind in ("agreement", "consistency"):
        one, other = (standard_error_of_measurement(part, kind) for part in (table, moved))
        assert other.value == pytest.approx(factor * one.value)
        change = minimum_detectable_change(other)
        assert change.value == pytest.approx(1.959964 * np.sqrt(2) * other.value, rel=1e-6)
    one, other = within_cell(table), within_cell(moved)
    assert other.sd.value == pytest.approx(factor * one.sd.value)
    assert other.sd.interval.high == pytest.approx(factor * one.sd.interval.high)
    assert other.icc.value == pytest.approx(one.icc.value)


@FEW
@given(seeds, factors, shifts)
def test_missing_cell_icc_ignores_order_unit_and_zero(
    seed: int, factor: float, shift: float
) -> None:
    rng = np.random.default_rng(seed)
    table = noisy_angles(12, 5, variances=(100, 20, 40), seed=seed)
    table[rng.random(table.shape) < 0.2] = np.nan
    turned = (factor * table + shift)[rng.permutation(12)][:, rng.permutation(5)]
    before, after = icc(table, **QUICK), icc(turned, **QUICK)
    for form in FORMS:
        assert after[form].value == pytest.approx(before[form].value, abs=1e-5)


@FEW
@given(seeds, renamed)
def test_dawid_skene_moves_with_raters_units_and_names(seed: int, names: list[int]) -> None:
    rng = np.random.default_rng(seed)
    table = noisy_labels(30, 4, seed=seed)
    rows, columns = rng.permutation(30), rng.permutation(4)
    other = np.array(names, float)[table.astype(int)][rows][:, columns]
    one, turned = dawid_skene(table, 4), dawid_skene(other, 4)
    assert turned.prevalence[names] == pytest.approx(one.prevalence, abs=1e-4)
    assert turned.posterior[:, names] == pytest.approx(one.posterior[rows], abs=1e-3)
    assert turned.confusion[:, names][:, :, names] == pytest.approx(
        one.confusion[columns], abs=1e-3
    )


@FEW
@given(seeds)
def test_a_side_does_not_differ_from_itself_and_swaps_its_sign(seed: int) -> None:
    first, second = (
        Ratings.from_matrix(noisy_labels(30, 3, keep=keep, seed=seed)) for keep in (0.9, 0.5)
    )
    for make in (
        lambda a, b: paired.alphas(a, b, "nominal"),
        lambda a, b: paired.agreements(a, b, 4, "gwet"),
    ):
        one, turned, none = (
            paired_difference(make(*sides), **QUICK)
            for sides in ((first, second), (second, first), (first, first))
        )
        assert turned.value == pytest.approx(-one.value)
        assert turned.interval.low == pytest.approx(-one.interval.high)
        assert none.value == 0.0
        assert "no spread" in none.interval_reason


@FEW
@given(seeds)
def test_contrasts_are_the_paired_t_test(seed: int) -> None:
    from scipy.stats import ttest_rel

    first, second = np.random.default_rng(seed).normal(size=(2, 9))
    row, turned = (
        paired_contrasts(np.column_stack(pair), ["a", "b"]).rows[0]
        for pair in ((first, second), (second, first))
    )
    expected = ttest_rel(first, second)
    found = expected.confidence_interval()
    assert (row.p, row.p_holm) == (pytest.approx(expected.pvalue), pytest.approx(expected.pvalue))
    assert row.difference.interval.low == pytest.approx(found.low)
    assert turned.difference.value == pytest.approx(-row.difference.value)


@FEW
@given(seeds, factors, shifts)
def test_group_means_do_not_mind_order_and_move_with_the_scale(
    seed: int, factor: float, shift: float
) -> None:
    rng = np.random.default_rng(seed)
    values, groups, order = rng.normal(size=30), np.arange(30) % 5, rng.permutation(30)
    one = t_on_group_means(values, groups)
    moved = t_on_group_means(factor * values[order] + shift, groups[order])
    assert moved.value == pytest.approx(factor * one.value + shift)
    assert moved.interval.width == pytest.approx(factor * one.interval.width)


@FEW
@given(st.floats(0.3, 0.9), st.floats(0.05, 0.15), st.integers(2, 8))
def test_a_narrower_interval_takes_more_targets(expected: float, width: float, raters: int) -> None:
    shares = [0.1, 0.4, 0.4, 0.1]
    for plan in (bonett_targets, zou_targets):
        assert plan(expected, raters, width).n > plan(expected, raters, 2 * width).n
    narrow = kappa_targets(expected, expected - width, shares, raters)
    assert narrow.n >= kappa_targets(expected, expected - 1.5 * width, shares, raters).n
