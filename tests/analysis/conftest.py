"""Studies from the public data sets, which stay outside the project."""

import csv
from pathlib import Path

import pytest

from accounts.models import Project
from annotations.models import Study
from tests.analysis.studies import imported_study


@pytest.fixture
def project(db) -> Project:
    return Project.objects.create(slug="lab", name="Lab")


def stance(raw: str) -> str:
    """'1_disagree' and 'Disagree.' are 'disagree'; whatever is neither stance is 'other'."""
    label = raw.strip().lower().removesuffix(".").rpartition("_")[2]
    return label if label in ("agree", "disagree") else "other"


@pytest.fixture
def pct(project: Project, shared_data: Path) -> Study:
    """200 texts, two people, one automatic classification."""
    with (shared_data / "pct_values_200.csv").open(newline="") as handle:
        texts = list(csv.DictReader(handle))
    rows = [
        (row["id"], rater, stance(row[f"annot{at}_label"]))
        for row in texts
        for at, rater in ((1, "first"), (2, "second"))
    ]
    automatic = {row["id"]: stance(row["auto_classification_raw"]) for row in texts}
    return imported_study(
        project,
        rows,
        categories=["agree", "disagree", "other"],
        automated={"classifier": automatic},
        name="PCT",
    )


@pytest.fixture
def value_portrait(project: Project, shared_data: Path):
    """A function that makes the study of 520 items and 24,320 ratings, on either scale."""

    def make(scale: str) -> Study:
        with (shared_data / "vp_human_ratings.csv").open(newline="") as handle:
            rows = [
                (f"{row['portrait_id']}-{row['option_id']}", row["rater"], row["rating"])
                for row in csv.DictReader(handle)
            ]
        categories = [] if scale == "interval" else [str(value) for value in range(1, 7)]
        return imported_study(
            project, rows, scale=scale, categories=categories, name=f"VP {scale}", overlap=40
        )

    return make
