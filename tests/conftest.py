"""Fixtures shared by the whole suite."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, connections

from tests.support.examples import load_profile

pytest_plugins = [
    "tests.cast",
    "tests.support.addresses",
    "tests.support.clocks",
    "tests.support.entries",
    "tests.support.migrated_once",
    "tests.support.migrating",
    "tests.support.passwords",
    "tests.support.server",
    "tests.support.world",
]

load_profile()

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data sets that stay outside the project; skips where it is absent."""
    folder = Path(os.environ.get("SHARED_DATA", PROJECT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the public data sets are not at {folder} (set SHARED_DATA to their folder)")
    return folder


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="run only the tests that touch the database, without a browser: for a second database",
    )


def touches_browser(item: pytest.Item) -> bool:
    return "browser" in getattr(item, "fixturenames", ())


def touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(
        item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db", "live_server"}
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # The browser's event loop stays in its thread once it is there, and no other can run beside it.
    items.sort(key=touches_browser)
    if not config.getoption("--only-database"):
        return
    kept = [
        item
        for item in items
        if touches_database(item)
        and not touches_browser(item)
        and not item.get_closest_marker("local_model")
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


@pytest.fixture
def many_connections(transactional_db, tmp_path) -> Callable[[], None]:
    """A database several threads can really write to at once.

    SQLite's test database lives in memory, where concurrent writers meet a lock of another kind
    than in a file; so the test moves to a file and back. Returns what a thread calls at its end.
    """
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield connections.close_all
        return
    in_memory, name = connections["default"], connections.settings["default"]["NAME"]
    connections.settings["default"]["NAME"] = str(tmp_path / "race.sqlite3")
    connections["default"] = connections.create_connection("default")
    connections["default"].ensure_connection()
    in_memory.connection.backup(connections["default"].connection)
    yield connections.close_all
    connections["default"].close()
    connections["default"] = in_memory
    connections.settings["default"]["NAME"] = name
