"""Runs parts of the bench on the database of DATABASE_URL: ``python -m bench.annotation.parts
PART...``; started by `bench.annotation` with the settings of a production server."""

import os
import sys

import django
from django.core.management import call_command

from bench import lib


def main(names: list[str]) -> int:
    lib.clean_up_when_terminated()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hvae_site.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    # Only now: these import models.
    from django.db import connection

    from bench.annotation import crash, growth, imports, load, race, scene

    parts = {
        "load": load.run,
        "race": race.run,
        "crash": crash.run,
        "database_crash": crash.run_database,
        "growth": growth.run,
        "import": imports.run,
    }
    scene.real_trials()
    invariants = lib.Invariants()
    for name in names:
        parts[name](connection.vendor, invariants)
    return invariants.exit_status()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
