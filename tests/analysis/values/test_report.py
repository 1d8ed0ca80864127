"""A report of answers judged by ten values: value by value, with what to know of them first."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from annotations.models import Study
from evaluations.instruments.values.circle import VALUES

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
