"""One value of ten, which two raters find in few answers: held to the reference values."""

import json

import numpy as np
import pytest

from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.coefficients import class_agreement, gwet_ac
from analysis.statistics.agreement.confusion import classification
from analysis.statistics.core.weights import agreement_weights
from tests.analysis.statistics.support import GOLDEN

ORACLES = {one["name"]: one for one in json.loads((GOLDEN / "oracles_values.json").read_text())}
RARE = ORACLES["value_dimension_prevalence"]
EXPECTED = RARE["expected"]
SIGNS = ("opposes", "not_involved", "supports")
NEAR = RARE["tolerance"]


def two_raters() -> np.ndarray:
    """Codes 0 to 2 of a hundred answers x two raters, from the table of both."""
    table = np.array(RARE["data"]["table_rows_rater1_cols_rater2"])
    cells = np.argwhere(table >= 0)
    return np.repeat(cells, table.ravel(), axis=0).astype(float)


@pytest.mark.parametrize(
    ("weights", "name"),
    [
        ("unweighted", "gwet_AC1"),
        ("linear", "gwet_AC2_linear"),
        ("ordinal", "gwet_AC2_ordinal_weights"),
        ("quadratic", "gwet_AC2_quadratic"),
    ],
)
def test_gwets_coefficient_of_a_rare_value(weights: str, name: str) -> None:
    found = gwet_ac(two_raters(), 3, weights=weights)
    assert found.defined
    assert found.value == pytest.approx(EXPECTED[name], abs=NEAR)
    if weights == "ordinal":
        assert found.details["p_a"] == pytest.approx(EXPECTED["gwet_ordinal_pa"], abs=NEAR)
        assert found.details["p_e"] == pytest.approx(EXPECTED["gwet_ordinal_pe"], abs=NEAR)


def test_alpha_is_low_where_the_coefficient_is_high() -> None:
    found = krippendorff_alpha(two_raters() - 1, "ordinal", replicates=50)
    assert found.defined
    assert found.value == pytest.approx(EXPECTED["alpha_ordinal"], abs=NEAR)


def test_agreement_specific_to_each_sign() -> None:
    found = class_agreement(two_raters(), 3, replicates=50)
    values = {name: row.value for name, row in zip(SIGNS, found, strict=True) if row.defined}
    assert values == pytest.approx(EXPECTED["specific_agreement"], abs=NEAR)


def test_one_rater_against_the_other_sign_by_sign() -> None:
    truth, said = two_raters().T
    for name, row in zip(SIGNS, classification(truth, said, 3, replicates=50).classes, strict=True):
        expected = EXPECTED["scorer_vs_reference"][name]
        assert row.truth == expected["support"]
        for key in ("precision", "recall", "f1"):
            result = getattr(row, key)
            assert result.defined
            assert result.value == pytest.approx(expected[key], abs=NEAR)


def test_a_value_never_used_has_no_alpha_and_full_agreement_in_declared_categories() -> None:
    never = ORACLES["value_dimension_never_used"]
    all_zero = np.ones((never["data"]["n"], never["data"]["raters"]))
    assert not krippendorff_alpha(all_zero, "ordinal").defined
    found = gwet_ac(all_zero, 3)
    assert found.defined
    assert found.value == never["expected"]["gwet_AC1_declared_3_categories"]


def test_ordinal_weights_count_the_pairs_between() -> None:
    """Of four categories six pairs: 1, 3 or 6 lie between two categories 1, 2 or 3 steps apart."""
    assert agreement_weights("ordinal", 4)[0] == pytest.approx([1, 5 / 6, 3 / 6, 0])
