"""A recorded conversation answers again, word for word, and nothing else does."""

import asyncio

import pytest

from evaluations.models import Endpoint, Run, Turn
from evaluations.respondents.endpoints import respondent_of, try_endpoint
from evaluations.respondents.replay import ReplayRespondent
from evaluations.respondents.respondent import Request, RespondentError
from evaluations.running.conversations import advance

RECORDED = [
    [("user", "Hello?"), ("assistant", "Yes."), ("user", "Which?"), ("assistant", "A")],
    [("user", "Hello?"), ("assistant", "Well."), ("user", "Which?"), ("assistant", "B")],
]


def ask(*messages, seed=0):
    request = Request(messages=messages, seed=seed)
    return asyncio.run(ReplayRespondent("tape", RECORDED).reply(request)).text


def test_the_answer_follows_from_everything_said_before():
    assert ask(("user", "Hello?"), ("assistant", "Yes."), ("user", "Which?")) == "A"
    assert ask(("user", "Hello?"), ("assistant", "Well."), ("user", "Which?")) == "B"


def test_the_seed_chooses_among_conversations_that_begin_alike():
    assert {ask(("user", "Hello?"), seed=seed) for seed in (0, 1)} == {"Yes.", "Well."}
    assert ask(("user", "Hello?"), seed=4) == ask(("user", "Hello?"), seed=0)


def test_what_was_not_recorded_has_no_answer():
    with pytest.raises(RespondentError, match="no conversation that goes on after these 1"):
        ask(("user", "Hallo?"))


@pytest.mark.django_db
def test_a_run_can_be_replayed_and_gives_the_same_words_and_scores(make_run):
    first = make_run("first", trials_per_cell=1, own={"option_order": ["reversed"]})
    advance(first)
    tape = Endpoint(
        name="tape", kind=Endpoint.Kind.REPLAY, model="recorded", parameters={"run": first.pk}
    )
    second = make_run("second", tape, trials_per_cell=1, own={"option_order": ["reversed"]})
    assert advance(second) == {"complete": 1}
    texts = [list(Turn.objects.filter(trial__run=r).values_list("text")) for r in (first, second)]
    assert texts[0] == texts[1]
    angles = [run.trials.get().scores.get().number for run in (first, second)]
    assert angles[0] == angles[1]
    assert second.trials.get().is_simulated


@pytest.mark.django_db
@pytest.mark.parametrize("parameters", [{}, {"run": "1"}, {"run": True}, {"run": 10**6}])
def test_a_tape_without_a_recorded_run_is_refused(project, parameters):
    tape = Endpoint(project=project, name="tape", kind="replay", parameters=parameters)
    with pytest.raises(RespondentError, match="run"):
        respondent_of(tape)


@pytest.mark.django_db
def test_a_run_of_another_project_is_not_replayed(make_run, project):
    run = make_run()
    advance(run)
    other = type(project).objects.create(slug="other", name="Other")
    tape = Endpoint(project=other, name="tape", kind="replay", parameters={"run": run.pk})
    with pytest.raises(RespondentError, match="no run"):
        respondent_of(tape)
    assert Run.objects.count() == 1


def test_an_endpoint_can_be_tried_without_storing_anything():
    good = Endpoint(name="s", kind="simulated", model="m", parameters={"angle": 30})
    result = try_endpoint(good)
    assert result.ok and result.text and result.model_returned == "s"
    bad = try_endpoint(Endpoint(name="s", kind="simulated", model="m", parameters={}))
    assert not bad.ok and "'angle' (degrees) is missing" in bad.problem
