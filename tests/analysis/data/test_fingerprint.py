"""A few counts tell whether a study has changed."""

import pytest
from django.utils import timezone

from analysis.data.dataset import extract
from analysis.data.fingerprint import fingerprint
from analysis.data.parameters import Parameters
from annotations.models import AutomatedLabel, Decision, Dispute, Judgment, Rater, Study
from evaluations.models import Endpoint, Trial
from tests.analysis.studies import (
    add_judgments,
    imported_study,
    judge_trials,
    score_trial,
    trial_study,
)

pytestmark = pytest.mark.django_db
ROWS = [("x", "a", "no"), ("x", "b", "yes"), ("y", "a", "yes"), ("y", "b", "yes")]


@pytest.fixture
def study(project):
    made = trial_study(project, {("m", "prosocial"): [30.5, 40.0, 61.0]})
    judge_trials(made, {"a": ["prosocial", "prosocial", ""], "b": ["prosocial", "unclear", ""]})
    return made


def judge(study):
    items = {str(item.position): item for item in study.items.all()}
    add_judgments(study, items, [("3", "a", "altruistic")])


def correct(study):
    old = Judgment.objects.filter(item__study=study).first()
    Judgment.objects.filter(pk=old.pk).supersede()
    Judgment.objects.create(
        assignment=old.assignment, item=old.item, rater=old.rater, revision=2, label="unclear"
    )


def decide(study):
    dispute = Dispute.objects.create(item=study.items.first(), state="decided")
    Decision.objects.create(dispute=dispute, label="prosocial", reason="read")


def complete(study):
    cell = study.items.first().trial.cell
    Trial.objects.create(run=cell.run, cell=cell, number=9, state="complete")


def rename(study):
    Study.objects.filter(pk=study.pk).update(question="Another?")
    study.refresh_from_db()


def label(study):
    AutomatedLabel.objects.create(item=study.items.first(), scorer="other", label="prosocial")


CHANGES = {
    "a judgment": judge,
    "a corrected judgment": correct,
    "a decision": decide,
    "a new version of the scorer": lambda s: [
        score_trial(item.trial, 0.0, "svo-slider", "2.0") for item in s.items.all()
    ],
    "a further trial of a cell": complete,
    "the question": rename,
    "an automated label": label,
    "a rater's kind": lambda s: Rater.objects.filter(study=s, pseudonym="a").update(
        kind="simulated"
    ),
    "a model's name": lambda s: Endpoint.objects.update(model="other"),
    "an item that went": lambda s: s.items.filter(position=3).delete(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_changes_whenever_the_data_set_does(study, change):
    before, content = fingerprint(study), extract(study, Parameters())
    CHANGES[change](study)
    assert extract(study, Parameters()) != content
    assert fingerprint(study) != before


def test_a_reopened_dispute_changes_it(study):
    decide(study)
    before = fingerprint(study)
    Dispute.objects.update(state="open", updated_at=timezone.now())
    assert fingerprint(study) != before


def test_another_study_does_not_change_it(project, study):
    before = fingerprint(study)
    imported_study(project, ROWS, categories=["yes", "no"])
    assert fingerprint(study) == before


def test_as_many_queries_whatever_the_size(project, study, django_assert_num_queries):
    large = trial_study(project, {("m", "prosocial"): [30.5] * 40}, name="Large")
    judge_trials(large, {name: ["prosocial"] * 40 for name in "abcde"})
    for one in (study, large):
        with django_assert_num_queries(15):
            fingerprint(one)
