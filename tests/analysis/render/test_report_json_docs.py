"""docs/reference/report-json.md says of every key of a report what its type says, and reports are
of that type; it names every key of a data set."""

import importlib.util
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from analysis.data.dataset import extract
from analysis.data.parameters import Parameters
from analysis.kinds import KINDS
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from analysis.sections.result.statistic import Interval
from tests.analysis.render.conforming import unlike, unlike_a_report
from tests.analysis.studies import imported_study, judge_trials, trial_study
from tests.analysis.values.studies import labelled_study
from tests.conftest import PROJECT

pytestmark = pytest.mark.django_db
BY_NAME = {"details", "n", "used", "counts", "flags", "versions", "off_scale", "orientations"}
BY_NAME |= {"confirm_metric", "cells"}
"""Objects whose keys are names of the data, or are left to the docstring of a statistic."""


def keys(part: Any, above: str = "") -> Iterator[str]:
    if above in BY_NAME:
        return
    if isinstance(part, dict):
        yield from part
        for name, inner in part.items():
            yield from keys(inner, name)
    elif isinstance(part, list):
        for inner in part:
            yield from keys(inner, above)


@pytest.fixture
def trials(project):
    angles = {(m, "prosocial"): [40.0, 10.0, None, 30.0] * 4 for m in ("m1", "m2")}
    study = trial_study(project, angles)
    said = ["prosocial", "individualistic", "unclear", ""] * 8
    judge_trials(study, dict.fromkeys("abc", said))
    return study


@pytest.fixture
def numbers(project):
    rows = [
        (f"i{at}", rater, str(at + step)) for at in range(9) for step, rater in enumerate("abc")
    ]
    metric = {"m": {f"i{at}": str(at) for at in range(9)}}
    return imported_study(project, rows, scale="interval", automated=metric)


@pytest.fixture
def vectors(project):
    rows = [(f"i{at}", rater, f"{at % 2},{at % 3}") for at in range(9) for rater in "abc"]
    metric = {"m": {"i0": "1,1"}}
    return imported_study(project, rows, scale="vector", categories=["a", "b"], automated=metric)


@pytest.fixture
def ordered(project):
    said = ("low", "middle", "high", "unclear")
    rows = [
        (f"i{at}", rater, said[(at + by) % 4]) for at in range(12) for by, rater in enumerate("ab")
    ]
    metric = {name: {f"i{at}": said[at % 3] for at in range(9)} for name in ("m", "n")}
    options = {"scale": "ordinal", "categories": list(said), "ways_out": ["unclear"]}
    return imported_study(project, rows, automated=metric, **options)


@pytest.fixture
def values(cast, tmp_path):
    return labelled_study(tmp_path)


@pytest.fixture
def of_unknown_kind(values, monkeypatch):
    """As after a kind was taken away: reports have no room for it."""
    monkeypatch.delitem(KINDS, "values")
    return values


STUDIES = ("trials", "numbers", "vectors", "ordered", "values", "of_unknown_kind")
PAGE = PROJECT / "docs" / "reference" / "report-json.md"


@pytest.mark.parametrize("fixture", STUDIES)
def test_a_report_is_of_its_type(request, fixture):
    report = make_report(request.getfixturevalue(fixture), Parameters(replicates=100))
    assert unlike_a_report(json.loads(RENDERERS["json"](report))) == []


def test_a_report_that_was_cross_checked_is_of_its_type(numbers):
    report = make_report(numbers, Parameters(replicates=100, crosscheck=True))
    assert unlike_a_report(json.loads(RENDERERS["json"](report))) == []


def test_what_is_not_of_its_type_is_told():
    said = {"low": 0, "high": "1", "level": 0.9, "way": ""}
    assert set(unlike(said, Interval, {})) == {
        "report has no method",
        "report has way, which no type knows",
        "report.high is '1', no float",
    }


def test_the_page_is_made_from_the_types():
    path = PROJECT / "scripts" / "report_json_page.py"
    spec = importlib.util.spec_from_file_location("report_json_page", path)
    assert spec is not None and spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    text = PAGE.read_text(encoding="utf-8")
    assert maker.page(text) == text, "run scripts/report_json_page.py"


@pytest.mark.parametrize("fixture", STUDIES)
def test_every_key_of_a_data_set_is_documented(request, fixture):
    known = set(re.findall(r"`(\w+)`", PAGE.read_text(encoding="utf-8")))
    content = extract(request.getfixturevalue(fixture), Parameters())
    assert sorted(set(keys(content)) - known) == []
