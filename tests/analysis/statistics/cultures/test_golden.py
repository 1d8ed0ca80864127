"""The reference values of tests/golden/oracles_cultures.json that are statistics."""

import numpy as np
import pytest

from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.core.bootstrap import SumResampler
from analysis.statistics.core.ratings import as_ratings
from analysis.statistics.cultures.compare import compare_cultures
from analysis.statistics.cultures.cross_replication import (
    VALUES,
    cross_replication,
    features,
    jackknife_se,
    joined,
    values_of,
)
from analysis.statistics.cultures.g_study import g_study
from analysis.statistics.cultures.logistic_dif import logistic_dif
from analysis.statistics.cultures.mantel_haenszel import (
    generalised_mantel_haenszel,
    mantel_haenszel,
)
from analysis.statistics.cultures.moments import Points
from tests.analysis.statistics.cultures.support import counted, oracles, rows_of, sides

FAST = {"replicates": 50}


def test_xrr_wong_unit_test() -> None:
    entry = oracles()["xrr_wong_unit_test"]
    found = cross_replication(*sides(entry), "nominal")
    said = {"xrr": found.value, "n_items_shared": found.n["units"]}
    said |= {name: found.details[name] for name in ("d_observed", "d_expected")}
    assert said == pytest.approx(entry["expected"], abs=entry["tolerance"])


def test_xrr_equals_cohen_kappa_one_rating_each() -> None:
    entry = oracles()["xrr_equals_cohen_kappa_one_rating_each"]
    table = entry["data"]["table"]
    pairs = [(i, j) for i in (0, 1) for j in (0, 1) for _ in range(table[i][j])]
    first, second = np.array(pairs, float).T
    found = cross_replication(first[:, None], second[:, None])
    assert found.value == pytest.approx(entry["expected"]["xrr"], abs=1e-12)
    assert found.details["d_observed"] == pytest.approx(entry["expected"]["d_observed"])
    assert found.details["d_expected"] == pytest.approx(entry["expected"]["d_expected"])


def test_xrr_two_cultures_labels() -> None:
    entry = oracles()["xrr_two_cultures_labels"]
    first, second = sides(entry)
    table = np.hstack([first, second])
    culture = np.repeat([0, 1], [first.shape[1], second.shape[1]])
    pair = compare_cultures(table, culture, **FAST)
    values = {name: value.value for name, value in pair.values.items()}
    cross = pair.values["cross"].details
    found = {
        "alpha_A": values["alpha_first"],
        "alpha_B": values["alpha_second"],
        "alpha_pooled": values["pooled"],
        "d_observed": cross["d_observed"],
        "d_expected": cross["d_expected"],
        "xrr": values["cross"],
        "normalised_xrr": values["normalised"],
        "alpha_difference_A_minus_B": values["difference"],
        "association_index_A": values["association_first"],
        "association_index_B": values["association_second"],
        "jackknife_se_xrr": cross_replication(first, second, **FAST).details["se_jackknife"],
        "jackknife_se_alpha_difference": jackknife(first, second, "difference"),
        "jackknife_se_normalised_xrr": jackknife(first, second, "normalised"),
    }
    assert found == pytest.approx(entry["expected"], abs=entry["tolerance"])
    assert values["alpha_first"] == pytest.approx(
        krippendorff_alpha(first, "nominal", **FAST).value
    )


def jackknife(first: np.ndarray, second: np.ndarray, name: str) -> float | None:
    data, own = joined(as_ratings(first), as_ratings(second))
    points = Points(data, "nominal")
    table = features(*(points.moments(side[None].astype(float)) for side in (own, ~own)))[0]
    return jackknife_se(SumResampler(table, lambda sums: values_of(sums)[..., VALUES.index(name)]))


def test_xrr_no_shared_items() -> None:
    found = cross_replication(*sides(oracles()["xrr_no_shared_items"]))
    assert found.reason == "no item was judged on both sides"
    assert found.n["units"] == 0


def test_mh_ucb_admissions() -> None:
    entry = oracles()["mh_ucb_admissions"]
    table = np.array(entry["data"]["table_admit_gender_dept"], float)
    check_mantel_haenszel(entry, table.transpose(2, 1, 0))


def test_mh_dif_orientation_label() -> None:
    entry = oracles()["mh_dif_orientation_label"]
    check_mantel_haenszel(entry, counted(entry["data"]))


def check_mantel_haenszel(entry: dict, tables: np.ndarray) -> None:
    result = mantel_haenszel(tables)
    limits = result.odds_ratio.interval
    found = {
        "chi2": result.chi2,
        "p": result.p,
        "chi2_cc": result.chi2_corrected,
        "p_cc": result.p_corrected,
        "or": result.odds_ratio.value,
        "ci": [limits.low, limits.high],
        "delta": result.delta.value,
        "se_delta": result.delta.details["se"],
        "se_ln_or": result.odds_ratio.details["se_log"],
        "std_p_dif": result.standardised.value,
        "z_abs_delta_above_1": (abs(result.delta.value) - 1) / result.delta.details["se"],
        "ets_class": result.size,
    }
    for name, expected in entry["expected"].items():
        if name == "ets_class":
            assert found[name] == expected
        else:
            assert found[name] == pytest.approx(expected, abs=entry["tolerance"]), name


def test_gmh_orientation_4_labels() -> None:
    entry = oracles()["gmh_orientation_4_labels"]
    found = generalised_mantel_haenszel(entry["data"]["strata_rows_culture_cols_labels"])
    said = {"M2": found.value, "df": found.details["df"], "p": found.details["p"]}
    assert said == pytest.approx(entry["expected"], abs=entry["tolerance"])


def test_mh_degenerate() -> None:
    result = mantel_haenszel(counted(oracles()["mh_degenerate"]["data"]))
    assert "no stratum holds both" in result.odds_ratio.reason
    assert result.p is None and result.size is None


def test_both_methods_of_the_named_pair_disagree_as_the_design_says() -> None:
    tables = counted(oracles()["mh_dif_orientation_label"]["data"])
    assert mantel_haenszel(tables).size == "C"
    change = logistic_dif(*rows_of(tables)).both
    assert change.value == pytest.approx(0.024, abs=5e-4)
    assert change.details["zumbo_thomas"] == change.details["jodoin_gierl"] == "A"


def test_gstudy_p_f_l_known() -> None:
    entry = oracles()["gstudy_p_f_l_known"]
    expected, close = entry["expected"], entry["tolerance"]
    table = entry["data"]["targets_x_frames_x_languages"]
    sizes = [tuple(map(int, name.split("x"))) for name in expected["d_study"]]
    found = g_study(table, sizes=sizes)
    names = {
        "p": "target",
        "f": "scene",
        "l": "language",
        "pf": "target x scene",
        "pl": "target x language",
        "fl": "scene x language",
        "res": "residual",
    }
    parts = found.components
    for short, name in names.items():
        assert parts[name].value == pytest.approx(expected["components"][short], abs=close)
        square = parts[name].details["mean_square"]
        assert square == pytest.approx(expected["mean_squares"][short], abs=close)
        share = 100 * parts[name].details["share"]
        assert share == pytest.approx(expected["share_percent"][short], abs=close)
    at = {(size.scenes, size.languages): size for size in found.sizes}
    for size, name in zip(sizes, expected["d_study"], strict=True):
        one = at[size]
        said = {
            "relative_error": one.g.details["error"],
            "absolute_error": one.phi.details["error"],
            "G": one.g.value,
            "Phi": one.phi.value,
            "SEM_absolute": one.sem.value,
        }
        assert said == pytest.approx(expected["d_study"][name], abs=close), name
    fixed = g_study(table, fixed=("language",)).sizes[0].g
    said = {
        "universe_variance": fixed.details["universe_variance"],
        "relative_error": fixed.details["error"],
        "G": fixed.value,
    }
    assert said == pytest.approx(expected["languages_fixed_4x2"], abs=close)


def test_gstudy_shrout_fleiss_p_r() -> None:
    entry = oracles()["gstudy_shrout_fleiss_p_r"]
    found = g_study(entry["data"], sizes=[(4, 1), (1, 1)])
    four, one = found.sizes
    said = {
        "p": found.components["target"].value,
        "r": found.components["scene"].value,
        "pr": found.components["residual"].value,
        "G_4": four.g.value,
        "Phi_4": four.phi.value,
        "G_1": one.g.value,
        "Phi_1": one.phi.value,
    }
    assert said == pytest.approx(entry["expected"], abs=entry["tolerance"])
