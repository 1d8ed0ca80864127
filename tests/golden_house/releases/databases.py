"""A small house as an earlier release made it: dumps of its database, and how they were made.

`make` ran in a checkout of each release, with this package copied into its tests:

    DATABASE_URL=... python -m tests.golden_house.releases.databases make first
    DATABASE_URL=... python -m tests.golden_house.releases.databases dump first

first  94a9082, the first release: the first state of the code whose migrations stand unchanged.
last   d883424, the state before runs, cells and scores were made ready for a second instrument.

A further release is a name here, a dump for each database, and what is expected of it.
"""

import gzip
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import dropwhile
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import django

FOLDER = Path(__file__).parent
RELEASES = ("first", "last")
PROJECT = "golden"
OF_THE_SESSION = re.compile(r"^(SET |SELECT pg_catalog\.set_config|--|$)")
OF_PSQL = re.compile(r"^\\(un)?restrict ")
"""Lines of a dump that set up a session (before its first statement), or that only `psql` reads."""


def file_of(release: str, vendor: str) -> Path:
    return FOLDER / f"{release}.{vendor}.sql.gz"


def script_of(release: str, vendor: str) -> str:
    """The statements that make the database of *release* again."""
    return gzip.decompress(file_of(release, vendor).read_bytes()).decode()


# --- opened by today's code -----------------------------------------------------------------------


def opened(release: str, folder: Path) -> dict[str, Any]:
    """What `opens` says of the database of *release*, restored on the kind of database at hand.

    Raises AssertionError with what went wrong where it does not open.
    """
    out = folder / "facts.json"
    with _restored(release, folder) as address:
        found = subprocess.run(
            [sys.executable, "-m", "tests.golden_house.releases.opens", str(out)],
            cwd=Path(__file__).parents[3],
            env={**os.environ, "DATABASE_URL": address, "VAR_DIR": str(folder)},
            capture_output=True,
            text=True,
        )
    assert found.returncode == 0, found.stderr[-6000:]
    return json.loads(out.read_text("utf-8"))


@contextmanager
def _restored(release: str, folder: Path) -> Iterator[str]:
    """The address of a new database with the rows of *release*; gone afterwards."""
    from django.db import connection

    script = script_of(release, connection.vendor)
    if connection.vendor == "sqlite":
        file = folder / f"{release}.sqlite3"
        with closing(sqlite3.connect(file)) as database:
            database.executescript(script)
        yield f"sqlite:///{file}"
        return
    server = urlsplit(os.environ["DATABASE_URL"])
    name = f"golden_{release}_{os.getpid()}"
    with closing(_connected(server, "postgres")) as administration:
        administration.execute(f"CREATE DATABASE {name}")
        try:
            with closing(_connected(server, name)) as database:
                database.execute(script)
            yield server._replace(path=f"/{name}").geturl()
        finally:
            administration.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _connected(server: SplitResult, name: str) -> Any:
    import psycopg

    return psycopg.connect(server._replace(path=f"/{name}").geturl(), autocommit=True)


# --- made once, by the release itself -------------------------------------------------------------


def make(release: str) -> None:
    """Fill the migrated database at hand with what the release could do, each study reported."""
    from tests.golden_house import reading
    from tests.golden_house.leaving import command
    from tests.golden_house.making import judged, people, tables
    from tests.golden_house.making.clock import standing_clock
    from tests.golden_house.making.fresh import seeded_pseudonyms

    command("migrate")
    with (
        tempfile.TemporaryDirectory() as place,
        standing_clock() as clock,
        seeded_pseudonyms(release),
    ):
        folder = Path(place)
        people.project_of(PROJECT)
        judged.with_controls(folder, clock)
        exported = folder / "trials.jsonl"
        command("export_trials", "--project", PROJECT, "--run", "simulated", "--out", exported)
        command("import_trials", exported, "--project", PROJECT, "--run", "imported")
        run = ("--run", "imported", "--n", "8", "--seed", "2")
        texts = ("--texts", tables.write(folder / "texts.csv", TEXTS))
        for name, options in STUDIES.items():
            if (release, name) == ("first", "traits"):
                continue  # nobody could answer a vector as the first question
            items = texts if "vector" in options else run
            made = ("--project", PROJECT, "--name", name, "--open")
            command("create_study", *made, *items, *options)
            judged.judged_in_turn(clock, name, raters=2, most=8)
        for name, (scale, options, say) in _imports().items():
            judgments = tables.write(folder / "judgments.csv", _judged(say))
            labels = tables.write(folder / "labels.csv", _labelled(say))
            more = ("--project", PROJECT, "--automated", labels, *options)
            command("import_judgments", judgments, "--study", name, "--scale", scale, *more)
        for slug in reading.slugs(PROJECT):
            out = ("--format", "json", "--out", folder / "report.json")
            command("agreement_report", slug, "--project", PROJECT, *out)
    _forget_sessions()


STUDIES = {
    "angles": ("--kind", "angle", "--tolerance", "12"),
    "letters": ("--unit", "answer", "--kind", "option"),
    "traits": (
        *("--kind", "declared", "--question", "Which traits?", "--scale", "vector"),
        *("--categories", "care", "power", "fairness"),
    ),
}
TEXTS = [{"id": f"t{number}", "text": f"Text {number}"} for number in range(1, 9)]


def _imports() -> dict[str, tuple[str, tuple[str, ...], Any]]:
    from tests.golden_house.making import imported

    return {
        "stances": ("nominal", ("--categories", *imported.STANCES), imported.of_stance(0.8)),
        "levels": ("ordinal", ("--categories", *imported.LEVELS), imported.of_level(0.8)),
        "numbers": ("interval", (), imported.of_number(15)),
    }


def _judged(say: Any) -> list[dict[str, Any]]:
    """Plain judgments of three raters on twenty items."""
    from tests.golden_house.making import tables

    rows = tables.judgments(5, 20, 3, say, missing=0.1)
    names = ("item", "rater", "value", "text")
    return [{name: row[name] for name in names} for row in rows if row["stage"] == ""]


def _labelled(say: Any) -> list[dict[str, Any]]:
    from tests.golden_house.making import tables

    rows = tables.labels(6, 20, {"metric": say})
    return [{name: row[name] for name in ("item", "scorer", "value")} for row in rows]


def _forget_sessions() -> None:
    from django.contrib.sessions.models import Session

    Session.objects.all().delete()


def dump(release: str) -> None:
    """Write the database at hand as statements; of PostgreSQL by `pg_dump`."""
    from django.db import connection

    if connection.vendor == "sqlite":
        with sqlite3.connect(connection.settings_dict["NAME"]) as database:
            script = "\n".join(database.iterdump())
    else:
        address = os.environ["DATABASE_URL"]
        options = ("--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges")
        said = subprocess.run(["pg_dump", *options, address], capture_output=True, check=True)
        script = "\n".join(_statements(said.stdout.decode()))
    FOLDER.mkdir(exist_ok=True)
    packed = gzip.compress(f"{script}\n".encode(), compresslevel=9, mtime=0)
    file_of(release, connection.vendor).write_bytes(packed)


def _statements(script: str) -> list[str]:
    """The lines of a dump without those that are of one version of the program."""
    lines = [line for line in script.split("\n") if not OF_PSQL.match(line)]
    return list(dropwhile(OF_THE_SESSION.match, lines))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hvae_site.settings")
    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    {"make": make, "dump": dump}[sys.argv[1]](sys.argv[2])
