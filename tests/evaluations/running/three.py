"""A run of three models: one that thinks, one that is gone, one whose server drips."""

from accounts.models import Project
from evaluations.definitions.catalogue import instrument, prompt_pack
from evaluations.models import Endpoint, Run
from evaluations.running.planning import Design, create_run
from tests.evaluations.respondents.loopback import Servers

TRIALS = 2


def three(project: Project, servers: Servers) -> Run:
    """A draft of the run, two trials each; a call may take a second."""
    endpoints = [
        Endpoint.objects.create(
            project=project,
            name=behaviour,
            kind=Endpoint.Kind.OPENAI,
            model=f"{behaviour}-1",
            base_url=servers.address(behaviour),
            timeout_seconds=1,
            max_retries=1,
            concurrency=1,
        )
        for behaviour in ("thinking", "dead", "dripping")
    ]
    design = Design(targets=["prosocial"], with_goal=[True], trials_per_cell=TRIALS)
    return create_run(project, "three", design, endpoints, instrument(), prompt_pack())
