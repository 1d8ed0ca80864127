"""Whether the database is as this version of the program needs it; nothing starts where it is not.

A program that is newer than its database would fail at the first query that names what is missing,
in the middle of somebody's work. One that is older goes on: migrations only add while both run.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from accounts.acting import acts_for_process, shell_user
from accounts.models import Door

INSTRUCTION = "python manage.py migrate"

_complete = False
"""Kept once found: a database never loses its migrations while a process runs."""


class NotMigratedError(Exception):
    """The database lacks migrations; says which and what to do."""


def missing_migrations() -> list[str]:
    """Migrations of this program that the database has not had, such as 'annotations 0005_mark'."""
    global _complete
    if _complete:
        return []
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    missing = [f"{migration.app_label} {migration.name}" for migration, _ in plan]
    _complete = not missing
    return missing


def require_migrated() -> None:
    """Raise NotMigratedError unless the database has had every migration."""
    if missing := missing_migrations():
        if not MigrationRecorder(connections[DEFAULT_DB_ALIAS]).has_table():
            raise NotMigratedError(f"The database is empty. Run: {INSTRUCTION}")
        first = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
        raise NotMigratedError(
            f"The database is older than the program: {len(missing)} migrations are missing "
            f"({first}). Back it up, then run: {INSTRUCTION}"
        )


class DatabaseCommand(BaseCommand):
    """A command that works on the database, and refuses one that was not migrated. What it does is
    written down as its own."""

    requires_migrations_checks = True
    door = Door.COMMAND

    def execute(self, *args: Any, **options: Any) -> str | None:
        name = type(self).__module__.rpartition(".")[2]
        with acts_for_process(self.door, f"{shell_user()}: {name}"):
            return super().execute(*args, **options)

    def check_migrations(self, *args: Any, **options: Any) -> None:
        try:
            require_migrated()
        except NotMigratedError as error:
            raise CommandError(str(error)) from None
