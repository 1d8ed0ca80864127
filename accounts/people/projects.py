"""Making a project: who may, and what one is made with."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.audit import Change, record
from accounts.models import Membership, Project, Role, User
from accounts.people.members import give

MAKERS = (Role.RESEARCHER, Role.ADMINISTRATOR)
LONGEST = Project._meta.get_field("slug").max_length or 50


class ProjectRefused(Exception):
    """A project that cannot be made as asked; says why and how to mend it."""


def may_make_projects(user: User) -> bool:
    """Whether *user* may make a project: who administers the site, or is at work in a project.

    A project calls models with the keys of the site. Somebody who just made an account, or only
    judges, is not to reach them.
    """
    if user.is_superuser or user.is_staff:
        return True
    return Membership.objects.filter(user=user, role__in=MAKERS).exists()


@transaction.atomic
def create_project(name: str, administrator: User, actor: User | None, slug: str = "") -> Project:
    """A new project with its first administrator; *actor* made it (None: the system).

    *slug* names it in addresses, '' makes one of the name. Raises ProjectRefused.
    """
    name = " ".join(name.split())
    if not name:
        raise ProjectRefused("A project needs a name.")
    if slug and slug != slugify(slug):
        raise ProjectRefused(f"{slug!r} cannot stand in an address: write {slugify(slug)!r}.")
    if len(slug) > LONGEST:
        raise ProjectRefused(f"{slug!r} is longer than {LONGEST} characters.")
    try:
        with transaction.atomic():
            project = Project.objects.create(name=name, slug=slug or _free_slug(name))
    except IntegrityError:
        raise ProjectRefused(f"There is a project {slug or name!r} already.") from None
    record(project, actor, "project made", project, Change(None, {"name": name}), slug=project.slug)
    give(project, actor, administrator, [Role.ADMINISTRATOR])
    return project


def _free_slug(name: str) -> str:
    """What stands for *name* in addresses and for no other project yet."""
    base = slugify(name)[: LONGEST - 5].strip("-") or "project"
    taken = set(Project.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)
