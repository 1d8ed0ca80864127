"""What happens in a project becomes a message in the same transaction."""

import pytest

from accounts.acting import acts_for_process
from accounts.models import Door
from analysis.data.parameters import DEFAULTS
from analysis.making import computations
from analysis.making.reporting import make_report
from annotations.models import Study
from annotations.studies.counts import tell_if_complete
from annotations.studies.simulated import simulate_judgments
from annotations.studies.studies import change_state, create_study
from evaluations.background.happened import Event
from evaluations.definitions.catalogue import instrument, prompt_pack
from evaluations.running.conversations import advance, resume
from evaluations.running.planning import Design, create_run
from tests.support.world import World
from webhooks import receivers
from webhooks.models import Message


@pytest.fixture
def listening(world: World, cast):
    receivers.add(cast.project, cast.researcher, "http://127.0.0.1:9/", list(Event))
    return world


def told(kind):
    return [message.data for message in Message.objects.filter(kind=kind)]


def test_a_run_that_is_finished(listening, cast):
    design = Design(["prosocial"], [False], trials_per_cell=1)
    at = (design, [listening.endpoint], instrument(), prompt_pack())
    run = create_run(cast.project, "quick", *at)
    resume(run)
    advance(run)
    assert [data["run"]["name"] for data in told("run.finished")] == ["quick"]


def test_disputes_that_are_opened_together_are_one_message(listening, cast):
    study = create_study(cast.project, "Second", [listening.run], overlap=2, seed=2)
    change_state(study, cast.researcher, Study.State.OPEN)
    simulate_judgments(study, raters=2, seed=5)
    (data,) = told("dispute.opened")
    assert data["study"]["slug"] == study.slug
    assert data["number"] == len(data["disputes"]) > 0


@pytest.fixture
def judged(listening, cast):
    """A study whose every place is judged."""
    study = create_study(cast.project, "Second", [listening.run], overlap=2, seed=2)
    change_state(study, cast.researcher, Study.State.OPEN)
    simulate_judgments(study, raters=2, seed=5)
    return study


def test_a_study_that_is_complete_once(judged):
    assert not tell_if_complete(judged)
    (data,) = told("study.complete")
    assert data == {"study": {"slug": judged.slug, "name": "Second"}}


def test_a_study_that_is_complete_again_after_it_was_opened_again(judged, cast):
    change_state(judged, cast.researcher, Study.State.PAUSED)
    change_state(judged, cast.researcher, Study.State.OPEN)
    assert tell_if_complete(judged)
    assert len(told("study.complete")) == 2


def test_a_study_with_a_place_left_is_not_complete(listening):
    assert not tell_if_complete(listening.study)
    assert told("study.complete") == []


def test_a_report_that_a_worker_computes(listening, monkeypatch):
    monkeypatch.setattr(computations, "AT_ONCE", 0)
    waiting = computations.refresh(listening.study, DEFAULTS)
    with acts_for_process(Door.WORKER):
        assert computations.work(waiting.pk)
    made = computations.look(listening.study, DEFAULTS).made
    assert [data["report"] for data in told("report.ready")] == [{"key": made.key, "kept": False}]


def test_a_report_that_a_reader_waited_for_is_not_told(listening):
    assert computations.look(listening.study, DEFAULTS).made
    assert told("report.ready") == []


def test_a_report_that_is_kept(listening):
    report = make_report(listening.study, DEFAULTS)
    make_report(listening.study, DEFAULTS)
    assert [data["report"]["key"] for data in told("report.ready")] == [report.key]
