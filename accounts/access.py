"""Fetching is the permission check.

Views get a project here and everything else through it: a person without a role in the project
is told that it does not exist (404), a member without a fitting role that it is not theirs (403).
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import Membership, Project, Role, User

STAFF_ROLES = (Role.RESEARCHER, Role.REVIEWER, Role.ADMINISTRATOR)
"""Roles that may read everything in a project; raters see only what they are given to judge."""


class Roles(set[str]):
    """The roles of one person in one project, in the order in which `Role` names them."""

    def __iter__(self):
        return iter([role.value for role in Role if role.value in self])


def roles_in(user: User | AnonymousUser, project: Project) -> Roles:
    """The roles *user* has in *project*; empty for a stranger."""
    if not isinstance(user, User):
        return Roles()
    held = Membership.objects.filter(user=user, project=project)
    return Roles(held.values_list("role", flat=True))


def project_for(user: User | AnonymousUser, slug: str, roles: Collection[str]) -> Project:
    """The project *slug* if *user* has one of *roles* in it (administrators have them all).

    Raises Http404 for a stranger and PermissionDenied for a member without such a role.
    The roles found are kept on the project as ``viewer_roles`` for templates.
    """
    project = Project.objects.filter(slug=slug).first()
    held = roles_in(user, project) if project else Roles()
    if project is None or not held:
        raise Http404(f"There is no project {slug!r}, or you are not a member of it.")
    if Role.ADMINISTRATOR not in held and not held & set(roles):
        raise PermissionDenied(f"This page needs the role {' or '.join(sorted(roles))}.")
    project.viewer_roles = held  # type: ignore[attr-defined]
    return project


READING = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing."""


class ProjectArchived(ValueError):
    """Something that would change an archived project; says how it can be changed."""

    def __init__(self, project: Project) -> None:
        super().__init__(
            f"{project} is archived: it can be read, and is not changed. An administrator takes it "
            "out of the archive at the foot of its overview."
        )


def refuse_archived(project: Project) -> None:
    """Raise ProjectArchived for a project that is."""
    if project.archived_at:
        raise ProjectArchived(project)


def hold_unarchived(project: Project) -> None:
    """Keep a project from being archived until the caller's transaction ends, so that work that
    begins now is seen by whoever archives it. Raises ProjectArchived where it was archived.

    Call it before a study or a run is locked: archiving locks the project first, too.
    """
    refuse_archived(Project.objects.select_for_update(no_key=True).get(pk=project.pk))


class InArchive(PermissionDenied):
    """Something would be changed in an archived project: no other role would help."""


def refuse_in_archive(project: Project, method: str | None) -> None:
    """Raise PermissionDenied where *method* would change something in an archived project."""
    if project.archived_at and method not in READING:
        raise InArchive(str(ProjectArchived(project)))


def for_roles(*roles: str, in_archive: bool = False) -> Callable:
    """Decorate a view ``view(request, project, ...)`` under ``<slug:project_slug>`` in the URL.

    *in_archive*: whether it may change something in a project that is archived.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        @login_required
        def checked(request: HttpRequest, project_slug: str, **kwargs: Any) -> HttpResponse:
            project = project_for(request.user, project_slug, roles)
            if not in_archive:
                refuse_in_archive(project, request.method)
            return view(request, project, **kwargs)

        return checked

    return decorate


def projects_of(user: User) -> list[Project]:
    """The projects *user* is a member of, each with ``viewer_roles``."""
    found: dict[int, Project] = {}
    for membership in Membership.objects.filter(user=user).select_related("project"):
        project = found.setdefault(membership.project_id, membership.project)
        roles = getattr(project, "viewer_roles", Roles())
        roles.add(membership.role)
        project.viewer_roles = roles  # type: ignore[attr-defined]
    return sorted(found.values(), key=lambda project: project.name)
