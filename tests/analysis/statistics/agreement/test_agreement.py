"""Agreement coefficients and kappa: paradox, clusters, categories, weights."""

import numpy as np
import pytest

from analysis.statistics.agreement.coefficients import (
    agreement,
    class_agreement,
    gwet_ac,
    percent_agreement,
)
from analysis.statistics.agreement.kappa import cohen_kappa, cohen_kappa_table
from analysis.statistics.core.clustered import t_on_group_means
from analysis.statistics.core.diagnostics import prevalence_warning
from analysis.statistics.core.weights import agreement_weights
from tests.analysis.statistics.support import noisy_labels

SKEWED = np.array([(0, 0)] * 80 + [(0, 1)] * 10 + [(1, 0)] * 5 + [(1, 1)] * 5, float)


def test_kappa_and_ac1_apart_is_the_prevalence_warning() -> None:
    kappa, ac1 = cohen_kappa(*SKEWED.T, 2), gwet_ac(SKEWED, 2)
    assert "differ by more than 0.1" in str(prevalence_warning(kappa, ac1))
    assert prevalence_warning(kappa, kappa) is None


def test_a_category_nobody_used_counts_in_the_fixed_list() -> None:
    table = noisy_labels(30, 3, categories=3)
    assert gwet_ac(table, 3).value != gwet_ac(table, 4).value
    assert gwet_ac(table, 3).value == pytest.approx(gwet_ac(table, 4).value, abs=0.1)


def test_one_category_only_is_undefined_for_kappa_and_one_for_ac1() -> None:
    table = np.full((20, 3), 2.0)
    assert "chance is 1" in agreement(table, 4, "fleiss").reason
    assert gwet_ac(table, 4).value == pytest.approx(1.0)


def test_percent_agreement_over_equal_clusters_is_t_on_cluster_means() -> None:
    table = noisy_labels(60, 2)
    models = np.repeat(np.arange(6), 10)
    own = (table[:, 0] == table[:, 1]).astype(float)
    expected = t_on_group_means(own, models)
    result = percent_agreement(table, 4, clusters=models)
    assert result.value == pytest.approx(expected.value)
    assert result.interval.low == pytest.approx(expected.interval.low)


def test_class_agreement_of_two_raters_is_positive_and_negative_agreement() -> None:
    # Cicchetti & Feinstein 1990: 2a/(2a + b + c) and 2d/(2d + b + c).
    negative, positive = class_agreement(SKEWED, 2)
    assert negative.value == pytest.approx(160 / 175)
    assert positive.value == pytest.approx(10 / 25)
    assert negative.interval.contains(negative.value)


def test_a_category_nobody_used_has_no_class_agreement() -> None:
    names = ["altruistic", "prosocial", "individualistic"]
    unused = class_agreement(SKEWED, 3, names=names)[2]
    assert unused.reason == "nobody chose 'individualistic' where a second rater judged too"


def test_kappa_over_clusters_takes_t_on_clusters() -> None:
    table = noisy_labels(80, 2)
    result = cohen_kappa(*table.T, 4, clusters=np.arange(80) % 8)
    assert result.interval.method == "t on 8 clusters, linearised variance"
    assert result.value == cohen_kappa(*table.T, 4).value


def test_kappa_without_clusters_is_kappa_of_the_table() -> None:
    first, second = noisy_labels(80, 2).T
    cells = np.zeros((4, 4))
    np.add.at(cells, (first.astype(int), second.astype(int)), 1)
    assert cohen_kappa(first, second, 4) == cohen_kappa_table(cells)


def test_kappa_leaves_rows_out_that_one_rater_missed() -> None:
    first, second = noisy_labels(50, 2).T
    first[:5] = np.nan
    assert cohen_kappa(first, second, 4).n == {"units": 45}


def test_the_interval_of_kappa_is_t_on_its_units() -> None:
    result = cohen_kappa_table([[5, 1], [2, 7]])
    half = 2.144787 * result.details["se"]
    assert result.interval.low == pytest.approx(result.value - half)


def test_a_table_that_is_not_square_is_an_error() -> None:
    with pytest.raises(ValueError, match="square"):
        cohen_kappa_table([[1, 2, 3], [4, 5, 6]])


def test_weights_of_another_size_are_an_error() -> None:
    with pytest.raises(ValueError, match=r"shape \(3, 3\)"):
        agreement_weights(np.eye(2), 3)
    with pytest.raises(ValueError, match="1 on the diagonal"):
        agreement_weights([[0, 1], [1, 1]], 2)


def test_an_undeclared_order_is_warned_about_with_weights_only() -> None:
    table = noisy_labels(40, 3)
    plain = agreement(table, 4, "gwet", order_declared=False)
    weighted = agreement(table, 4, "gwet", weights="quadratic", order_declared=False)
    assert not any("order" in warning for warning in plain.warnings)
    assert any("order" in warning for warning in weighted.warnings)
