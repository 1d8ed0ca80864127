"""Writes the expectations anew and says every difference: python -m tests.golden_house.write

Without names all is written; with names these scenes, or databases of releases (release-first). A
difference is a changed number: it is written down in docs/adr, or it is a fault. Run it on SQLite;
the tests compare PostgreSQL with it.
"""

import os
import sys
import tempfile
from pathlib import Path

import django

from tests.golden_house.comparing import Facts


def _found(name: str) -> Facts:
    """What today's code makes of a scene, or of the database of a release."""
    from django.db import transaction

    from tests.golden_house.making import scenes
    from tests.golden_house.releases import databases

    if name.startswith("release-"):
        with tempfile.TemporaryDirectory() as place:
            return databases.opened(name.removeprefix("release-"), Path(place))
    with transaction.atomic():
        found = scenes.facts_of(name)
        transaction.set_rollback(True)
    return found


def main(names: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hvae_site.settings")
    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    from tests.golden_house import stored
    from tests.golden_house.comparing import message
    from tests.golden_house.making import scenes
    from tests.golden_house.releases import databases

    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        for name in names or [*scenes.SCENES, *(f"release-{one}" for one in databases.RELEASES)]:
            found = _found(name)
            known = stored.load(name) if (stored.FOLDER / f"{name}.json.gz").exists() else {}
            said = message(name, known, found) if known else f"{name}: written for the first time"
            sys.stdout.write(f"{said or f'{name}: no difference'}\n")
            stored.store(name, found)
    finally:
        teardown_databases(made, verbosity=0)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
