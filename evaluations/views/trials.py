"""The page of one trial."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import for_roles
from accounts.models import Project, Role
from evaluations.models import Trial
from evaluations.pages.runs.trial_page import trial_page


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def trial(request: HttpRequest, project: Project, trial_id: int) -> HttpResponse:
    page = trial_page(Trial.objects.filter(run__project=project), trial_id)
    if page is None:
        raise Http404("There is no such trial in this project.")
    context = {"project": project, "trial": page.trial, "run": page.trial.run, "page": page}
    return render(request, "evaluations/trials/trial.html", context)
