"""Pages of endpoints: list, add, change, and one call to see whether it answers."""

from functools import partial
from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.access import for_roles
from accounts.deletion.page import deletion_page
from accounts.models import Project, Role, User
from evaluations.models import Endpoint, Run
from evaluations.pages.deleting import delete_endpoint
from evaluations.pages.endpoint_pages import (
    copy_of,
    endpoints_of,
    fill_in,
    is_frozen,
    patient_enough,
    store_endpoint,
)
from evaluations.pages.forms.endpoints import EndpointForm
from evaluations.respondents.endpoints import try_endpoint
from evaluations.running import stopping
from evaluations.tasks import nudge
from evaluations.views.shared import may_act, run_of, whole_number


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def endpoints(request: HttpRequest, project: Project) -> HttpResponse:
    found = endpoints_of(project)
    context = {"project": project, "endpoints": found, "may_act": may_act(project)}
    return render(request, "evaluations/endpoints/endpoints.html", context)


@for_roles(Role.RESEARCHER)
def endpoint_new(request: HttpRequest, project: Project) -> HttpResponse:
    """Describe an endpoint, from nothing or from what another one (``?copy=``) says; with a run
    (``?run=``), the new one does there what the other one left undone."""
    if "copy" in request.GET:
        original = _described(project, whole_number(request.GET["copy"]))
        run = run_of(project, whole_number(request.GET["run"])) if "run" in request.GET else None
        return _edit(request, project, copy_of(original), run, original)
    return _edit(request, project, Endpoint(project=project))


@for_roles(Role.RESEARCHER)
def endpoint(request: HttpRequest, project: Project, endpoint_id: int) -> HttpResponse:
    return _edit(request, project, _described(project, endpoint_id))


@for_roles(Role.RESEARCHER)
@require_POST
def endpoint_try(request: HttpRequest, project: Project, endpoint_id: int) -> HttpResponse:
    """Ask the endpoint one short question and show what came back, or what went wrong."""
    found = _described(project, endpoint_id)
    with transaction.atomic():
        audit.record(project, cast(User, request.user), "try endpoint", found)
    result = try_endpoint(patient_enough(found))
    kept = fill_in(found, result.settings, cast(User, request.user)) if result.found_out else True
    context = {"project": project, "endpoint": found, "result": result, "kept": kept}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "evaluations/endpoints/_tried.html", context)
    return render(request, "evaluations/endpoints/endpoint_tried.html", context)


@for_roles(Role.RESEARCHER)
def endpoint_delete(request: HttpRequest, project: Project, endpoint_id: int) -> HttpResponse:
    """Delete an endpoint that no run was planned with, once its name was typed."""
    found = _described(project, endpoint_id)
    return deletion_page(
        request,
        "evaluations/endpoints/endpoint_delete.html",
        found,
        partial(delete_endpoint, found, cast(User, request.user)),
        {"project": project, "endpoint": found},
        "endpoints",
        project.slug,
    )


def _described(project: Project, endpoint_id: int) -> Endpoint:
    """An endpoint that somebody described here; imported conversations have nobody to ask."""
    described = Endpoint.objects.exclude(kind=Endpoint.Kind.IMPORTED)
    return get_object_or_404(described, project=project, pk=endpoint_id)


def _edit(
    request: HttpRequest,
    project: Project,
    found: Endpoint,
    run: Run | None = None,
    original: Endpoint | None = None,
) -> HttpResponse:
    is_new = found.pk is None
    form = EndpointForm(request.POST or None, instance=found, project=project)
    if request.method == "POST" and form.is_valid():
        if run and original:
            return _mended(request, form, run, original)
        store_endpoint(form, cast(User, request.user))
        messages.success(request, f"{found.name} is stored. Try it before you plan a run.")
        return redirect("endpoints", project.slug)
    context = {
        "project": project,
        "form": form,
        "endpoint": None if is_new else found,
        "run": run,
        "is_frozen": is_frozen(found),
    }
    status = 422 if form.is_bound else 200
    return render(request, "evaluations/endpoints/endpoint.html", context, status=status)


def _mended(request: HttpRequest, form: EndpointForm, run: Run, original: Endpoint) -> HttpResponse:
    """Store the new version of an endpoint, and have it do what is left of a run."""
    actor = cast(User, request.user)
    try:
        with transaction.atomic():
            mended = store_endpoint(form, actor)
            moved = stopping.mend(run, original, mended, actor)
    except ValueError as error:
        messages.error(request, str(error))
        return redirect(run)
    told = f"{mended.name} does the {moved:,} trials that {original.name} left."
    if run.state == Run.State.RUNNING:
        nudge(run)
    else:
        told += " Resume the run to have them made."
    messages.success(request, told)
    return redirect(run)
