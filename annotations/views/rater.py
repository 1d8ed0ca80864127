"""The pages on which people judge. What they see of an item comes from `blinding` alone."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import (
    HttpResponseClientRedirect,
    HttpResponseClientRefresh,
    trigger_client_event,
)

from accounts.languages import multilingual
from annotations.exchange.assignment import current_or_next
from annotations.judging.blinding import stimulus
from annotations.judging.judging import (
    Form,
    Result,
    Submitted,
    UnknownAssignment,
    report_problem,
    skip,
    submit,
)
from annotations.models import Assignment, Item, Judgment, Rater, Study
from annotations.questions.questions import InvalidJudgment, questions_of
from annotations.studies import queries
from annotations.taking_part.parts import for_raters
from annotations.taking_part.stages import done_now, is_judging, page_of
from annotations.views.requests import MemberRequest

KEY = re.compile(r"\d{1,18}", re.ASCII)
"""What can be the key of a row: more digits than that are no number of the database."""

NUMBER = re.compile(r"\d{1,9}(\.\d{1,6})?", re.ASCII)


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
        "task": _task_of(rater, held, form) if held else None,
        "errors": errors or {},
    }
    piece = (
        "annotations/judging/partials/_judging.html"
        if request.htmx
        else "annotations/judging/judge.html"
    )
    return render(request, piece, context, status=422 if errors else 200)


def _task_of(rater: Rater, held: Assignment, form: Form | None = None) -> dict[str, Any]:
    held.item.study = rater.study
    return task(rater.study, held.item, held.pk, form, reverse=rater.reverses_options)


def task(
    study: Study,
    item: Item,
    assignment_id: int,
    form: Form | None = None,
    *,
    reverse: bool = False,
) -> dict[str, Any]:
    """What the judging form needs: the stimulus, the questions and what was filled in already."""
    item.study = study
    return {
        "assignment_id": assignment_id,
        "revision": form.revision if form else 0,
        "shown_at": timezone.now().timestamp(),
        "stimulus": stimulus(item),
        "questions": questions_of(study),
        "question_version": study.question_version,
        "reverse": reverse,
        "form": form,
    }


def form_of(data: QueryDict) -> Form:
    """The judgment as it was sent; Http404 when it names no assignment, as no page of ours does."""
    raw_key, raw_revision = data.get("assignment", ""), data.get("revision", "")
    if not (KEY.fullmatch(raw_key) and KEY.fullmatch(raw_revision)):
        raise Http404("The form names no assignment.")
    away, losses, guideline, question = (
        _number(data.get(name, "")) for name in ("away", "losses", "guideline", "question_version")
    )
    return Form(
        assignment_id=int(raw_key),
        revision=int(raw_revision),
        label=data.get("label", ""),
        confidence=data.get("confidence", ""),
        comment=data.get("comment", ""),
        fields={name: str(value) for name, value in data.items()},
        shown_at=_moment(data.get("shown_at", "")),
        away_seconds=away,
        focus_losses=None if losses is None else int(losses),
        guideline_id=None if guideline is None else int(guideline),
        question_version=None if question is None else int(question),
    )


def _number(raw: str) -> float | None:
    return float(raw) if NUMBER.fullmatch(raw) else None


def _moment(raw: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(raw), tz=UTC)
    except (ValueError, OverflowError, OSError):
        return None


@multilingual
@require_safe
@for_raters
def last(request: MemberRequest, rater: Rater) -> HttpResponse:
    """The rater's last judgments, to go back to one and correct it."""
    study = rater.study
    rows = queries.last_judgments(rater)
    context = {"project": study.project, "study": study, "rater": rater, "judgments": rows}
    return render(request, "annotations/judging/judge_last.html", context)


@multilingual
@for_raters
def correct(request: MemberRequest, rater: Rater, assignment_id: int) -> HttpResponse:
    """One's own earlier judgment again, filled in as it stands; sending it is a new revision."""
    if rater.stage not in (Rater.Stage.JUDGING, Rater.Stage.DONE):
        return to_stage(request, rater)
    study = rater.study
    assignment = queries.own_assignment(rater, assignment_id)
    if not queries.can_be_corrected(study, assignment):
        raise Http404("The answer to this item was shown to you.")
    errors: dict[str, str] = {}
    not_kept = ""
    form = form_of(request.POST) if request.method == "POST" else _as_judged(assignment)
    if request.method == "POST":
        try:
            submitted = submit(rater, form)
        except UnknownAssignment as error:
            raise Http404(str(error)) from error
        except InvalidJudgment as error:
            errors = error.errors
        else:
            if submitted.result.is_kept:
                messages.success(request, submitted.result.words)
                return redirect("judge_last", study.project.slug, study.slug)
            # The words stay, in a form that answers to what is stored now.
            not_kept = submitted.result.words
            form = replace(form, revision=_as_judged(assignment).revision)
    context = {
        "project": study.project,
        "study": study,
        "rater": rater,
        "task": _task_of(rater, assignment, form),
        "errors": errors,
        "not_kept": not_kept,
    }
    page = "annotations/judging/judge_correct.html"
    return render(request, page, context, status=422 if errors or not_kept else 200)


def _as_judged(assignment: Assignment) -> Form:
    """The form as the rater last sent it; Http404 when they have not judged this item."""
    judgment: Judgment | None = queries.current_judgment(assignment)
    if judgment is None:
        raise Http404("You have not judged this item.")
    return Form(
        assignment_id=assignment.pk,
        revision=judgment.revision,
        label=judgment.label,
        confidence=str(judgment.confidence or ""),
        comment=judgment.comment,
        answers={key: str(value) for key, value in judgment.answers.items()},
    )
