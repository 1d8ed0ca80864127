"""Make a project, for scripts."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.management.accounts_named import account_named
from accounts.migrated import DatabaseCommand
from accounts.people.projects import ProjectRefused, create_project


class Command(DatabaseCommand):
    help = "Make a project with its first administrator, who has an account already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="what names it in addresses, such as values-lab")
        parser.add_argument("name", help="what its people call it")
        parser.add_argument("--administrator", required=True, metavar="ACCOUNT")

    def handle(self, *args: Any, **options: Any) -> None:
        administrator = account_named(options["administrator"])
        try:
            project = create_project(options["name"], administrator, None, options["slug"])
        except ProjectRefused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{project.slug} is made; {administrator} administers it.")
