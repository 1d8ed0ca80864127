"""The pages of a rater's last judgments and of correcting one."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.languages import multilingual
from annotations.judging.judging import submit
from annotations.judging.marking import marked_before
from annotations.judging.places import UnknownAssignment
from annotations.judging.sent import Form
from annotations.models import Assignment, Judgment, Rater
from annotations.questions.of_study import primary_question
from annotations.questions.question import InvalidJudgment
from annotations.scales.vectors import Vector
from annotations.studies import queries
from annotations.taking_part.parts import for_raters
from annotations.views.judging import to_stage
from annotations.views.requests import MemberRequest
from annotations.views.sent_forms import form_of, task_of


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
        "task": task_of(rater, assignment, form),
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
        fields=_fields(assignment, judgment),
    )


def _fields(assignment: Assignment, judgment: Judgment) -> dict[str, str]:
    """What was said beside the answers: the passages, and what one act said of several dimensions,
    which stands in none of their own fields."""
    question = primary_question(assignment.item.study)
    fields = {f"{question.field}-marks": marked_before(judgment.pk)}
    if judgment.at_once:
        pairs = zip(question.fields_of_dimensions(), Vector.parts(judgment.label), strict=False)
        fields |= {field: said for (field, name), said in pairs if name not in judgment.at_once}
        fields[f"{question.field}-rest"] = "0"
    return fields
