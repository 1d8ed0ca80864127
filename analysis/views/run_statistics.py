"""The statistics of a run, as a part of its page and as a page of their own."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.access import for_roles
from accounts.models import Project, Role
from analysis.pages.tables import shown
from analysis.report.run_statistics import run_statistics
from annotations.views.requests import MemberRequest
from evaluations.views.shared import run_of


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def run_statistics_page(request: MemberRequest, project: Project, run_id: int) -> HttpResponse:
    """Internal consistency and contrasts of a run, computed from its trials at this moment.

    ``by`` says what of the endpoints is contrasted: the model, its family and so on.
    """
    found = run_of(project, run_id)
    statistics = run_statistics(found, request.GET.get("by", ""))
    context = {
        "project": project,
        "run": found,
        "statistics": statistics,
        "by_model": shown(statistics.by_model),
        "by_cell": shown(statistics.by_cell),
        "contrasts": statistics.contrasts and shown(statistics.contrasts),
    }
    part = request.htmx and not request.htmx.history_restore_request
    name = "_run_statistics.html" if part else "run_statistics.html"
    response = render(request, f"analysis/run_statistics/{name}", context)
    patch_vary_headers(response, ["HX-Request"])
    return response
