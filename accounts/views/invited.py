"""Where the link of an invitation to a project leads."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import roles_in
from accounts.languages import multilingual
from accounts.models import User
from accounts.people import invitations
from accounts.people.signing_up import remember

GONE = 410


@multilingual
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, invite_token: str) -> HttpResponse:
    """Who invites into what; somebody who is signed in joins with a button, others sign in or make
    an account, which the invitation allows."""
    digest = invitations.digest_of(invite_token)
    try:
        invitation = invitations.invitation_of(digest)
        if request.method == "POST":
            if not isinstance(request.user, User):
                return redirect_to_login(request.path)
            project = invitations.accept(digest, request.user)
            messages.success(request, _("You have joined %(project)s.") % {"project": project})
            return redirect(project)
    except invitations.NoInvitation:
        return render(request, "accounts/people/invited_unknown.html", status=404)
    except invitations.InvitationOver as error:
        return _over(request, error.why)
    if isinstance(request.user, User) and invitation.role in roles_in(
        request.user, invitation.project
    ):
        return redirect(invitation.project)
    if why := invitations.over(invitation):
        return _over(request, why)
    remember(request, digest)
    return render(request, "accounts/people/invited.html", {"invitation": invitation})


def _over(request: HttpRequest, why: invitations.Over) -> HttpResponse:
    return render(request, "accounts/people/invited_over.html", {"why": why.value}, status=GONE)
