"""Whether somebody or something is at work in a project."""

from accounts.models import Project
from annotations.models import Study
from evaluations.models import Run

CAN_BE_JUDGED = (Study.State.PILOT, Study.State.OPEN, Study.State.PAUSED)


def hold_at_rest(project: Project) -> str:
    """Why the project is not at rest and what to do first; '' where it is, and it stays so until
    the transaction ends: nobody opens a study or starts a run of it meanwhile."""
    list(project.studies.select_for_update().values_list("pk"))
    list(project.runs.select_for_update().values_list("pk"))
    studies = project.studies.filter(state__in=CAN_BE_JUDGED).values_list("name", flat=True)
    if names := list(studies):
        return f"Raters can judge in {', '.join(names)}: close that first."
    runs = project.runs.filter(state=Run.State.RUNNING).values_list("name", flat=True)
    if names := list(runs):
        return f"Running: {', '.join(names)}. Pause or cancel that first."
    return ""
