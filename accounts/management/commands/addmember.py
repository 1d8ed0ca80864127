"""Give an account a role in a project, or end it, for scripts."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from accounts.access import ProjectArchived, refuse_archived, roles_in
from accounts.management.accounts_named import account_named
from accounts.migrated import DatabaseCommand
from accounts.models import Project, Role
from accounts.people.members import MembersRefused, change_roles, lock_project


class Command(DatabaseCommand):
    help = "Give an account a role in a project; with --end, take it away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("project", metavar="SLUG")
        parser.add_argument("account", help="a user name or an e-mail address")
        parser.add_argument("role", choices=[role.value for role in Role])
        parser.add_argument("--end", action="store_true", help="end the role instead")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        person = account_named(options["account"])
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"there is no project {options['project']!r}")
        try:
            locked = lock_project(project)
            if not options["end"]:
                refuse_archived(locked)
            held, named = roles_in(person, project), {options["role"]}
            change_roles(project, None, person, held - named if options["end"] else held | named)
        except (MembersRefused, ProjectArchived) as error:
            raise CommandError(str(error)) from None
        roles = ", ".join(roles_in(person, project)) or "no member"
        self.stdout.write(f"{person} is {roles} in {project.slug}.")
