"""Who is in a project, who was, and what a list of all projects shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, QuerySet

from accounts.access import Roles
from accounts.models import AuditEvent, Membership, Project, Role, User
from accounts.people.members import VERBS


@dataclass(frozen=True)
class Member:
    """A person with the roles they have in a project, and since when they have the first."""

    person: User
    roles: Roles
    since: datetime

    @property
    def administers(self) -> bool:
        return Role.ADMINISTRATOR in self.roles


def people_of(project: Project) -> QuerySet[User]:
    """Everybody with a role in the project, by name."""
    return User.objects.filter(memberships__project=project).distinct().order_by("username")


def with_roles(project: Project, people: Sequence[User]) -> list[Member]:
    """The *people* of a project as members, in the same order, by one query."""
    rows: dict[int, list[Membership]] = {person.pk: [] for person in people}
    for row in Membership.objects.filter(project=project, user__in=rows):
        rows[row.user_id].append(row)
    return [
        Member(person, Roles(row.role for row in held), min(row.created_at for row in held))
        for person in people
        if (held := rows[person.pk])
    ]


def changes_of(project: Project, person: User) -> QuerySet[AuditEvent]:
    """What was written down of somebody's roles in the project, newest first."""
    events = project.audit_events.filter(verb__in=VERBS, subject_type=User._meta.label_lower)
    return events.filter(subject_id=str(person.pk)).select_related("actor").order_by("-id")


def every_project() -> QuerySet[Project]:
    """All projects of the site with how many ``people`` each has, by name, the archived last."""
    counted = Project.objects.annotate(people=Count("memberships__user", distinct=True))
    in_order = counted.order_by(F("archived_at").asc(nulls_first=True), "name")
    return in_order.prefetch_related("memberships__user")


def administrators(project: Project) -> list[User]:
    """Who administers a project of `every_project`, without another query."""
    held = [row for row in project.memberships.all() if row.role == Role.ADMINISTRATOR]
    return [row.user for row in held]
