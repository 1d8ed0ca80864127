"""Archiving a project: it can be read by its people, leaves their lists, and is not changed."""

from django.db import transaction

from accounts import clock
from accounts.audit import Change, record
from accounts.models import Project, User
from accounts.people.members import lock_project
from hvae_site.at_work import hold_at_rest


class ArchivingRefused(Exception):
    """A project that cannot be archived as things are; says why and what to do first."""


@transaction.atomic
def archive(project: Project, actor: User) -> None:
    """Archive a project that is at rest; once it is archived this does nothing.

    Raises ArchivingRefused.
    """
    held = lock_project(project)
    if held.archived_at:
        return
    if work := hold_at_rest(held):
        raise ArchivingRefused(work)
    _set(held, actor, True)


@transaction.atomic
def take_out(project: Project, actor: User) -> None:
    """Let work go on in an archived project."""
    held = lock_project(project)
    if held.archived_at:
        _set(held, actor, False)


def _set(project: Project, actor: User, archived: bool) -> None:
    project.archived_at = clock.now() if archived else None
    project.save(update_fields=["archived_at"])
    verb = "project archived" if archived else "project taken out of the archive"
    record(
        project, actor, verb, project, Change({"archived": not archived}, {"archived": archived})
    )
