"""Properties of the statistics of cultures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.cultures.compare import compare_cultures
from analysis.statistics.cultures.cross_replication import cross_replication
from analysis.statistics.cultures.equivalence import scenes_against_anchor
from analysis.statistics.cultures.g_study import g_study
from analysis.statistics.cultures.logistic_dif import logistic_dif
from analysis.statistics.cultures.mantel_haenszel import (
    generalised_mantel_haenszel,
    mantel_haenszel,
)
from analysis.statistics.numbers.icc import icc
from tests.analysis.statistics.support import noisy_angles, noisy_labels
from tests.support.examples import examples

FEW = settings(max_examples=examples(20))
QUICK = {"replicates": 20}
seeds = st.integers(0, 2**16)
scales = st.sampled_from(["nominal", "ordinal", "interval"])


def sparse(seed: int, raters: int = 6) -> np.ndarray:
    table = noisy_labels(25, raters, seed=seed)
    table[np.random.default_rng(seed).random(table.shape) < 0.3] = np.nan
    return table


def by_hand(first: np.ndarray, second: np.ndarray, distance: object) -> float:
    """The definition, pair by pair."""
    shared = [
        (x[~np.isnan(x)], y[~np.isnan(y)])
        for x, y in zip(first, second, strict=True)
        if not np.isnan(x).all() and not np.isnan(y).all()
    ]
    gaps = [np.mean([[distance(a, b) for b in y] for a in x]) for x, y in shared]
    observed = np.average(gaps, weights=[len(x) + len(y) for x, y in shared])
    left, right = (np.concatenate(side) for side in zip(*shared, strict=True))
    return 1 - observed / np.mean([[distance(a, b) for b in right] for a in left])


@FEW
@given(seeds)
def test_xrr_is_its_definition(seed: int) -> None:
    table = sparse(seed)
    first, second = table[:, :3], table[:, 3:]
    labels = cross_replication(first, second, "nominal", **QUICK).value
    assert labels == pytest.approx(by_hand(first, second, lambda a, b: float(a != b)))
    numbers = cross_replication(first, second, "interval", **QUICK).value
    assert numbers == pytest.approx(by_hand(first, second, lambda a, b: (a - b) ** 2))


@FEW
@given(seeds, scales)
def test_xrr_takes_both_sides_alike_and_ignores_their_order(seed: int, scale: str) -> None:
    table = sparse(seed)
    first, second = table[:, :3], table[:, 3:]
    one = cross_replication(first, second, scale, **QUICK).value
    other = cross_replication(second[::-1, ::-1], first[::-1], scale, **QUICK).value
    assert one == pytest.approx(other)


@FEW
@given(seeds, st.permutations(range(4)))
def test_nominal_xrr_ignores_the_names_of_labels(seed: int, names: list[int]) -> None:
    table = noisy_labels(25, 6, seed=seed)
    renamed = np.array(names, float)[table.astype(int)]
    one, other = (cross_replication(t[:, :3], t[:, 3:], **QUICK) for t in (table, renamed))
    assert one.value == pytest.approx(other.value)


@FEW
@given(seeds, st.sampled_from(["nominal", "interval"]))
def test_alphas_of_a_pair_are_those_of_the_shared_items(seed: int, scale: str) -> None:
    table = sparse(seed)
    culture = np.array([0, 0, 0, 1, 1, 1])
    pair = compare_cultures(table, culture, scale, **QUICK)
    judged = [(~np.isnan(table[:, culture == side])).any(axis=1) for side in (0, 1)]
    shared = table[judged[0] & judged[1]]
    assert pair.shared == len(shared)
    parts = {"pooled": shared, "alpha_first": shared[:, :3], "alpha_second": shared[:, 3:]}
    for name, part in parts.items():
        alpha = krippendorff_alpha(part, scale, **QUICK)
        assert pair.values[name].value == pytest.approx(alpha.value), name


@FEW
@given(seeds)
def test_ranks_of_a_pair_are_those_of_both_cultures_together(seed: int) -> None:
    table = noisy_labels(25, 6, seed=seed)
    pair = compare_cultures(table, np.array([0, 0, 0, 1, 1, 1]), "ordinal", **QUICK)
    alpha = krippendorff_alpha(table, "ordinal", **QUICK)
    assert pair.values["pooled"].value == pytest.approx(alpha.value)


@FEW
@given(seeds)
def test_swapped_cultures_swap_the_pair(seed: int) -> None:
    table, culture = sparse(seed), np.array([0, 1, 0, 1, 0, 1])
    one, other = (compare_cultures(table, side, **QUICK).values for side in (culture, 1 - culture))
    assert one["difference"].value == pytest.approx(-other["difference"].value)
    assert one["normalised"].value == pytest.approx(other["normalised"].value)
    assert one["association_first"].value == pytest.approx(other["association_second"].value)


@FEW
@given(seeds)
def test_swapped_cultures_turn_delta_and_a_stratum_of_one_culture_adds_nothing(seed: int) -> None:
    tables = np.random.default_rng(seed).integers(1, 20, (4, 2, 2))
    one, other = mantel_haenszel(tables), mantel_haenszel(tables[:, ::-1])
    assert one.delta.value == pytest.approx(-other.delta.value)
    assert one.p == pytest.approx(other.p)
    more = mantel_haenszel(np.concatenate([tables, [[[5, 3], [0, 0]]]]))
    assert more.delta.value == pytest.approx(one.delta.value)
    assert any("add nothing" in warning for warning in more.odds_ratio.warnings)


@FEW
@given(seeds)
def test_the_generalised_statistic_of_two_labels_is_mantel_haenszel(seed: int) -> None:
    tables = np.random.default_rng(seed).integers(1, 20, (4, 2, 2))
    found = generalised_mantel_haenszel(tables)
    assert found.value == pytest.approx(mantel_haenszel(tables).chi2)
    assert found.details["df"] == 1


@FEW
@given(seeds, st.permutations(range(4)))
def test_the_generalised_statistic_ignores_the_names_of_labels(seed: int, names: list[int]) -> None:
    tables = np.random.default_rng(seed).integers(1, 20, (4, 2, 4))
    one, other = (generalised_mantel_haenszel(t) for t in (tables, tables[:, :, names]))
    assert one.value == pytest.approx(other.value)


@FEW
@given(seeds, st.floats(0.1, 50), st.floats(-90, 90))
def test_logistic_regression_ignores_the_unit_of_the_score(
    seed: int, factor: float, shift: float
) -> None:
    rng = np.random.default_rng(seed)
    score, focal = rng.normal(size=200), rng.integers(0, 2, 200)
    used = rng.random(200) < 1 / (1 + np.exp(-score))
    one, other = (logistic_dif(used, focal, s) for s in (score, factor * score + shift))
    for name in ("uniform", "non_uniform", "both"):
        assert getattr(one, name).value == pytest.approx(getattr(other, name).value, abs=1e-9)
    assert one.both.value == pytest.approx(one.uniform.value + one.non_uniform.value)


@FEW
@given(seeds)
def test_g_and_phi_of_targets_and_scenes_are_the_icc_of_their_mean(seed: int) -> None:
    table = noisy_angles(20, 4, variances=(100, 10, 30), seed=seed)
    found, forms = g_study(table), icc(table)
    size = found.sizes[0]
    assert size.g.value == pytest.approx(forms["ICC(C,k)"].value)
    if found.components["scene"].value >= 0:  # one below zero counts as zero here, as it is there
        assert size.phi.value == pytest.approx(forms["ICC(A,k)"].value)


@FEW
@given(seeds)
def test_components_do_not_mind_the_order_of_targets_scenes_and_languages(seed: int) -> None:
    table = np.random.default_rng(seed).normal(20, 10, (6, 3, 2))
    one, other = g_study(table, **QUICK), g_study(table[::-1, ::-1, ::-1], **QUICK)
    for name, part in one.components.items():
        assert part.value == pytest.approx(other.components[name].value, abs=1e-9)


@FEW
@given(seeds)
def test_more_scenes_never_measure_worse(seed: int) -> None:
    table = np.random.default_rng(seed).normal(20, 10, (8, 3, 2))
    sizes = [(n, 2) for n in (3, 6, 12, 24)]
    found = [size.sem.value for size in g_study(table, sizes=sizes, **QUICK).sizes]
    assert found == sorted(found, reverse=True)


@FEW
@given(seeds)
def test_a_scene_is_equivalent_exactly_where_its_ninety_per_cent_interval_lies_inside(
    seed: int,
) -> None:
    rng = np.random.default_rng(seed)
    target = rng.normal(20, 10, 30)
    table = np.column_stack([target, target + rng.normal(3.5, 4, 30)])
    names = ["points", "food"]
    found = scenes_against_anchor(table, names, "points", level=0.9)["food"]
    limits = found.difference.interval
    assert found.equivalent == (limits.low > -5 and limits.high < 5)
