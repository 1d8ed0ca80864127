"""Simulated cultures that differ by a known amount are found, and nothing is where nothing was."""

import numpy as np
import pytest

from analysis.statistics.cultures.compare import compare_cultures
from analysis.statistics.cultures.equivalence import scenes_against_anchor
from analysis.statistics.cultures.g_study import g_study
from analysis.statistics.cultures.logistic_dif import logistic_dif
from analysis.statistics.cultures.mantel_haenszel import (
    generalised_mantel_haenszel,
    mantel_haenszel,
)
from tests.analysis.statistics.cultures.support import labelled, oracles
from tests.analysis.statistics.support import noisy_labels

PROSOCIAL = 2.0


def strata_of(table: np.ndarray, culture: np.ndarray, angles: np.ndarray) -> np.ndarray:
    """Counts of labels in five strata of the angle."""
    stratum = np.digitize(angles, np.quantile(angles, [0.2, 0.4, 0.6, 0.8]))
    counts = np.zeros((5, 2, 4))
    for side in (0, 1):
        own = table[:, culture == side]
        np.add.at(counts, (np.repeat(stratum, own.shape[1]), side, own.ravel().astype(int)), 1)
    return counts


def one_label(counts: np.ndarray, label: int) -> np.ndarray:
    return np.stack([counts[..., label], counts.sum(axis=-1) - counts[..., label]], axis=-1)


def test_cultures_that_see_the_same_are_not_told_apart() -> None:
    found, apart = 0, 0
    for seed in range(20):
        table, culture, _ = labelled(60, 5, seed=seed)
        pair = compare_cultures(table, culture, replicates=100, seed=seed)
        found += pair.p_cross < 0.05
        apart += not pair.values["normalised"].interval.contains(1)
    assert found <= 3
    assert apart <= 3


def test_cultures_that_see_another_angle_are_told_apart() -> None:
    found = 0
    for seed in range(10):
        table, culture, _ = labelled(120, 5, shift=20, seed=seed)
        pair = compare_cultures(table, culture, replicates=200, seed=seed)
        found += pair.p_cross < 0.05
        assert pair.values["normalised"].interval.high < 1
        assert pair.values["association_first"].value > 1
        assert pair.values["cross"].details["cross_by_chance"] > pair.values["cross"].value
    assert found == 10


def test_one_culture_that_agrees_less_has_the_lower_alpha() -> None:
    careful, culture, _ = labelled(150, 6, keep=0.9, seed=3)
    careless, _, _ = labelled(150, 6, keep=0.5, seed=3)
    table = np.where(culture == 0, careful, careless)
    pair = compare_cultures(table, culture, replicates=300)
    assert pair.values["difference"].interval.low > 0.2
    assert pair.p_difference < 0.05


def test_raters_who_differ_make_the_interval_wider_than_items_alone_do() -> None:
    rng = np.random.default_rng(5)
    careful, culture, _ = labelled(200, 6, keep=1.0, seed=5)
    lost = rng.random(len(culture)) < 0.3
    guessed = rng.integers(0, 4, careful.shape)
    pair = compare_cultures(np.where(lost, guessed, careful), culture, replicates=300)
    cross = pair.values["cross"]
    items = cross.details["over_items"]
    assert cross.interval.width > 1.5 * (items["high"] - items["low"])


def test_a_shift_of_one_culture_is_found_in_the_labels_at_an_equal_angle() -> None:
    table, culture, angles = labelled(300, 5, shift=12, seed=1)
    counts = strata_of(table, culture, angles)
    assert generalised_mantel_haenszel(counts).details["p"] < 1e-6
    altruistic = mantel_haenszel(one_label(counts, 3))
    assert altruistic.size == "C" and altruistic.delta.value > 0
    used = (table == 3).ravel()
    change = logistic_dif(used, np.tile(culture, 300), np.repeat(angles, 10))
    assert change.uniform.details["p"] < 1e-6


def test_nothing_is_found_in_the_labels_of_cultures_that_see_the_same() -> None:
    small, large = 0, 0
    for seed in range(40):
        table, culture, angles = labelled(100, 5, seed=seed)
        counts = strata_of(table, culture, angles)
        one = mantel_haenszel(one_label(counts, 2))
        small += one.p < 0.05
        large += one.size == "C"
    assert small <= 6
    assert large == 0


def test_a_label_used_more_at_high_angles_by_one_culture_alone_is_not_uniform() -> None:
    rng = np.random.default_rng(2)
    score, focal = rng.normal(0, 1, 3000), np.repeat([0, 1], 1500)
    used = rng.random(3000) < 1 / (1 + np.exp(-score * (0.3 + 1.2 * focal)))
    found = logistic_dif(used, focal, score)
    assert found.non_uniform.details["p"] < 1e-6
    assert found.uniform.details["p"] > 0.01


def test_components_of_simulated_targets_scenes_and_languages_come_back() -> None:
    rng = np.random.default_rng(4)
    sd = np.sqrt([120, 6, 3, 24, 8, 2, 15])
    shapes = [(400, 1, 1), (1, 12, 1), (1, 1, 4), (400, 12, 1), (400, 1, 4), (1, 12, 4)]
    shapes.append((400, 12, 4))
    table = sum(s * rng.standard_normal(shape) for s, shape in zip(sd, shapes, strict=True))
    found = g_study(table)
    truth = dict(zip(found.components, [120, 6, 3, 24, 8, 2, 15], strict=True))
    for name, result in found.components.items():
        assert result.interval.contains(truth[name]), name
    size = found.sizes[0]
    assert size.g.interval.contains(120 / (120 + 24 / 12 + 8 / 4 + 15 / 48))


def test_the_interval_of_g_holds_the_truth_about_as_often_as_it_says() -> None:
    held = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        table = 10 * rng.standard_normal((20, 1)) + 6 * rng.standard_normal((20, 6))
        result = g_study(table, replicates=400, seed=seed).sizes[0].g
        held += result.interval.contains(100 / (100 + 36 / 6))
    assert held >= 88


def test_a_scene_within_two_degrees_is_equivalent_and_one_at_six_is_not() -> None:
    rng = np.random.default_rng(6)
    target = rng.normal(25, 12, 80)
    table = np.column_stack([target + shift + rng.normal(0, 4, 80) for shift in (0, 1, 6)])
    found = scenes_against_anchor(table, ["points", "food", "time"], "points")
    assert found["food"].equivalent is True
    assert found["time"].equivalent is False
    assert found["time"].difference.interval.contains(6)


@pytest.mark.parametrize("raters", [2, 3, 5])
def test_half_widths_of_a_difference_of_alphas_are_those_of_planning_simulation(
    raters: int,
) -> None:
    planned = oracles()["planning_simulation"]
    expected = planned["expected"]["half_width_alpha_difference"][f"{raters} raters each"]["100"]
    culture = np.repeat([0, 1], raters)
    drawn = [difference(noisy(100, 2 * raters, seed), culture) for seed in range(150)]
    assert 1.96 * np.std(drawn, ddof=1) == pytest.approx(expected, abs=planned["tolerance"])


def noisy(items: int, raters: int, seed: int) -> np.ndarray:
    """Four classes; a rater is right in 8 of 10, as the planned simulation has it."""
    return noisy_labels(items, raters, keep=1 - 0.2 * 4 / 3, seed=seed)


def difference(table: np.ndarray, culture: np.ndarray) -> float:
    return compare_cultures(table, culture, replicates=1).values["difference"].value


@pytest.mark.parametrize(("delta", "n", "name"), [(1.0, 500, "1"), (1.5, 300, "1_5")])
def test_power_of_mantel_haenszel_is_that_of_planning_simulation(
    delta: float, n: int, name: str
) -> None:
    planned = oracles()["planning_simulation"]["expected"][f"mh_power_abs_delta_{name}"][str(n)]
    rng = np.random.default_rng(7)
    base = np.log([0.1, 0.3, 0.5, 0.7, 0.9]) - np.log1p(-np.array([0.1, 0.3, 0.5, 0.7, 0.9]))
    found = 0
    for _ in range(600):
        shares = 1 / (1 + np.exp(-np.stack([base, base - delta / 2.35], axis=1)))
        yes = rng.binomial(n // 5, shares)
        found += mantel_haenszel(np.stack([yes, n // 5 - yes], axis=-1)).p < 0.05
    assert found / 600 == pytest.approx(planned, abs=0.08)
