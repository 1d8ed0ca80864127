"""One rater of a study, under their pseudonym: paused, excluded, included again; on record."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_roles
from accounts.models import AuditEvent, Project, Role
from annotations.forms.raters import ExclusionForm
from annotations.models import Rater
from annotations.studies import queries
from annotations.taking_part.excluding import ExclusionRefused, exclude, include, pause, resume
from annotations.views.requests import MemberRequest
from annotations.views.setup import may_edit_in


def _rater_of(project: Project, study_slug: str, rater_id: int) -> Rater:
    """A rater of this project's study; Http404 where it has none."""
    study = queries.study_of(project, study_slug)
    rater = get_object_or_404(Rater, study=study, pk=rater_id)
    rater.study = study
    return rater


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def rater(request: MemberRequest, project: Project, study_slug: str, rater_id: int) -> HttpResponse:
    """What a rater said last, and what was done about them."""
    return _page(request, project, _rater_of(project, study_slug, rater_id), ExclusionForm())


def _page(
    request: MemberRequest, project: Project, rater: Rater, form: ExclusionForm
) -> HttpResponse:
    events = AuditEvent.objects.filter(
        project=project, subject_type=rater._meta.label_lower, subject_id=str(rater.pk)
    )
    context = {
        "project": project,
        "study": rater.study,
        "rater": rater,
        "form": form,
        "may_edit": may_edit_in(project),
        "last": queries.last_judgments(rater),
        "history": events.select_related("actor").order_by("-pk"),
    }
    status = 422 if form.errors else 200
    return render(request, "annotations/studies/study_rater.html", context, status=status)


@require_POST
@for_roles(Role.RESEARCHER)
def rater_act(
    request: MemberRequest, project: Project, study_slug: str, rater_id: int
) -> HttpResponse:
    """Pause, resume, exclude or include a rater."""
    found = _rater_of(project, study_slug, rater_id)
    form = ExclusionForm(request.POST)
    act = ACTS.get(request.POST.get("act", ""))
    if act is None or not form.is_valid():
        return _page(request, project, found, form)
    try:
        said = act(found, request.user, form.cleaned_data)
    except ExclusionRefused as error:
        form.add_error("reason", str(error))
        return _page(request, project, found, form)
    except Rater.DoesNotExist as error:
        raise Http404("The rater had their data deleted meanwhile.") from error
    messages.success(request, said)
    return redirect("study_rater", project.slug, found.study.slug, found.pk)


def _pause(rater: Rater, actor: Any, data: dict[str, Any]) -> str:
    pause(rater, actor, data["reason"])
    return "They are handed no more items. What they said counts."


def _resume(rater: Rater, actor: Any, data: dict[str, Any]) -> str:
    resume(rater, actor, data["reason"])
    return "They can go on."


def _exclude(rater: Rater, actor: Any, data: dict[str, Any]) -> str:
    reopened = exclude(rater, actor, data["reason"], reopen_places=data["reopen_places"])
    places = f" {reopened} place{'' if reopened == 1 else 's'} can be judged by others now."
    return f"Their judgments are kept and count no more.{places if reopened else ''}"


def _include(rater: Rater, actor: Any, data: dict[str, Any]) -> str:
    stay_out = include(rater, actor, data["reason"])
    if not stay_out:
        return "Their judgments count again. They are still paused."
    return (
        f"Their judgments count again, but {stay_out} whose place somebody else has taken. They "
        "are still paused."
    )


ACTS: dict[str, Callable[[Rater, Any, dict[str, Any]], str]] = {
    "pause": _pause,
    "resume": _resume,
    "exclude": _exclude,
    "include": _include,
}
