"""The way of a plain statement to the database, where the two databases differ as well.

The statements of one exchange are plain SQL, for every judgment of every rater runs through them:
building them from models anew took four times as long as running them, and an exchange has to be
quick under a crowd. They decide nothing: that is done in `judging` and `assignment`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection


class RowGone(LookupError):
    """The row was deleted meanwhile: somebody had their data deleted in another tab."""


def at(time: datetime) -> Any:
    """A moment as a parameter of a statement."""
    return connection.ops.adapt_datetimefield_value(time)


def moment(value: Any) -> datetime:
    """A moment as a statement returned it: SQLite keeps them in UTC, and does not say so."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def on_postgres(sql: str) -> str:
    return sql if connection.vendor == "postgresql" else ""


def run(sql: str, parameters: Any) -> int:
    """How many rows were written."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def one(sql: str, parameters: Any) -> Sequence[Any]:
    """The row; RowGone where there is none."""
    row = row_of(sql, parameters)
    if row is None:
        raise RowGone
    return row


def row_of(sql: str, parameters: Any) -> Sequence[Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()


def rows_of(sql: str, parameters: Any) -> list[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
