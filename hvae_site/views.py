"""Pages that put the parts of a project side by side; nothing below may import them all."""

from functools import partial
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import STAFF_ROLES, for_roles
from accounts.deletion.page import deletion_page
from accounts.models import Project, Role, User
from hvae_site import overview
from hvae_site.archiving import ArchivingRefused, archive, take_out
from hvae_site.deleting import delete_project

BRINGING = {Role.RESEARCHER, Role.ADMINISTRATOR}
"""Who brings data into a project."""


@require_safe
@for_roles(*Role)
def project(request: HttpRequest, project: Project) -> HttpResponse:
    """What there is in a project and what waits; raters go straight to what they can judge."""
    if not project.viewer_roles & set(STAFF_ROLES):  # type: ignore[attr-defined]
        return redirect("studies", project.slug)
    context = {
        "project": project,
        "figures": overview.figures(project),
        "doors": overview.doors(project),
        "is_empty": bool(BRINGING & project.viewer_roles) and overview.is_empty(project),  # type: ignore[attr-defined]
    }
    return render(request, "hvae_site/project.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.ADMINISTRATOR, in_archive=True)
def project_archive(request: HttpRequest, project: Project) -> HttpResponse:
    """Say what archiving means; archive the project, or take it out of the archive."""
    context: dict[str, Any] = {"project": project}
    if request.method == "POST":
        act = archive if "archive" in request.POST else take_out
        try:
            act(project, cast(User, request.user))
        except ArchivingRefused as error:
            context["error"] = str(error)
        else:
            return redirect(project)
    status = 422 if "error" in context else 200
    return render(request, "hvae_site/project_archive.html", context, status=status)


@for_roles(Role.ADMINISTRATOR, in_archive=True)
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
