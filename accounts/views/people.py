"""The people of a project: its administrators see, invite and change them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Roles, for_roles, roles_in
from accounts.forms import HandOverForm, InviteForm, RolesForm
from accounts.models import Project, Role, User
from accounts.people import invitations, queries
from accounts.people.mails import send_invitation
from accounts.people.members import MembersRefused, change_roles, hand_over
from accounts.views.signed_in import SignedIn

PER_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.ADMINISTRATOR)
def members(request: SignedIn, project: Project) -> HttpResponse:
    """Who has which role, who is invited, and a form that invites; its answer shows the link."""
    form = InviteForm(request.POST or None)
    shown = {}
    if form.is_valid():
        try:
            invitation, token = invitations.invite(project, request.user, **form.cleaned_data)
        except invitations.InvitationRefused as error:
            form.add_error(None, str(error))
        else:
            address = request.build_absolute_uri(invitations.path_of(token))
            sent = bool(invitation.email) and send_invitation(invitation, address)
            shown = {"made": invitation, "link": "" if sent else address}
            form = InviteForm()
    return _members_page(
        request, project, form, HandOverForm(None, _others(request, project)), shown
    )


def _members_page(
    request: SignedIn,
    project: Project,
    form: InviteForm,
    hand_over_form: HandOverForm,
    shown: dict[str, object],
) -> HttpResponse:
    page = Paginator(queries.people_of(project), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "project": project,
        "page_obj": page,
        "members": queries.with_roles(project, list(page.object_list)),
        "invitations": invitations.open_invitations(project),
        "form": form,
        "hand_over_form": hand_over_form,
        **shown,
    }
    status = 422 if form.errors or hand_over_form.errors else 200
    return render(request, "accounts/people/members.html", context, status=status)


def _others(request: SignedIn, project: Project) -> QuerySet[User]:
    """Members to whom the project can be handed over."""
    return queries.people_of(project).exclude(pk=request.user.pk).filter(is_active=True)


@require_POST
@for_roles(Role.ADMINISTRATOR)
def member_invitation_revoke(
    request: SignedIn, project: Project, member_invitation_id: int
) -> HttpResponse:
    invitation = get_object_or_404(
        project.invitations.select_related("project"), pk=member_invitation_id
    )
    invitations.revoke(invitation, request.user)
    messages.success(request, "The link opens nothing any more. Whoever came by it stays.")
    return redirect("members", project.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_roles(Role.ADMINISTRATOR, in_archive=True)
def member(request: SignedIn, project: Project, user_id: int) -> HttpResponse:
    """One person: the roles they have, to be changed, and what they had before."""
    person = _person(project, user_id)
    held = roles_in(person, project)
    form = RolesForm(request.POST if request.method == "POST" else None, held)
    if form.is_valid() and _changed(request, project, person, form):
        return _after_a_change(request, project)
    context = {
        "project": project,
        "person": person,
        "held": held,
        "form": form,
        "changes": queries.changes_of(project, person),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/people/member.html", context, status=status)


def _person(project: Project, user_id: int) -> User:
    """Somebody who is or was a member; anybody else's account is unknown here."""
    person = get_object_or_404(User, pk=user_id)
    if not roles_in(person, project) and not queries.changes_of(project, person).exists():
        raise Http404("They were never a member of this project.")
    return person


def _changed(request: SignedIn, project: Project, person: User, form: RolesForm) -> bool:
    """Whether the roles sent are those of *person* now; else the form says why not."""
    try:
        change_roles(project, request.user, person, form.cleaned_data["roles"])
    except MembersRefused as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, f"{person}: {', '.join(Roles(form.cleaned_data['roles']))}.")
    return True


@require_POST
@for_roles(Role.ADMINISTRATOR, in_archive=True)
def member_remove(request: SignedIn, project: Project, user_id: int) -> HttpResponse:
    """End all roles of a person."""
    person = _person(project, user_id)
    try:
        change_roles(project, request.user, person, ())
    except MembersRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{person} is not a member any more. What they did stays.")
    return _after_a_change(request, project)


@require_POST
@for_roles(Role.ADMINISTRATOR, in_archive=True)
def project_hand_over(request: SignedIn, project: Project) -> HttpResponse:
    """Make another member administrator in one's own place."""
    form = HandOverForm(request.POST, _others(request, project))
    if form.is_valid():
        heir = form.cleaned_data["heir"]
        try:
            hand_over(project, request.user, heir)
        except MembersRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{heir} administers {project} now; you are a researcher.")
            return redirect(project)
    return _members_page(request, project, InviteForm(), form, {})


def _after_a_change(request: HttpRequest, project: Project) -> HttpResponse:
    """Back to the members, or, for those who do not administer the project any more, out of it."""
    held = roles_in(request.user, project)
    if Role.ADMINISTRATOR in held:
        return redirect("members", project.slug)
    return redirect(project if held else "home")
