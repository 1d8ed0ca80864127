"""SQLite's test database starts as a copy of one that was migrated before.

Every worker of every run would spend ten seconds on the same migrations. The copy is kept in
pytest's cache under a hash of all migrations; what is left of `migrate` still runs on it. Migration
tests move between states themselves and are not touched.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.db import connection

PROJECT = Path(__file__).resolve().parents[2]


def fingerprint() -> str:
    """A hash of the migrations of all installed apps, other people's too."""
    found = hashlib.sha256(f"{django.VERSION} {sqlite3.sqlite_version}".encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for path in sorted(Path(app.path).glob("migrations/*.py")):
            found.update(f"{app.label} {path.name}".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def migrated(folder: Path) -> Path:
    """The file of a migrated database; made by the first who asks, the others wait."""
    kept = folder / f"{fingerprint()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            for old in folder.glob("*.sqlite3*"):
                old.unlink()
            making = kept.with_suffix(".sqlite3-made")
            url = {"DATABASE_URL": f"sqlite:///{making}"}
            command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(command, cwd=PROJECT, env={**os.environ, **url}, check=True)
            making.rename(kept)
    return kept


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Fill the database in memory, as soon as it is there, from the migrated file."""
    if connection.vendor != "sqlite" or connection.settings_dict["TEST"]["NAME"]:
        yield
        return
    folder = request.config.cache.mkdir("migrated")
    creation, opened = connection.creation, []
    create = creation._create_test_db

    def filled(verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name: str = create(verbosity, autoclobber, keepdb)
        # Held open until Django's own connection is there: memory without a connection is lost.
        opened.append(memory := sqlite3.connect(name, uri=True))
        with sqlite3.connect(migrated(folder)) as kept:
            kept.backup(memory)
        kept.close()
        return name

    creation._create_test_db = filled
    yield
    for memory in opened:
        memory.close()
