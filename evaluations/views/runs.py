"""Pages of runs: the list, one run, its live progress, its figures."""

from functools import partial
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.access import for_roles
from accounts.deletion.page import deletion_page
from accounts.models import Project, Role, User
from accounts.views.lists import listing
from evaluations.costs.left import left_of
from evaluations.files.exporting import EXPORTS
from evaluations.models import Endpoint, Run
from evaluations.pages import queries
from evaluations.pages.deleting import delete_run
from evaluations.pages.figure_files import NoSuchFigure
from evaluations.pages.forms.experiments import ExtendForm, LimitForm
from evaluations.pages.runs.live_progress import live_progress
from evaluations.pages.runs.run_figures import CONTENT_TYPES, run_figure
from evaluations.pages.runs.run_page import run_head, run_page
from evaluations.pages.scoring_pages import scorings_of
from evaluations.running import budgets, conversations, planning, stopping
from evaluations.tasks import nudge
from evaluations.views.shared import may_act, run_of, whole_number


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def runs(request: HttpRequest, project: Project) -> HttpResponse:
    rows = Run.objects.filter(project=project)
    found = listing(request.GET, rows, Run.State.choices, queries.counted)
    context = {"project": project, "listing": found, "may_act": may_act(project)}
    return render(request, "evaluations/runs/runs.html", context)


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def run(request: HttpRequest, project: Project, run_id: int) -> HttpResponse:
    found = run_of(project, run_id)
    page, trials, chosen = run_page(found, request.GET.dict())
    context = {
        "project": project,
        "run": found,
        "page": page,
        "page_obj": trials,
        "chosen": chosen,
        "may_act": may_act(project),
        "live": live_progress(found) if found.source == Run.Source.RUN else None,
        "left": left_of(found) if found.source == Run.Source.RUN else None,
        "extend_form": ExtendForm(run=found),
        "limit_form": LimitForm(),
        "scorings": scorings_of(found),
    }
    return render(request, "evaluations/runs/run.html", context)


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def run_progress(request: HttpRequest, project: Project, run_id: int) -> HttpResponse:
    """How far a run is; the page asks again every two seconds while it is running."""
    found = run_of(project, run_id)
    live = live_progress(found, said=whole_number(request.GET.get("said", "")))
    context = {
        "project": project,
        "run": found,
        "live": live,
        "is_update": True,
        "may_act": may_act(project),
        "head": None if live.is_live else run_head(found),
    }
    response = render(request, "evaluations/runs/partials/_progress.html", context)
    if live.news:
        trigger_client_event(response, "say", {"value": live.news})
    return response


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def run_figure_file(
    request: HttpRequest, project: Project, run_id: int, figure: str, suffix: str
) -> HttpResponse:
    """A figure of the run's page as a file to keep."""
    found = run_of(project, run_id)
    try:
        content = run_figure(found, figure, suffix)
    except NoSuchFigure as error:
        raise Http404(str(error)) from error
    response = HttpResponse(content, content_type=CONTENT_TYPES[suffix])
    name = f"{slugify(found.name) or 'run'}-{figure}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    return response


FILES = {
    "trials.jsonl": ("jsonl", "application/jsonl; charset=utf-8"),
    "trials.csv": ("csv", "text/csv; charset=utf-8"),
    "scores.csv": ("scores", "text/csv; charset=utf-8"),
    "usage.csv": ("usage", "text/csv; charset=utf-8"),
}
"""The files of a run: how each is written, and what it is."""


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def run_file(
    request: HttpRequest, project: Project, run_id: int, file_name: str
) -> StreamingHttpResponse:
    """The complete trials of a run with their conversations, or a table of their scores."""
    found = run_of(project, run_id)
    if file_name not in FILES:
        raise Http404(f"A run has no file {file_name!r}; it has: {', '.join(FILES)}.")
    key, content_type = FILES[file_name]
    pieces = EXPORTS[key](Run.objects.filter(pk=found.pk))
    response = StreamingHttpResponse(pieces, content_type=content_type)
    named = f"{slugify(found.name) or 'run'}-{file_name}"
    response["Content-Disposition"] = f'attachment; filename="{named}"'
    return response


@for_roles(Role.RESEARCHER)
@require_POST
def run_state(request: HttpRequest, project: Project, run_id: int) -> HttpResponse:
    """Start, pause, resume or cancel a run; a background worker does the rest."""
    found = run_of(project, run_id)
    actor = cast(User, request.user)
    try:
        at = whole_number(request.POST.get("endpoint", ""))
        act = request.POST.get("act", "")
        said = _limit(request, found) if act == "limit" else _act(act, found, actor, at)
        messages.success(request, said)
    except ValueError as error:
        messages.error(request, str(error))
    return redirect(found)


def _act(act: str, found: Run, actor: User, endpoint: int) -> str:
    """Do what a button says and return what happens now; raises ValueError when it cannot be.
    *endpoint*: of the acts that concern one."""
    if act in ("retry", "drop"):
        return _act_at(act, found, actor, stopping.named(found, endpoint))
    if act == "pause":
        conversations.pause(found, actor)
        return f"{found.name} pauses after the answers under way."
    if act == "cancel":
        conversations.cancel(found, actor)
        return f"{found.name} is cancelled. What was answered is kept."
    if act in ("ask_anew", "use_known"):
        planning.ask_anew(found, act == "ask_anew", actor)
        return "The setting counts for workers that begin with the run from now on."
    if act != "resume":
        raise ValueError(f"There is no act {act!r}: resume, pause or cancel a run.")
    conversations.resume(found, actor)
    nudge(found)
    return f"{found.name} goes on as soon as a worker is free."


def _limit(request: HttpRequest, found: Run) -> str:
    """Set a budget; raises ValueError for what is none."""
    form = LimitForm(request.POST)
    if not form.is_valid():
        problems = [f"{name}: {' '.join(map(str, said))}" for name, said in form.errors.items()]
        raise ValueError(f"The limits were not set. {' '.join(problems)}")
    chosen = form.cleaned_data
    whose = found if chosen["whose"] == "run" else None
    limits = {name: chosen[name] for name in budgets.LIMITS}
    budgets.limit(found.project, whose, limits, cast(User, request.user))
    return "The limits are set. Work stops before they are passed."


def _act_at(act: str, found: Run, actor: User, endpoint: Endpoint) -> str:
    if act == "drop":
        cancelled = stopping.drop(found, endpoint, actor)
        return f"{endpoint.name} is dropped: {cancelled:,} trials are cancelled, answers are kept."
    stopping.retry(found, endpoint, actor)
    if found.state != Run.State.RUNNING:
        return f"{endpoint.name} will be asked again: resume the run."
    nudge(found)
    return f"{endpoint.name} is asked again as soon as a worker is free."


@for_roles(Role.RESEARCHER)
def run_delete(request: HttpRequest, project: Project, run_id: int) -> HttpResponse:
    """Say what goes with a run, and delete it once its name was typed."""
    found = run_of(project, run_id)
    return deletion_page(
        request,
        "evaluations/runs/run_delete.html",
        found,
        partial(delete_run, found, cast(User, request.user)),
        {"project": project, "run": found},
        "runs",
        project.slug,
    )


@for_roles(Role.RESEARCHER)
@require_POST
def run_extend(request: HttpRequest, project: Project, run_id: int) -> HttpResponse:
    """Plan more trials in every cell, and have them run if the run was under way."""
    found = run_of(project, run_id)
    actor = cast(User, request.user)
    form = ExtendForm(request.POST, run=found)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["trials_per_cell"])))
        return redirect(found)
    try:
        added = planning.extend_run(found, form.cleaned_data["trials_per_cell"], actor)
    except ValueError as error:
        messages.error(request, str(error))
    else:
        found.refresh_from_db(fields=["state"])
        under_way = found.state == Run.State.RUNNING
        then = "They are made as the run goes on." if under_way else "Resume the run to make them."
        messages.success(request, f"{added:,} trials were added. {then}")
    return redirect(found)
