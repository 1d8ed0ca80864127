"""The pages on which studies are made, opened and followed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import STAFF_ROLES, for_roles
from accounts.languages import speak
from accounts.models import Project, Role
from accounts.views.lists import listing
from annotations.forms.further_questions import further_questions
from annotations.forms.new_study import NewStudyForm
from annotations.models import Study
from annotations.studies import queries
from annotations.studies.exporting import SENT
from annotations.studies.studies import NEXT_STATES, StudyRefused, change_state, create_study
from annotations.views.requests import MemberRequest


@require_safe
@for_roles(Role.RATER, Role.RESEARCHER, Role.REVIEWER)
def studies(request: MemberRequest, project: Project) -> HttpResponse:
    """Every study to those who work with them; to raters those they can judge in."""
    if not project.viewer_roles & set(STAFF_ROLES):  # type: ignore[attr-defined]
        speak(request)
        studies = queries.studies_to_judge(project)
        context: dict[str, Any] = {"project": project, "studies": studies}
        return render(request, "annotations/judging/studies_to_judge.html", context)
    archived = "archived" in request.GET
    rows = queries.studies_of(project, archived=archived)
    context = {
        "project": project,
        "listing": listing(request.GET, rows, Study.State.choices, queries.counted),
        "archived": archived,
        "others": queries.studies_of(project, archived=not archived).count(),
    }
    return render(request, "annotations/studies/studies.html", context)


@for_roles(Role.RESEARCHER)
def new_study(request: MemberRequest, project: Project) -> HttpResponse:
    """Draw a study from runs of this project."""
    kind = request.GET.get("kind", "")
    form = NewStudyForm(request.POST or None, project=project, kind=kind)
    further = further_questions(request.POST or None)
    if request.method == "POST" and form.is_valid() and further.is_valid():
        plan = form.plan()
        plan["settings"]["further_questions"] = further.questions
        try:
            study = create_study(project, created_by=request.user, **plan)
        except StudyRefused as error:
            form.refuse(error.errors or {"": str(error)})
        else:
            messages.success(request, "The study is drawn. Look at the preview, then open it.")
            return redirect(study)
    context = {"project": project, "form": form, "further": further}
    status = 422 if form.errors or further.errors_found else 200
    return render(request, "annotations/studies/study_new.html", context, status=status)


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def study(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """How far a study is, and who judged how much."""
    study = queries.study_of(project, study_slug)
    context = {
        "project": project,
        "study": study,
        "overview": queries.overview_of(study),
        "raters": queries.raters_of(study),
        "next_states": [Study.State(state) for state in NEXT_STATES[study.state]],
    }
    return render(request, "annotations/studies/study.html", context)


@require_safe
@for_roles(Role.RESEARCHER)
def judgments_file(
    request: MemberRequest, project: Project, study_slug: str, judgments_form: str
) -> StreamingHttpResponse:
    """Everything that was judged as a file, under pseudonyms."""
    study = queries.study_of(project, study_slug)
    if judgments_form not in SENT:
        raise Http404(f"Judgments come as {', '.join(SENT)}, not as {judgments_form!r}.")
    sent = SENT[judgments_form]
    response = StreamingHttpResponse(sent.pieces(study), content_type=sent.content_type)
    name = f"{study.slug}-judgments.{judgments_form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@for_roles(Role.RESEARCHER)
def study_state(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """Open, pause or close a study."""
    study = queries.study_of(project, study_slug)
    try:
        moved = change_state(study, request.user, request.POST.get("state", ""))
    except StudyRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"The study is {moved.state} now.")
    return redirect(study)
