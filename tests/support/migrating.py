"""A database as it was after a migration, with rows of then, and how the next ones leave them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

NEWEST = "newest"
"""Everything migrated: models of today fit."""

At = Callable[[str, str], Callable[[str, str], Any]]


@pytest.fixture
def at(transactional_db) -> Iterator[At]:
    """A function: migrate an app to a migration, forwards or backwards, and return what gives the
    models of then by app and name. Other apps are where that leaves them; whatever happens, the
    next test finds the database at the newest."""

    def migrate(app: str, name: str) -> Callable[[str, str], Any]:
        executor = MigrationExecutor(connection)
        newest = executor.loader.graph.leaf_nodes()
        executor.migrate(newest if name == NEWEST else [(app, name)])
        executor.loader.build_graph()
        applied = list(executor.loader.applied_migrations)
        return executor.loader.project_state(applied).apps.get_model

    yield migrate
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
