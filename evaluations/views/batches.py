"""The page on which a run is asked by files."""

from tempfile import TemporaryFile
from typing import cast

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from accounts.access import for_roles
from accounts.models import Project, Role, User
from evaluations.pages.forms.batches import AnswersForm
from evaluations.respondents.respondent import RespondentError
from evaluations.running.batches import sending, taking
from evaluations.running.trial_leases import BATCH
from evaluations.views.shared import run_of


@for_roles(Role.RESEARCHER)
def batches(request: HttpRequest, project: Project, run_id: int) -> HttpResponse:
    """What waits for a file, what is waited for, and the answers that come."""
    run = run_of(project, run_id)
    form, found = AnswersForm(request.POST or None, request.FILES or None), None
    if request.method == "POST" and form.is_valid():
        found = taking.take(run, form.lines(), cast(User, request.user))
        messages.success(request, found.words())
        if not found.rejected and not found.failed:
            return redirect("batches", project.slug, run.pk)
    out = sending.out(run)
    context = {
        "project": project,
        "run": run,
        "endpoints": sending.endpoints_of(run),
        "out": {owner.removeprefix(BATCH)[:16]: number for owner, number in out.items()},
        "form": form,
        "found": found,
    }
    wrong = form.is_bound and (form.errors or (found and found.rejected))
    return render(request, "evaluations/runs/batches.html", context, status=422 if wrong else 200)


@require_POST
@for_roles(Role.RESEARCHER)
def batch_export(
    request: HttpRequest, project: Project, run_id: int
) -> HttpResponse | FileResponse:
    """The file of questions."""
    run = run_of(project, run_id)
    file = TemporaryFile()  # noqa: SIM115  (the response closes it)
    try:
        endpoint = sending.endpoint_called(run, request.POST.get("endpoint"))
        made = sending.export(
            run, endpoint, lambda line: file.write(line.encode()), cast(User, request.user)
        )
    except (sending.BatchRefused, RespondentError) as error:
        file.close()
        messages.error(request, str(error))
        return redirect("batches", project.slug, run.pk)
    file.seek(0)
    stamp = made.owner.removeprefix(BATCH)[:16]
    name = f"{slugify(run.name)[:60]}-{slugify(endpoint.name)[:40]}-{slugify(stamp)}.jsonl"
    return FileResponse(
        file, as_attachment=True, filename=name, content_type="application/x-ndjson"
    )


@require_POST
@for_roles(Role.RESEARCHER)
def batch_give_back(request: HttpRequest, project: Project, run_id: int) -> HttpResponse:
    run = run_of(project, run_id)
    number = sending.give_back(run, cast(User, request.user))
    messages.success(request, f"{number:,} trials are free again.")
    return redirect("batches", project.slug, run.pk)
