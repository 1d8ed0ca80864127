"""The planning page: how many trials, items and raters, how long and at what price."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import for_roles
from accounts.models import Project, Role
from analysis.pages.planning.forms import QUESTIONS, filled
from analysis.pages.planning.pilot import pilot_of
from analysis.pages.planning.planner import NoPlan
from annotations.models import Study
from annotations.studies.queries import study_of
from annotations.views.requests import MemberRequest


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def planning(request: MemberRequest, project: Project) -> HttpResponse:
    """Answers at once with usual values, or with those of the pilot ``?study=``."""
    slug = request.GET.get("study", "")
    if "\0" in slug:  # PostgreSQL cannot look for it
        raise Http404("no study has such a name")
    ask = request.GET.get("ask", "")
    question = ask if ask in QUESTIONS else "agreement"
    pilot = pilot_of(study_of(project, slug), question) if slug else None
    form = filled(question, pilot, request.GET.dict())
    context = {
        "project": project,
        "studies": Study.objects.filter(project=project).order_by("name"),
        "pilot": pilot,
        "question": question,
        "form": form,
    } | _answer(form)
    whole = not request.htmx or request.htmx.history_restore_request
    template = "analysis/planning/planning.html" if whole else "analysis/planning/_answer.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _answer(form: Any) -> dict[str, Any]:
    """The plan, or why there is none."""
    if not form.is_valid():
        return {"plan": None}
    try:
        return {"plan": form.plan()}
    except NoPlan as error:
        form.add_error(None, str(error))
        return {"plan": None}
