"""Data that come in by the browser: send a file, see what was understood of it, import it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_roles
from accounts.models import Project, Role
from annotations.forms.files import FileForm, JudgmentFileForm, TrialFileForm
from annotations.models import Upload
from annotations.studies.imports.taking import take_in
from annotations.studies.imports.waiting import keep
from annotations.views.requests import MemberRequest

FORMS: dict[str, type[FileForm]] = {
    Upload.What.TRIALS: TrialFileForm,
    Upload.What.JUDGMENTS: JudgmentFileForm,
}


@for_roles(Role.RESEARCHER)
def upload_new(request: MemberRequest, project: Project, what: str) -> HttpResponse:
    """Send a file; nothing of it is stored but the file itself."""
    if what not in FORMS:
        raise Http404(f"There is no file of {what!r}; there are: {', '.join(FORMS)}.")
    form = FORMS[what](request.POST or None, request.FILES or None, project=project)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        return redirect(keep(project, request.user, what, file, form.options))
    context = {"project": project, "form": form, "what": what}
    status = 422 if form.is_bound else 200
    return render(request, "annotations/uploads/upload_new.html", context, status=status)


@require_safe
@for_roles(Role.RESEARCHER)
def upload(request: MemberRequest, project: Project, upload_id: int) -> HttpResponse:
    """What was understood of a file, before it is imported."""
    found = _of(request, project, upload_id)
    told = found.found
    context = {"project": project, "upload": found, "found": told}
    context |= {"until": found.created_at + Upload.KEPT}
    context |= {"hidden": told["total"] - len(told["problems"])}
    return render(request, "annotations/uploads/upload.html", context)


@for_roles(Role.RESEARCHER)
@require_POST
def upload_act(request: MemberRequest, project: Project, upload_id: int) -> HttpResponse:
    """Import a file, or let go of it."""
    found = _of(request, project, upload_id)
    if "discard" in request.POST:
        found.delete()
        messages.success(request, f"{found.name} is discarded. Nothing of it was stored.")
        return redirect("project", project.slug)
    made = take_in(found, request.user)
    if made is None:
        messages.error(request, f"{found.name} was not imported; nothing of it was stored.")
        return redirect(found)
    messages.success(request, f"{found.name} is imported.")
    return redirect(made)


@require_safe
@for_roles(Role.RESEARCHER)
def upload_rejects(request: MemberRequest, project: Project, upload_id: int) -> HttpResponse:
    """The rejected lines as they came, to mend and send again."""
    found = _of(request, project, upload_id)
    response = HttpResponse(bytes(found.rejects), content_type="application/octet-stream")
    stem, dot, suffix = found.name.rpartition(".")
    name = f"{stem or suffix}.rejects{dot}{suffix if dot else ''}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _of(request: MemberRequest, project: Project, upload_id: int) -> Upload:
    """A file of the viewer's own: what somebody else sent is theirs."""
    return get_object_or_404(Upload, project=project, owner=request.user, pk=upload_id)
