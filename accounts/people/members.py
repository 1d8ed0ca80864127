"""Who is a member of a project, with which roles: the one place where that changes.

Rows of `Membership` are the roles people have now. What they had before stands in the audit trail,
which each change writes in its transaction.
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import Signal

from accounts.access import Roles, roles_in
from accounts.audit import Change, record
from accounts.models import Membership, Project, Role, User

JOINED = "joined the project"
CHANGED = "roles changed"
LEFT = "left the project"
REMOVED = "removed from the project"
VERBS = (JOINED, CHANGED, LEFT, REMOVED)
"""What the trail calls changes of somebody's roles; their subject is the person."""


gone = Signal()
"""Sent with `project`, `person` and `actor`, in the transaction in which somebody's last role ends:
what they may do by other means ends with it."""


class MembersRefused(Exception):
    """A change of somebody's roles that cannot be made; says why and what to do first."""


def lock_project(project: Project) -> Project:
    """The row of the project, held until the transaction ends: its people change one after another.

    Held so that rows which point to it can still be written: who holds such a row may wait for us.

    Raises MembersRefused where the project was deleted meanwhile.
    """
    found = Project.objects.select_for_update(no_key=True).filter(pk=project.pk).first()
    if found is None:
        raise MembersRefused("The project is gone.")
    return found


@transaction.atomic
def change_roles(
    project: Project, actor: User | None, person: User, roles: Collection[str], **facts: Any
) -> Roles:
    """Give *person* exactly *roles* in the project (none: the person is no member any more).

    *actor* has to be an administrator of the project at that moment; None is the system. *facts*
    are written down with it. Returns the roles before. Raises MembersRefused where that would leave
    a project without an administrator.
    """
    lock_project(project)
    if actor is not None and Role.ADMINISTRATOR not in roles_in(actor, project):
        raise MembersRefused("You are not an administrator of this project any more.")
    return give(project, actor, person, roles, **facts)


@transaction.atomic
def leave(project: Project, person: User) -> None:
    """End all roles of *person*, at their own wish; MembersRefused for the last administrator."""
    lock_project(project)
    give(project, person, person, ())


@transaction.atomic
def hand_over(project: Project, actor: User, heir: User) -> None:
    """Make *heir* an administrator in the place of *actor*, who stays as a researcher.

    Raises MembersRefused unless both are members and *actor* is an administrator.
    """
    lock_project(project)
    own, theirs = roles_in(actor, project), roles_in(heir, project)
    if heir == actor or not theirs or not heir.is_active:
        raise MembersRefused("A project is handed over to another of its members.")
    change_roles(project, actor, heir, theirs | {Role.ADMINISTRATOR}, handed_over_by=actor.pk)
    kept = (own - {Role.ADMINISTRATOR}) | {Role.RESEARCHER}
    give(project, actor, actor, kept, handed_over_to=heir.pk)


def give(
    project: Project, actor: User | None, person: User, roles: Collection[str], **facts: Any
) -> Roles:
    """What `change_roles` does, for whoever holds the lock of the project and was authorised."""
    before, after = roles_in(person, project), Roles(roles)
    if before == after:
        return before
    if Role.ADMINISTRATOR in before - after and not _has_another_administrator(project, person):
        raise MembersRefused(
            f"{person} is the last administrator of {project}: make somebody else one first."
        )
    Membership.objects.filter(project=project, user=person, role__in=before - after).delete()
    Membership.objects.bulk_create(
        Membership(project=project, user=person, role=role) for role in Roles(after - before)
    )
    change = Change({"roles": list(before)}, {"roles": list(after)})
    record(project, actor, _verb(actor, person, before, after), person, change, **facts)
    if not after:
        gone.send(sender=Membership, project=project, person=person, actor=actor)
    return before


def administered_alone(people: Collection[User]) -> list[tuple[Project, User]]:
    """Projects, with the one of *people* without whom nobody would administer them."""
    found = Membership.objects.filter(role=Role.ADMINISTRATOR, user__in=people)
    rows = found.select_related("project", "user").order_by("project__name", "pk")
    going = [person.pk for person in people]
    return [
        (row.project, row.user)
        for row in rows
        if not _administrators(row.project).exclude(user__in=going).exists()
    ]


def _administrators(project: Project) -> QuerySet[Membership]:
    """Those of the project who can sign in."""
    found = Membership.objects.filter(project=project, role=Role.ADMINISTRATOR)
    return found.filter(user__is_active=True)


def _has_another_administrator(project: Project, person: User) -> bool:
    """Whether somebody else administers the project who can sign in."""
    return _administrators(project).exclude(user=person).exists()


def _verb(actor: User | None, person: User, before: Roles, after: Roles) -> str:
    if not before:
        return JOINED
    if after:
        return CHANGED
    return LEFT if actor == person else REMOVED
