"""Pages that describe an experiment before it is a run: the form, its plan, its conversations."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.access import for_roles
from accounts.models import Project, Role, User
from evaluations.costs.estimates import estimate
from evaluations.pages.forms.experiments import ExperimentForm
from evaluations.pages.preview import preview
from evaluations.running import planning
from evaluations.views.shared import whole_number


@for_roles(Role.RESEARCHER)
def run_new(request: HttpRequest, project: Project) -> HttpResponse:
    """Describe an experiment; it becomes a draft that nothing works on until it is started.

    ``kind`` in the address: of which kind of instrument the form shows the fields.
    """
    kind = request.GET.get("kind", "")
    form = ExperimentForm(request.POST or None, project=project, kind=kind)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            run = planning.create_run(
                project,
                chosen["name"],
                form.design(),
                list(chosen["endpoints"]),
                chosen["instrument"],
                form.chosen_packs(),
                form.chosen_frames(),
                actor=cast(User, request.user),
                note=chosen["note"],
            )
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, f"{run.name} is a draft. Nothing is asked until you start it."
            )
            return redirect(run)
    status = 422 if form.is_bound else 200
    context = {"project": project, "form": form}
    return render(request, "evaluations/experiments/run_new.html", context, status=status)


@require_safe
@for_roles(Role.RESEARCHER)
def run_plan(request: HttpRequest, project: Project) -> HttpResponse:
    """What the experiment as described so far amounts to; stores nothing."""
    form = ExperimentForm(request.GET, project=project)
    context = {"project": project, "form": form, "estimate": None, "problem": ""}
    if form.is_described:
        chosen = form.cleaned_data
        try:
            context["estimate"] = estimate(
                form.design(),
                list(chosen["endpoints"]),
                chosen["instrument"],
                form.chosen_packs(),
                form.chosen_frames(),
            )
        except ValueError as error:
            context["problem"] = str(error)
    return render(request, "evaluations/experiments/_plan.html", context)


@require_safe
@for_roles(Role.RESEARCHER)
def run_preview(request: HttpRequest, project: Project) -> HttpResponse:
    """The whole conversation of one condition of the experiment as described; asks nobody."""
    form = ExperimentForm(request.GET, project=project)
    context = {"project": project, "form": form, "preview": None, "problem": ""}
    if form.is_described:
        chosen = form.cleaned_data
        number = whole_number(request.GET.get("condition", ""))
        try:
            context["preview"] = preview(
                form.design(),
                chosen["instrument"],
                form.chosen_packs(),
                number,
                form.chosen_frames(),
            )
        except ValueError as error:
            context["problem"] = str(error)
    return render(request, "evaluations/experiments/_preview.html", context)
