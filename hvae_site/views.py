"""Pages that put the parts of a project side by side; nothing below may import them all."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import STAFF_ROLES, for_roles
from accounts.models import Project, Role
from hvae_site import overview


@for_roles(*Role)
def project(request: HttpRequest, project: Project) -> HttpResponse:
    """What there is in a project and what waits; raters go straight to what they can judge."""
    if not project.viewer_roles & set(STAFF_ROLES):  # type: ignore[attr-defined]
        return redirect("studies", project.slug)
    context = {
        "project": project,
        "figures": overview.figures(project),
        "doors": overview.doors(project),
    }
    return render(request, "hvae_site/project.html", context)
