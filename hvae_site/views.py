"""Pages that put the parts of a project side by side; nothing below may import them all."""

from functools import partial
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import STAFF_ROLES, for_roles
from accounts.deletion_page import deletion_page
from accounts.models import Project, Role, User
from hvae_site import overview
from hvae_site.deleting import delete_project


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


@for_roles(Role.ADMINISTRATOR)
def project_delete(request: HttpRequest, project: Project) -> HttpResponse:
    """Say what goes with a project, and delete it once its name was typed."""
    return deletion_page(
        request,
        "hvae_site/project_delete.html",
        project,
        partial(delete_project, project, cast(User, request.user)),
        {"project": project},
        "home",
    )
