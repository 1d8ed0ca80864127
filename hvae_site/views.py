"""Pages that put the parts of a project side by side; nothing below may import them all."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import STAFF_ROLES, for_roles
from accounts.deleting import DeletionRefused, going_with
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
    context: dict[str, Any] = {"project": project, "thing": project}
    if request.method == "POST":
        try:
            going = delete_project(project, cast(User, request.user), request.POST.get("name", ""))
        except DeletionRefused as error:
            context |= {"going": going_with(project), "error": str(error)}
            return render(request, "hvae_site/project_delete.html", context, status=422)
        messages.success(request, f"{project.name} is deleted, and with it {going.words}.")
        return redirect("home")
    context |= {"going": going_with(project)}
    return render(request, "hvae_site/project_delete.html", context)
