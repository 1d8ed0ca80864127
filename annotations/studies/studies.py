"""Making a study from trials or texts, and opening, pausing and closing it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from accounts.access import ProjectArchived, hold_unarchived
from accounts.audit import Change, record
from accounts.models import Project, User
from annotations.exchange.bulk import analyse
from annotations.files.item_files import TextRow
from annotations.kinds import usual_question
from annotations.metrics.metric import settle
from annotations.models import Item, Study
from annotations.studies.choosing_metric import MetricRefused, of_trials, parted
from annotations.studies.drawing import NothingToDraw, draw, items_of
from annotations.studies.guidelines import revise
from annotations.studies.settings import MAX_OVERLAP, SettingsRefused, apply
from evaluations.models import Run, Trial
from evaluations.scoring.scorers import own_scorer

__all__ = ["MAX_OVERLAP", "MAX_SEED", "StudyRefused", "change_state", "create_study"]

RESERVED_SLUGS = {"new"}
"""Words that stand where a study's slug stands in an address."""

MAX_SEED = 2**31 - 1

NEXT_STATES: dict[str, tuple[str, ...]] = {
    Study.State.DRAFT: (Study.State.OPEN, Study.State.PILOT),
    Study.State.PILOT: (Study.State.OPEN, Study.State.PAUSED, Study.State.CLOSED),
    Study.State.OPEN: (Study.State.PAUSED, Study.State.CLOSED),
    Study.State.PAUSED: (Study.State.OPEN, Study.State.CLOSED),
    Study.State.CLOSED: (Study.State.OPEN,),
}


class StudyRefused(Exception):
    """A study that cannot be made or moved as asked; says why and what to do. ``errors`` holds the
    words by field where they belong to one."""

    def __init__(self, words: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(words)
        self.errors = errors or {}


@transaction.atomic
def create_study(
    project: Project,
    name: str,
    runs: Sequence[Run] = (),
    *,
    texts: Sequence[TextRow] = (),
    n: int | None = None,
    share: float | None = None,
    shares: Mapping[str, float] | None = None,
    overlap: int = 3,
    seed: int = 0,
    instructions: str = "",
    settings: Mapping[str, Any] | None = None,
    metric: str = "",
    created_by: User | None = None,
) -> Study:
    """Make a study in draft: of trials drawn from *runs*, or of *texts*.

    *n* of what there is is drawn, or a *share*, or all, stratified over the cells (model x target
    value x condition), each with its weight; *shares* gives groups (annotations.studies.drawing)
    chosen shares of the sample. Each item gets *overlap* places. *settings* are fields of
    annotations.studies.settings and ``unit``. *metric* is the automated metric that the study
    validates, NAME or NAME@VERSION among those that scored the runs' trials; '' is the
    instrument's own. The instruments of the runs are of one kind; what is asked, unless *settings*
    say otherwise, is its usual question. Raises StudyRefused.
    """
    study, chosen = planned_study(
        project,
        name,
        runs,
        texts=texts,
        overlap=overlap,
        seed=seed,
        settings=settings,
        metric=metric,
        created_by=created_by,
    )
    detail = _add_texts(study, texts) if texts else _add_sample(study, runs, n, share, shares)
    settle(study)
    if instructions:
        revise(study, created_by, instructions=instructions)
    analyse()
    made = Change(None, {"name": study.name, "overlap": overlap, "seed": seed} | chosen)
    record(project, created_by, "study created", study, made, **detail)
    return study


def planned_study(
    project: Project,
    name: str,
    runs: Sequence[Run] = (),
    *,
    texts: Sequence[TextRow] = (),
    overlap: int = 3,
    seed: int = 0,
    settings: Mapping[str, Any] | None = None,
    metric: str = "",
    created_by: User | None = None,
) -> tuple[Study, dict[str, Any]]:
    """The study that `create_study` would make, without its items, and its settings; nothing is
    stored. Raises StudyRefused as that does, but for what only drawing tells."""
    _check_plan(project, runs, texts, seed)
    instrument = runs[0].instrument.kind if runs else ""
    chosen = {"overlap": overlap} | dict(settings or {})
    chosen.setdefault("kind", usual_question(instrument))
    study = Study(
        project=project,
        name=free_name(project, name),
        slug=free_slug(project, name),
        seed=seed,
        created_by=created_by,
    )
    if texts:
        chosen["unit"] = Study.Unit.TEXT
    try:
        apply(study, chosen, instrument)
    except SettingsRefused as error:
        raise StudyRefused(str(error), error.errors) from error
    study.metric_name, study.metric_version = _metric(runs, texts, metric)
    _check_languages(texts)
    return study, chosen


def _check_plan(project: Project, runs: Sequence[Run], texts: Sequence[TextRow], seed: int) -> None:
    """Raise StudyRefused for runs of another project, for nothing to judge, and for a bad seed."""
    if foreign := [run.name for run in runs if run.project_id != project.pk]:
        raise StudyRefused(f"The run {foreign[0]!r} does not belong to {project.name}.")
    if not runs and not texts:
        raise StudyRefused("Choose runs to draw from, or give a file of texts.")
    if runs and texts:
        raise StudyRefused("A study is about trials or about texts: give runs or a file, not both.")
    if len(kinds := {run.instrument.kind for run in runs}) > 1:
        raise StudyRefused(
            f"These runs are of instruments of different kinds, {', '.join(sorted(kinds))}: make a "
            "study of each."
        )
    if not 0 <= seed <= MAX_SEED:
        raise StudyRefused(f"The seed is {seed}: choose a whole number from 0 to {MAX_SEED}.")


def _metric(runs: Sequence[Run], texts: Sequence[TextRow], word: str) -> tuple[str, str]:
    """Name and version of the metric of a new study; StudyRefused for one that scored nothing."""
    if texts:
        if word:
            words = "Texts have no scores: leave the metric empty."
            raise StudyRefused(words, {"metric": words})
        return "", ""
    if not word:
        return own_scorer(runs[0]), ""
    known = of_trials(Trial.objects.filter(run__in=runs))
    try:
        return parted(word, [key for key, _ in known])
    except MetricRefused as error:
        raise StudyRefused(str(error), {"metric": str(error)}) from error


def _add_sample(
    study: Study,
    runs: Sequence[Run],
    n: int | None,
    share: float | None,
    shares: Mapping[str, float] | None,
) -> dict[str, Any]:
    if study.unit == Study.Unit.TEXT:
        raise StudyRefused("Texts come from a file: give one, or judge trials.")
    try:
        metric = (study.metric_name, study.metric_version)
        sample = draw(runs, study.unit, study.seed, n=n, share=share, shares=shares, metric=metric)
    except NothingToDraw as error:
        raise StudyRefused(str(error), {error.field: str(error)}) from error
    study.save()
    Item.objects.bulk_create(items_of(study, sample), batch_size=2000)
    detail = {"runs": [run.name for run in runs], "items": len(sample.drawn)}
    return detail | {"of": sample.population} | ({"shares": dict(shares)} if shares else {})


def _check_languages(texts: Sequence[TextRow]) -> set[str]:
    """The languages that the texts are in; StudyRefused for several."""
    languages = {text.language for text in texts if text.language}
    if len(languages) > 1:
        raise StudyRefused(
            f"The texts are in {', '.join(sorted(languages))}: a study has one language, so make "
            "a study of each."
        )
    return languages


def _add_texts(study: Study, texts: Sequence[TextRow]) -> dict[str, Any]:
    """Every text is an item, in the order of the file; raters meet them in orders of their own."""
    languages = _check_languages(texts)
    study.language = languages.pop() if languages else study.language
    study.properties = sorted({name for text in texts for name in text.properties})
    study.save()
    Item.objects.bulk_create(
        (
            Item(
                study=study,
                position=position,
                external_id=text.key,
                text=text.text,
                properties=dict(text.properties),
                weight=text.weight,
                places=study.overlap,
            )
            for position, text in enumerate(texts, start=1)
        ),
        batch_size=2000,
    )
    return {"items": len(texts)}


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
    """Open, pause or close a study; StudyRefused for a step that does not exist, and for opening
    one whose settings ask for items it does not have."""
    try:
        hold_unarchived(study.project)
    except ProjectArchived as error:
        raise StudyRefused(str(error)) from None
    locked = (
        Study.objects.select_for_update(of=("self",)).select_related("project").get(pk=study.pk)
    )
    if locked.archived_at:
        raise StudyRefused("The study is archived: bring it back first.")
    if state not in NEXT_STATES[locked.state]:
        raise StudyRefused(
            f"The study is {locked.state}: it can become {' or '.join(NEXT_STATES[locked.state])}."
        )
    if state in (Study.State.PILOT, Study.State.OPEN):
        _check_ready(locked)
    change = Change({"state": locked.state}, {"state": state})
    locked.state = state
    locked.save(update_fields=["state"])
    record(locked.project, actor, f"study {state}", locked, change)
    return locked


def _check_ready(study: Study) -> None:
    """Raise StudyRefused while raters would meet a study that is not what its settings say."""
    kinds = set(study.items.order_by().values_list("kind", flat=True).distinct())
    if Item.Kind.REGULAR not in kinds:
        raise StudyRefused("The study has no items to judge.")
    if study.control_every and not kinds & {Item.Kind.GOLD, Item.Kind.ATTENTION}:
        raise StudyRefused(
            f"One control item among {study.control_every} is asked for, and there is none: add "
            "gold items or attention checks, or empty the setting."
        )
    if study.attention_limit and Item.Kind.ATTENTION not in kinds:
        raise StudyRefused(
            "There is a limit of missed attention checks and no attention check: add some, or "
            "empty the setting."
        )
    if study.qualification_pass is not None and Item.Kind.QUALIFICATION not in kinds:
        raise StudyRefused(
            "There is a qualification threshold and no qualification item: add some, or empty the "
            "setting."
        )
