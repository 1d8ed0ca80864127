"""A metric that gives our own trials vectors is held to raters who judge them dimension by
dimension. No kind of instrument makes such scores yet: here they are made by hand."""

import pytest

from analysis.data.automated_columns import OTHER_VECTOR
from analysis.data.dataset import extract
from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from annotations.disputes.automated import automated_labels
from annotations.exchange.assignment import current_or_next
from annotations.judging.judging import submit
from annotations.judging.sent import Form
from annotations.models import Dispute
from tests.annotations.conftest import make_cell, make_rater, make_run, make_study, make_trial
from tests.support.scores import add_score

pytestmark = pytest.mark.django_db

METRIC = "values/judge"
SAID = [{"care": 1, "power": 0}, {"power": -1.0, "care": 0.0}] * 6
"""By the metric; named in any order, whole numbers with or without a point."""


@pytest.fixture
def study(cast):
    """Twelve trials with a vector, one with a dimension too few, one that is unscorable; two people
    judge them all as the metric does, but for the first."""
    cell = make_cell(make_run(cast.project))
    trials = [make_trial(cell) for _ in range(14)]
    for trial, vector in zip(trials, [*SAID, {"care": 1}], strict=False):
        add_score(trial, METRIC, vector=vector)
    add_score(trials[-1], METRIC, outcome="unscorable", reason="the model gave no answer")
    made = make_study(
        cast.project,
        trials,
        kind="declared",
        scale="vector",
        categories=["care", "power"],
        overlap=2,
        metric_name=METRIC,
    )
    for name in "ab":
        held = current_or_next(rater := make_rater(made, name))
        while held is not None:
            at = held.item.position
            label = "0,0" if at == 1 else "1,0" if at % 2 else "0,-1"
            held = submit(rater, Form(held.pk, 0, label)).next
    return made


def test_a_vector_answers_a_question_of_its_dimensions(study):
    labels = automated_labels(study, study.items.all())
    first, second = study.items.order_by("position")[:2]
    assert (labels[first.pk], labels[second.pk], len(labels)) == ("1,0", "0,-1", 12)


def test_a_vector_that_differs_from_the_raters_is_a_dispute(study):
    dispute = Dispute.objects.get()
    assert (dispute.item.position, dispute.reasons) == (1, ["automated_differs"])


def test_a_report_holds_the_metric_to_the_raters(study):
    content = extract(study, Parameters())
    assert content["study"]["scores_answer"]
    (entry,) = content["automated"]
    assert entry["label"][:2] == ["1,0", "0,-1"] and entry["label"][12:] == ["", ""]
    assert entry["reason"][11:] == ["", OTHER_VECTOR, "the model gave no answer"]
    report = make_report(study, Parameters(replicates=200))
    (metric,) = report.result["vectors"]["metrics"]
    assert metric["name"] == f"{METRIC} 1"
    care, power = metric["rows"]
    assert power["value"] == pytest.approx(1) and 0.5 < care["value"] < 1
    for name, render in RENDERERS.items():
        assert "power" in render(report), name
    assert METRIC in RENDERERS["markdown"](report)


def test_a_study_without_a_vector_keeps_what_it_was(cast):
    study = make_study(cast.project, kind="declared", scale="vector", categories=["care", "power"])
    assert not extract(study, Parameters())["study"]["scores_answer"]
