"""ICCs beyond their oracles: cross-check, missing cells, pivots, bootstrap, measurement error."""

import numpy as np
import pytest

from analysis.statistics.core.ratings import Ratings, as_ratings
from analysis.statistics.numbers.icc import FORMS, icc, icc_bootstrap
from analysis.statistics.numbers.icc_missing import model_iccs
from analysis.statistics.numbers.pivots import pivots
from analysis.statistics.numbers.reliability import (
    minimum_detectable_change,
    standard_error_of_measurement,
    within_cell,
)
from analysis.statistics.numbers.variance_components import Design, design_parts
from tests.analysis.statistics.support import fixture_matrix, noisy_angles


def with_gaps(table: np.ndarray, share: float, seed: int = 77) -> np.ndarray:
    return np.where(np.random.default_rng(seed).random(table.shape) < share, np.nan, table)


def test_limits_that_have_no_degrees_of_freedom_left_give_a_reason() -> None:
    result = icc([[1.0, 1.0, 0.0, 3.0], [1.0, 0.0, 2.0, 1.0]])["ICC(A,1)"]
    assert result.interval is None
    assert "degrees of freedom" in result.interval_reason


def test_targets_that_differ_a_billion_times_more_than_raters_have_limits_or_a_reason() -> None:
    table = np.array([[0.0, 0, 0, 0], [1e9, 1e9, 1e9, 1e9]])
    table[0, 0], table[1, 1] = 0.125, 1e9 + 0.125
    for found in icc(as_ratings(table)).values():
        assert found.interval is not None or found.interval_reason
        assert found.value == pytest.approx(1)


def test_pingouin_gives_the_same_values_and_limits() -> None:
    pingouin = pytest.importorskip("pingouin")
    import pandas

    table = fixture_matrix("fx_complete_angle")
    rows = Ratings.from_matrix(table)
    frame = pandas.DataFrame({"unit": rows.unit, "rater": rows.rater, "value": rows.value})
    before = pingouin.options["round.column.CI95"]
    pingouin.options["round.column.CI95"] = None
    try:
        theirs = pingouin.intraclass_corr(frame, "unit", "rater", "value").set_index("Type")
    finally:
        pingouin.options["round.column.CI95"] = before
    ours = icc(table)
    for form in FORMS:
        assert ours[form].value == pytest.approx(theirs.loc[form, "ICC"], abs=1e-9)
        low, high = theirs.loc[form, "CI95"]
        interval = ours[form].interval
        assert (interval.low, interval.high) == pytest.approx((low, high), abs=1e-6)


def test_a_tiny_residual_is_kept_apart_from_large_means() -> None:
    table = 1e4 + noisy_angles(50, 4, variances=(400, 4, 1e-10))
    exact = icc(table - 1e4)
    for form, result in icc(table).items():
        assert result.value == pytest.approx(exact[form].value, abs=1e-8)


def test_a_design_that_lost_one_cell_stays_near_the_complete_one() -> None:
    table = noisy_angles(60, 6, variances=(400, 40, 100))
    complete = icc(table)
    table[0, 0] = np.nan
    for form, result in icc(table).items():
        assert result.value == pytest.approx(complete[form].value, abs=0.02)
        assert result.interval.contains(result.value)


def test_reml_of_a_complete_table_is_the_analysis_of_variance() -> None:
    table = noisy_angles(40, 5, variances=(400, 40, 100))
    fitted = Design(as_ratings(table)).fit()
    total = fitted.target + fitted.rater + fitted.residual
    results = icc(table)
    assert fitted.target / total == pytest.approx(results["ICC(A,1)"].value, abs=1e-7)
    consistency = fitted.target / (fitted.target + fitted.residual)
    assert consistency == pytest.approx(results["ICC(C,1)"].value, abs=1e-7)


def test_reml_does_not_care_which_factor_is_absorbed() -> None:
    table = with_gaps(noisy_angles(12, 9, variances=(400, 40, 100)), 0.3)
    upright, turned = Design(as_ratings(table)).fit(), Design(as_ratings(table.T)).fit()
    assert upright.target == pytest.approx(turned.rater, rel=1e-6)
    assert upright.rater == pytest.approx(turned.target, rel=1e-6)
    assert upright.loglik == pytest.approx(turned.loglik, abs=1e-8)


def test_a_rater_variance_of_zero_is_found_at_the_border() -> None:
    rng = np.random.default_rng(3)
    table = rng.normal(size=(40, 1)) * 5 + rng.normal(size=(40, 4))
    table -= table.mean(axis=0)
    table[::7, 2] = np.nan
    fitted = Design(as_ratings(table)).fit()
    assert fitted.rater == 0.0
    assert fitted.target > 0


def test_pivots_of_a_complete_table_agree_with_f_limits_for_consistency() -> None:
    table = noisy_angles(60, 5, variances=(400, 40, 100))
    exact = icc(table)["ICC(C,1)"].interval
    drawn = icc(table, limits="pivot", replicates=20_000)["ICC(C,1)"].interval
    assert (drawn.low, drawn.high) == pytest.approx((exact.low, exact.high), abs=0.01)


def test_pivots_from_levels_and_from_moments_agree() -> None:
    # 400 targets are beyond the exact route, 90 are not.
    table = with_gaps(noisy_angles(400, 6, variances=(400, 40, 100)), 0.4)
    many, few = (pivots(as_ratings(part), two_way=True) for part in (table, table[:90]))
    assert len(many.targets.squares) == 1
    assert len(few.targets.squares) > 80
    for found in (many, few):
        draws = found.draw(4000, np.random.default_rng(0))
        assert np.median(draws.target) == pytest.approx(400, rel=0.25)
        assert np.median(draws.residual) == pytest.approx(100, rel=0.2)


def test_pivot_limits_cover_with_few_raters_and_missing_cells() -> None:
    truth = 400 / (400 + 100 + 100)
    hits = 0
    for seed in range(60):
        complete = noisy_angles(20, 5, variances=(400, 100, 100), seed=seed)
        table = with_gaps(complete, 0.2, seed=seed + 1000)
        forms = model_iccs(
            as_ratings(table), ("ICC(A,1)",), 1.0, level=0.95, replicates=300, seed=seed
        )
        hits += forms["ICC(A,1)"].interval.contains(truth)
    assert hits >= 53


def test_the_mean_of_raters_is_as_reliable_as_spearman_and_brown_say() -> None:
    table = with_gaps(noisy_angles(60, 5, variances=(100, 10, 100)), 0.3)
    forms = icc(table)
    single, mean = forms["ICC(A,1)"].value, forms["ICC(A,k)"]
    k = mean.details["k"]
    assert k == pytest.approx(1 / np.mean(1 / (~np.isnan(table)).sum(axis=1)))
    assert mean.value == pytest.approx(k * single / (1 + (k - 1) * single))


def test_few_raters_are_warned_about() -> None:
    table = noisy_angles(30, 3, variances=(100, 10, 100))
    assert any("only 3 raters" in warning for warning in icc(table)["ICC(A,1)"].warnings)


def test_a_disconnected_design_is_seen() -> None:
    assert design_parts(as_ratings(fixture_matrix("fx_disconnected"))) == 2
    assert design_parts(as_ratings(fixture_matrix("fx_missing_angle"))) == 1


def test_additive_ratings_with_gaps_leave_no_residual() -> None:
    table = np.add.outer(np.arange(8.0), np.array([0.0, 2.0, 5.0]))
    table[0, 0] = np.nan
    assert "no residual" in icc(table)["ICC(A,1)"].reason


def test_the_target_bootstrap_is_the_same_value_with_another_interval() -> None:
    table = noisy_angles(80, 4, variances=(400, 10, 100))
    for form in FORMS:
        assert icc_bootstrap(table, form).value == icc(table)[form].value
    consistency = icc_bootstrap(table, "ICC(C,1)")
    assert consistency.interval.contains(consistency.value)
    assert not consistency.warnings
    assert "sampling of raters" in icc_bootstrap(table, "ICC(A,1)").warnings[0]


def test_bootstrap_replicates_are_the_coefficient_of_the_drawn_targets() -> None:
    table = noisy_angles(20, 3, variances=(400, 10, 100))
    drawn = np.random.default_rng(0).integers(0, 20, 20, dtype=np.int32)
    expected = icc(table[drawn])["ICC(A,1)"].value
    result = icc_bootstrap(table, "ICC(A,1)", replicates=1, seed=0)
    assert "no spread" in result.interval_reason
    many = icc_bootstrap(table, "ICC(A,1)", replicates=400, seed=0)
    assert many.interval.low - 0.1 < expected < many.interval.high + 0.1


def test_sem_with_gaps_is_near_that_of_the_complete_table() -> None:
    table = noisy_angles(100, 6, variances=(400, 40, 100))
    for kind in ("agreement", "consistency"):
        complete = standard_error_of_measurement(table, kind)
        gaps = standard_error_of_measurement(with_gaps(table, 0.2), kind)
        assert gaps.value == pytest.approx(complete.value, rel=0.1)
        assert complete.interval.contains(complete.value)
        assert gaps.interval.contains(gaps.value)
    assert minimum_detectable_change(gaps).value == pytest.approx(2.7718 * gaps.value, rel=1e-4)


def test_within_cell_spread_is_the_pooled_standard_deviation() -> None:
    trials = np.array([[1.0, 3.0, np.nan], [10.0, 10.0, 13.0], [5.0, np.nan, np.nan]])
    result = within_cell(trials)
    assert result.sd.value == pytest.approx(np.sqrt((2 + 6) / 3))
    assert result.sd.n == {"cells": 3, "trials": 6}


def test_trials_that_jump_have_a_wider_interval_than_their_number_suggests() -> None:
    rng = np.random.default_rng(2)
    even = rng.normal(0, 6, (8, 10))
    jumps = np.where(rng.random((8, 10)) < 0.2, rng.normal(0, 13, (8, 10)), 0.5 * even)
    steady, jumping = (within_cell(trials).sd for trials in (even, jumps))
    relative = [sd.interval.width / sd.value for sd in (steady, jumping)]
    assert relative[1] > 1.4 * relative[0]


def test_the_interval_of_normal_trials_is_chi_square() -> None:
    from scipy.stats import chi2

    table = np.tile([-1.0, 1.0], (40, 3))
    sd = within_cell(table).sd
    low = sd.value * np.sqrt(200 / chi2.ppf(0.975, 200))
    assert sd.interval.low == pytest.approx(low)


def test_frozen_trials_look_like_temperature_zero() -> None:
    result = within_cell(np.repeat(np.arange(5.0)[:, None], 4, axis=1))
    assert "temperature 0" in result.sd.warnings[0]
    assert result.sd.value == 0.0
    assert result.icc.value == 1.0


def test_a_restricted_range_is_named_beside_a_low_icc() -> None:
    result = within_cell(np.random.default_rng(0).normal(30, 1, (30, 5)))
    assert any("restricted range" in warning for warning in result.icc.warnings)
