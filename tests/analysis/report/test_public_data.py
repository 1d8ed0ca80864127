"""The figures published with the public data sets come out of a whole report."""

import pytest

from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.report.answer import find

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]


def test_pct_agreement_between_its_people_and_its_classifier(pct):
    result = make_report(pct, Parameters(replicates=200)).result
    (pair,) = result["humans"]["pairs"]
    (classifier,) = result["automated"]
    single = {row["rater"]: row["value"] for row in classifier["raters"]}
    assert pair["value"] == pytest.approx(0.930939, abs=1e-6)
    assert single["first"] == pytest.approx(0.944270, abs=1e-6)
    assert single["second"] == pytest.approx(0.958001, abs=1e-6)
    assert classifier["as_rater"]["value"] == pytest.approx(0.944428, abs=1e-6)
    assert find(result["humans"]["statistics"], "percent")["value"] == pytest.approx(0.975)


def test_pct_items_without_consensus_are_counted(pct):
    matrix = make_report(pct, Parameters(replicates=200)).result["automated"][0]["matrix"]
    assert matrix["split"] == 5
    assert sum(map(sum, matrix["counts"])) == matrix["items"] == 200


def test_value_portrait_ordinal_alpha(value_portrait):
    study = value_portrait("ordinal")
    result = make_report(study).result
    alpha = find(result["humans"]["statistics"], "alpha")
    assert alpha["value"] == pytest.approx(0.127266, abs=1e-6)
    assert find(result["humans"]["statistics"], "alpha_nominal")["value"] == pytest.approx(
        0.029454, abs=1e-6
    )
    assert alpha["interval"]["low"] < alpha["value"] < alpha["interval"]["high"]


def test_value_portrait_interval_alpha(value_portrait):
    study = value_portrait("interval")
    result = make_report(study).result
    alpha = find(result["humans"]["statistics"], "alpha")
    assert alpha["value"] == pytest.approx(0.134225, abs=1e-6)
