"""The first page: what this is, to a visitor; the way to one's projects, to a member."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import projects_of
from accounts.languages import speak
from accounts.models import Project, User
from accounts.people.projects import may_make_projects


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, User):
        is_new = not User.objects.exists()
        return render(request, "accounts/welcome.html", {"is_new": is_new})
    projects = projects_of(request.user)
    if len(projects) == 1 and not projects[0].archived_at:
        return redirect(projects[0])
    may_make = may_make_projects(request.user)
    if may_make and not Project.objects.exists():
        return redirect("project_new")
    speak(request)
    context = {
        "projects": [project for project in projects if not project.archived_at],
        "archived": [project for project in projects if project.archived_at],
        "may_make": may_make,
    }
    return render(request, "accounts/projects.html", context)
