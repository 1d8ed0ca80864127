"""Pages on which a model is asked to score a run: the form, what it takes, how far it is."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.access import for_roles
from accounts.models import Project, Role, User
from evaluations.costs.scoring_plan import plan_scoring
from evaluations.models import Run
from evaluations.pages.forms.scorings import ScoringForm
from evaluations.pages.scoring_pages import scorings_of
from evaluations.running import scorings as work
from evaluations.tasks import nudge_scorings
from evaluations.views.shared import may_act, run_of, whole_number


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def scorings(request: HttpRequest, project: Project, run_id: int) -> HttpResponse:
    """How far the scorings of a run are; its page asks again while one is under way."""
    found = run_of(project, run_id)
    seen = scorings_of(found)
    context = {"project": project, "run": found, "scorings": seen, "may_act": may_act(project)}
    response = render(request, "evaluations/scorings/_scorings.html", context)
    if seen.rows and not seen.is_under_way:
        trigger_client_event(response, "say", {"value": seen.news})
    return response


@for_roles(Role.RESEARCHER)
def scoring_new(request: HttpRequest, project: Project, run_id: int) -> HttpResponse:
    """Choose a model and a rubric; once it is started, a background worker does the rest."""
    found = run_of(project, run_id)
    form = ScoringForm(request.POST or None, run=found)
    if request.method == "POST" and form.is_valid():
        chosen, actor = form.cleaned_data, cast(User, request.user)
        try:
            scoring = work.ask(found, chosen["endpoint"], chosen["rubric"], actor, **form.asked)
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            nudge_scorings()
            messages.success(request, f"{scoring} begins as soon as a worker is free.")
            return redirect(f"{found.get_absolute_url()}#scorings")
    status = 422 if form.is_bound else 200
    context = {"project": project, "run": found, "form": form}
    return render(request, "evaluations/scorings/scoring_new.html", context, status=status)


@require_safe
@for_roles(Role.RESEARCHER)
def scoring_plan(request: HttpRequest, project: Project, run_id: int) -> HttpResponse:
    """How many calls the scoring as chosen so far takes, and what they cost; asks nobody."""
    found = run_of(project, run_id)
    form = ScoringForm(request.GET, run=found)
    context = {"project": project, "run": found, "form": form, "plan": None}
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            context["plan"] = plan_scoring(
                found, chosen["endpoint"], chosen["rubric"], **form.asked
            )
        except ValueError as error:
            context["problem"] = str(error)
    return render(request, "evaluations/scorings/_scoring_plan.html", context)


@for_roles(Role.RESEARCHER)
@require_POST
def scoring_act(request: HttpRequest, project: Project, run_id: int) -> HttpResponse:
    """Stop a scoring of the run, or have the rest of it done."""
    found = run_of(project, run_id)
    try:
        messages.success(request, _act(request, found))
    except ValueError as error:
        messages.error(request, str(error))
    return redirect(f"{found.get_absolute_url()}#scorings")


def _act(request: HttpRequest, run: Run) -> str:
    """Do what a button says and return what happens now; raises ValueError when it cannot be."""
    number, actor = whole_number(request.POST.get("scoring", "")), cast(User, request.user)
    related = ("endpoint", "rubric", "metric", "run__project")
    scoring = run.scorings.select_related(*related).filter(pk=number)
    chosen = scoring.first()
    if chosen is None:
        raise ValueError("There is no such scoring of this run: choose one of those below.")
    act = request.POST.get("act", "")
    if act == "stop":
        work.stop(chosen, actor)
        return f"{chosen} is stopped. The scores there are stay."
    if act != "go on":
        raise ValueError(f"There is no act {act!r}: stop a scoring, or have it go on.")
    asked = work.ask(
        run,
        chosen.endpoint,
        chosen.rubric,
        actor,
        repeats=chosen.repeats,
        as_published=work.is_as_published(chosen),
    )
    nudge_scorings()
    return f"{asked} goes on as soon as a worker is free."
