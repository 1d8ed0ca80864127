"""Data that come in by the browser: send a file, see what was understood of it, import it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_roles
from accounts.models import Project, Role
from annotations import tasks
from annotations.forms.files import (
    ControlFileForm,
    DialogueFileForm,
    FileForm,
    TextFileForm,
    TrialFileForm,
)
from annotations.forms.judgment_file import JudgmentFileForm
from annotations.models import Upload, UploadPiece
from annotations.studies.imports import waiting, working
from annotations.studies.imports.doors import DOORS
from annotations.views.requests import MemberRequest
from evaluations.background import telling

FORMS: dict[str, type[FileForm]] = {
    form.what: form
    for form in (
        TrialFileForm,
        DialogueFileForm,
        JudgmentFileForm,
        TextFileForm,
        ControlFileForm,
    )
}


@require_safe
@for_roles(Role.RESEARCHER)
def uploads(request: MemberRequest, project: Project) -> HttpResponse:
    """What one can bring, and the viewer's own files that wait."""
    mine = Upload.objects.filter(project=project, owner=request.user)
    context = {"project": project, "doors": DOORS.items(), "uploads": mine}
    return render(request, "annotations/uploads/uploads.html", context)


@for_roles(Role.RESEARCHER)
def upload_new(request: MemberRequest, project: Project, what: str) -> HttpResponse:
    """Send a file; nothing of it is stored but the file itself."""
    if what not in FORMS:
        raise Http404(f"There is no file of {what!r}; there are: {', '.join(FORMS)}.")
    given = (request.POST or None, request.FILES or None)
    form = FORMS[what](*given, project=project, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        beside = sent.get("beside")
        kept = waiting.keep(project, request.user, what, sent["file"], form.options, beside)
        tasks.see_to(kept)
        return redirect(kept)
    context = {"project": project, "form": form, "what": what, "door": DOORS[what]}
    status = 422 if form.is_bound else 200
    return render(request, "annotations/uploads/upload_new.html", context, status=status)


@require_safe
@for_roles(Role.RESEARCHER)
def upload(request: MemberRequest, project: Project, upload_id: int) -> HttpResponse:
    """What was understood of a file, before it is imported; or how far that is."""
    kept = _of(request, project, upload_id)
    return render(request, "annotations/uploads/upload.html", _shown(project, kept))


@require_safe
@for_roles(Role.RESEARCHER)
def upload_progress(request: MemberRequest, project: Project, upload_id: int) -> HttpResponse:
    """How far a file is; the page asks again every two seconds."""
    kept = _of(request, project, upload_id)
    response = render(request, "annotations/uploads/_working.html", _shown(project, kept))
    if not kept.is_under_way:
        response["HX-Refresh"] = "true"
    return response


def _shown(project: Project, kept: Upload) -> dict[str, Any]:
    if kept.is_under_way:
        tasks.nudge()
    found = kept.found
    parts = set(kept.pieces.order_by().values_list("part", flat=True).distinct())
    return {
        "project": project,
        "upload": kept,
        "found": found,
        "door": DOORS[kept.what],
        "until": waiting.until(kept),
        "has_rejects": UploadPiece.Part.REJECTS in parts,
        "has_reasons": UploadPiece.Part.REASONS in parts,
        "hidden": found.get("total", 0) - len(found.get("problems", ())),
    }


@for_roles(Role.RESEARCHER)
@require_POST
def upload_act(request: MemberRequest, project: Project, upload_id: int) -> HttpResponse:
    """Import a file, try again what failed, or let go of it."""
    kept = _of(request, project, upload_id)
    if "discard" in request.POST:
        kept.delete()
        messages.success(request, f"{kept.name} is discarded.")
        return redirect("uploads", project.slug)
    if kept.has_failed:
        telling.again(kept)
    elif not (kept.found.get("would") and working.ask_to_import(kept)):
        return redirect(kept.made or kept)
    tasks.see_to(kept)
    kept.refresh_from_db()
    if kept.made:
        messages.success(request, f"{kept.name} is imported.")
    elif kept.is_looked_at:
        messages.error(request, f"{kept.name} was not imported; nothing of it was stored.")
    return redirect(kept.made or kept)


@require_safe
@for_roles(Role.RESEARCHER)
def upload_file(
    request: MemberRequest, project: Project, upload_id: int, part: str
) -> StreamingHttpResponse:
    """What was rejected, as it came, to mend and send again; or a table of the reasons."""
    kept = _of(request, project, upload_id)
    if part not in (UploadPiece.Part.REJECTS, UploadPiece.Part.REASONS):
        raise Http404("There are the files rejects and reasons.")
    pieces: Iterator[bytes] = waiting.pieces(kept, part)
    response = StreamingHttpResponse(pieces, content_type="application/octet-stream")
    stem, dot, suffix = kept.name.rpartition(".")
    ending = "csv" if part == UploadPiece.Part.REASONS else suffix if dot else "txt"
    name = f"{stem or suffix}.{part}.{ending}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _of(request: MemberRequest, project: Project, upload_id: int) -> Upload:
    """A file of the viewer's own: what somebody else sent is theirs."""
    return get_object_or_404(Upload, project=project, owner=request.user, pk=upload_id)
