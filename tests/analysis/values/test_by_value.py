"""Agreement on each of the ten values, beside what can hide in it."""

import numpy as np
import pytest

from analysis.kinds import KINDS
from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.coefficients import gwet_ac
from analysis.statistics.core.ratings import Ratings
from analysis.values.by_value import warnings
from analysis.values.finding import mean_f1
from analysis.values.signs import coded, majorities
from tests.analysis.statistics.agreement.test_signs import ORACLES, two_raters


def test_no_majority_is_a_result_and_never_zero() -> None:
    oracle = ORACLES["value_majority"]
    said = oracle["data"]
    unit = [at for at, signs in enumerate(said) for _ in signs]
    rater = [by for signs in said for by in range(len(signs))]
    signs = np.array([sign for signs in said for sign in signs], dtype=float)
    ratings = Ratings.from_long(unit, rater, coded(signs), n_units=len(said))
    found = [None if np.isnan(code) else int(code) - 1 for code in majorities(ratings)]
    assert found == oracle["expected"]


def test_a_rare_value_is_warned_of_in_three_ways() -> None:
    table = two_raters()
    found = warnings(
        [int((table == code).sum()) for code in range(3)],
        [int((table == code).any(axis=1).sum()) for code in range(3)],
        krippendorff_alpha(table - 1, "ordinal", replicates=50),
        gwet_ac(table, 3, weights="ordinal"),
    )
    assert len(found) == 3
    assert found[0].startswith("93.5 % of the judgments are 'not involved'")
    assert found[1] == "fewer than ten cases: supports on 8 answers, opposes on 2 answers"
    assert found[2].startswith("alpha (0.45) and AC2 (0.97) are more than 0.3 apart")


def test_a_value_that_is_used_often_is_not_warned_of() -> None:
    table = np.repeat(np.arange(3.0), 20)[:, None].repeat(2, axis=1)
    alpha = krippendorff_alpha(table, "ordinal", replicates=50)
    assert warnings([40, 40, 40], [20, 20, 20], alpha, gwet_ac(table, 3, weights="ordinal")) == []


def test_mean_f1_is_the_mean_over_values_with_an_interval_over_answers() -> None:
    truth = np.zeros((40, 2), dtype=bool)
    said = truth.copy()
    truth[:20, 0] = said[:10, 0] = True  # F1 = 2 x 10 / 30
    truth[5:25, 1] = said[5:25, 1] = True  # F1 = 1
    found = mean_f1(truth, said, replicates=200)
    assert found.defined
    assert found.value == pytest.approx((2 / 3 + 1) / 2)
    assert found.interval is not None
    assert found.interval.low < found.value < found.interval.high


def test_mean_f1_without_a_value_says_why() -> None:
    found = mean_f1(np.zeros((5, 0), dtype=bool), np.zeros((5, 0), dtype=bool))
    assert not found.defined
    assert "ten cases" in found.reason


def test_the_kind_brings_the_section() -> None:
    assert [section.key for section in KINDS["values"].sections] == ["by_value", "alignment"]
