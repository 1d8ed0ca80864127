"""Making a study from trials, and opening, pausing and closing it."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.text import slugify

from accounts.audit import record
from accounts.models import Project, User
from annotations.bulk import analyse
from annotations.models import Guideline, Item, Study
from annotations.questions import ORIENTATION_CHOICES, ORIENTATION_QUESTION
from annotations.sampling import Drawn, sample_size, stratified_draw
from evaluations.models import Answer, Run, Trial
from evaluations.scoring import DEFAULT_SCORER

RESERVED_SLUGS = {"new"}
"""Words that stand where a study's slug stands in an address."""

MAX_OVERLAP = 50
"""Judgments an item can be given; finding a free place looks into every level up to it."""

MAX_SEED = 2**31 - 1

NEXT_STATES: dict[str, tuple[str, ...]] = {
    Study.State.DRAFT: (Study.State.OPEN, Study.State.PILOT),
    Study.State.PILOT: (Study.State.OPEN, Study.State.PAUSED, Study.State.CLOSED),
    Study.State.OPEN: (Study.State.PAUSED, Study.State.CLOSED),
    Study.State.PAUSED: (Study.State.OPEN, Study.State.CLOSED),
    Study.State.CLOSED: (Study.State.OPEN,),
}


class StudyRefused(Exception):
    """A study that cannot be made or moved as asked; says why and what to do."""


@transaction.atomic
def create_study(
    project: Project,
    name: str,
    runs: Sequence[Run],
    *,
    n: int | None = None,
    share: float | None = None,
    overlap: int = 3,
    seed: int = 0,
    instructions: str = "",
    created_by: User | None = None,
) -> Study:
    """Draw trials of *runs* into a new study in draft: *n* of them, or a *share*, or all.

    Only complete trials are drawn, stratified over the cells (model x target value x condition),
    each with its weight; each gets *overlap* places. Raises StudyRefused.
    """
    _check_plan(project, runs, overlap, seed)
    trials = list(_complete_trials(runs))
    if not trials:
        raise StudyRefused("These runs have no complete trial to judge yet.")
    try:
        size = sample_size(len(trials), n, share)
    except ValueError as error:
        raise StudyRefused(f"{error} (complete trials in these runs: {len(trials)})") from error
    drawn = stratified_draw([trial.cell_id for trial in trials], size, seed)
    study = Study.objects.create(
        project=project,
        name=free_name(project, name),
        slug=free_slug(project, name),
        question=ORIENTATION_QUESTION,
        kind=Study.Kind.ORIENTATION,
        categories=list(ORIENTATION_CHOICES),
        overlap=overlap,
        scorer=DEFAULT_SCORER,
        seed=seed,
        created_by=created_by,
    )
    if instructions:
        Guideline.objects.create(
            study=study, version=1, instructions=instructions, created_by=created_by
        )
    Item.objects.bulk_create(_items(study, trials, drawn))
    analyse()
    detail = {"runs": [run.name for run in runs], "items": size, "of": len(trials), "seed": seed}
    record(project, created_by, "study created", study, **detail)
    return study


def _check_plan(project: Project, runs: Sequence[Run], overlap: int, seed: int) -> None:
    """Raise StudyRefused for runs of another project and for numbers out of bounds."""
    if foreign := [run.name for run in runs if run.project_id != project.pk]:
        raise StudyRefused(f"The run {foreign[0]!r} does not belong to {project.name}.")
    if overlap < 1:
        raise StudyRefused(f"The overlap is {overlap}: every item needs at least one judgment.")
    if overlap > MAX_OVERLAP:
        raise StudyRefused(f"The overlap is {overlap}: choose {MAX_OVERLAP} or fewer.")
    if not 0 <= seed <= MAX_SEED:
        raise StudyRefused(f"The seed is {seed}: choose a whole number from 0 to {MAX_SEED}.")


def _complete_trials(runs: Sequence[Run]):
    answered = Exists(Answer.objects.filter(trial=OuterRef("pk")))
    trials = Trial.objects.filter(answered, run__in=runs, state=Trial.State.COMPLETE)
    return trials.select_related("run", "cell__endpoint").order_by("pk")


def _items(study: Study, trials: Sequence[Trial], drawn: Sequence[Drawn]) -> list[Item]:
    return [
        Item(
            study=study,
            position=position,
            trial=trials[unit.index],
            stratum=f"{trials[unit.index].run.name}: {trials[unit.index].cell}"[:200],
            weight=unit.weight,
            places=study.overlap,
        )
        for position, unit in enumerate(drawn, start=1)
    ]


def free_name(project: Project, name: str) -> str:
    """Return the name without the blanks around it; StudyRefused when it is empty or taken."""
    name = name.strip()
    if not name:
        raise StudyRefused("A study needs a name.")
    if len(name) > 120:
        raise StudyRefused(f"The name has {len(name)} characters: shorten it to 120.")
    if Study.objects.filter(project=project, name=name).exists():
        raise StudyRefused(
            f"There is a study called {name!r} in {project.name} already: choose another name."
        )
    return name


def free_slug(project: Project, name: str) -> str:
    """Return a slug for *name* that no study of the project has."""
    base = slugify(name)[:110] or "study"
    taken = set(
        Study.objects.filter(project=project, slug__startswith=base).values_list("slug", flat=True)
    )
    slug, number = base, 2
    while slug in taken | RESERVED_SLUGS:
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def change_state(study: Study, actor: User | None, state: str) -> Study:
    """Open, pause or close a study; StudyRefused for a step that does not exist."""
    locked = (
        Study.objects.select_for_update(of=("self",)).select_related("project").get(pk=study.pk)
    )
    if state not in NEXT_STATES[locked.state]:
        raise StudyRefused(
            f"The study is {locked.state}: it can become {' or '.join(NEXT_STATES[locked.state])}."
        )
    earlier, locked.state = locked.state, state
    locked.save(update_fields=["state"])
    record(locked.project, actor, f"study {state}", locked, earlier=earlier)
    return locked
