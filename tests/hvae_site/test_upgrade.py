"""A program that is newer than its database starts nothing, and says what to do in one line."""

import os
import sqlite3
import subprocess
import sys
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import get_commands

from accounts.migrated import DatabaseCommand
from tests.conftest import PROJECT

OWN = {app.name for app in apps.get_app_configs() if (PROJECT / app.name).is_dir()}
WITHOUT_DATABASE = {"read_answers", "score_svo", "serve_local_model"}
MIGRATES_BY_ITSELF = {"demo"}


def own_commands():
    return {name: app for name, app in get_commands().items() if app in OWN}


@pytest.mark.parametrize("name", sorted(own_commands()))
def test_a_command_that_works_on_the_database_asks_for_its_migrations(name):
    command = import_module(f"{own_commands()[name]}.management.commands.{name}").Command
    free = name in WITHOUT_DATABASE | MIGRATES_BY_ITSELF
    assert issubclass(command, DatabaseCommand) is not free


def runner(folder):
    """A function that runs python on a database of its own in *folder*."""
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "hvae_site.settings",
    }

    def run(*arguments):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )

    run.folder = folder
    return run


@pytest.fixture(scope="module")
def older(tmp_path_factory):
    """A folder with the database of a version before the last, as a function that runs there."""
    run = runner(tmp_path_factory.mktemp("older"))
    assert run("manage.py", "migrate", "annotations", "0003").returncode == 0
    return run


@pytest.mark.parametrize(
    "start",
    [
        ("manage.py", "worker"),
        ("-c", "import hvae_site.wsgi"),
        ("manage.py", "change_run", "a run", "pause"),
    ],
)
def test_nothing_starts_on_a_database_that_was_not_migrated(older, start):
    found = older(*start)
    assert found.returncode == 1
    assert "Traceback" not in found.stderr
    (said,) = found.stderr.strip().splitlines()
    assert "The database is older than the program" in said
    assert said.endswith("Back it up, then run: python manage.py migrate")
    assert "annotations 0004_rater_skipped" in said or ", ..." in said


NAMED = ("createsuperuser", "--noinput", "--username", "root", "--email", "root@example.org")


@pytest.mark.parametrize("command", [NAMED, ("clearsessions",)], ids=lambda words: words[0])
def test_a_command_of_djangos_own_says_that_the_database_is_empty(tmp_path, command):
    found = runner(tmp_path)("manage.py", *command)
    assert found.returncode == 1
    assert "Traceback" not in found.stderr
    assert found.stderr.endswith("The database is empty. Run: python manage.py migrate\n")


def test_the_demo_copies_an_older_database_and_migrates_it(older):
    found = older("manage.py", "demo", "--load-only")
    assert found.returncode == 0, found.stderr
    (copy,) = older.folder.glob("*.before-upgrade-*")
    assert str(copy) in found.stdout
    with sqlite3.connect(copy) as database:
        had = {row[0] for row in database.execute("select name from django_migrations")}
    assert "0003_question_version" in had and "0004_rater_skipped" not in had
    assert older("manage.py", "demo", "--load-only").returncode == 0
    assert len(list(older.folder.glob("*.before-upgrade-*"))) == 1


def test_a_database_that_is_made_only_now_is_not_called_older(tmp_path):
    first_start = (
        "import django; django.setup()\n"
        "from accounts.migrated import missing_migrations\n"
        "from hvae_site.management.commands.demo import back_up\n"
        "print(bool(missing_migrations()), back_up())"
    )
    found = runner(tmp_path)("-c", first_start)
    assert found.stdout.split() == ["True", "None"], found.stderr
    assert not list(tmp_path.glob("*.before-upgrade-*"))
