"""The first page: what this is, to a visitor; the way to one's projects, to a member."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.access import projects_of
from accounts.languages import speak
from accounts.models import User


def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, User):
        return render(request, "accounts/welcome.html")
    projects = projects_of(request.user)
    if len(projects) == 1:
        return redirect(projects[0])
    speak(request)
    return render(request, "accounts/projects.html", {"projects": projects})
