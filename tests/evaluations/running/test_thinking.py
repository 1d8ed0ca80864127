"""Models that think, and answers that are filtered, from a body to pages and files."""

import csv
import json
from io import StringIO

import httpx2
import pytest

from accounts.models import Project
from annotations.judging.blinding import stimulus
from annotations.models import Item, Study
from evaluations.definitions.catalogue import instrument, rubric
from evaluations.files.exporting import export_lines, export_table
from evaluations.files.importing import import_trials
from evaluations.instruments.kinds import kind_of
from evaluations.models import Endpoint, Run, Score, Turn
from evaluations.pages.runs.trial_page import trial_page
from evaluations.respondents.llm import ModelRespondent
from evaluations.running.conversations import Worker
from evaluations.scoring.answer_shares import answer_shares
from evaluations.scoring.rubric_scorer import RubricScorer
from evaluations.scoring.second_reader import SecondReader
from tests.evaluations.respondents.servers import Server, said

pytestmark = pytest.mark.django_db(transaction=True)

THOUGHT = "Option B is greedy, SECRETLY I want it."


@pytest.fixture
def run_with(transactional_db, make_run):
    """A run of one trial, worked on, whose model gives each of these answers in turn."""

    def work(*answers):
        endpoint = Endpoint(
            name="lab", kind="openai", model="thinker", base_url="http://127.0.0.1:9/v1"
        )
        run = make_run(endpoint=endpoint, trials_per_cell=1)
        server = Server(*answers)
        respondent = ModelRespondent(endpoint, httpx2.MockTransport(server))
        Worker(run, respondents={endpoint.pk: respondent}).work()
        return run, server

    return work


@pytest.fixture
def thinking(run_with):
    return run_with(said(f"<think>{THOUGHT}</think>I choose option C."))


def test_a_thought_is_neither_sent_back_nor_the_goal(thinking):
    run, server = thinking
    assert len(server.bodies) == 9
    assert not any("SECRETLY" in json.dumps(body) for body in server.bodies)
    assert "I choose option C." in server.bodies[-1]["messages"][-1]["content"]  # its goal
    turns = Turn.objects.filter(trial__run=run, role="assistant")
    assert set(turns.values_list("reasoning", "text")) == {(THOUGHT, "I choose option C.")}
    assert answer_shares(run)[run.cells.get().pk].choice == 6


def test_neither_raters_nor_a_judge_see_a_thought(thinking, judge):
    trial = thinking[0].trials.get()
    shown = stimulus(Item(trial=trial, study=Study(unit=Study.Unit.TRIAL)))
    goal = stimulus(Item(trial=trial, study=Study(unit=Study.Unit.GOAL))).goal
    assert goal == "I choose option C."
    assert [answer.text for answer in shown.answers] == ["I choose option C."] * 6
    asked = RubricScorer(rubric(), judge).question((trial.pk, 0))
    assert "SECRETLY" not in str(asked.messages)


def test_a_thought_is_on_the_trials_page_and_no_part_of_the_answer(thinking, client, cast):
    run = Run.objects.get(pk=thinking[0].pk)
    run.project = cast.project
    run.save()
    client.force_login(cast.researcher)
    page = client.get(run.trials.get().get_absolute_url())
    content = page.content.decode()
    assert content.count("What the model thought before") == 9
    assert THOUGHT in content


def test_thoughts_are_exported_in_a_place_of_their_own_and_read_back(thinking):
    run = thinking[0]
    runs = Run.objects.filter(pk=run.pk)
    (line,) = export_lines(runs)
    answers = [one for one in json.loads(line)["messages"] if one["role"] == "assistant"]
    assert {(one["content"], one["reasoning"]) for one in answers} == {
        ("I choose option C.", THOUGHT)
    }
    rows = list(csv.DictReader(export_table(runs)))
    assert {row["reasoning"] for row in rows if row["role"] == "assistant"} == {THOUGHT}
    other = Project.objects.create(slug="other", name="Other")
    table = "".join(export_table(runs))
    for name, source, kind in (("lines", [line], "jsonl"), ("table", StringIO(table), "csv")):
        report = import_trials(
            other, source, run_name=name, instrument=instrument(), file_format=kind
        )
        assert report.rejected == []
        kept = Turn.objects.filter(trial__run=report.run, role="assistant")
        assert set(kept.values_list("reasoning", flat=True)) == {THOUGHT}


def test_a_table_of_models_that_do_not_think_has_no_column_for_it(run_with):
    run, _ = run_with(said("I choose option C."))
    head = next(iter(export_table(Run.objects.filter(pk=run.pk))))
    assert "reasoning" not in head


def test_thoughts_in_a_file_are_parted_from_answers(thinking):
    (line,) = export_lines(Run.objects.filter(pk=thinking[0].pk))
    trial = json.loads(line)
    for message in trial["messages"]:
        if thought := message.pop("reasoning", ""):
            message["content"] = f"<think>{thought}</think>{message['content']}"
    other = Project.objects.create(slug="other", name="Other")
    lines = [json.dumps(trial)]
    report = import_trials(other, lines, run_name="aloud", instrument=instrument())
    kept = Turn.objects.filter(trial__run=report.run, role="assistant")
    assert set(kept.values_list("reasoning", "text")) == {(THOUGHT, "I choose option C.")}


def test_a_filtered_choice_is_no_choice_and_an_outcome_of_its_own(run_with, judge):
    run, _ = run_with(*[said("I choose option C.")] * 8, said("I choose A", "content_filter"))
    shares = answer_shares(run)[run.cells.get().pk]
    assert (shares.choice, shares.filtered, shares.refused, shares.unparsed) == (5, 1, 0, 0)
    score = Score.objects.get(trial__run=run)
    assert score.reason == "item 6 was withheld by a content filter"
    assert "filtered" in score.flags
    page = trial_page(run.trials, run.trials.get().pk)
    assert ("filtered answer", [6]) in [(check.name, list(check.items)) for check in page.flagged]
    reader = SecondReader(judge, kind_of("svo"))
    assert not reader.unread(list(run.trials.values_list("pk", flat=True))).exists()


def test_a_thought_that_was_cut_off_leaves_an_empty_answer_that_says_so(run_with):
    run, server = run_with(said(f"<think>{THOUGHT}", "length"))
    assert len(server.requests) == 9
    score = Score.objects.get(trial__run=run)
    assert score.outcome == "unscorable" and "truncated" in score.flags
