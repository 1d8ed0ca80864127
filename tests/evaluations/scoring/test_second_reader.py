"""A model that reads the answers the rules left open; wrong is worse than unknown."""

import pytest
from django.core.management import call_command

from evaluations.instruments.kinds import KINDS
from evaluations.models import Endpoint, Reading, Run, Score
from evaluations.respondents import llm
from evaluations.respondents.respondent import RespondentError
from evaluations.scoring.second_reader import SecondReader, score_with_reader
from tests.evaluations.respondents.test_llm import Server, completion
from tests.evaluations.scoring.test_rubric_scorer import Judge

pytestmark = pytest.mark.django_db

OPEN = "B or C, both seem fair."
WITHOUT = [OPEN, "I choose I.", "A", "A", "I", "I"]


@pytest.fixture
def reader(project):
    return SecondReader(
        Endpoint.objects.create(
            project=project,
            name="reader",
            kind=Endpoint.Kind.OPENAI,
            model="m",
            base_url="http://127.0.0.1:9/v1",
            concurrency=1,
        ),
        KINDS["svo"],
    )


def read(reader, *replies):
    respondent = Judge(*replies)
    runs = Run.objects.all()
    found = score_with_reader(runs, reader, respondent=respondent)
    return found, respondent


def test_an_open_answer_is_read_and_the_trial_scored_under_another_name(make_trial, reader):
    trial = make_trial(WITHOUT)
    found, asked = read(reader, '{"choice": "C"}')
    assert (found.kept, len(asked.asked)) == ({"choice": 1}, 1)
    reading = Reading.objects.get(reader=reader.name)
    assert (reading.outcome, reading.value, reading.method) == ("choice", 3, "model:m")
    rules, assisted = Score.objects.filter(trial=trial).order_by("pk")
    assert (rules.metric.name, rules.outcome) == ("svo-slider", "unscorable")
    assert (assisted.metric.name, assisted.outcome) == ("svo-slider+m", "scored")
    assert assisted.detail["choices"]["1"] == 3
    assert assisted.metric.reader == f"{reader.name} {reader.version}"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("D", "none of those it may mean (B, C)"),
        ("none", "so it stays open"),
        ("It is B, I think", "no letter of the list"),
        ("J", "no letter of the list"),
    ],
)
def test_what_cannot_be_trusted_leaves_the_answer_open(make_trial, reader, said, why):
    trial = make_trial(WITHOUT)
    found, _ = read(reader, said)
    reading = Reading.objects.get(reader=reader.name)
    assert found.kept == {"open": 1}
    assert (reading.outcome, reading.value) == ("ambiguous", None)
    assert why in reading.note
    score = Score.objects.get(trial=trial, metric__name=reader.scorer.name)
    assert score.reason == "item 1 is ambiguous"


@pytest.mark.parametrize("text", ["A", "", "I'm sorry, I can't choose.", "Option J."])
def test_nobody_is_asked_where_the_rules_know_or_nobody_could(make_trial, reader, text):
    make_trial([text, *"IAAII"])
    found, asked = read(reader, "A")
    assert (asked.asked, found.kept) == ([], {})
    assert Score.objects.filter(metric__name=reader.scorer.name).count() == 1


def test_a_failure_leaves_no_score_and_is_asked_again(make_trial, reader):
    make_trial(WITHOUT)
    read(reader, RespondentError("server", "down", retryable=True))
    assert not Score.objects.filter(metric__name=reader.scorer.name).exists()
    read(reader, "B")
    assert Score.objects.get(metric__name=reader.scorer.name).outcome == "scored"
    _, asked = read(reader, "B")
    assert asked.asked == []


def test_the_question_holds_the_answer_and_no_more_of_the_trial(make_trial, reader):
    make_trial(WITHOUT)
    _, asked = read(reader, "B")
    (request,) = asked.asked
    text = request.messages[1][1]
    assert OPEN in text
    assert "A: you get 85, the other person gets 85" in text
    assert "prosocial" not in text
    assert request.words == (*"ABCDEFGHI", "none")


def test_the_command_says_what_came_of_it(make_trial, reader, monkeypatch, capsys):
    make_trial(WITHOUT)
    transport = llm.httpx2.MockTransport(Server(completion("B")))
    monkeypatch.setattr(llm, "_transport", lambda *_: transport)
    call_command("reread_with_model", "--endpoint", "reader")
    out = capsys.readouterr().out
    assert "svo-slider+m" in out
    assert "0 trials are left without a score" in out
    assert "1 answers kept: 1 choice" in out
