"""A report of answers judged by ten values: value by value, with what to know of them first."""

import pytest
from django.urls import reverse

from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from analysis.values.result import ByValue
from evaluations.instruments.values.circle import VALUES
from tests.analysis.render.conforming import unlike
from tests.analysis.values.studies import labelled_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(cast, tmp_path):
    return labelled_study(tmp_path)


def test_its_report_knows_the_kind_and_has_a_row_for_each_value(cast, study):
    report = make_report(study, Parameters(replicates=200))
    codes = [warning["code"] for warning in report.result["warnings"]]
    assert codes[0] == "of_the_kind" and "unknown_kind" not in codes
    assert report.result["vectors"]["names"] == list(VALUES)
    address = reverse("report", args=[study.project.slug, study.slug])
    page = cast.client("researcher").get(address)
    assert page.status_code == 200
    assert f": <bdi>{', '.join(VALUES)}</bdi></dd>" in page.content.decode()


def test_each_value_has_its_agreement_and_the_unused_are_left_out_by_name(cast, study):
    result = make_report(study, Parameters(replicates=200)).result
    section = result["by_value"]
    assert not list(unlike(section, ByValue, {}))
    rows = {row["value"]: row for row in section["raters"]}
    assert [rows[value]["judgments"] for value in VALUES] == [24] * 10
    assert rows[VALUES[0]]["ac2"]["defined"] and rows[VALUES[0]]["alpha"]["defined"]
    assert rows["power"]["ac1"]["value"] == 1 and not rows["power"]["alpha"]["defined"]
    assert [one["value"] for one in section["left_out"]] == list(VALUES[3:])
    assert section["alpha_macro"]["n"] == {"dimensions": 10, "defined": 3, "units": 12}


def test_every_file_has_the_table_of_values(cast, study):
    report = make_report(study, Parameters(replicates=200))
    for name, render in RENDERERS.items():
        assert "ordinal" in str(render(report)), name
    page = cast.client("researcher").get(reverse("report", args=[study.project.slug, study.slug]))
    assert "Value by value" in page.content.decode()
