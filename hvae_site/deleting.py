"""Deleting a project with everything in it."""

from django.db import transaction

from accounts.deleting import DeletionRefused, Going, delete_whole
from accounts.models import Project, User
from annotations.models import Study
from evaluations.models import Run

CAN_BE_JUDGED = (Study.State.PILOT, Study.State.OPEN, Study.State.PAUSED)


@transaction.atomic
def delete_project(project: Project, actor: User | None, typed: str) -> Going:
    """Delete a project with its runs, studies, reports, roles and trail; *typed* is its name.

    People keep their accounts. Raises DeletionRefused while somebody is at work in it.
    """
    # Nobody opens a study or starts a run of it meanwhile.
    list(project.studies.select_for_update().values_list("pk"))
    list(project.runs.select_for_update().values_list("pk"))
    studies = project.studies.filter(state__in=CAN_BE_JUDGED).values_list("name", flat=True)
    if names := list(studies):
        raise DeletionRefused(f"Raters can judge in {', '.join(names)}: close that first.")
    runs = project.runs.filter(state=Run.State.RUNNING).values_list("name", flat=True)
    if names := list(runs):
        raise DeletionRefused(f"Running: {', '.join(names)}. Pause or cancel that first.")
    return delete_whole(project, project, actor, typed, slug=project.slug)
