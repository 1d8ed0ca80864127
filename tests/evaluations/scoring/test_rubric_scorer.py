"""A model that classifies whole trials: a second metric beside the angle."""

import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from evaluations.definitions.catalogue import SHIPPED, rubric, store
from evaluations.formats.definitions import DefinitionError
from evaluations.instruments.kinds import parse_rubric
from evaluations.models import Cell, Run, Score
from evaluations.respondents import asking_many, llm
from evaluations.respondents.chat.words import word_of
from evaluations.respondents.respondent import Reply, Respondent, RespondentError
from evaluations.running.conversations import advance
from evaluations.scoring.rubric_scorer import RubricScorer, score_with_rubric
from tests.evaluations.respondents.test_llm import Server, completion
from tests.evaluations.shipped_copies import shipped

pytestmark = pytest.mark.django_db

RUBRIC, _ = shipped(SHIPPED / "rubrics" / "svo-orientation-en.json")


class Judge(Respondent):
    """Says each of *replies* in turn, the last one for ever; keeps what it was asked."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.asked = []

    async def reply(self, request):
        self.asked.append(request)
        said = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(said, BaseException):
            raise said
        return said if isinstance(said, Reply) else Reply(said, {"finish": "stop"}, "judge-1")


@pytest.fixture
def run(make_run):
    """Three complete trials of a respondent that was told to be prosocial."""
    made = make_run(trials_per_cell=3)
    advance(made)
    return made


def classify(run, judge, *replies, definition=None, repeats=1):
    scorer = RubricScorer(definition or rubric(), judge, repeats)
    respondent = Judge(*replies)
    runs = Run.objects.filter(pk=run.pk)
    found = score_with_rubric(runs, scorer, respondent=respondent)
    return found, respondent, Score.objects.filter(metric__name=scorer.name).order_by("trial")


def test_an_orientation_without_an_angle_is_stored_beside_the_other_scores(run, judge):
    found, _, scores = classify(run, judge, '{"choice": "prosocial"}', "Competitive.")
    assert found.kept == {"prosocial": 1, "competitive": 2}
    assert [score.label for score in scores] == ["prosocial", "competitive", "competitive"]
    assert [score.hit for score in scores] == [True, False, False]
    assert {score.number for score in scores} == {None}
    assert Score.objects.filter(metric__name="svo-slider").count() == 3
    assert AuditEvent.objects.get(verb="score with model: begun").detail["trials"] == 3
    assert AuditEvent.objects.get(verb="score with model").detail["answers"] == 3


def test_the_trail_says_who_had_answers_given_where_the_program_ends_midway(
    run, judge, monkeypatch
):
    kept, keep = [], RubricScorer.keep

    def once(self, asked, reply):
        if kept:
            raise SystemExit
        kept.append(asked)
        return keep(self, asked, reply)

    monkeypatch.setattr(RubricScorer, "keep", once)
    with pytest.raises(SystemExit):
        classify(run, judge, "prosocial")
    verbs = AuditEvent.objects.filter(verb__startswith="score with model")
    assert [event.verb for event in verbs] == ["score with model: begun"]


def test_nothing_is_told_where_nothing_is_left_to_ask(run, judge):
    classify(run, judge, "prosocial")
    told = AuditEvent.objects.count()
    classify(run, judge, "prosocial")
    assert AuditEvent.objects.count() == told


def test_a_model_is_told_to_judge_what_raters_are_told_was_divided(run, judge):
    _, respondent, _ = classify(run, judge, "prosocial")
    assert all("divides coins between" in asked.messages[0][1] for asked in respondent.asked)
    Cell.objects.update(prompt_pack=None)
    Score.objects.filter(metric__name=RubricScorer(rubric(), judge).name).delete()
    _, respondent, _ = classify(run, judge, "prosocial")
    for asked in respondent.asked:
        assert "divides something between" in asked.messages[0][1]
        assert "ways to divide something between" in asked.messages[1][1]


@pytest.mark.parametrize(
    ("said", "reason", "flags"),
    [
        ("unclear", "found the answers unclear", []),
        ("refusal", "decline to choose", ["refused"]),
        ("They are prosocial, I think", "none of the rubric's words", []),
        ("", "gave no answer", []),
        (Reply("I can't", {"refused": True}), "declined to classify", []),
        (Reply("Well, the", {"finish": "length"}), "cut off", ["truncated"]),
    ],
)
def test_no_orientation_has_its_reason(run, judge, said, reason, flags):
    _, _, scores = classify(run, judge, said, "prosocial")
    assert [score.outcome for score in scores] == ["unscorable", "scored", "scored"]
    assert reason in scores[0].reason
    assert scores[0].flags == flags


FENCED = '```json\n{"choice": "prosocial", "because": "equal shares"}\n```'


@pytest.mark.parametrize(
    "said",
    [
        FENCED,
        f"Here it is:\n{FENCED}",
        '{"label": "Prosocial", "confidence": 0.9}',
        "```\nprosocial\n```",
        "**prosocial**",
    ],
)
def test_a_judge_that_wraps_its_word_is_understood(run, judge, said):
    assert classify(run, judge, said)[0].kept == {"prosocial": 3}


@pytest.mark.parametrize(
    "said",
    [
        '{"choice": "prosocial", "label": "altruistic"}',
        "```\nprosocial\n```\nor\n```\naltruistic\n```",
        "I think prosocial",
    ],
)
def test_what_is_not_one_word_is_none(said):
    assert word_of(said, ("prosocial", "altruistic")) is None


def test_after_three_invalid_answers_it_is_asked_in_other_words_and_goes_on_in_them(run, judge):
    found, asked, scores = classify(run, judge, *["Well."] * 3, "prosocial")
    assert found.kept == {"invalid": 2, "prosocial": 1} and not found.stopped
    assert "must be exactly one of these words" in asked.asked[3].messages[-1][1]
    assert asked.asked[2].messages[:-1] == asked.asked[3].messages[:-1]
    assert scores.last().detail["call"]["in_other_words"]


def test_a_judge_that_never_says_a_word_is_paused_before_all_is_paid(run, judge, make_run):
    found, asked, scores = classify(run, judge, "Well, it depends.")
    assert (len(asked.asked), scores.count()) == (4, 0)
    assert "3 answers in a row were none of the words" in found.stopped
    assert "Well, it depends." in found.stopped
    assert classify(run, judge, "prosocial")[0].kept == {"prosocial": 3}


def test_the_model_sees_what_a_rater_sees(run, judge):
    _, asked, _ = classify(run, judge, "prosocial")
    trial = run.trials.first()
    text = asked.asked[0].messages[1][1]
    for answer in trial.answers.select_related("turn"):
        assert answer.turn.text in text
    assert "85 for themselves, 85 for the other person" in text
    opening = trial.turns.filter(item_number=None).values_list("text", flat=True)
    assert not [words for words in opening if words in text]
    before_the_task = asked.asked[0].messages[1][1].split("Which of these describes")[0]
    assert "prosocial" not in before_the_task


def test_what_was_asked_and_said_is_stored(run, judge):
    _, _, scores = classify(run, judge, Reply("prosocial", {"constraint": "json_schema"}, "j-1"))
    detail = scores[0].detail
    assert (detail["rubric"], detail["model_returned"]) == ("svo-orientation-en 2", "j-1")
    assert (detail["constraint"], detail["said"]) == ("json_schema", "prosocial")
    assert detail["rubric_sha256"] == rubric().sha256


def test_only_what_is_missing_is_asked_again(run, judge):
    failure = RespondentError("server", "status 500", retryable=True)
    found, _, scores = classify(run, judge, "prosocial", failure, "altruistic")
    assert (found.kept.total(), found.problems) == (2, {"server: status 500": 1})
    assert scores.count() == 2
    again, asked, scores = classify(run, judge, "competitive")
    assert (again.kept, len(asked.asked)) == ({"competitive": 1}, 1)
    assert scores.count() == 3


def test_another_rubric_or_another_way_of_asking_is_another_version(run, judge):
    classify(run, judge, "prosocial")
    newer = store(type(rubric()), RUBRIC | {"version": "3", "system": "Judge."}, "newer")
    classify(run, judge, "altruistic", definition=newer)
    judge.parameters = {"temperature": 0.5}
    classify(run, judge, "competitive")
    others = Score.objects.exclude(metric__name="svo-slider")
    versions = set(others.values_list("metric__version", flat=True))
    assert len(versions) == 3
    assert {version.partition("+")[0] for version in versions} == {"2", "3"}


def test_a_wrong_key_ends_it_at_once(run, judge):
    refused = RespondentError("key", "refused the key", stops_endpoint=True)
    found, asked, scores = classify(run, judge, refused)
    assert (found.stopped, len(asked.asked), scores.count()) == ("refused the key", 1, 0)


def test_an_endpoint_that_only_fails_is_left_alone(run, judge, monkeypatch):
    monkeypatch.setattr(asking_many, "FAILURES_IN_A_ROW", 2)
    found, asked, _ = classify(run, judge, RespondentError("server", "down", retryable=True))
    assert (found.stopped, len(asked.asked)) == ("down", 2)


def test_an_endpoint_that_takes_no_schema_is_asked_in_words(run, judge):
    no_schema = RespondentError("request", "unknown field response_format")
    found, asked, _ = classify(run, judge, no_schema, "prosocial")
    assert found.kept == {"prosocial": 3}
    assert [request.constrained for request in asked.asked] == [True, False, False, False]


def test_a_respondent_that_cannot_classify_is_refused(run):
    simulated = run.cells.first().endpoint
    with pytest.raises(ValueError, match="simulated respondent: name an endpoint with a model"):
        classify(run, simulated, "prosocial")


def test_the_command_asks_over_the_network_for_one_of_the_words(run, judge, monkeypatch, capsys):
    server = Server(completion('{"choice": "individualistic"}'))
    transport = llm.httpx2.MockTransport(server)
    monkeypatch.setattr(llm, "_transport", lambda *_: transport)
    call_command("score_with_model", "--endpoint", "judge", "--plan")
    assert "3 trials to classify" in capsys.readouterr().out
    assert server.requests == []
    call_command("score_with_model", "--endpoint", "judge", "--run", run.name)
    assert "3 answers kept: 3 individualistic" in capsys.readouterr().out
    schema = server.bodies[0]["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["choice"]["enum"][-2:] == ["unclear", "refusal"]


def test_the_command_says_what_got_no_answer(run, judge, monkeypatch, capsys):
    transport = llm.httpx2.MockTransport(Server(llm.httpx2.Response(400, json={})))
    monkeypatch.setattr(llm, "_transport", lambda *_: transport)
    with pytest.raises(CommandError, match="3 questions got no answer; the same command"):
        call_command("score_with_model", "--endpoint", "judge")
    assert "3 x request: judge refused the question with status 400" in capsys.readouterr().err


def test_the_shipped_rubric_names_every_category_once():
    found = parse_rubric(RUBRIC, "file")
    assert len(set(found.words)) == 6
    assert found.category_of("Prosocial") == "prosocial"


def test_a_broken_rubric_is_refused_at_the_exact_place():
    broken = json.loads(json.dumps(RUBRIC))
    broken["categories"]["unclear"]["word"] = "Prosocial"
    with pytest.raises(DefinitionError, match=r"unclear.word: 'Prosocial' already stands"):
        parse_rubric(broken, "file")
