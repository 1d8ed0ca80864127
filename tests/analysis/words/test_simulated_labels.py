"""What is simulated says so in everything that leaves the platform."""

import csv
import io
import zipfile

import pytest
from django.urls import reverse

from analysis.data.parameters import Parameters
from analysis.making.comparisons import look as compared
from analysis.making.computations import look
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from analysis.render.archive.archive import archive
from analysis.render.figures.rendering import drawings_of, figure
from analysis.render.sheets.every import sheets
from analysis.report.methods import methods
from tests.analysis.studies import judge_trials, trial_study

pytestmark = pytest.mark.django_db
QUICK = Parameters(replicates=200)
NOTE = "Simulated: 12 of 24 judgments and 12 of 12 items."
SAID = ["prosocial", "prosocial", "unclear", "altruistic", "individualistic", "prosocial"] * 2


def study_of(project, simulated):
    angles = {(f"m{at}", "prosocial"): [30.5, 40.0, None, 61.0, 0.0, 25.0] for at in (1, 2)}
    study = trial_study(project, angles, simulated=simulated)
    judge_trials(study, {"anna": SAID})
    judge_trials(study, {"robot": SAID}, kind="simulated" if simulated else "person")
    return study


@pytest.fixture
def study(cast):
    return study_of(cast.project, simulated=True)


@pytest.fixture
def report(study):
    return make_report(study, QUICK)


def test_page(cast, study):
    address = reverse("report", args=["lab", study.slug])
    body = cast.client("researcher").get(address, {"open": "all"}).content.decode()
    assert "12 of 24 judgments come from simulated raters" in body
    assert "12 of 12 items come from the simulated respondent" in body
    assert "m1 (simulated)" in body


def test_comparison(study):
    made = look(study, QUICK).made
    remarks = compared(made, made).result["remarks"]
    assert f"First side: s{NOTE[1:]}" in remarks


@pytest.mark.parametrize("file_format", ["json", "markdown"])
def test_documents(report, file_format):
    text = RENDERERS[file_format](report)
    assert "12 of 24 judgments come from simulated raters" in text
    assert "12 of 12 items come from the simulated respondent" in text


def test_long_csv(report):
    rows = list(csv.reader(io.StringIO(RENDERERS["csv"](report))))
    assert ["simulated", "judgments", "Simulated", "12", "", "", ""] in rows
    assert ["simulated", "items", "Simulated", "12", "", "", ""] in rows


def test_every_latex_table(report):
    text = RENDERERS["latex"](report)
    assert text.count(NOTE) == text.count(r"\begin{table}") == len(sheets(report.result))


def test_every_figure(report):
    for name in drawings_of(report.result):
        assert NOTE in figure(report, name, "svg").decode(), name
        assert figure(report, name, "csv").decode().splitlines()[1].endswith(NOTE), name


def test_methods_paragraph(report):
    assert NOTE in methods(report.result)["paragraph"]


def test_checklist(cast):
    study = trial_study(cast.project, {("m", "prosocial"): [30.5, 40.0]}, simulated=True)
    judge_trials(study, {"robot": SAID[:2], "droid": SAID[:2]}, kind="simulated")
    said = [row["text"] for row in make_report(study, QUICK).result["grras"]["rows"]]
    assert said[2] == "responses of 'm'; 2 items from the simulated respondent"
    assert said[3] == "none: every rater was simulated"
    assert said[7] == "none: every judgment was simulated"
    assert said[11] == "2 simulated raters; items of 1 model"


def test_archive(report):
    bundle = zipfile.ZipFile(io.BytesIO(archive(report)))
    files = {name: bundle.read(name) for name in bundle.namelist()}
    assert NOTE in files["README.txt"].decode()
    assert b"robot,prosocial,,,simulated" in files["data/judgments.csv"]
    assert b"svo-slider,1.0,prosocial,prosocial,30.5,simulated" in files["data/automated.csv"]
    tables = [text for name, text in files.items() if name.startswith("tables/")]
    assert tables
    for text in tables:
        assert NOTE.encode() in text.splitlines()[1]


def test_what_is_not_simulated_does_not_say_so(cast):
    report = make_report(study_of(cast.project, simulated=False), QUICK)
    assert "imulated:" not in RENDERERS["latex"](report)
    assert "simulated" not in methods(report.result)["paragraph"]
    assert "simulated" not in RENDERERS["csv"](report)
    assert b"imulated:" not in figure(report, "confusion", "svg")
