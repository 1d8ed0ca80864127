"""The page on which researchers invite people, and act for those who came."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import for_roles
from accounts.audit import record
from accounts.models import Project, Role, User
from annotations.forms.invitations import InvitationForm
from annotations.forms.raters import ParticipantForm
from annotations.models import Rater, Study
from annotations.studies import queries
from annotations.taking_part.continuing import own_code
from annotations.taking_part.invitations import (
    InvitationRefused,
    close_invitation,
    create_invitation,
    invitations_of,
    path_of,
    revoke_link,
)
from annotations.taking_part.privacy import erase, mark_returned, participants
from annotations.views.requests import MemberRequest
from evaluations.files.trial_tables import csv_line


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.RESEARCHER)
def invitations(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """The ways into the study with their links, and a form for another."""
    study = queries.study_of(project, study_slug)
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        try:
            create_invitation(study, request.user, **form.cleaned_data)
        except InvitationRefused as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, "The invitation is made. Its link is below.")
            return redirect("invitations", project.slug, study.slug)
    return _page(request, project, study, form, ParticipantForm(study=study))


def _page(
    request: MemberRequest,
    project: Project,
    study: Study,
    form: InvitationForm,
    person: ParticipantForm,
) -> HttpResponse:
    rows = [(row, request.build_absolute_uri(path_of(row))) for row in invitations_of(study)]
    context = {
        "project": project,
        "study": study,
        "rows": rows,
        "form": form,
        "person": person,
        "parts": _parts(study),
    }
    status = 422 if form.errors or person.errors else 200
    return render(request, "annotations/studies/invitations.html", context, status=status)


def _parts(study: Study) -> list[Rater]:
    """Who came by an invitation, under pseudonyms, newest first."""
    came = study.raters.filter(identity__isnull=False).select_related("identity__invitation")
    return list(came.order_by("-pk")[:500])


@require_POST
@for_roles(Role.RESEARCHER)
def invitation_act(
    request: MemberRequest, project: Project, study_slug: str, invitation_id: int
) -> HttpResponse:
    """Revoke the link of an invitation, or close it."""
    study = queries.study_of(project, study_slug)
    invitation = get_object_or_404(study.invitations.select_related("study"), pk=invitation_id)
    if request.POST.get("act") == "revoke":
        revoke_link(invitation, request.user)
        messages.success(request, "The old link opens nothing any more. The new one is below.")
    elif request.POST.get("act") == "close":
        close_invitation(invitation, request.user)
        messages.success(request, "Nobody new comes in. Who came before can go on.")
    return redirect("invitations", project.slug, study.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.RESEARCHER)
def participants_file(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """Who came, as CSV: under pseudonyms, and with external ids only on request, on record."""
    study = queries.study_of(project, study_slug)
    with_ids = request.method == "POST" and "with_external_ids" in request.POST
    if with_ids:
        with transaction.atomic():
            record(project, request.user, "participants exported with external ids", study)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{study.slug}-people.csv"'
    response.writelines(csv_line(row) for row in participants(study, with_ids))
    return response


@require_POST
@for_roles(Role.RESEARCHER)
def participant_act(request: MemberRequest, project: Project, study_slug: str) -> HttpResponse:
    """End the part of somebody who returned their place, or delete a person's data for them."""
    study = queries.study_of(project, study_slug)
    form = ParticipantForm(request.POST, study=study)
    if not form.is_valid():
        return _page(request, project, study, InvitationForm(), form)
    rater = form.cleaned_data["person"]
    try:
        messages.success(request, _act_for(rater, form.cleaned_data["act"], request.user))
    except Rater.DoesNotExist:
        messages.warning(request, "They had their data deleted themselves meanwhile.")
    return redirect("invitations", project.slug, study.slug)


def _act_for(rater: Rater, act: str, actor: User) -> str:
    if act == "returned":
        mark_returned(rater, actor)
        return "Their part has ended, and what they held is given on."
    if act == "code":
        if not (code := own_code(rater)):
            return "They have an account: they sign in wherever they are."
        with transaction.atomic():
            record(rater.study.project, actor, "code to go on shown", rater)
        return f"Their code is {code}. Give it to nobody else: it opens their part."
    erase(rater, actor)
    return "The person's data are deleted."
