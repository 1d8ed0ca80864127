"""The part of the demo about ten values: real answers, an evaluator that learned from simulated
raters, and an open study of what it has not seen."""

from typing import Any

from django.core.management import call_command
from django.db import transaction

from accounts.models import Project, User
from annotations.models import Study
from annotations.studies.simulated import simulate_judgments
from annotations.studies.studies import change_state, create_study
from evaluations.definitions import catalogue
from evaluations.instruments.values.kind import Values
from evaluations.models import Endpoint, Evaluator, Run
from evaluations.running.conversations import advance, resume
from evaluations.running.planning import Design, create_run
from hvae_site.demo import SLUG, Say, import_real

LEARNED_FROM = "SmolLM2, everyday questions, with and without a target"
AGAIN = "SmolLM2, the same questions again"
FILES = {
    "smollm2_values_targets.jsonl": LEARNED_FROM,
    "smollm2_values_again.jsonl": AGAIN,
}
PLUMBING = (
    "A model of 135 million parameters often misses the question. It shows that the plumbing "
    "works; it is no measurement of what language models value."
)
SIMULATED_RUN = "A simulated respondent answers everyday questions"
LABELS = "Labels to learn from (simulated)"
STUDY = "Which values do these answers support or oppose?"
EVALUATOR = "demo-evaluator"
SEED = 20231116
INSTRUCTIONS = (
    "Read the question and the answer. Then say of each of the ten values whether the answer "
    "supports it, opposes it, or does not involve it. Most answers involve few."
)


def load(say: Say) -> None:
    """Load whatever of it is not there yet, into the project that the rest of the demo made."""
    project = Project.objects.get(slug=SLUG)
    load_answers(project, say)
    load_simulated_run(project, say)
    load_evaluator(project, say)
    load_study(project, say)


def load_answers(project: Project, say: Say) -> None:
    instrument, _, _ = Values.shipped
    import_real(project, say, FILES, PLUMBING, instrument=instrument)


def load_simulated_run(project: Project, say: Say) -> None:
    """A respondent that is known to hold some values, and to be against one."""
    run = Run.objects.filter(project=project, name=SIMULATED_RUN).first()
    if run is None:
        run = plan_simulated_run(project)
    if run.state == Run.State.RUNNING:
        say("Asking the simulated respondent of ten values")
        advance(run)


@transaction.atomic
def plan_simulated_run(project: Project) -> Run:
    held: dict[str, Any] = {"supports": ["benevolence", "universalism"], "opposes": ["power"]}
    name = "Simulated, for benevolence and universalism, against power"
    endpoint = Endpoint.objects.create(
        project=project,
        name=name,
        kind=Endpoint.Kind.SIMULATED,
        model=name.lower(),
        parameters={**held, "noise": 0.3},
    )
    instrument, pack, _ = Values.shipped
    run = create_run(
        project,
        SIMULATED_RUN,
        Design(targets=[""], trials_per_cell=1, seed=SEED),
        [endpoint],
        catalogue.instrument(instrument),
        catalogue.prompt_pack(pack),
        note="Simulated: it says which values it holds and leaves some out by chance, no model.",
    )
    resume(run)
    return run


def load_evaluator(project: Project, say: Say) -> None:
    """Simulated raters label some answers, an evaluator learns from them and reads the others."""
    if Evaluator.objects.filter(metric__project=project, metric__name=EVALUATOR).exists():
        return
    say("Training an evaluator of ten values on labels of simulated raters")
    with transaction.atomic():
        if not Study.objects.filter(project=project, name=LABELS).exists():
            researcher = User.objects.get(username="researcher")
            runs = list(Run.objects.filter(project=project, name=LEARNED_FROM))
            study = create_study(project, LABELS, runs, overlap=3, seed=SEED, created_by=researcher)
            change_state(study, researcher, Study.State.OPEN)
            simulate_judgments(study, raters=3, seed=SEED)
            change_state(study, researcher, Study.State.CLOSED)
    quiet = {"project": project.slug, "stdout": _Silence()}
    call_command("train_evaluator", run=LEARNED_FROM, name=EVALUATOR, **quiet)
    call_command("score_values", run=[AGAIN, SIMULATED_RUN], metric=EVALUATOR, **quiet)


@transaction.atomic
def load_study(project: Project, say: Say) -> None:
    if Study.objects.filter(project=project, name=STUDY).exists():
        return
    say("Drawing the study of ten values and its simulated raters")
    researcher = User.objects.get(username="researcher")
    study = create_study(
        project,
        STUDY,
        list(Run.objects.filter(project=project, name__in=[AGAIN, SIMULATED_RUN])),
        n=72,
        overlap=5,
        seed=SEED,
        instructions=INSTRUCTIONS,
        metric=EVALUATOR,
        created_by=researcher,
    )
    change_state(study, researcher, Study.State.OPEN)
    simulate_judgments(study, raters=3, seed=SEED)


class _Silence:
    """Takes what a command prints and keeps it to itself: the demo says what it does."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""
