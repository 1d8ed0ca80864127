"""Making an account by an invitation: where sign-up is closed, the invitation opens it once.

The browser of whoever opened the link remembers by which invitation (its digest, not the link). The
account that is made joins the project at once and uses the invitation up, in one transaction with
it: a link for one person makes one account.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import ProjectInvitation, User
from accounts.people.invitations import (
    InvitationOver,
    NoInvitation,
    accept,
    invitation_of,
    over,
)

KEY = "invited_by"


def remember(request: HttpRequest, digest: str) -> None:
    """Keep in the session of a visitor by which invitation they came."""
    if not isinstance(request.user, User):
        request.session[KEY] = digest


def remembered(request: HttpRequest) -> ProjectInvitation | None:
    """The invitation a visitor came by, while somebody can come by it."""
    try:
        invitation = invitation_of(request.session.get(KEY, ""))
    except NoInvitation:
        return None
    return None if over(invitation) else invitation


def join_with_the_account(request: HttpRequest, user: User, **_: Any) -> None:
    """Have a new account join the project it was made for; called when it was made.

    Raises PermissionDenied, which makes no account, where somebody else came first by the link.
    """
    digest = request.session.pop(KEY, "")
    if not digest:
        return
    try:
        accept(digest, user)
    except (NoInvitation, InvitationOver):
        raise PermissionDenied("The invitation was used up meanwhile.") from None
