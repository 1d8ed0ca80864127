"""A report is of the code that computes it, all of it and no other."""

import os
import shutil
import subprocess
import sys
from functools import cache

import pytest

from analysis.data.parameters import Parameters
from analysis.making import comparisons, computations
from analysis.models import Comparison
from analysis.versions import closure as closure_module
from analysis.versions.closure import PROJECT, closure, code_hash
from analysis.versions.versions import REPORT, code_of, code_versions, libraries
from tests.analysis.studies import imported_study

APPS = ("accounts", "evaluations", "annotations", "analysis")

DECIDE = (
    "analysis/data/automated_columns.py",
    "analysis/data/extreme_numbers.py",
    "analysis/data/whose_judgments.py",
    "analysis/data/dataset.py",
    "analysis/report/own_stack.py",
    "analysis/data/fingerprint.py",
    "analysis/data/further_columns.py",
    "analysis/data/queries.py",
    "analysis/sections/humans/agreement.py",
    "analysis/statistics/numbers/icc.py",
    "annotations/models/judging.py",
    "annotations/scales/numerals.py",
    "annotations/questions/question.py",
    "evaluations/text/natural_order.py",
    "evaluations/instruments/svo/measure/cutoffs.py",
)
"""Some of the files that decide a result, by hand: what is computed must hold them."""

DO_NOT_DECIDE = (
    "analysis/views/report.py",
    "analysis/admin.py",
    "analysis/render/latex.py",
    "analysis/render/figures/rendering.py",
    "annotations/forms/settings.py",
    "annotations/views/judging.py",
    "evaluations/respondents/llm.py",
)

ASK = """
import sys, django
django.setup()
before = set(sys.modules)
import {modules}
print(*sorted(set(sys.modules) - before))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The project's own packages in a place of their own."""
    root = tmp_path_factory.mktemp("code")
    for app in APPS:
        shutil.copytree(PROJECT / app, root / app, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def changed(root, path):
    """The hash of the report's code with *path* changed; the file is put back."""
    file = root / path
    was = file.read_bytes()
    file.write_bytes(was + b"\n# another word\n")
    try:
        return code_hash(*REPORT, root=root)
    finally:
        file.write_bytes(was)


def test_a_copy_has_the_same_hash(copy):
    assert code_hash(*REPORT, root=copy) == code_of(*REPORT) == code_versions()["analysis_code"]


@pytest.mark.parametrize("path", DECIDE)
def test_a_change_where_results_are_decided_changes_the_version(copy, path):
    assert changed(copy, path) != code_hash(*REPORT, root=copy)


@pytest.mark.parametrize("path", DO_NOT_DECIDE)
def test_a_change_elsewhere_does_not(copy, path):
    assert (copy / path).is_file()
    assert changed(copy, path) == code_hash(*REPORT, root=copy)


def test_every_file_of_the_closure_counts(copy, monkeypatch):
    # Where files lie stays as it is here; looking anew for each change would take a minute.
    monkeypatch.setattr(closure_module, "_file", cache(closure_module._file))
    files = [path.relative_to(PROJECT) for path in closure(*REPORT).files.values()]
    hashes = {path: changed(copy, path) for path in files}
    assert len(set(hashes.values()) | {code_of(*REPORT)}) == len(files) + 1


def test_a_new_module_counts_once_it_is_imported(copy):
    before = code_hash(*REPORT, root=copy)
    new, user = copy / "analysis/words/new_rule.py", copy / "analysis/words/wording.py"
    new.write_text("RULE = 1\n")
    assert code_hash(*REPORT, root=copy) == before
    was = user.read_text()
    user.write_text(was + "\n\ndef late():\n    from . import new_rule\n    return new_rule\n")
    try:
        assert "analysis.words.new_rule" in closure(*REPORT, root=copy).files
        with_one = code_hash(*REPORT, root=copy)
        new.write_text("RULE = 2\n")
        assert code_hash(*REPORT, root=copy) != with_one
    finally:
        user.write_text(was)
        new.unlink()


def test_what_python_imports_is_in_the_closure():
    """The other way to find out: import them, and see what came along."""
    script = ASK.format(modules=", ".join(REPORT))
    found = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "hvae_site.settings"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    ours = {name for name in found if name.partition(".")[0] in APPS}
    assert "analysis.sections.humans.agreement" in ours
    assert ours - set(closure(*REPORT).files) == set()


def test_a_module_that_is_not_there_is_an_error():
    with pytest.raises(LookupError, match="There is no module analysis"):
        closure("analysis.renamed")


def test_libraries_are_those_that_the_code_imports():
    assert set(libraries(*REPORT)) == {"numpy", "pandas", "pingouin", "scipy"}
    assert {"altair", "vl_convert"} <= set(libraries("analysis.render.figures.rendering"))


# --- what is kept is of the code as it is ---------------------------------------------------------


@pytest.fixture
def study(cast):
    rows = [(f"i{at}", rater, "yes" if at % 3 else "no") for at in range(12) for rater in "abc"]
    return imported_study(cast.project, rows, categories=["yes", "no"])


@pytest.mark.django_db
def test_after_a_change_of_its_code_a_report_is_computed_anew(study, monkeypatch):
    quick = Parameters(replicates=200)
    before = computations.look(study, quick).made
    later = code_versions() | {"analysis_code": "of an update"}
    for module in ("computations", "reporting"):
        monkeypatch.setattr(f"analysis.making.{module}.code_versions", lambda: later)
    after = computations.look(study, quick).made
    assert after.pk != before.pk
    assert after.result["versions"]["analysis_code"] == "of an update"


@pytest.mark.django_db
def test_after_a_change_of_its_code_a_comparison_is_made_anew(study, monkeypatch):
    sides = [
        computations.look(study, Parameters(replicates=200, seed=seed)).made for seed in (1, 2)
    ]
    before = comparisons.look(*sides)
    assert comparisons.look(*sides).pk == before.pk
    monkeypatch.setattr("analysis.making.comparisons.code_of", lambda *modules: "of an update")
    after = comparisons.look(*sides)
    assert (after.is_done, after.pk != before.pk) == (True, True)
    assert Comparison.objects.count() == 2
