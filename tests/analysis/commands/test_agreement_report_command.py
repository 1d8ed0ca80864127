"""`manage.py agreement_report` writes the report or says what to mend."""

import json
import subprocess
import sys
import zipfile
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.models import Project
from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from tests.analysis.studies import imported_study, judge_trials, trial_study

pytestmark = pytest.mark.django_db
ROWS = [(f"i{at}", rater, "yes" if at % 3 else "no") for at in range(12) for rater in "abc"]


@pytest.fixture
def study(project):
    return imported_study(
        project,
        ROWS,
        categories=["yes", "no"],
        automated={"metric": {"i0": "no", "i1": "yes"}, "other": {"i0": "yes"}},
        name="My study",
    )


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("agreement_report", *map(str, arguments), stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.parametrize("name", ["My study", "my-study"])
def test_study_by_name_or_slug(study, name):
    assert run(name, "--replicates", 200).startswith("# My study: agreement report\n")


def test_json_is_one_document(study):
    document = json.loads(run("my-study", "--format", "json", "--replicates", 200))
    assert document["study"]["name"] == "My study"
    assert [section["scorer"] for section in document["automated"]] == ["metric", "other"]


def test_one_scorer_alone(study):
    text = run("my-study", "--format", "json", "--replicates", 200, "--scorer", "other")
    assert [section["scorer"] for section in json.loads(text)["automated"]] == ["other"]


def test_out_replaces_the_file_and_leaves_no_draft(study, tmp_path):
    target = tmp_path / "report.md"
    target.write_text("older")
    assert run("my-study", "--out", target, "--replicates", 200) == ""
    assert target.read_text() == run("my-study", "--replicates", 200)
    assert list(tmp_path.iterdir()) == [target]


def test_out_that_cannot_be_written(study, tmp_path):
    with pytest.raises(CommandError, match="Cannot write"):
        run("my-study", "--out", tmp_path / "missing" / "report.md", "--replicates", 200)


def test_unknown_study_lists_what_there_is(study):
    with pytest.raises(CommandError, match=r"no study 'nope'.*my-study \(project lab\)"):
        run("nope")


def test_ambiguous_study_asks_for_the_project(study):
    elsewhere = Project.objects.create(slug="elsewhere", name="Elsewhere")
    imported_study(elsewhere, ROWS, categories=["yes", "no"], name="My study")
    with pytest.raises(CommandError, match="--project"):
        run("my-study")
    assert run("my-study", "--project", "lab", "--replicates", 200).startswith("# My study")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--scorer", "nope", "It has: metric, other"),
        ("--seed", -1, "seed"),
        ("--replicates", 1, "1"),
    ],
)
def test_choices_that_cannot_be_followed(study, option, value, message):
    with pytest.raises(CommandError, match=message):
        run("my-study", f"{option}={value}")


def test_the_filters_of_the_page_are_options(project):
    study = trial_study(project, {(m, "prosocial"): [40.0, 10.0] * 6 for m in ("m1", "m2")})
    judge_trials(study, {rater: ["prosocial", "individualistic"] * 12 for rater in "abc"})
    chosen = Parameters(
        models=("m2",), exclude_raters=("c",), thresholds=(("reliable", 0.9),), replicates=200
    )
    text = run(
        *("trials", "--format=json", "--replicates=200", "--model=m2", "--exclude=c"),
        "--threshold=reliable=0.9",
    )
    document = json.loads(text)
    assert document["key"] == make_report(study, chosen).key
    assert document["overview"]["counts"]["items"] == 12
    assert document["choices"][0] == "Only model m2."


def test_a_threshold_that_is_none_is_refused_with_an_example(study):
    with pytest.raises(CommandError, match="such as reliable"):
        run("my-study", "--threshold=strict")


def test_study_without_judgments(project):
    imported_study(project, [], categories=["yes", "no"], name="Empty")
    assert "Nobody has judged an item of this study yet" in run("empty", "--replicates", 200)


def test_checking_the_site_loads_no_heavy_library(tmp_path):
    code = (
        "import sys; from django.core.management import execute_from_command_line as run; "
        "run(['manage.py', 'check']); import django.urls; django.urls.get_resolver().url_patterns; "
        "heavy = {'scipy.stats', 'pingouin', 'pandas'} & set(sys.modules); "
        "sys.exit(f'loaded: {sorted(heavy)}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "hvae_site.settings", "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_zip_is_written_to_a_file(study, tmp_path):
    target = tmp_path / "report.zip"
    run("my-study", "--format", "zip", "--out", target, "--replicates", 200)
    assert "recompute.py" in zipfile.ZipFile(target).namelist()


def test_zip_is_not_printed(study):
    with pytest.raises(CommandError, match="--out"):
        run("my-study", "--format", "zip", "--replicates", 200)


@pytest.mark.parametrize(
    ("file_format", "start"), [("csv", "table,row,column,value,low"), ("latex", "% My study:")]
)
def test_tables_alone(study, file_format, start):
    assert run("my-study", "--format", file_format, "--replicates", 200).startswith(start)
