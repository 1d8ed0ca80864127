"""Pages of instruments, prompt packs and frames: list, one version, upload of a new version."""

from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_roles
from accounts.models import Project, Role, User
from evaluations.definitions import catalogue
from evaluations.formats.definitions import DefinitionError
from evaluations.models import Frame, Instrument, PromptPack
from evaluations.pages.definition_pages import (
    Uploaded,
    address_of,
    definition_page,
    store_shipped,
)
from evaluations.pages.forms.definitions import DefinitionForm
from evaluations.pages.kinds import pages_with
from evaluations.pages.scenes import scene_page
from evaluations.views.shared import may_act


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def definitions(request: HttpRequest, project: Project) -> HttpResponse:
    store_shipped()
    context = {
        "project": project,
        "instruments": Instrument.objects.in_reach_of(project).defer("definition"),
        "prompt_packs": PromptPack.objects.in_reach_of(project),
        "frames": Frame.objects.in_reach_of(project),
        "may_act": may_act(project),
    }
    return render(request, "evaluations/definitions/definitions.html", context)


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def instrument(request: HttpRequest, project: Project, instrument_id: int) -> HttpResponse:
    row = get_object_or_404(Instrument.objects.in_reach_of(project), pk=instrument_id)
    asked = catalogue.instrument_of(row)
    context = {
        "project": project,
        "row": row,
        "pieces": pages_with(row.kind),
        "measure": asked.measure,
        "targets": asked.kind.targets(asked.measure),
    }
    context |= {"may_act": may_act(project)} | definition_page(row, project)
    return render(request, "evaluations/definitions/instrument.html", context)


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def prompt_pack(request: HttpRequest, project: Project, pack_id: int) -> HttpResponse:
    row = get_object_or_404(PromptPack.objects.in_reach_of(project), pk=pack_id)
    pack = catalogue.pack_of(row)
    context = {"project": project, "row": row, "pack": pack, "steps": pack.templates()}
    context["pieces"] = pages_with(row.kind)
    context |= {"may_act": may_act(project)} | definition_page(row, project)
    return render(request, "evaluations/definitions/prompt_pack.html", context)


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def frame(request: HttpRequest, project: Project, frame_id: int) -> HttpResponse:
    row = get_object_or_404(Frame.objects.in_reach_of(project), pk=frame_id)
    store_shipped()
    page = scene_page(row, project, request.GET.get("language", ""))
    scene = catalogue.frame_of(row, row.language)
    context = {"project": project, "row": row, "scene": scene, "page": page}
    context |= {"may_act": may_act(project)} | definition_page(row, project)
    return render(request, "evaluations/definitions/frame.html", context)


@for_roles(Role.RESEARCHER)
@require_POST
def instrument_share(request: HttpRequest, project: Project, instrument_id: int) -> HttpResponse:
    """Have all projects read and use an instrument of this one."""
    row = get_object_or_404(Instrument, project=project, pk=instrument_id)
    return _shared(request, project, row)


@for_roles(Role.RESEARCHER)
@require_POST
def prompt_pack_share(request: HttpRequest, project: Project, pack_id: int) -> HttpResponse:
    """Have all projects read and use a prompt pack of this one."""
    row = get_object_or_404(PromptPack, project=project, pk=pack_id)
    return _shared(request, project, row)


@for_roles(Role.RESEARCHER)
@require_POST
def frame_share(request: HttpRequest, project: Project, frame_id: int) -> HttpResponse:
    """Have all projects read and use a frame of this one."""
    row = get_object_or_404(Frame, project=project, pk=frame_id)
    return _shared(request, project, row)


def _shared(request: HttpRequest, project: Project, row: Uploaded) -> HttpResponse:
    try:
        catalogue.share(row, cast(User, request.user))
    except DefinitionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"All projects of this site share {row} now.")
    return redirect(address_of(row), project.slug, row.pk)


@for_roles(Role.RESEARCHER)
def definition_new(request: HttpRequest, project: Project) -> HttpResponse:
    """Store a new version from a file; one that does not fit is refused with the exact place."""
    sent = (request.POST or None, request.FILES or None)
    form = DefinitionForm(*sent, project=project, actor=cast(User, request.user))
    with transaction.atomic():  # what is valid is stored, and all of it
        is_stored = request.method == "POST" and form.is_valid()
    if is_stored:
        row = form.row
        if form.is_new:
            messages.success(request, f"{row} is stored.")
        else:
            messages.info(request, f"{row} was already stored, with the same content.")
        return redirect(address_of(row), project.slug, row.pk)
    status = 422 if form.is_bound else 200
    context = {"project": project, "form": form}
    return render(request, "evaluations/definitions/definition_new.html", context, status=status)
