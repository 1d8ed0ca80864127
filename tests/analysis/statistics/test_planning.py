"""Plans: what the formulas promise and what simulated studies give."""

import pytest

from analysis.statistics.planning import (
    bonett_targets,
    kappa_targets,
    mdc_of_mean,
    raters_for_reliability,
    simulate_alpha_width,
    simulate_icc_width,
    trials_for_mdc,
    zou_targets,
)


def test_assurance_costs_targets() -> None:
    assert zou_targets(0.8, 5, 0.2).n > bonett_targets(0.8, 5, 0.2).n
    assert zou_targets(0.8, 5, 0.2, assurance=0.95).n > zou_targets(0.8, 5, 0.2).n
    assert "half" in bonett_targets(0.8, 5, 0.2).warnings[0]


def test_a_one_sided_kappa_plan_is_smaller() -> None:
    shares = [0.1, 0.4, 0.4, 0.1]
    both = kappa_targets(0.6, 0.4, shares, 2, high=0.8)
    assert kappa_targets(0.6, 0.4, shares, 2).n < both.n
    assert kappa_targets(0.6, 0.4, shares, 4, high=0.8).n < both.n


def test_a_kappa_plan_needs_its_value_between_the_limits() -> None:
    with pytest.raises(ValueError, match="between its limits"):
        kappa_targets(0.6, 0.7, [0.5, 0.5], 2)
    with pytest.raises(ValueError, match="sum to 1"):
        kappa_targets(0.6, 0.4, [0.5, 0.6], 2)


def test_trials_and_mdc_are_inverse() -> None:
    size = trials_for_mdc(6.0, 5.0)
    assert mdc_of_mean(6.0, size.n) <= 5.0 < mdc_of_mean(6.0, size.n - 1)


def test_raters_follow_spearman_and_brown() -> None:
    size = raters_for_reliability(0.5, 0.9)
    assert size.n == 9
    assert size.n_raw == pytest.approx(9)


def test_simulated_alpha_has_the_planned_value() -> None:
    plan = simulate_alpha_width(
        0.7, [0.1, 0.4, 0.4, 0.1], 200, 3, width=0.15, studies=40, replicates=200
    )
    assert plan.mean_value == pytest.approx(0.7, abs=0.02)
    assert plan.assurance is not None and 0 <= plan.assurance <= 1


def test_more_targets_narrow_simulated_icc_intervals() -> None:
    variances = (400.0, 5.0, 100.0)
    few = simulate_icc_width(variances, 20, 5, studies=30, form="ICC(C,1)")
    many = simulate_icc_width(variances, 80, 5, studies=30, form="ICC(C,1)")
    assert many.mean_width < 0.7 * few.mean_width
    assert few.undefined == 0


def test_an_incomplete_design_is_simulated_too() -> None:
    plan = simulate_icc_width((400, 20, 100), 30, 6, per_target=3, studies=5, replicates=100)
    assert plan.studies == 5
    assert 0.5 < plan.mean_value < 1


def test_a_simulated_design_needs_two_judgments_a_target() -> None:
    with pytest.raises(ValueError, match="between 2 and the 6 raters"):
        simulate_icc_width((400, 20, 100), 30, 6, per_target=1)
