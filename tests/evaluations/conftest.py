"""Builders of small runs for the tests of this app."""

import pytest

from accounts.models import Project
from evaluations.models import Answer, Endpoint, Run, Trial, Turn
from evaluations.packs import instrument, prompt_pack
from evaluations.planning import Design, create_run
from evaluations.running import resume
from evaluations.scoring import score_trials

PRINTED = tuple(range(1, 10))


@pytest.fixture
def project(db) -> Project:
    return Project.objects.create(slug="bench", name="Bench")


@pytest.fixture
def make_run(project):
    """Make a run that is ready to be worked on, by default against a simulated respondent."""

    def make(name: str = "run", endpoint: Endpoint | None = None, **design) -> Run:
        endpoint = endpoint or Endpoint(
            name=f"{name}'s respondent",
            kind=Endpoint.Kind.SIMULATED,
            model="simulated",
            parameters={"angle": 30.0, "noise": 4.0, "seed": 0},
        )
        endpoint.project = project
        endpoint.save()
        defaults = {"target_values": ["prosocial"], "with_goal": [True], "trials_per_cell": 2}
        run = create_run(
            project, name, Design(**(defaults | design)), [endpoint], instrument(), prompt_pack()
        )
        resume(run)
        return run

    return make


@pytest.fixture
def make_trial(make_run):
    """A complete trial with these answers to items 1, 2, ... (None: the item was not answered)."""

    def make(answers, order=PRINTED, finish="stop", run_fields=None, **design):
        run = make_run(f"run {Run.objects.count()}", trials_per_cell=1, **design)
        Run.objects.filter(pk=run.pk).update(**(run_fields or {}))
        trial = run.trials.get()
        for number, text in enumerate(answers, start=1):
            if text is None:
                continue
            turn = Turn.objects.create(
                trial=trial,
                position=number,
                role="assistant",
                step="item",
                item_number=number,
                text=text,
                call={"finish": finish},
            )
            Answer.objects.create(
                trial=trial, turn=turn, item_number=number, shown_options=list(order)
            )
        Trial.objects.filter(pk=trial.pk).update(state=Trial.State.COMPLETE)
        score_trials([trial.pk])
        return trial

    return make
