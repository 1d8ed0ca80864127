"""Inviting people into a project: by a link that is handed on or mailed, works for some days and
some people, and can be taken back.

Whoever has the link comes in by it. It is shown once and kept as a hash; whether an address that it
is mailed to has an account is asked by nobody here, so nobody learns it.
"""

import hashlib
import secrets
from datetime import timedelta
from enum import Enum

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.access import roles_in
from accounts.audit import Change, record
from accounts.models import Project, ProjectInvitation, Role, User
from accounts.people.members import give, lock_project

MOST_OPEN = 100
"""Invitations of a project by which somebody can come at a time."""
MOST_A_DAY = 50
"""Invitations that one person makes in a day, in whatever projects: nobody mails to the world."""
MOST_USES = 500
"""People who come by one link."""


class NoInvitation(Exception):
    """A link that belongs to no invitation: it was cut short, or made up."""


class InvitationRefused(Exception):
    """An invitation that cannot be made as asked; says why."""


class Over(Enum):
    """Why nobody comes by an invitation any more, in the words they are told."""

    REVOKED = _("This invitation was taken back.")
    EXPIRED = _("This invitation has run out.")
    USED = _("This invitation was used by as many people as it was made for.")
    ARCHIVED = _("The project is archived.")


class InvitationOver(Exception):
    """Nobody comes by this invitation any more; ``why`` says it."""

    def __init__(self, why: Over) -> None:
        super().__init__(why.name)
        self.why = why


def digest_of(token: str) -> str:
    """What an invitation is recognised by: the SHA-256 of what its link carries, in hex.

    The token has 256 random bits, so that a plain hash cannot be turned around by guessing.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def path_of(token: str) -> str:
    return reverse("invited", args=[token])


def can_be_used() -> Q:
    """Which invitations somebody can come by now."""
    is_open = Q(revoked_at=None, expires_at__gt=clock.now(), uses__lt=F("most_uses"))
    return is_open & Q(project__archived_at=None)


def open_invitations(project: Project) -> QuerySet[ProjectInvitation]:
    return project.invitations.filter(can_be_used()).select_related("created_by")


def over(invitation: ProjectInvitation) -> Over | None:
    """Why nobody can come by the invitation any more; None while somebody can."""
    if invitation.revoked_at:
        return Over.REVOKED
    if invitation.uses >= invitation.most_uses:
        return Over.USED
    if invitation.expires_at <= clock.now():
        return Over.EXPIRED
    return Over.ARCHIVED if invitation.project.archived_at else None


@transaction.atomic
def invite(
    project: Project, actor: User, role: str, days: int, most_uses: int = 1, email: str = ""
) -> tuple[ProjectInvitation, str]:
    """A new invitation, and the token of its link, which nothing brings back later.

    *email*: where the link is sent; such an invitation is for one person, and so is one that makes
    administrators. Raises InvitationRefused.
    """
    if most_uses > 1 and (email or role == Role.ADMINISTRATOR):
        whom = "that is mailed" if email else "that makes administrators"
        raise InvitationRefused(f"A link {whom} is for one person.")
    project = lock_project(project)
    User.objects.select_for_update().get(pk=actor.pk)  # counted one after another
    _refuse_too_many(project, actor)
    token = secrets.token_urlsafe(32)
    invitation = ProjectInvitation.objects.create(
        project=project,
        role=role,
        digest=digest_of(token),
        email=email,
        most_uses=most_uses,
        expires_at=clock.now() + timedelta(days=days),
        created_by=actor,
    )
    made = {"role": role, "most_uses": most_uses, "days": days}
    record(project, actor, "invited", invitation, Change(None, made), by_mail=bool(email))
    return invitation, token


def _refuse_too_many(project: Project, actor: User) -> None:
    if open_invitations(project).count() >= MOST_OPEN:
        raise InvitationRefused(
            f"{MOST_OPEN} invitations of this project are open: revoke some first."
        )
    since = clock.now() - timedelta(days=1)
    made = ProjectInvitation.objects.filter(created_by=actor, created_at__gt=since).count()
    if made >= MOST_A_DAY:
        raise InvitationRefused(
            f"You made {MOST_A_DAY} invitations within a day: make a link for several people, or "
            "go on tomorrow."
        )


@transaction.atomic
def revoke(invitation: ProjectInvitation, actor: User) -> None:
    """Let nobody come by the invitation any more; whoever came stays."""
    lock_project(invitation.project)
    found = ProjectInvitation.objects.filter(pk=invitation.pk, revoked_at=None)
    if found.update(revoked_at=clock.now(), email=""):
        record(invitation.project, actor, "invitation revoked", invitation, role=invitation.role)


def invitation_of(digest: str) -> ProjectInvitation:
    """The invitation with that digest, with its project; raises NoInvitation."""
    found = ProjectInvitation.objects.select_related("project", "created_by")
    invitation = found.filter(digest=digest).first()
    if invitation is None:
        raise NoInvitation
    return invitation


@transaction.atomic
def accept(digest: str, person: User) -> Project:
    """Give *person* the role of the invitation; whoever has it already uses nothing up.

    Raises NoInvitation, InvitationOver.
    """
    project = lock_project(invitation_of(digest).project)
    invitation = invitation_of(digest)
    held = roles_in(person, project)
    if invitation.role in held:
        return project
    if why := over(invitation):
        raise InvitationOver(why)
    invitation.uses += 1
    if invitation.uses == invitation.most_uses:
        invitation.email = ""  # nobody needs it any more
    invitation.save(update_fields=["uses", "email"])
    give(project, person, person, held | {invitation.role}, invitation=invitation.pk)
    return project
