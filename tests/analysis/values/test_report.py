"""A report of answers judged by ten values: value by value, with what to know of them first."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from analysis.values.result import ByValue
from annotations.models import Study
from evaluations.instruments.values.circle import VALUES
from tests.analysis.render.conforming import unlike

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(cast, tmp_path):
    """Twelve answers of two models that two people labelled, who differ on every fourth."""
    for name, shift in (("first", 0), ("second", 1)):
        file = tmp_path / "said.jsonl"
        said = [
            {
                "id": f"q{turn}",
                "prompt": f"Question {turn}?",
                "answer": f"Answer {turn}.",
                "model": f"m{turn % 2}",
                "value_types": [f"{VALUES[(turn + shift * (turn % 4 == 0)) % 3]}: +1"],
            }
            for turn in range(12)
        ]
        file.write_text("\n".join(map(json.dumps, said)), "utf-8")
        options = ("--project", "lab", "--run", "said", "--labels-as", name)
        call_command("import_dialogues", str(file), *options)
    return Study.objects.get()


def test_its_report_knows_the_kind_and_has_a_row_for_each_value(cast, study):
    report = make_report(study, Parameters(replicates=200))
    codes = [warning["code"] for warning in report.result["warnings"]]
    assert codes[0] == "of_the_kind" and "unknown_kind" not in codes
    assert report.result["vectors"]["names"] == list(VALUES)
    address = reverse("report", args=[study.project.slug, study.slug])
    page = cast.client("researcher").get(address)
    assert page.status_code == 200 and "self-direction" in page.content.decode()


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
