"""The pages on which people judge. What they see of an item comes from `blinding` alone."""

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from accounts.access import for_roles
from accounts.models import Project, Role
from annotations import queries
from annotations.assignment import current_or_next
from annotations.blinding import stimulus
from annotations.judging import Form, Result, Submitted, UnknownAssignment, submit
from annotations.models import Assignment, Item, Rater, Study
from annotations.parts import for_raters
from annotations.questions import InvalidJudgment, choices_of
from annotations.stages import done_now, page_of
from annotations.views.requests import MemberRequest

CONFIDENCE = [("1", "guess", "q"), ("2", "", "w"), ("3", "fair", "e"), ("4", "", "r")]
CONFIDENCE += [("5", "sure", "t")]
"""Steps of the confidence scale: value, word, key."""


@for_raters
def judge(request: MemberRequest, rater: Rater) -> HttpResponse:
    """Show the item the rater holds or the next one; store a judgment and answer with the next."""
    study = rater.study
    if rater.stage != Rater.Stage.JUDGING:
        return to_stage(request, rater)
    if request.method != "POST":
        return _page(request, study, rater, current_or_next(rater))
    form = form_of(request.POST)
    try:
        submitted = submit(rater, form)
    except UnknownAssignment as error:
        raise Http404(str(error)) from error
    except InvalidJudgment as error:
        held = queries.own_assignment(rater, form.assignment_id)
        return _page(request, study, rater, held, form=form, errors=error.errors, status=422)
    return _answer(request, study, submitted)


def to_stage(request: MemberRequest, rater: Rater) -> HttpResponse:
    """Take a rater who is not judging to their page; a script's request takes the whole window."""
    page = page_of(rater)
    return HttpResponseClientRedirect(page) if request.htmx else redirect(page)


def _answer(request: MemberRequest, study: Study, submitted: Submitted) -> HttpResponse:
    """The next item: as a partial to the page's script, else by a fresh page."""
    result = submitted.result
    if not request.htmx:
        note = messages.success if result.is_kept else messages.warning
        note(request, result.value)
        return redirect("judge", study.project.slug, study.slug)
    response = _page(request, study, submitted.rater, submitted.next, result=result)
    return trigger_client_event(response, "say", {"value": result.value})


def _page(
    request: MemberRequest,
    study: Study,
    rater: Rater,
    held: Assignment | None,
    *,
    form: Form | None = None,
    errors: dict[str, str] | None = None,
    result: Result | None = None,
    status: int = 200,
) -> HttpResponse:
    if rater.stage != Rater.Stage.JUDGING or (held is None and done_now(rater)):
        return to_stage(request, rater)
    context = {
        "project": study.project,
        "study": study,
        "guideline": None if request.htmx else queries.guideline_of(study),
        "progress": queries.progress_of(rater, held=held is not None),
        "result": result,
        "task": task(study, held.item, held.pk, form) if held else None,
        "errors": errors or {},
    }
    piece = "annotations/partials/_judging.html" if request.htmx else "annotations/judge.html"
    return render(request, piece, context, status=status)


def task(study: Study, item: Item, assignment_id: int, form: Form | None = None) -> dict:
    """What the judging form needs: the stimulus, the choices and what was filled in already."""
    return {
        "assignment_id": assignment_id,
        "revision": form.revision if form else 0,
        "shown_at": timezone.now().timestamp(),
        "stimulus": stimulus(item),
        "choices": choices_of(study),
        "confidence": CONFIDENCE,
        "form": form,
    }


def form_of(data: QueryDict) -> Form:
    """The judgment as it was sent; Http404 when it names no assignment, as no page of ours does."""
    try:
        assignment_id, revision = int(data.get("assignment", "")), int(data.get("revision", ""))
    except ValueError as error:
        raise Http404("The form names no assignment.") from error
    return Form(
        assignment_id=assignment_id,
        revision=revision,
        label=data.get("label", ""),
        confidence=data.get("confidence", ""),
        comment=data.get("comment", ""),
        shown_at=_moment(data.get("shown_at", "")),
    )


def _moment(raw: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(raw), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


@require_safe
@for_raters
def last(request: MemberRequest, rater: Rater) -> HttpResponse:
    """The rater's last judgments, to go back to one and correct it."""
    study, project = rater.study, rater.study.project
    context = {"project": project, "study": study, "judgments": queries.last_judgments(rater)}
    return render(request, "annotations/judge_last.html", context)


@for_raters
def correct(request: MemberRequest, rater: Rater, assignment_id: int) -> HttpResponse:
    """One's own earlier judgment again, filled in as it stands; sending it is a new revision."""
    study, project = rater.study, rater.study.project
    assignment = queries.own_assignment(rater, assignment_id)
    errors: dict[str, str] = {}
    form = form_of(request.POST) if request.method == "POST" else _as_judged(assignment)
    if request.method == "POST":
        try:
            submitted = submit(rater, form)
        except InvalidJudgment as error:
            errors = error.errors
        else:
            note = messages.success if submitted.result.is_kept else messages.warning
            note(request, submitted.result.value)
            return redirect("judge_last", project.slug, study.slug)
    context = {
        "project": project,
        "study": study,
        "task": task(study, assignment.item, assignment.pk, form),
        "errors": errors,
    }
    page = "annotations/judge_correct.html"
    return render(request, page, context, status=422 if errors else 200)


def _as_judged(assignment: Assignment) -> Form:
    """The form as the rater last sent it; Http404 when they have not judged this item."""
    judgment = queries.current_judgment(assignment)
    if judgment is None:
        raise Http404("You have not judged this item.")
    return Form(
        assignment_id=assignment.pk,
        revision=judgment.revision,
        label=judgment.label,
        confidence=str(judgment.confidence or ""),
        comment=judgment.comment,
    )


@require_safe
@for_roles(Role.RESEARCHER, Role.REVIEWER)
def preview(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """The first item exactly as raters see it, with a form that sends nothing."""
    study = queries.study_of(project, study_slug)
    item = queries.first_item(study)
    context = {
        "project": project,
        "study": study,
        "task": task(study, item, 0) if item else None,
        "errors": {},
        "preview": True,
    }
    return render(request, "annotations/judge_preview.html", context)
