"""What leaves of a study of trials: texts as raters saw them, and labels with name and version."""

import csv
import io
import json
import re

from django.core.management import call_command
from pyarrow import parquet

from annotations.interchange.formats import LABEL_FORMATS
from annotations.judging.shown_text import shown_text
from annotations.models import AutomatedLabel, Study
from annotations.studies.studies import create_study
from evaluations.interchange.formats import recognised
from evaluations.interchange.looked_at import look_at
from evaluations.models import Metric, Trial
from tests.annotations.interchange.test_round_trips import export

BLIND = ("prosocial", "individualistic", "competitive", "altruistic", "smollm", "induction")


def task_texts(path):
    return [task["data"]["text"] for task in json.loads(path.read_text("utf-8"))]


def test_texts_of_trials_are_what_raters_see(world, tmp_path):
    judged = world.study.items.filter(judgments__isnull=False).distinct().order_by("position")
    shown = [shown_text(item) for item in judged]
    export(world.study, "label-studio", tmp_path / "judged.json")
    assert task_texts(tmp_path / "judged.json") == shown
    export(world.study, "parquet", tmp_path / "judged.parquet")
    table = parquet.read_table(tmp_path / "judged.parquet")
    assert set(table["text"].to_pylist()) == set(shown)


def test_a_text_of_a_trial_numbers_its_answers_with_the_options_before_each(world):
    item = world.study.items.filter(trial__isnull=False).first()
    first, *rest = shown_text(item).split("\n\n")
    assert re.match(r"1\. A: self \d+, other \d+\nB: ", first) or first.startswith("Divided: ")
    assert all("\nAnswer: " in part for part in rest)
    assert not {word for word in BLIND if word in shown_text(item).lower()}


def test_a_text_of_a_goal_and_of_one_answer_is_that_alone(world):
    goals = create_study(world.study.project, "goals", [world.run], settings={"unit": "goal"})
    said = shown_text(goals.items.first())
    assert "Answer: " not in said
    single = create_study(world.study.project, "one", [world.run], settings={"unit": "answer"})
    assert shown_text(single.items.first()).count("Answer: ") == 1
    assert "1." not in shown_text(single.items.first()).split()[0]


def test_predictions_name_the_metric_with_its_version(world, tmp_path):
    export(world.study, "label-studio", tmp_path / "judged.json")
    tasks = json.loads((tmp_path / "judged.json").read_text("utf-8"))
    versions = {one["model_version"] for task in tasks for one in task.get("predictions", ())}
    scored = Metric.objects.filter(scores__trial__run=world.run).distinct()
    assert versions == {f"{metric.name} {metric.version}" for metric in scored}
    labels = recognised(look_at(tmp_path / "judged.json"), LABEL_FORMATS).format
    assert labels.key == "label-studio"


def table_of(study, tmp_path):
    export(study, "csv", tmp_path / "judged.csv", automated=tmp_path / "labels.csv")
    with (tmp_path / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_version_of_every_metric_labels_the_items_of_trials(world, tmp_path):
    scorers = {row["scorer"] for row in table_of(world.study, tmp_path)}
    assert scorers == {
        str(metric) for metric in Metric.objects.filter(scores__trial__run=world.run).distinct()
    }


def test_labels_come_back_with_the_judgments(world, tmp_path):
    rows = table_of(world.study, tmp_path)
    study, say = world.study, io.StringIO()
    words = ["--scale", "nominal", "--categories", *study.categories, "--study", "again"]
    words += ["--automated", str(tmp_path / "labels.csv"), "--project", "lab"]
    call_command("import_judgments", str(tmp_path / "judged.csv"), *words, stdout=say)
    again = Study.objects.get(name="again")
    found = AutomatedLabel.objects.filter(item__study=again)
    assert {(one.item.external_id, one.scorer, one.label) for one in found} == {
        (row["item"], row["scorer"], row["value"]) for row in rows
    }


def test_a_package_holds_labels_and_describes_them(world, tmp_path):
    export(world.study, "data-package", tmp_path / "package")
    package = json.loads((tmp_path / "package" / "datapackage.json").read_text("utf-8"))
    (labels,) = (one for one in package["resources"] if one["path"] == "labels.csv")
    assert [one["name"] for one in labels["schema"]["fields"]] == ["item", "scorer", "value"]
    with (tmp_path / "package" / "judgments.csv").open(encoding="utf-8", newline="") as file:
        assert any("Answer: " in row["text"] for row in csv.DictReader(file))


def test_no_text_names_where_it_comes_from(world, tmp_path):
    trial = Trial.objects.filter(run=world.run).select_related("cell__endpoint").first()
    export(world.study, "label-studio", tmp_path / "judged.json")
    text = "\n".join(task_texts(tmp_path / "judged.json"))
    assert trial.cell.endpoint.model not in text
