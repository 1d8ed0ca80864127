"""How near models' values are to targets, in a report."""

import json

import numpy as np
import pytest
from django.core.management import call_command
from django.urls import reverse

from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from analysis.values.result import Alignment
from annotations.models import Judgment, Study
from evaluations.instruments.values.circle import VALUES
from tests.analysis.render.conforming import unlike
from tests.analysis.values.studies import labelled_study
from tests.annotations.conftest import make_text_study

pytestmark = pytest.mark.django_db
QUICK = Parameters(replicates=200)


def section_of(study: Study) -> dict:
    return make_report(study, QUICK).result["alignment"]


def by_target(group: dict) -> dict:
    return {row["target"]: row for row in group["targets"]}


def test_the_published_rows_give_the_published_alignments(cast, shared_data):
    """By model, `fulcra_dev_statistics`; it takes the last of a value's two signs, we neither: so
    22 rows of 1,199 differ."""
    file = shared_data / "fulcra_trustworthy_dev.jsonl"
    options = ("--project", "lab", "--run", "fulcra", "--labels-as", "published", "--partial")
    call_command("import_dialogues", str(file), *options)
    oracles = json.loads((shared_data / "oracles_values_cultures.json").read_text("utf-8"))
    entries = oracles if isinstance(oracles, list) else oracles["oracles"]
    expected = next(one for one in entries if one["name"] == "fulcra_dev_statistics")["expected"]
    (metric,) = section_of(Study.objects.get())["metrics"]
    groups = {group["model"].rpartition("/")[2]: group for group in metric["groups"]}
    assert set(groups) == set(expected["models"])
    for model, facts in expected["models"].items():
        found = by_target(groups[model])
        assert groups[model]["judged"] == pytest.approx(facts["n"], abs=2)
        for ours, theirs in (("ideal-training", "ideal_main"), ("uk", "UK"), ("france", "FR")):
            people = found[ours]["people"]
            assert people["value"] == pytest.approx(facts["ccc"][theirs], abs=0.01)
            assert people["interval"]["low"] < people["value"] < people["interval"]["high"]


def test_a_study_in_which_everything_was_judged_needs_no_correction(cast, tmp_path):
    section = section_of(labelled_study(tmp_path))
    assert not list(unlike(section, Alignment, {}))
    (metric,) = section["metrics"]
    assert metric["name"] == "always-zero 1"
    assert [group["model"] for group in metric["groups"]] == ["m0", "m1"]
    for group in metric["groups"]:
        row = by_target(group)["ideal-training"]
        assert row["metric"]["value"] == 0  # a vector that says nothing
        assert "needs no correction" in row["corrected"]["reason"]
        assert row["of"] == "people" and row["people"]["defined"]
    assert "no two models answered the same prompt" in " ".join(metric["warnings"])
    assert metric["words"][0].startswith("m0: nearest to ")


def test_the_mean_vector_of_people_is_that_of_their_labels(cast, tmp_path):
    study = labelled_study(tmp_path)
    first = section_of(study)["metrics"][0]["groups"][0]
    of_model = Judgment.objects.filter(item__trial__cell__endpoint__model="m0")
    assert of_model.count() == 12
    means = {row["value"]: row["people"] for row in first["values"]}
    assert list(means) == list(VALUES)
    assert np.isclose(sum(means.values()), 1.0)  # each label supports one value


def test_a_study_of_other_dimensions_is_compared_with_no_target(cast):
    study = make_text_study(
        cast.project, 2, kind="declared", scale="vector", categories=["warm", "cold"], ways_out=[]
    )
    assert "alignment" not in make_report(study, QUICK).result


def test_page_and_files_have_the_tables(cast, tmp_path):
    study = labelled_study(tmp_path)
    report = make_report(study, QUICK)
    for name, heading in (
        ("markdown", "Alignment with targets"),
        ("latex", "By people"),
        ("csv", "alignment1"),
    ):
        assert heading in RENDERERS[name](report), name
    address = reverse("report", args=[study.project.slug, study.slug])
    page = cast.client("researcher").get(address).content.decode()
    assert "Alignment with targets, always-zero 1" in page
    assert "our inference" in page
