"""Answers read as the published runner read them: a letter for each, and a name that says so."""

import pytest
from django.core.management import call_command

from evaluations.instruments.kinds import KINDS
from evaluations.models import Endpoint, Metric, Reading, Run, Score
from evaluations.pages.queries import score_rows
from evaluations.pages.svo.as_published import as_published
from evaluations.pages.svo.pages import SvoPages
from evaluations.respondents import llm
from evaluations.running.conversations import advance
from evaluations.scoring.as_published import PublishedReader
from evaluations.scoring.metrics import in_force
from evaluations.scoring.second_reader import score_with_reader
from tests.evaluations.respondents.test_llm import Server, completion
from tests.evaluations.scoring.test_rubric_scorer import Judge

pytestmark = pytest.mark.django_db

HEDGED = ["B or C, both seem fair.", "I would rather not choose.", "A", "A", "I", "I"]
CLEAR = list("AIAAII")


@pytest.fixture
def reader(project):
    endpoint = Endpoint.objects.create(
        project=project,
        name="reader",
        kind=Endpoint.Kind.OPENAI,
        model="m",
        base_url="http://127.0.0.1:9/v1",
        concurrency=1,
    )
    return PublishedReader(endpoint, KINDS["svo"])


def read(reader, *replies):
    respondent = Judge(*replies)
    return score_with_reader(Run.objects.all(), reader, respondent=respondent), respondent


def test_every_answer_gets_a_letter_whatever_it_says(make_trial, reader):
    trial = make_trial(HEDGED)
    found, asked = read(reader, "C")
    assert (found.kept, len(asked.asked)) == ({"choice": 6}, 6)
    ours, published = Score.objects.filter(trial=trial).order_by("pk")
    assert (ours.outcome, published.outcome) == ("unscorable", "scored")
    assert set(published.detail["choices"].values()) == {3}
    assert (published.metric.name, published.metric.kind) == ("as-published+m", "published")


def test_there_is_no_word_for_no_choice(make_trial, reader):
    make_trial(HEDGED)
    _, asked = read(reader, "C")
    assert {request.words for request in asked.asked} == {tuple("ABCDEFGHI")}
    assert "Reply with one word: a letter from A to I" in asked.asked[0].messages[1][1]


def test_it_is_asked_again_until_it_gives_a_letter(make_trial, reader):
    make_trial(["A"])
    found, asked = read(reader, "It declines.", "Neither.", "B")
    assert found.kept == {"no letter": 2, "choice": 1}
    assert len({request.seed for request in asked.asked}) == 3
    assert Reading.objects.get(reader=reader.name).label == "B"


def test_its_scores_never_count_as_the_run_s_own(make_trial, reader):
    trial = make_trial(CLEAR)
    read(reader, "C")
    own = in_force("svo-slider", type(trial).objects.filter(pk=trial.pk))
    assert own.kind == Metric.Kind.RULES


def comparison(run):
    rows = score_rows(run)
    cells = list(run.cells.select_related("endpoint").order_by("pk"))
    return as_published(run, SvoPages().figures_of(cells, rows), rows)


def test_it_is_set_beside_ours(make_trial, reader):
    run = make_trial(CLEAR).run
    assert comparison(run) is None
    read(reader, "A")
    told = comparison(run)
    (cell,) = told.cells
    assert (told.filled, told.trials) == (0, 1)
    assert cell.gap == pytest.approx(cell.published.mean - cell.ours.mean)
    assert cell.holds is (cell.published.orientation_of_mean == cell.ours.cell.target)


def test_what_only_the_published_reading_fills_is_counted(make_trial, reader):
    run = make_trial(HEDGED).run
    read(reader, "A")
    told = comparison(run)
    assert (told.filled, told.trials) == (1, 1)
    assert told.cells[0].gap is None


def test_the_published_mean_is_over_ten_trials(make_run, reader):
    run = make_run(trials_per_cell=12)
    advance(run)
    read(reader, "A")
    assert [cell.published.scorable for cell in comparison(run).cells] == [10]


def test_the_command_reads_as_published(make_trial, reader, monkeypatch, capsys):
    make_trial(HEDGED)
    transport = llm.httpx2.MockTransport(Server(completion("B")))
    monkeypatch.setattr(llm, "_transport", lambda *_: transport)
    call_command("reread_with_model", "--endpoint", "reader", "--as-published")
    out = capsys.readouterr().out
    assert "as-published+m" in out
    assert "6 answers kept: 6 choice" in out
