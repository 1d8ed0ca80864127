"""The page on which people judge. What they see of an item comes from `blinding` alone."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django_htmx.http import (
    HttpResponseClientRedirect,
    HttpResponseClientRefresh,
    trigger_client_event,
)

from accounts.languages import multilingual
from annotations.exchange.assignment import current_or_next
from annotations.judging.judging import submit
from annotations.judging.places import UnknownAssignment
from annotations.judging.problems import report_problem
from annotations.judging.results import Result
from annotations.judging.sent import Form, Submitted
from annotations.judging.skipping import skip
from annotations.models import Assignment, Rater
from annotations.questions.question import InvalidJudgment
from annotations.studies import queries
from annotations.taking_part.parts import for_raters
from annotations.taking_part.stages import done_now, is_judging, page_of
from annotations.views.requests import MemberRequest
from annotations.views.sent_forms import KEY, form_of, task_of


@multilingual
@for_raters
def judge(request: MemberRequest, rater: Rater) -> HttpResponse:
    """Show the item the rater holds or the next one; store a judgment and answer with the next.

    The field ``act`` says what was sent: a judgment, or that the item is skipped or reported.
    """
    if not is_judging(rater):
        return _too_late(request, rater)
    if request.method != "POST":
        return _page(request, rater, current_or_next(rater))
    try:
        act = ACTS.get(request.POST.get("act", ""), _judged)
        return act(request, rater)
    except UnknownAssignment as error:
        raise Http404(str(error)) from error


def to_stage(request: MemberRequest, rater: Rater) -> HttpResponse:
    """Take a rater who is not judging to their page; a script's request takes the whole window."""
    page = page_of(rater)
    return HttpResponseClientRedirect(page) if request.htmx else redirect(page)


def _too_late(request: MemberRequest, rater: Rater) -> HttpResponse:
    """Somebody who judges no more is taken to their page, which shows what was not stored."""
    response = to_stage(request, rater)
    sent = request.POST.get("assignment", "")
    if request.POST.get("act") or not KEY.fullmatch(sent):
        return response
    judged = rater.assignments.filter(pk=int(sent), state=Assignment.State.JUDGED)
    return response if judged.exists() else _saying_kept(response, Result.PART_ENDED)


def _judged(request: MemberRequest, rater: Rater) -> HttpResponse:
    form = form_of(request.POST)
    try:
        submitted = submit(rater, form)
    except InvalidJudgment as error:
        return _refused(request, rater, form, error)
    return _answer(request, submitted, form.guideline_id)


def _skipped(request: MemberRequest, rater: Rater) -> HttpResponse:
    form = form_of(request.POST)
    reason, comment = request.POST.get("skip_reason", ""), request.POST.get("skip_comment", "")
    try:
        submitted = skip(rater, form.assignment_id, reason, comment)
    except InvalidJudgment as error:
        return _refused(request, rater, form, error)
    return _answer(request, submitted, form.guideline_id)


def _reported(request: MemberRequest, rater: Rater) -> HttpResponse:
    form = form_of(request.POST)
    try:
        result = report_problem(rater, form.assignment_id, request.POST.get("problem", ""))
    except InvalidJudgment as error:
        return _refused(request, rater, form, error)
    if not request.htmx:
        note = messages.success if result.is_kept else messages.warning
        note(request, result.words)
        return redirect("judge", rater.study.project.slug, rater.study.slug)
    # The page stays as it is, with what was filled in.
    response = HttpResponse(headers={"HX-Reswap": "none"})
    tone = "success" if result.is_kept else "error"
    return trigger_client_event(response, "toast", {"text": result.words, "tone": tone})


ACTS = {"skip": _skipped, "report": _reported}


def _refused(
    request: MemberRequest, rater: Rater, form: Form, error: InvalidJudgment
) -> HttpResponse:
    """The page again as it was sent, with what is wrong."""
    held = queries.own_assignment(rater, form.assignment_id)
    return _page(request, rater, held, form=form, errors=error.errors)


def _answer(
    request: MemberRequest, submitted: Submitted, guideline_shown: int | None
) -> HttpResponse:
    """The next item: as a partial to the page's script, else by a fresh page."""
    result, rater = submitted.result, submitted.rater
    changed = guideline_shown is not None and guideline_shown != submitted.guideline_id
    if changed:
        messages.warning(request, _("The instructions have changed: please read them again."))
    if not request.htmx:
        note = messages.success if result.is_kept else messages.warning
        note(request, result.words)
        if told := submitted.feedback:
            note(request, told.words)
        return redirect("judge", rater.study.project.slug, rater.study.slug)
    if changed:
        return _saying_kept(HttpResponseClientRefresh(), result)
    response = _page(request, rater, submitted.next, submitted=submitted)
    if isinstance(response, HttpResponseClientRedirect) and not result.is_kept:
        messages.warning(request, result.words)
    _saying_kept(response, result)
    said = submitted.feedback.spoken if submitted.feedback else result.words
    return trigger_client_event(response, "say", {"value": said})


def _saying_kept(response: HttpResponse, result: Result) -> HttpResponse:
    """Tell the page's script whether the draft of what was sent is needed no more."""
    response.headers["Judgment-Kept"] = "yes" if result.is_kept else "no"
    return response


def _page(
    request: MemberRequest,
    rater: Rater,
    held: Assignment | None,
    *,
    form: Form | None = None,
    errors: dict[str, str] | None = None,
    submitted: Submitted | None = None,
) -> HttpResponse:
    if not is_judging(rater):
        return to_stage(request, rater)
    if held is None and not errors and done_now(rater):
        return to_stage(request, rater)
    study = rater.study
    guideline = None if request.htmx else queries.guideline_of(study)
    shown = guideline.pk if guideline else None
    if submitted:
        shown = submitted.guideline_id
    elif form and shown is None:
        shown = form.guideline_id
    context = {
        "project": study.project,
        "study": study,
        "rater": rater,
        "guideline": guideline,
        "guideline_id": shown,
        "progress": queries.progress_of(rater, held),
        "submitted": submitted,
        "task": task_of(rater, held, form) if held else None,
        "errors": errors or {},
    }
    piece = (
        "annotations/judging/partials/_judging.html"
        if request.htmx
        else "annotations/judging/judge.html"
    )
    return render(request, piece, context, status=422 if errors else 200)
