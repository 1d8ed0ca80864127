#!/usr/bin/env python
"""Django's command-line door to this project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hvae_site.settings")
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    try:
        execute_from_command_line(sys.argv)
    except DatabaseError:
        # Commands of Django's own look at no migrations before they ask for a table.
        from accounts.migrated import NotMigratedError, require_migrated

        try:
            require_migrated()
        except NotMigratedError as error:
            sys.exit(str(error))
        raise


if __name__ == "__main__":
    main()
