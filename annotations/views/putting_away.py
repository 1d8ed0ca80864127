"""The pages on which a study is archived or deleted."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.access import for_roles
from accounts.deletion.page import deletion_page
from accounts.deletion.whole import DeletionRefused
from accounts.models import Project, Role
from annotations.studies import queries
from annotations.studies.deleting import archive, bring_back, delete_study, holds_judgments
from annotations.views.requests import MemberRequest


@for_roles(Role.RESEARCHER)
def study_delete(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """Say what goes with a study, and delete it once its name was typed. One with judgments only
    administrators delete; others archive it."""
    study = queries.study_of(project, study_slug)
    roles = project.viewer_roles  # type: ignore[attr-defined]
    may_delete = Role.ADMINISTRATOR in roles or not holds_judgments(study)
    if request.method == "POST" and not may_delete:
        raise PermissionDenied("A study with judgments is deleted by an administrator.")
    return deletion_page(
        request,
        "annotations/studies/study_delete.html",
        study,
        partial(delete_study, study, request.user),
        {"project": project, "study": study, "may_delete": may_delete},
        "studies",
        project.slug,
    )


@require_POST
@for_roles(Role.RESEARCHER)
def study_archive(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """Put a study away, or have it back."""
    study = queries.study_of(project, study_slug)
    comes_back = request.POST.get("act") == "back"
    try:
        (bring_back if comes_back else archive)(study, request.user)
    except DeletionRefused as error:
        messages.error(request, str(error))
        return redirect(study)
    done = "stands among the others again" if comes_back else "is archived; nothing in it changed"
    messages.success(request, f"{study.name} {done}.")
    return redirect(study if comes_back else "studies", *([] if comes_back else [project.slug]))
