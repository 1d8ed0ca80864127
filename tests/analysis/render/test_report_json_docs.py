"""docs/reference/report-json.md names every key that a report and its data set have."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from analysis.data.dataset import thaw
from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from tests.analysis.studies import imported_study, judge_trials, trial_study
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


@pytest.mark.parametrize("fixture", ["trials", "numbers", "vectors"])
def test_every_key_is_documented(request, fixture):
    text = (PROJECT / "docs" / "reference" / "report-json.md").read_text(encoding="utf-8")
    known = set(re.findall(r"`(\w+)`", text))
    report = make_report(request.getfixturevalue(fixture), Parameters(replicates=100))
    document = json.loads(RENDERERS["json"](report))
    assert sorted(set(keys(document)) - known) == []
    assert sorted(set(keys(thaw(report.data_set))) - known) == []
