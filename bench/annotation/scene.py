"""What the benches judge and who judges it, made in the database of DATABASE_URL."""

import io
import itertools
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Membership, Project, Role, User
from annotations.models import Study
from annotations.studies.studies import change_state, create_study
from bench.annotation.client import Plan
from evaluations.definitions import catalogue
from evaluations.models import Answer, Run, Score, Trial, Turn

TRIALS = catalogue.SHIPPED / "smollm2" / "smollm2_trials_free.jsonl"
RUN = "real conversations"
SIGNED_IN_BY = "django.contrib.auth.backends.ModelBackend"
BATCH = 2000


def project() -> Project:
    """The project of the bench; the first call makes it."""
    return Project.objects.get_or_create(slug="bench", defaults={"name": "Bench"})[0]


def real_trials() -> None:
    """Import the real trials whose conversations are judged."""
    arguments = ("--project", project().slug, "--run", RUN)
    call_command("import_trials", str(TRIALS), *arguments, stdout=io.StringIO())


def open_study(name: str, items: int, overlap: int = 3) -> Study:
    """A study of *items* trials that raters can judge now."""
    run = Run.objects.get(project=project(), name=RUN)
    copy_trials(run, items - run.trials.count())
    study = create_study(project(), name, [run], n=items, overlap=overlap, seed=1)
    return change_state(study, None, Study.State.OPEN)


def copy_trials(run: Run, count: int) -> None:
    """Add *count* trials to the run, copies of its real ones with their answers and scores."""
    if count <= 0:
        return
    originals = list(run.trials.filter(answers__isnull=False).distinct().order_by("pk"))
    answers: dict[int, list[Answer]] = {trial.pk: [] for trial in originals}
    for answer in Answer.objects.filter(trial__in=originals).select_related("turn"):
        answers[answer.trial_id].append(answer)
    scores = {score.trial_id: score for score in Score.objects.filter(trial__in=originals)}
    sources = list(itertools.islice(itertools.cycle(originals), count))
    first = run.trials.order_by("-number").values_list("number", flat=True)[0] + 1
    trials = Trial.objects.bulk_create(
        (
            Trial(run=run, cell_id=source.cell_id, number=number, state=Trial.State.COMPLETE)
            for number, source in enumerate(sources, start=first)
        ),
        batch_size=BATCH,
    )
    pairs = [
        (trial, answer)
        for trial, source in zip(trials, sources, strict=True)
        for answer in answers[source.pk]
    ]
    turns = Turn.objects.bulk_create(
        (_copy(answer.turn, trial=trial) for trial, answer in pairs), batch_size=BATCH
    )
    Answer.objects.bulk_create(
        (
            _copy(answer, trial=trial, turn=turn)
            for (trial, answer), turn in zip(pairs, turns, strict=True)
        ),
        batch_size=BATCH,
    )
    Score.objects.bulk_create(
        (
            _copy(scores[source.pk], trial=trial)
            for trial, source in zip(trials, sources, strict=True)
            if source.pk in scores
        ),
        batch_size=BATCH,
    )


def _copy(row, **changes):
    """A new row like *row*, with another owner."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del fields[row._meta.pk.attname]
    copy = type(row)(**fields)
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy


def raters(count: int) -> list[User]:
    """The first *count* people who may judge in the project, made where they are missing."""
    names = [f"rater-{number:03}" for number in range(1, count + 1)]
    known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    new = [User(username=name, password="!") for name in names if name not in known]
    Membership.objects.bulk_create(
        Membership(project=project(), user=user, role=Role.RATER)
        for user in User.objects.bulk_create(new)
    )
    return list(User.objects.filter(username__in=names).order_by("username"))


def sign_in(user: User) -> str:
    """The key of a new session of *user*."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = SIGNED_IN_BY
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


def plan(study: Study, port: int, people: int, cycles: int | None = None) -> Plan:
    """A crowd of *people* for the study, signed in."""
    return Plan(
        port=port,
        path=reverse("judge", args=[study.project.slug, study.slug]),
        session_cookie=settings.SESSION_COOKIE_NAME,
        csrf_cookie=settings.CSRF_COOKIE_NAME,
        sessions=[sign_in(user) for user in raters(people)],
        cycles=cycles,
    )


def reference_plan(port: int, people: int, cycles: int) -> Plan:
    """As many clients of the reference view, which knows no sessions."""
    names = [str(number) for number in range(people)]
    return Plan(port, "/", "name", "token", names, cycles, judging=False)
