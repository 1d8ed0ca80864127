"""An evaluator is trained on what people judged, kept, and scores what it did not learn from."""

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from evaluations.instruments.values.simulated import OPPOSED, SUPPORTED
from evaluations.models import Evaluator, Metric, Score

pytestmark = pytest.mark.django_db

PROJECT = ("--project", "lab")
OLD = ("--run", "old", "--labels")


def lines(first, number):
    for turn in range(first, first + number):
        for value in ("security", "power"):
            for said, sign in ((SUPPORTED, "+1"), (OPPOSED, "-1")):
                yield {
                    "id": f"{value}{sign}{turn}",
                    "prompt": f"Prompt {turn}?",
                    "answer": f"{said[value]} Number {turn}.",
                    "model": "m",
                    "value_types": [f"{value}: {sign}"],
                }


@pytest.fixture
def judged(cast, tmp_path):
    """A run with labels of one rater, and another run without."""
    for run, first, options in (("old", 0, ("--labels-as", "people")), ("new", 90, ())):
        file = tmp_path / f"{run}.jsonl"
        said = lines(first, 25 if options else 2)
        file.write_text("\n".join(map(json.dumps, said)), "utf-8")
        call_command("import_dialogues", str(file), *PROJECT, "--run", run, *options)


def train(*options):
    call_command("train_evaluator", *PROJECT, "--run", "old", "--name", "ours", *options)


def test_it_is_trained_with_figures_beside_baselines(judged, capsys):
    train("--labels", "people")
    said = capsys.readouterr().out
    assert "100 answers, cross-validated by prompt in 5 folds" in said
    assert "always 0: 0.900" in said and "Not learned, for fewer than ten cases" in said
    row = Evaluator.objects.get()
    assert (row.metric.kind, len(row.learned_from)) == (Metric.Kind.TRAINED, 100)
    assert AuditEvent.objects.filter(verb="evaluator trained").count() == 1


def test_the_same_labels_are_the_same_version(judged):
    train("--labels", "people")
    train("--labels", "people")
    assert Evaluator.objects.count() == 1


def test_it_scores_what_it_did_not_learn_from_and_twice_adds_nothing(judged, capsys):
    train("--labels", "people")
    for _ in range(2):
        call_command("score_values", *PROJECT, "--metric", "ours")
    said = capsys.readouterr().out
    assert "8 answers scored; 100 it learned from and 0 empty ones have no score" in said
    assert "0 answers scored; 0 it learned from" in said
    scores = Score.objects.filter(metric__name="ours")
    assert set(scores.filter(trial__run__name="old").values_list("outcome", "reason")) == {
        ("unscorable", "the metric learned from this answer")
    }
    vectors = scores.filter(trial__run__name="new", trial__prompt__startswith="security+1")
    assert {score.vector["security"] for score in vectors} == {1}


def test_its_baseline_draws_the_same_each_time(judged):
    train("--labels", "people")
    call_command("score_values", *PROJECT, "--metric", "ours-prevalence", "--run", "new")
    scores = Score.objects.filter(metric__name="ours-prevalence")
    assert scores.count() == 8
    assert {sign for score in scores for sign in score.vector.values()} <= {-1, 0, 1}
    assert all(score.vector["hedonism"] == 0 for score in scores)


@pytest.mark.parametrize(
    ("command", "options", "says"),
    [
        ("train_evaluator", (*OLD, "nobody"), "it has those of people"),
        ("train_evaluator", ("--run", "old"), "it has those of people"),
        ("train_evaluator", ("--run", "new", "--labels", "people"), "it has those of nobody"),
        (
            "train_evaluator",
            ("--run", "old", "--labels", "people", "--name", "a@b"),
            "without an @",
        ),
        ("score_values", ("--metric", "other"), "no trained evaluator 'other'; there are none"),
    ],
)
def test_what_cannot_be_done_says_why(judged, command, options, says):
    named = () if "--name" in options or command == "score_values" else ("--name", "ours")
    with pytest.raises(CommandError, match=says):
        call_command(command, *PROJECT, *options, *named)
    assert not Evaluator.objects.exists()
