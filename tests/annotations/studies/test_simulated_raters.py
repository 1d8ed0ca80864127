"""Simulated raters are labelled, repeatable and wrong at a known rate."""

import pytest

from annotations.models import Dispute, Item, Judgment, Rater
from annotations.studies.simulated import simulate_judgments
from annotations.svo.simulated import ERRORS
from evaluations.models import Cell, Endpoint
from tests.annotations.conftest import make_run, make_study, make_text_study, make_trial

pytestmark = pytest.mark.django_db


def labels(study) -> list[tuple]:
    rows = Judgment.objects.filter(item__study=study).order_by("item__position", "rater__pk")
    return list(rows.values_list("item__position", "label", "confidence", "seconds"))


def simulated_cell(cast, angle: object, target_value: str = "competitive") -> Cell:
    endpoint = Endpoint.objects.create(
        project=cast.project,
        name="simulated",
        kind="simulated",
        model="simulated",
        parameters={"angle": angle},
    )
    return Cell.objects.create(run=make_run(cast.project), endpoint=endpoint, target=target_value)


def test_they_judge_every_item_under_names_that_say_what_they_are(cast, cell):
    study = make_study(cast.project, [make_trial(cell, score="prosocial") for _ in range(5)])
    assert simulate_judgments(study) == 15
    raters = dict(Rater.objects.values_list("pseudonym", "kind"))
    assert raters == {f"simulated-{n}": "simulated" for n in (1, 2, 3)}
    assert set(Rater.objects.values_list("judged", flat=True)) == {5}


def test_the_same_seed_says_the_same(cast, cell):
    trials = [make_trial(cell, score="prosocial") for _ in range(8)]
    studies = [make_study(cast.project, trials) for _ in range(3)]
    for study, seed in zip(studies, (4, 4, 5), strict=True):
        simulate_judgments(study, seed=seed)
    assert labels(studies[0]) == labels(studies[1]) != labels(studies[2])


@pytest.mark.parametrize("angle", [-16.0, {"competitive": -16.0, "prosocial": 45.0}])
def test_they_go_by_the_angle_a_simulated_respondent_was_given(cast, angle):
    cell = simulated_cell(cast, angle)
    trials = [make_trial(cell, score="prosocial") for _ in range(60)]
    study = make_study(cast.project, trials, overlap=5)
    simulate_judgments(study, raters=5)
    said = list(Judgment.objects.values_list("label", flat=True))
    assert said.count("competitive") / len(said) == pytest.approx(0.8, abs=0.08)
    assert set(said) <= set(ERRORS["competitive"])


def test_a_trial_without_truth_or_score_is_mostly_unclear_or_refused(cast, cell):
    study = make_study(cast.project, [make_trial(cell) for _ in range(40)])
    simulate_judgments(study)
    said = list(Judgment.objects.values_list("label", flat=True))
    assert (said.count("unclear") + said.count("refusal")) / len(said) > 0.8


def test_places_that_are_taken_stay_as_they_are(cast, cell):
    study = make_study(cast.project, [make_trial(cell, score="prosocial") for _ in range(3)])
    Item.objects.filter(position=1).update(taken=2)
    assert simulate_judgments(study) == 7
    assert set(Item.objects.values_list("taken", flat=True)) == {3}


def test_a_place_more_than_there_are_raters_stays_open_for_people(cast, cell):
    study = make_study(cast.project, [make_trial(cell, score="prosocial")], overlap=4)
    simulate_judgments(study)
    assert Item.objects.get().taken == 3


def test_disputes_follow(cast, cell):
    study = make_study(cast.project, [make_trial(cell, score="altruistic") for _ in range(40)])
    simulate_judgments(study)
    split = [
        item.pk
        for item in study.items.all()
        if len({judgment.label for judgment in item.judgments.all()}) == 3
    ]
    assert set(split) <= set(Dispute.objects.values_list("item", flat=True))


def test_they_come_once(cast, cell):
    study = make_study(cast.project, [make_trial(cell, score="prosocial")])
    simulate_judgments(study)
    with pytest.raises(ValueError, match="already"):
        simulate_judgments(study)


def test_they_know_one_question_only(cast):
    study = make_text_study(cast.project, 1, kind="declared", categories=["yes", "no"])
    with pytest.raises(ValueError, match="does not ask for the value orientation"):
        simulate_judgments(study)


@pytest.mark.parametrize("truth", ERRORS)
def test_what_they_say_of_each_kind_of_trial_adds_up_to_one(truth):
    assert sum(ERRORS[truth].values()) == pytest.approx(1)
