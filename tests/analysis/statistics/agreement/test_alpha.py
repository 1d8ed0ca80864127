"""Krippendorff's alpha beyond its oracles: intervals, warnings, many values."""

import tracemalloc

import numpy as np
import pytest

from analysis.statistics.agreement.alpha import krippendorff_alpha
from tests.analysis.statistics.properties.test_properties import alpha_by_definition
from tests.analysis.statistics.support import noisy_angles, noisy_labels


def test_the_interval_holds_the_estimate_and_narrows_with_units() -> None:
    few = krippendorff_alpha(noisy_labels(40, 4), "nominal")
    many = krippendorff_alpha(noisy_labels(800, 4), "nominal")
    assert few.interval.contains(few.value)
    assert many.interval.width < few.interval.width / 2


@pytest.mark.parametrize("scale", ["nominal", "ordinal", "ratio"])
def test_many_distinct_values_take_the_route_without_a_dense_table(scale: str) -> None:
    values = np.abs(noisy_angles(40, 4, variances=(400, 10, 50)))
    values[0, :2] = np.nan
    values[5:20, 1] = values[5:20, 0]
    result = krippendorff_alpha(values, scale, replicates=50)
    assert result.value == pytest.approx(alpha_by_definition(values, scale), abs=1e-9)
    assert result.interval.contains(result.value)


def test_interval_alpha_of_raw_angles_needs_no_table_of_values() -> None:
    values = noisy_angles(20_000, 5, variances=(400, 10, 50))
    tracemalloc.start()
    krippendorff_alpha(values, "interval", replicates=20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6


def test_ratio_alpha_refuses_negative_values_in_words() -> None:
    result = krippendorff_alpha([[-1.0, 2.0], [3.0, 4.0]], "ratio")
    assert "no negative values" in result.reason


def test_units_judged_once_do_not_count() -> None:
    table = noisy_labels(30, 3)
    lone = np.full((5, 3), np.nan)
    lone[:, 0] = 2
    assert (
        krippendorff_alpha(np.vstack([table, lone]), "nominal").value
        == krippendorff_alpha(table, "nominal").value
    )


def test_a_rare_category_is_named() -> None:
    table = noisy_labels(40, 3, categories=3)
    table[0, 0] = 3
    names = ["altruistic", "prosocial", "individualistic", "competitive"]
    result = krippendorff_alpha(table, "nominal", names=names)
    assert "'competitive' was used on 1 unit(s), fewer than 5" in result.warnings


def test_a_constant_rater_is_named() -> None:
    table = noisy_labels(40, 3)
    table[:, 1] = 2
    result = krippendorff_alpha(table, "nominal")
    assert "rater(s) 1 gave the same value every time" in result.warnings


def test_an_undeclared_order_is_warned_about() -> None:
    result = krippendorff_alpha(noisy_labels(40, 3), "ordinal", order_declared=False)
    assert any("order" in warning for warning in result.warnings)


def test_an_unknown_scale_is_an_error() -> None:
    with pytest.raises(ValueError, match="scale is"):
        krippendorff_alpha([[0, 1], [1, 1]], "circular")  # type: ignore[arg-type]


def test_the_interval_covers_alpha_of_the_population() -> None:
    population = noisy_labels(50_000, 3, seed=99)
    truth = krippendorff_alpha(population, "nominal", replicates=2).value
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(200):
        sample = population[rng.integers(0, len(population), 80)]
        hits += krippendorff_alpha(sample, "nominal", replicates=300).interval.contains(truth)
    assert 180 <= hits <= 200
