"""The pages on which disputes are settled."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import for_roles
from accounts.models import Project, Role
from annotations.disputes import queries, working
from annotations.disputes.adjudication import DecisionRefused, decide, reopen
from annotations.disputes.automated import automated_labels
from annotations.disputes.evidence import evidence_of
from annotations.disputes.why_disputed import reasons_there_are
from annotations.forms.settling import DecisionForm, ReopenForm
from annotations.judging.reviewed import reviewed
from annotations.models import Dispute
from annotations.questions.question import InvalidJudgment
from annotations.views.requests import MemberRequest

PER_PAGE = 50


@require_safe
@for_roles(Role.REVIEWER, Role.RESEARCHER)
def disputes(request: MemberRequest, project: Project) -> HttpResponse:
    """The queue: open disputes first of all, or those of another state or of one study."""
    filters = working.Filters.of(request.GET)
    page = Paginator(filters.disputes(project), PER_PAGE).get_page(request.GET.get("page"))
    rows = queries.dispute_rows(list(page.object_list))
    is_open = Dispute.State.OPEN
    context = {
        "project": project,
        "rows": rows,
        "page_obj": page,
        "filters": filters,
        "begin": next((row.dispute for row in rows if row.dispute.state == is_open), None),
        "may_decide": _may_decide(project),
        "states": Dispute.State.choices,
        "reasons": {code: why.words for code, why in reasons_there_are().items()},
        "studies": queries.studies_with_disputes(project),
    }
    return render(request, "annotations/disputes/disputes.html", context)


@require_safe
@for_roles(Role.REVIEWER, Role.RESEARCHER)
def dispute(request: MemberRequest, project: Project, dispute_id: int) -> HttpResponse:
    """Why an item is disputed, and everything that helps to settle it."""
    return _page(request, project, queries.dispute_of(project, dispute_id))


def _may_decide(project: Project) -> bool:
    decides = {Role.REVIEWER, Role.ADMINISTRATOR} & project.viewer_roles  # type: ignore[attr-defined]
    return bool(decides) and not project.archived_at


@require_POST
@for_roles(Role.REVIEWER)
def dispute_decide(request: MemberRequest, project: Project, dispute_id: int) -> HttpResponse:
    dispute = queries.dispute_of(project, dispute_id)
    form = DecisionForm(request.POST, study=dispute.item.study)
    if form.is_valid():
        try:
            decide(dispute, request.user, form.cleaned_data["label"], form.cleaned_data["reason"])
        except (DecisionRefused, InvalidJudgment) as error:
            form.add_error(None, str(error))
        else:
            return _on(request, project, dispute)
    return _refused(request, project, dispute, form)


def _on(request: MemberRequest, project: Project, decided: Dispute) -> HttpResponse:
    """To the next open case of the queue; to the queue where none is left."""
    filters = working.Filters.of(request.GET)
    following = working.next_open(project, filters, decided)
    if following:
        return redirect(f"{reverse('dispute', args=[project.slug, following.pk])}{filters.query}")
    messages.success(request, "The decision is stored beside the judgments: it was the last case.")
    return redirect(f"{reverse('disputes', args=[project.slug])}{filters.query}")


@require_POST
@for_roles(Role.REVIEWER)
def dispute_reopen(request: MemberRequest, project: Project, dispute_id: int) -> HttpResponse:
    dispute = queries.dispute_of(project, dispute_id)
    form = ReopenForm(request.POST)
    if form.is_valid():
        try:
            reopen(dispute, request.user, form.cleaned_data["reason"])
        except DecisionRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The dispute is open again. Its decisions stay on record.")
            query = working.Filters.of(request.GET).query
            return redirect(f"{reverse('dispute', args=[project.slug, dispute.pk])}{query}")
    return _refused(request, project, dispute, form)


def _refused(
    request: MemberRequest, project: Project, dispute: Dispute, form: DecisionForm | ReopenForm
) -> HttpResponse:
    """The page with a form that was not stored: in its place, or, where another reviewer was
    faster and the page has another form now, above it with what was written."""
    dispute.refresh_from_db(fields=["state", "reasons"])
    state, place = PLACES[type(form)]
    name = place if dispute.state == state else "not_done"
    return _page(request, project, dispute, status=422, **{name: form})


PLACES = {
    DecisionForm: (Dispute.State.OPEN, "decision_form"),
    ReopenForm: (Dispute.State.DECIDED, "reopen_form"),
}
"""The state in which a dispute's page holds a form, and under which name."""


def _page(
    request: MemberRequest, project: Project, dispute: Dispute, status: int = 200, **forms: Any
) -> HttpResponse:
    study = dispute.item.study
    (row,) = queries.dispute_rows([dispute])
    evidence = evidence_of(study, dispute.item)
    automated = automated_labels(study, [dispute.item]).get(dispute.item_id)
    by_dimension = reviewed(
        study, dispute.item, row.judgments, row.consensus, automated, evidence.score
    )
    may_decide = _may_decide(project)
    context = {
        **_queue(request, project, dispute, may_decide),
        "project": project,
        "study": study,
        "dispute": dispute,
        "row": row,
        "problems": queries.problems_of(dispute.item),
        "earlier": queries.earlier_judgments(dispute.item),
        "evidence": evidence,
        "reviewed": by_dimension,
        "decisions": queries.decisions_of(dispute),
        "history": queries.history_of(dispute),
        "decision_form": DecisionForm(
            study=study, begun=by_dimension.label if by_dimension else ""
        ),
        "reopen_form": ReopenForm(),
        "may_decide": may_decide,
        **forms,
    }
    return render(request, "annotations/disputes/dispute.html", context, status=status)


def _queue(
    request: MemberRequest, project: Project, dispute: Dispute, may_decide: bool
) -> dict[str, Any]:
    """Where the viewer is in the queue, and, of whoever decides, the pace and the last decision."""
    filters = working.Filters.of(request.GET)
    queue = working.queue_around(project, filters, dispute)
    found: dict[str, Any] = {"filters": filters, "queue": queue}
    if may_decide:
        pace, last = (
            working.pace_of(project, request.user),
            working.last_decision(project, request.user),
        )
        left = working.left_to_decide(project, filters)
        found |= {"pace": pace, "minutes_left": pace.minutes_for(left) if left else None}
        found |= {"last": last, "last_in_words": queries.in_words(last) if last else ""}
    return found
