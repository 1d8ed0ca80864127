"""Plans in the terms of a study: precision, its neighbours, and its price."""

import pytest

from analysis.pages.planning.planner import NoPlan, Pace, plan_agreement, plan_numbers, plan_trials
from analysis.statistics.planning import bonett_targets, kappa_targets, zou_targets

PACE = Pace(seconds=36, price_per_hour=20)
SHARES = [10, 45, 35, 10]


def test_the_price_follows_from_the_judgments():
    chosen = plan_agreement(0.7, 0.2, SHARES, 3, PACE).chosen
    assert chosen.judgments == 3 * chosen.items
    assert chosen.hours == pytest.approx(chosen.judgments / 100)
    assert chosen.cost == pytest.approx(chosen.hours * 20)


def test_agreement_is_planned_by_donner_and_rotondi():
    shares = [share / 100 for share in SHARES]
    wanted = kappa_targets(0.7, 0.6, shares, 3, high=0.8).n
    assert plan_agreement(0.7, 0.2, SHARES, 3, PACE).chosen.items == wanted


def test_the_simulated_width_of_the_planned_design_is_near_the_wanted_one():
    simulated = plan_agreement(0.7, 0.2, SHARES, 3, PACE).simulated
    assert simulated is not None
    assert simulated.median_width == pytest.approx(0.2, abs=0.03)


def test_a_width_that_reaches_one_plans_the_lower_end_and_says_so():
    plan = plan_agreement(0.95, 0.2, SHARES, 3, PACE)
    assert "only its lower end" in plan.notes[0]


def test_a_width_that_reaches_zero_has_no_plan():
    with pytest.raises(NoPlan, match="smaller width"):
        plan_agreement(0.1, 0.4, SHARES, 3, PACE)


def test_a_design_too_large_to_simulate_says_so():
    plan = plan_agreement(0.5, 0.02, SHARES, 3, PACE)
    assert plan.simulated is None
    assert any("too large to be simulated" in note for note in plan.notes)


def test_numbers_are_planned_by_zou_with_bonett_beside():
    plan = plan_numbers(0.7, 0.2, 5, PACE, assurance=0.8)
    assert plan.chosen.items == zou_targets(0.7, 5, 0.2, assurance=0.8).n
    assert plan.chosen.beside == bonett_targets(0.7, 5, 0.2).n
    assert plan.chosen.beside < plan.chosen.items
    assert "half of all studies" in plan.notes[0]


def test_few_raters_are_warned_of():
    assert any("With 3 raters" in note for note in plan_numbers(0.7, 0.2, 3, PACE).notes)
    assert not any("With 5 raters" in note for note in plan_numbers(0.7, 0.2, 5, PACE).notes)


def test_a_design_of_numbers_is_simulated_with_raters_who_differ():
    alike, apart = (plan_numbers(0.7, 0.2, 5, PACE, differ=part).simulated for part in (0, 1))
    assert alike is not None and apart is not None
    # Zou's n keeps four studies of five within the wanted width, so the median is below it.
    assert 0.13 < alike.median_width < 0.2
    assert apart.median_width > 1.5 * alike.median_width


def test_more_raters_who_share_the_items_make_the_interval_narrower():
    few, many = (plan_numbers(0.7, 0.2, 3, PACE, pool=k, differ=0.5).simulated for k in (3, 15))
    assert few is not None and many is not None
    assert many.median_width < few.median_width


def test_raters_for_a_reliable_mean_follow_spearman_and_brown():
    assert plan_numbers(0.5, 0.2, 5, PACE, reliability=0.9).raters_for_mean == 9


def test_more_raters_need_no_more_items():
    for plan in (plan_numbers(0.7, 0.2, 4, PACE), plan_agreement(0.7, 0.2, SHARES, 4, PACE)):
        items = [option.items for option in plan.options]
        assert items == sorted(items, reverse=True)
        assert [option.raters for option in plan.options] == [2, 3, 4, 5, 6]


def test_planned_trials_reach_the_wanted_difference():
    plan = plan_trials(10, 5, 8, PACE)
    assert plan.trials == 8 * plan.per_cell
    assert dict(plan.ladder)[plan.per_cell] <= 5
    assert plan.ladder[0][1] > 5


def test_a_difference_far_below_the_noise_has_no_plan():
    with pytest.raises(NoPlan, match="larger difference"):
        plan_trials(180, 0.1, 8, PACE)
