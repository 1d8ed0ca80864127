"""Every published reference value of ``golden/oracles.json`` except the instrument's own (svo)."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.alt_test import alt_test
from analysis.statistics.agreement.coefficients import agreement
from analysis.statistics.agreement.dawid_skene import dawid_skene_repeated
from analysis.statistics.agreement.kappa import cohen_kappa_table
from analysis.statistics.core.ratings import as_ratings
from analysis.statistics.numbers.agreement_limits import (
    limits_of_agreement,
    repeatability,
    repeated_limits_of_agreement,
)
from analysis.statistics.numbers.concordance import concordance
from analysis.statistics.numbers.correlation import correlation
from analysis.statistics.numbers.icc import icc
from analysis.statistics.numbers.reliability import (
    minimum_detectable_change,
    standard_error_of_measurement,
)
from analysis.statistics.numbers.variance_components import Design
from analysis.statistics.planning import bonett_targets, kappa_targets, zou_targets
from analysis.statistics.ppi import ppi_mean
from tests.analysis.statistics.support import oracle_matrix, oracles

Entry = dict[str, Any]

ICC_NAMES = {
    "ICC(1,1)": "ICC(1,1)",
    "ICC(2,1)/A,1": "ICC(A,1)",
    "ICC(3,1)/C,1": "ICC(C,1)",
    "ICC(1,k)": "ICC(1,k)",
    "ICC(2,k)/A,k": "ICC(A,k)",
    "ICC(3,k)/C,k": "ICC(C,k)",
}
COEFFICIENTS = {
    "fleiss": "fleiss",
    "gwet": "gwet",
    "bp": "brennan_prediger",
    "pa": "percent",
    "conger": "conger",
}
TABLE_COEFFICIENTS = {
    "kappa": "conger",
    "ac1": "gwet",
    "bp": "brennan_prediger",
    "scott_pi": "fleiss",
    "alpha": "krippendorff",
    "percent": "percent",
}


def near(entry: Entry, *, relative: bool = False) -> Callable[[Any], Any]:
    tolerance = entry["tolerance"]
    if relative:
        return lambda value: pytest.approx(value, rel=tolerance)
    return lambda value: pytest.approx(value, abs=tolerance, rel=0)


def check_icc(entry: Entry) -> None:
    close, results = near(entry), icc(oracle_matrix(entry))
    for name, expected in entry["expected"].items():
        result = results[ICC_NAMES[name]]
        found = {
            "icc": result.value,
            "F": result.details["F"],
            "df1": result.details["df1"],
            "df2": result.details["df2"],
            "p": result.details["p"],
            "ci_low": result.interval.low,
            "ci_high": result.interval.high,
        }
        assert found == close(expected), name


def check_icc_missing(entry: Entry) -> None:
    close = near(entry, relative="relative" in (entry["note"] or ""))
    ratings = as_ratings(oracle_matrix(entry))
    two_way = "icc_1_1" not in entry["expected"]
    fitted = Design(ratings, two_way=two_way).fit()
    between, error = fitted.target, fitted.residual
    found = {
        "var_target": between,
        "var_rater": fitted.rater,
        "var_residual": error,
        "mean": fitted.mean,
        "loglik_reml": fitted.loglik,
        "icc_1_1": between / (between + error),
        "icc_2_1": between / (between + fitted.rater + error),
        "icc_3_1": between / (between + error),
    }
    assert {name: found[name] for name in entry["expected"]} == close(entry["expected"])
    published = icc(ratings)
    for name, form in (("icc_1_1", "ICC(1,1)"), ("icc_2_1", "ICC(A,1)"), ("icc_3_1", "ICC(C,1)")):
        if name in entry["expected"]:
            assert published[form].value == close(entry["expected"][name])


def check_reliability(entry: Entry) -> None:
    close, data, found = near(entry), oracle_matrix(entry), {}
    for kind in ("agreement", "consistency"):
        sem = standard_error_of_measurement(data, kind)
        found[f"sem_{kind}"] = sem.value
        found[f"mdc95_{kind}"] = minimum_detectable_change(sem).value
    assert found == close(entry["expected"])


def check_krippendorff(entry: Entry) -> None:
    close, data = near(entry), oracle_matrix(entry)
    for scale, expected in entry["expected"].items():
        assert krippendorff_alpha(data, scale, replicates=50).value == close(expected), scale


def check_agreement(entry: Entry) -> None:
    close, data = near(entry), oracle_matrix(entry) - 1
    weights = "quadratic" if entry["name"].endswith("quadratic") else "unweighted"
    for name, coefficient in COEFFICIENTS.items():
        result = agreement(data, 5, coefficient, weights=weights)
        expected = dict(entry["expected"][name])
        rounded = expected.pop("se_5_digits", None)
        found = {"coef": result.value, "se": result.details["se"]}
        found |= {"pa": result.details["p_a"], "pe": result.details["p_e"]}
        found |= {"ci_low": result.interval.low, "ci_high": result.interval.high}
        assert {key: found[key] for key in expected} == close(expected), name
        if rounded is not None:
            assert result.details["se"] == pytest.approx(rounded, abs=5.1e-6)
    if "conger_irr_exact" in entry["expected"]:
        exact = agreement(data, 5, "conger").value
        assert exact == close(entry["expected"]["conger_irr_exact"])
        assert fleiss_z(data, 5) == close(entry["expected"]["fleiss_z_irr"])


def fleiss_z(data: np.ndarray, categories: int) -> float:
    """Fleiss' z against no agreement: his null standard error from the pooled shares."""
    n, k = data.shape
    p = np.bincount(data.astype(int).ravel(), minlength=categories) / data.size
    spread = np.sum(p * (1 - p))
    variance = spread**2 - np.sum(p * (1 - p) * (1 - 2 * p))
    se = math.sqrt(2 / (n * k * (k - 1)) * variance) / spread
    return agreement(data, categories, "fleiss").value / se


def check_kappa(entry: Entry) -> None:
    if entry["name"].startswith("feinstein"):
        check_two_by_two(entry)
    elif entry["params"]:
        check_custom_weights(entry)
    else:
        close = near(entry)
        for weights, expected in entry["expected"].items():
            result = cohen_kappa_table(entry["data"], weights=weights)
            found = {"kappa": result.value, "se": result.details["se"]}
            found |= {"po": result.details["p_o"], "pe": result.details["p_e"]}
            assert found == close(expected), weights


def check_two_by_two(entry: Entry) -> None:
    close, table = near(entry), np.array(entry["data"])
    rows = [(i, j) for i in (0, 1) for j in (0, 1) for _ in range(table[i, j])]
    # The reference divides by n where the coefficients over units divide by n - 1.
    shrink = math.sqrt((len(rows) - 1) / len(rows))
    for name, coefficient in TABLE_COEFFICIENTS.items():
        result = agreement(np.array(rows, float), 2, coefficient)
        found = {"coef": result.value, "se": result.details["se"] * shrink}
        assert found == close(entry["expected"][name]), name
    kappa = cohen_kappa_table(table)
    assert {"coef": kappa.value, "se": kappa.details["se"]} == close(entry["expected"]["kappa"])


def check_custom_weights(entry: Entry) -> None:
    close, expected = near(entry), entry["expected"]
    disagreement = np.array(entry["params"]["disagreement_weights"], float)
    weights = 1 - disagreement / disagreement.max()
    assert cohen_kappa_table(entry["data"]).value == close(expected["kappa"])
    weighted = cohen_kappa_table(entry["data"], weights=weights)
    assert weighted.value == close(expected["weighted_kappa"])
    assert "proportions" in weighted.interval_reason


def check_bland_altman(entry: Entry) -> None:
    checks = {
        "bland_altman_1986_pefr": check_plain_limits,
        "repeatability_pefr": check_repeatability,
        "bland_altman_rm_cardiac_varying": check_repeated_limits,
    }
    checks[entry["name"]](entry)


def check_plain_limits(entry: Entry) -> None:
    close, x, y = near(entry), entry["data"]["x"], entry["data"]["y"]
    limits, double = limits_of_agreement(x, y), limits_of_agreement(x, y, multiple=2)
    found = {
        "n": limits.bias.n["units"],
        "bias": limits.bias.value,
        "sd": limits.sd.value,
        "se_bias": limits.bias.details["se"],
        "se_loa_1986": limits.sd.details["se_limit_1986"],
    }
    pairs = {
        "loa_2sd": [double.lower.value, double.upper.value],
        "loa_196sd": [limits.lower.value, limits.upper.value],
        "ci_bias": [limits.bias.interval.low, limits.bias.interval.high],
    }
    for name, value in (found | pairs).items():
        assert value == close(entry["expected"][name]), name
    assert set(found | pairs) == set(entry["expected"])


def check_repeatability(entry: Entry) -> None:
    for name, (first, second) in entry["data"].items():
        assert repeatability(first, second).value == near(entry)(entry["expected"][name])


def check_repeated_limits(entry: Entry) -> None:
    close, data = near(entry), entry["data"]
    limits = repeated_limits_of_agreement(data["rv"], data["ic"], data["item"])
    details = limits.sd.details
    found = {
        "bias": limits.bias.value,
        "msb": details["ms_between"],
        "msw": details["ms_within"],
        "divisor": details["divisor"],
        "var_between": details["var_between"],
        "sd_total": limits.sd.value,
        "loa": [limits.lower.value, limits.upper.value],
        "naive_sd": limits_of_agreement(data["rv"], data["ic"]).sd.value,
    }
    for name, value in found.items():
        assert value == close(entry["expected"][name]), name
    assert set(found) == set(entry["expected"])


def check_ccc(entry: Entry) -> None:
    close, expected = near(entry), entry["expected"]
    result = concordance(entry["data"]["x"], entry["data"]["y"])
    details = result.details
    plain = [details["asymptotic_low"], details["asymptotic_high"]]
    assert result.value == close(expected["ccc"])
    assert details["se"] == close(expected["se"])
    assert plain == close(expected["ci_asymptotic"])
    assert [result.interval.low, result.interval.high] == close(expected["ci_z"])
    assert [details["pearson"], details["c_b"]] == close([expected["pearson"], expected["Cb"]])


def check_correlation(entry: Entry) -> None:
    close, x, y = near(entry), entry["data"]["x"], entry["data"]["y"]
    for kind in ("pearson", "spearman", "kendall"):
        assert correlation(x, y, kind).value == close(entry["expected"][kind]), kind
    interval = correlation(x, y, "pearson").interval
    assert [interval.low, interval.high] == close(entry["expected"]["pearson_ci"])


def check_consensus(entry: Entry) -> None:
    close, data, expected = near(entry), entry["data"], entry["expected"]
    columns = [np.array(data[name]) - 1 for name in ("item", "rater", "rating")]
    model = dawid_skene_repeated(*columns, 4, smoothing=0)
    assert model.prevalence == close(expected["prevalence"])
    assert (model.labels + 1).tolist() == expected["labels"]
    assert model.loglik == close(expected["loglik"])
    assert model.confusion[0] == close(np.array(expected["rater1_confusion"]))


def check_alt_test(entry: Entry) -> None:
    close, humans = near(entry), entry["data"]["humans"]
    automated = np.array([entry["data"]["llm"][str(item)] for item in range(60)], float)
    table = np.full((60, len(humans)), np.nan)
    for column, answers in enumerate(humans.values()):
        for item, answer in answers.items():
            table[int(item), column] = answer
    for epsilon, expected in entry["expected"].items():
        result = alt_test(automated, table, epsilon=float(epsilon))
        assert result.winning_rate.value == close(expected["winning_rate"])
        assert result.advantage.value == close(expected["advantage_probability"])


def check_ppi(entry: Entry) -> None:
    close, expected = near(entry), entry["expected"]
    columns = [entry["data"][name] for name in ("Y", "Yhat", "Yhat_unlabeled")]
    tuned, plain = ppi_mean(*columns), ppi_mean(*columns, lam=1)
    found = {
        "ppi_lam1": [plain.interval.low, plain.interval.high],
        "ppi_pp": [tuned.interval.low, tuned.interval.high],
        "point_lam1": plain.value,
        "point_pp": tuned.value,
        "classical": [tuned.details["human_low"], tuned.details["human_high"]],
    }
    for name, value in found.items():
        assert value == close(expected[name]), name
    assert set(found) == set(expected)


def check_sample_size(entry: Entry) -> None:
    params, expected = entry["params"], entry["expected"]
    if entry["name"].startswith("bonett"):
        size = bonett_targets(params["icc"], params["k"], params["width"])
        assert (size.n, size.n_raw) == (expected["n"], near(entry)(expected["n_raw"]))
    elif entry["name"].startswith("zou"):
        found = [[r, k, w, zou_targets(r, k, w).n] for r, k, w, _ in expected["rows"]]
        assert found == expected["rows"]
    else:
        size = kappa_targets(
            params["k0"],
            params["kL"],
            params["props"],
            params["raters"],
            high=params["kU"],
            level=1 - params["alpha"],
        )
        assert size.n == expected["n"]


def check_edge(entry: Entry) -> None:
    data = oracle_matrix(entry)
    results = icc(data)
    if entry["expected"]["defined"] == "warn":
        assert all("disconnected" in " ".join(result.warnings) for result in results.values())
        return
    assert not any(result.defined for result in results.values())
    assert all(result.reason for result in results.values())
    # Equal row means leave alpha defined: it compares judgments, not target means.
    alpha = krippendorff_alpha(data, "interval", replicates=50)
    assert alpha.defined == (entry["name"] == "edge_zero_between")


CHECKS: dict[str, Callable[[Entry], None]] = {
    "icc": check_icc,
    "icc_missing": check_icc_missing,
    "reliability": check_reliability,
    "krippendorff": check_krippendorff,
    "agreement": check_agreement,
    "kappa": check_kappa,
    "bland_altman": check_bland_altman,
    "ccc": check_ccc,
    "correlation": check_correlation,
    "consensus": check_consensus,
    "alt_test": check_alt_test,
    "ppi": check_ppi,
    "sample_size": check_sample_size,
    "edge": check_edge,
}
OURS = [name for name, entry in oracles().items() if entry["family"] != "svo"]


@pytest.mark.parametrize("name", OURS)
def test_oracle(name: str) -> None:
    entry = oracles()[name]
    CHECKS[entry["family"]](entry)


def test_every_family_has_a_check() -> None:
    assert {entry["family"] for entry in oracles().values()} == set(CHECKS) | {"svo"}
