"""What `make demo` shows. Nothing in it is invented without saying so: the trials of SmolLM2 are
real, the respondent and the raters that are simulated carry that label in the database.

Loading is idempotent: whatever is there stays as it is, with all that visitors added.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command
from django.db import transaction

from accounts.models import Membership, Project, Role, User
from annotations.models import Invitation, Study
from annotations.studies.simulated import simulate_judgments
from annotations.studies.studies import change_state, create_study
from annotations.taking_part.invitations import create_invitation, path_of
from evaluations.definitions import catalogue
from evaluations.instruments.svo import Orientation
from evaluations.instruments.svo.simulated.respondent import DEFAULT_NOISE, ideal_angles
from evaluations.models import Endpoint, Run
from evaluations.running.conversations import advance, resume
from evaluations.running.planning import Design, create_run
from evaluations.scoring.scorers import rescore, scorers_of, unscored

SLUG = "demo"
STUDY = "Which value orientation do these answers show?"
SIMULATED_RUN = "Simulated respondents"
BY_LINK = "Anybody with the link"
SEED = 20230517

Say = Callable[[str], None]


@dataclass(frozen=True)
class Person:
    role: Role
    what_for: str


PEOPLE = {
    "researcher": Person(Role.RESEARCHER, "runs, trials, the study and its report"),
    "rater": Person(Role.RATER, "judging responses, blind"),
    "reviewer": Person(Role.REVIEWER, "settling disputes"),
    "administrator": Person(Role.ADMINISTRATOR, "people and their roles, webhooks, the trail"),
}

TRIAL_FILES = {
    "smollm2_trials_free.jsonl": "SmolLM2, free answers",
    "smollm2_trials_grammar.jsonl": "SmolLM2, answers constrained to a letter",
    "smollm2_trials_reversed.jsonl": "SmolLM2, constrained, options reversed",
}
PLUMBING = (
    "A model of 135 million parameters follows the protocol poorly. It shows that the plumbing "
    "works; it is no measurement of what language models value."
)
INSTRUCTIONS = (
    "Read the six answers. Each stands beside the options the respondent was shown. Then say which "
    "value orientation the choices express as a whole. If the answers do not tell, say so."
)


class DemoRefused(Exception):
    """The demo would touch somebody's account."""


def address_of(username: str) -> str:
    return f"{username}@demo.invalid"


def load(say: Say) -> None:
    """Load whatever of the demo is not there yet."""
    project, _ = Project.objects.get_or_create(slug=SLUG, defaults={"name": "Demo"})
    for username, person in PEOPLE.items():
        user, _ = User.objects.get_or_create(
            username=username, defaults={"email": address_of(username)}
        )
        if user.email != address_of(username):
            raise DemoRefused(
                f"There is an account {username!r} that is not the demo's. Use a database of its "
                "own: VAR_DIR=var-demo make demo"
            )
        Membership.objects.get_or_create(project=project, user=user, role=person.role)
    load_real_trials(project, say)
    load_simulated_run(project, say)
    load_study(project, say)
    score_anew(project, say)


def set_passwords() -> dict[str, str]:
    """Give each of the demo's people a new password; return them by user name."""
    passwords = {username: secrets.token_urlsafe(9) for username in PEOPLE}
    for user in User.objects.filter(email__in=map(address_of, PEOPLE)):
        user.set_password(passwords[user.username])
        user.save(update_fields=["password"])
    return passwords


def load_real_trials(project: Project, say: Say) -> None:
    import_real(project, say, TRIAL_FILES, PLUMBING)


def import_real(
    project: Project, say: Say, files: Mapping[str, str], note: str, **options: Any
) -> None:
    """Import what the small model answered: files that come with the site, as runs of these names;
    those that are there stay."""
    for file, name in files.items():
        if Run.objects.filter(project=project, name=name).exists():
            continue
        say(f"Importing real trials: {name}")
        told = {"project": project.slug, "run": name, "note": note, **options}
        call_command("import_trials", catalogue.SHIPPED / "smollm2" / file, **told)


def load_simulated_run(project: Project, say: Say) -> None:
    """A respondent that holds whatever value it is asked to, and one that never changes."""
    run = Run.objects.filter(project=project, name=SIMULATED_RUN).first()
    if run is None:
        run = plan_simulated_run(project)
    if run.state == Run.State.RUNNING:
        say("Running trials against the simulated respondents")
        advance(run)


def score_anew(project: Project, say: Say) -> None:
    """Score what an older version of the scorer left behind; its own scores stay."""
    runs = Run.objects.filter(project=project)
    for scorer in scorers_of(runs):
        if unscored(runs, scorer):
            say("Scoring the trials by the present version of the scorer")
            rescore(runs, scorer)


@transaction.atomic
def plan_simulated_run(project: Project) -> Run:
    run = create_run(
        project,
        SIMULATED_RUN,
        Design(targets=[value.value for value in Orientation], trials_per_cell=5, seed=SEED),
        simulated_endpoints(project),
        catalogue.instrument(),
        catalogue.prompt_pack(),
        note="Simulated: a seeded chooser with a known angle and known noise, no model.",
    )
    resume(run)
    return run


def simulated_endpoints(project: Project) -> list[Endpoint]:
    parameters: dict[str, dict[str, Any]] = {
        "Simulated, holds the value asked for": {"angle": ideal_angles(DEFAULT_NOISE)},
        "Simulated, prosocial whatever is asked": {"angle": 40.0},
    }
    return [
        Endpoint.objects.create(
            project=project,
            name=name,
            kind=Endpoint.Kind.SIMULATED,
            model=name.lower(),
            parameters={**own, "noise": DEFAULT_NOISE, "seed": SEED},
        )
        for name, own in parameters.items()
    ]


@transaction.atomic
def load_study(project: Project, say: Say) -> None:
    if Study.objects.filter(project=project, name=STUDY).exists():
        return
    say("Drawing the study and its simulated raters")
    researcher = User.objects.get(username="researcher")
    study = create_study(
        project,
        STUDY,
        list(Run.objects.filter(project=project, name__in=[*TRIAL_FILES.values(), SIMULATED_RUN])),
        n=72,
        overlap=5,
        seed=SEED,
        instructions=INSTRUCTIONS,
        created_by=researcher,
    )
    change_state(study, researcher, Study.State.OPEN)
    simulate_judgments(study, raters=3, seed=SEED)
    create_invitation(study, researcher, name=BY_LINK, completion="DEMO-DONE")


def invitation_path() -> str:
    """Where anybody can take part in the demo's study without an account; '' where nobody can."""
    invitations = Invitation.objects.filter(study__project__slug=SLUG, name=BY_LINK)
    invitation = invitations.filter(closed_at__isnull=True).first()
    return path_of(invitation) if invitation else ""
