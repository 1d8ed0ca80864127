"""A scene begins as in a new database: primary keys count from 1 and pseudonyms are drawn by seed.

Keys of trials stand in data sets and keys of raters decide what these are handed, so both belong
to what is compared. On a database that was used before (and rolled back) numbers would go on.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection


def number_from_one() -> None:
    """Let the keys of every empty table begin at 1 again; undone with the transaction."""
    empty = {model._meta.db_table for model in apps.get_models() if not _has_rows(model)}
    sequences = [one for one in connection.introspection.sequence_list() if one["table"] in empty]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_by_name_sql(no_style(), sequences):
            cursor.execute(statement)


def _has_rows(model) -> bool:
    return model._meta.managed and model._base_manager.exists()


@contextmanager
def seeded_pseudonyms(seed: str) -> Iterator[None]:
    """Let what is drawn by `secrets.choice`, pseudonyms alone, be the same in every run."""
    chance = random.Random(seed)
    with mock.patch("secrets.choice", lambda letters: letters[int(chance.random() * len(letters))]):
        yield
