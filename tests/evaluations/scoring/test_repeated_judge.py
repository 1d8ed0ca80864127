"""A judge that is asked several times: each answer stored, the most frequent is the label."""

import csv
from io import StringIO

import pytest
from django.core.management import call_command

from evaluations.costs.scoring_plan import plan_scoring
from evaluations.definitions.catalogue import rubric
from evaluations.files.exporting import export_scores
from evaluations.models import Run, Score, Verdict
from evaluations.respondents.respondent import RespondentError
from evaluations.running.conversations import advance
from evaluations.scoring.rubric_scorer import RubricScorer
from tests.evaluations.scoring.test_rubric_scorer import classify

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(make_run):
    made = make_run(trials_per_cell=1)
    advance(made)
    return made


def judged(run, judge, *said):
    """The score of the only trial by a judge that says these words in turn."""
    return classify(run, judge, *said, repeats=len(said))[2].get()


def test_the_most_frequent_answer_is_the_label_and_its_share_the_confidence(run, judge):
    score = judged(run, judge, "prosocial", "altruistic", "prosocial")
    assert (score.label, score.hit) == ("prosocial", True)
    assert score.confidence == pytest.approx(2 / 3)
    assert score.number is None  # a number of this measure is an angle
    assert score.detail["votes"] == {"prosocial": 2, "altruistic": 1}


def test_each_answer_is_stored_with_who_said_it(run, judge):
    judged(run, judge, "prosocial", "Well.", "prosocial")
    verdicts = Verdict.objects.order_by("number")
    assert [found.number for found in verdicts] == [1, 2, 3]
    assert {found.category for found in verdicts} == {"prosocial", ""}
    assert "none of the rubric's words" in verdicts.get(category="").reason
    assert verdicts[0].detail["model_returned"] == "judge-1"


def test_repeats_differ_in_the_seed(run, judge):
    _, asked, _ = classify(run, judge, "prosocial", repeats=3)
    first = run.trials.get().seed
    assert sorted(request.seed for request in asked.asked) == [first, first + 1, first + 2]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (("prosocial", "altruistic"), "the model's 2 answers are tied: altruistic and prosocial"),
        (("unclear", "unclear", "prosocial"), "found the answers unclear"),
    ],
)
def test_no_majority_is_no_label_and_says_why(run, judge, said, reason):
    score = judged(run, judge, *said)
    assert score.outcome == "unscorable" and reason in score.reason
    assert score.confidence == max(said.count(word) for word in said) / len(said)


def test_answers_that_are_there_are_not_asked_for_again(run, judge):
    gone = RespondentError("connection", "gone")
    found, _, scores = classify(run, judge, "prosocial", gone, repeats=3)
    assert found.kept == {"prosocial": 1} and not scores
    assert plan_scoring(run, judge, rubric(), repeats=3).calls == 2
    _, asked, scores = classify(run, judge, "prosocial", repeats=3)
    assert len(asked.asked) == 2 and scores.get().confidence == 1


def test_answers_of_two_workers_that_nobody_counted_are_counted(run, judge):
    judged(run, judge, "prosocial", "prosocial")
    Score.objects.filter(confidence__isnull=False).delete()
    _, asked, scores = classify(run, judge, "altruistic", repeats=2)
    assert not asked.asked and scores.get().label == "prosocial"


def test_asked_once_and_several_times_are_two_metrics(run, judge):
    once, often = RubricScorer(rubric(), judge), RubricScorer(rubric(), judge, 3)
    assert once.name != often.name and once.version != often.version


def test_the_table_of_scores_has_the_confidence_where_there_is_one(run, judge):
    runs = Run.objects.filter(pk=run.pk)
    assert "confidence" not in next(export_scores(runs))
    judged(run, judge, "prosocial", "prosocial")
    rows = list(csv.DictReader(StringIO("".join(export_scores(runs)))))
    assert [row["confidence"] for row in rows] == ["", "1.0"]


def test_the_command_says_how_many_calls_that_is(run, judge):
    out = StringIO()
    options = {"endpoint": judge.name, "project": judge.project.slug, "repeats": 3}
    call_command("score_with_model", plan=True, stdout=out, **options)
    assert "1 trials to classify, 3 calls." in out.getvalue()
