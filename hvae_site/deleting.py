"""Deleting a project with everything in it."""

from django.db import transaction

from accounts.deletion.whole import DeletionRefused, Going, delete_whole
from accounts.models import Project, User
from hvae_site.at_work import hold_at_rest


@transaction.atomic
def delete_project(project: Project, actor: User | None, typed: str) -> Going:
    """Delete a project with its runs, studies, reports, roles and trail; *typed* is its name.

    People keep their accounts. Raises DeletionRefused while somebody is at work in it.
    """
    if work := hold_at_rest(project):
        raise DeletionRefused(work)
    return delete_whole(project, project, actor, typed, slug=project.slug)
