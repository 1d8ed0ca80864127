"""What the pages of this app have in common: who may act, and a run of the project."""

from django.shortcuts import get_object_or_404

from accounts.models import Project
from evaluations.models import Run


def may_act(project: Project) -> bool:
    """Whether the viewer may change something here; shows or hides buttons, permits nothing."""
    return project.viewer_may_change


def run_of(project: Project, run_id: int) -> Run:
    """The run with what its page names, or 404."""
    found = Run.objects.filter(project=project).select_related(
        "project", "instrument", "created_by"
    )
    return get_object_or_404(found, pk=run_id)


def whole_number(text: str) -> int:
    """The number somebody wrote into an address; 0 for anything that is none."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0
