"""The command that imports trials, on files of other programs: the same rules as for our own."""

import json
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evaluations.models import Answer, Run, Score, Trial
from tests.evaluations.interchange.fixtures import EVAL, LOG, RESULTS, SAMPLES, TRIALS

pytestmark = pytest.mark.django_db


def run(*arguments):
    """Call the command; what it printed, its problems, and how it failed."""
    out, problems = StringIO(), StringIO()
    try:
        call_command("import_trials", *map(str, arguments), stdout=out, stderr=problems)
    except CommandError as error:
        problems.write(f"\n{error}")
    return out.getvalue(), problems.getvalue()


def test_a_log_becomes_a_run_and_twice_adds_nothing(project):
    out, problems = run(EVAL, "--run", "logged")
    assert "4 trials added" in out and problems == ""
    assert Answer.objects.count() == 24 and Score.objects.exists()
    out, _ = run(EVAL, "--run", "logged")
    assert "0 trials added, 4 were already there" in out and Trial.objects.count() == 4


def test_archive_and_json_of_a_sample_have_the_same_conversation(project):
    run(EVAL, "--run", "archive")
    out, _ = run(LOG, "--run", "archive")
    assert "0 trials added, 2 were already there" in out


def test_samples_and_rows_become_runs(project):
    assert "6 trials added" in run(SAMPLES)[0]
    assert "2 trials added" in run(TRIALS)[0]
    assert set(Run.objects.values_list("name", flat=True)) == {SAMPLES.stem, TRIALS.stem}


def test_a_bad_sample_refuses_the_file_and_is_named(project, tmp_path):
    file = tmp_path / "log.json"
    log = json.loads(LOG.read_text("utf-8"))
    log["samples"][0]["messages"][-1]["role"] = "tool"
    file.write_text(json.dumps(log), "utf-8")
    _, problems = run(file)
    assert "sample s1, epoch 1: message 16 is of the role 'tool'" in problems
    assert Trial.objects.count() == 0
    out, problems = run(file, "--partial")
    assert "1 trial added" in out and "log.rejects.jsonl" in problems
    (kept,) = (tmp_path / "log.rejects.jsonl").read_text("utf-8").splitlines()
    assert json.loads(kept)["found"]["id"] == "s1"


def test_a_file_that_fits_no_format_says_what_was_tried_and_why_not(project, tmp_path):
    file = tmp_path / "other.jsonl"
    file.write_text('{"text": "a", "label": "b"}\n')
    _, problems = run(file)
    assert "line 1: lacks model, target_value, trial, messages" in problems
    assert "no samples of lm-evaluation-harness: its first line has no doc_id" in problems


def test_a_format_that_is_named_and_wrong_says_why(project):
    _, problems = run(TRIALS, "--format", "inspect-ai")
    assert "the file is no log of inspect_ai: it is a Parquet file" in problems


def test_a_truncated_archive_is_refused(project, tmp_path):
    file = tmp_path / "cut.eval"
    file.write_bytes(EVAL.read_bytes()[:5000])
    _, problems = run(file)
    assert "damaged or cut off" in problems and Run.objects.count() == 0


def test_a_folder_of_samples_is_asked_for_by_its_file(project, tmp_path):
    for file in (SAMPLES, RESULTS):
        shutil.copy(file, tmp_path)
    _, problems = run(tmp_path)
    assert "is a folder without trials" in problems
