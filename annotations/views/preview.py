"""What raters see, shown to those who set a study up: item by item, with the blind check."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from accounts.access import for_roles
from accounts.models import Project, Role
from annotations.studies import queries
from annotations.studies.blind_check import blind_check
from annotations.views.requests import MemberRequest
from annotations.views.sent_forms import task


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def preview(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """An item exactly as raters see it, its form switched off: the first one, or ``?item=``."""
    study = queries.study_of(project, study_slug)
    item, before, after = queries.item_at(study, request.GET.get("item", ""))
    guideline = queries.guideline_of(study)
    context: dict[str, Any] = {
        "project": project,
        "study": study,
        "item": item,
        "before": before,
        "after": after,
        "guideline": guideline,
        "task": task(study, item, 0) if item else None,
        "errors": {},
        "preview": True,
    }
    if item:
        stimulus = {"stimulus": context["task"]["stimulus"], "language": study.language}
        shown = render_to_string("annotations/judging/partials/_stimulus.html", stimulus)
        context["findings"] = blind_check(study, item, guideline, shown)
    return render(request, "annotations/judging/judge_preview.html", context)
