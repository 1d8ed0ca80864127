"""Builders of small runs for the tests of this app."""

import pytest

from accounts.models import Project
from evaluations.models import Endpoint, Run
from evaluations.packs import instrument, prompt_pack
from evaluations.planning import Design, create_run
from evaluations.running import resume


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
