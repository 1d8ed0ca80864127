"""Many rows of one table at once: COPY on PostgreSQL, one prepared INSERT on SQLite.

Neither makes an object a row, and neither looks whether a row is right: whoever calls it has
checked. What the database itself refuses it still refuses.
"""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.db import connection
from django.db.models import DateTimeField, Field, JSONField, Model
from django.db.models.expressions import DatabaseDefault


class Loader:
    """Writes rows of *model* of which the columns *names* differ.

    names: attributes of the model (``item_id``); a row is a tuple of their values. All other
    columns have the value in *same*, or their default.
    """

    def __init__(self, model: type[Model], *names: str, **same: Any) -> None:
        by_name = {field.attname: field for field in model._meta.concrete_fields}
        fields = [by_name.pop(name) for name in names]
        self._prepared = [
            (at, field)
            for at, field in enumerate(fields)
            if isinstance(field, JSONField | DateTimeField)
        ]
        blank = model(**same)
        others = [
            (field, _ready(field, field.pre_save(blank, add=True)))
            for field in by_name.values()
            if not field.primary_key
        ]
        others = [(field, value) for field, value in others if not _is_left_out(value)]
        self._same = tuple(value for _, value in others)
        quote = connection.ops.quote_name
        self._table = quote(model._meta.db_table)
        columns = [cast(str, field.column) for field in [*fields, *(field for field, _ in others)]]
        self._columns = ", ".join(map(quote, columns))
        self._width = len(columns)

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Write *rows*, in their order."""
        ready = (self._row(row) for row in rows)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                sql = f"COPY {self._table} ({self._columns}) FROM STDIN"
                with connection.wrap_database_errors, cursor.copy(sql) as copy:
                    for row in ready:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * self._width)
                sql = f"INSERT INTO {self._table} ({self._columns}) VALUES ({marks})"  # noqa: S608
                cursor.executemany(sql, cast(Any, ready))

    def _row(self, row: Sequence[Any]) -> tuple[Any, ...]:
        if not self._prepared:
            return (*row, *self._same)
        cells = list(row)
        for at, field in self._prepared:
            cells[at] = _ready(field, cells[at])
        return (*cells, *self._same)


def _ready(field: Field, value: Any) -> Any:
    return value if _is_left_out(value) else field.get_db_prep_save(value, connection)


def _is_left_out(value: Any) -> bool:
    """Whether the database puts in a default of its own."""
    return isinstance(value, DatabaseDefault)


def new_keys(model: type[Model], count: int) -> list[int]:
    """Reserve *count* keys of new rows, ascending; call it in the transaction that writes them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), model._meta.pk.column, count],
            )
            return sorted(key for (key,) in cursor.fetchall())
        # Written before it is read: from here on nobody else can take the same keys.
        cursor.execute(
            "UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s RETURNING seq",
            [count, table],
        )
        found = cursor.fetchone()
        if found is None:
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, count]
            )
            found = (count,)
        return list(range(found[0] - count + 1, found[0] + 1))
