"""The files of a report's archive are read again as the judgments and labels they were."""

import io
import zipfile

import pytest
from django.core.management import call_command

from annotations.models import AutomatedLabel, Judgment, Study

pytestmark = pytest.mark.django_db

SCALES = {
    "nominal": (["=yes", "no"], ["=yes", "no", "no"]),
    "interval": ([], ["-3.5", "2", "7"]),
}


def said_in(study):
    """What was said of each item: on an interval scale the numbers, whatever their digits."""
    said = "number" if study.scale == "interval" else "label"
    judged = Judgment.objects.filter(item__study=study)
    labels = AutomatedLabel.objects.filter(item__study=study)
    return (
        sorted(judged.values_list("item__position", "rater__pseudonym", said, "confidence")),
        sorted(labels.values_list("item__position", "scorer", said)),
    )


@pytest.mark.parametrize("scale", SCALES)
def test_judgments_and_automated_labels_of_an_archive_come_in_again(cast, tmp_path, scale):
    categories, labels = SCALES[scale]
    judgments, automated = tmp_path / "j.csv", tmp_path / "a.csv"
    rows = [
        f"{item},{rater},{labels[(item + at) % 3]},{at + 1}"
        for item in range(1, 7)
        for at, rater in enumerate(["ann", "-bob"])
    ]
    judgments.write_text("\n".join(["item,rater,value,confidence", *rows]))
    rows = [f"{item},robot,{labels[item % 3]}" for item in range(1, 7)]
    automated.write_text("\n".join(["item,scorer,value", *rows]))
    options = ["--project", "lab", "--scale", scale]
    options += ["--categories", *categories] if categories else []
    call_command(
        *("import_judgments", str(judgments), "--automated", str(automated), "--study", "first"),
        *options,
    )
    bundle = tmp_path / "report.zip"
    call_command(
        "agreement_report", "first", "--format", "zip", "--out", str(bundle), "--replicates", "100"
    )
    with zipfile.ZipFile(io.BytesIO(bundle.read_bytes())) as files:
        files.extractall(tmp_path)
    data = tmp_path / "data"
    call_command(
        *("import_judgments", str(data / "judgments.csv"), "--study", "again"),
        *("--automated", str(data / "automated.csv"), *options),
    )
    first, again = Study.objects.get(name="first"), Study.objects.get(name="again")
    assert said_in(again) == said_in(first)
    assert again.metric_name == "robot"
