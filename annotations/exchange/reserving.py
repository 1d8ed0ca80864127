"""The statements that find the next item, take a place on it and count what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from annotations.exchange.database import at, one, row_of, run
from annotations.exchange.locking import ITEM_COLUMNS


def reserve_candidate(
    study_id: int, rater_id: int, draw: int, levels: int, *, now: datetime, until: datetime
) -> tuple[int, Sequence[Any]] | None:
    """Take a place on the rater's next item and write the reservation: its id, `ITEM_COLUMNS`.

    On PostgreSQL, in one statement, and an item that somebody else is just taking is not waited
    for: None may then mean that the item was busy, and `candidate` with a guarded update has to be
    asked.
    """
    where = {"study": study_id, "rater": rater_id, "draw": draw}
    wanted = candidate_sql(levels)
    take = "UPDATE annotations_item SET taken = taken + 1 WHERE id = ({})"
    take += f" AND taken < places RETURNING {ITEM_COLUMNS}"
    if connection.vendor != "postgresql":
        row = row_of(take.format(wanted), where)
        if row is None:
            return None
        return insert_assignment(
            row[0], rater_id, is_regular=True, round_=0, now=now, until=until
        ), row
    free = (
        f"SELECT id FROM annotations_item WHERE id = ({wanted}) AND taken < places"  # noqa: S608
        " FOR NO KEY UPDATE SKIP LOCKED"
    )
    columns = ", ".join(f"taken.{name}" for name in ITEM_COLUMNS.split(", "))
    row = row_of(
        f"WITH taken AS ({take.format(free)}), given AS ({_RESERVE} SELECT taken.id, %(rater)s,"  # noqa: S608
        f" 'reserved', true, 0, '', '', %(now)s, %(until)s FROM taken {_AGAIN})"
        f" SELECT given.id, {columns} FROM given, taken",
        {**where, "now": at(now), "until": at(until)},
    )
    return (row[0], row[1:]) if row else None


def candidate(study_id: int, rater_id: int, draw: int, levels: int) -> int | None:
    """The item the rater should judge next, in one query; None where there is none."""
    row = row_of(candidate_sql(levels), {"study": study_id, "rater": rater_id, "draw": draw})
    return row[0] if row else None


@lru_cache
def candidate_sql(levels: int) -> str:
    """For each level (places taken), lowest first: from the pivot on, else from the start up to it.

    The pivot is the draw folded into the positions of the study. The LIMITs of the inner queries
    keep PostgreSQL from rewriting them: levels are looked into one by one, and whether an item is
    the rater's own is one step into an index, never a join with all that they judged.
    """
    probe = """(
        SELECT item.id FROM annotations_item AS item
        WHERE item.study_id = %(study)s AND item.taken < item.places AND item.taken = level.taken
        AND item.position {side} (
            SELECT %(draw)s %% (max(position) + 1) FROM annotations_item
            WHERE study_id = %(study)s
        )
        AND NOT EXISTS (
            SELECT 1 FROM annotations_assignment AS own WHERE own.item_id = item.id
            AND own.rater_id = %(rater)s AND own.state <> 'released' LIMIT 1 OFFSET 0
        )
        ORDER BY item.position LIMIT 1
    )"""
    each_level = " UNION ALL ".join(f"SELECT {taken} AS taken" for taken in range(levels))
    return f"""
        SELECT item_id FROM (
            SELECT COALESCE({probe.format(side=">=")}, {probe.format(side="<")}) AS item_id
            FROM ({each_level}) AS level ORDER BY level.taken LIMIT {levels}
        ) AS found WHERE item_id IS NOT NULL LIMIT 1"""  # noqa: S608 - made of numbers and signs


def take_place(item_id: int) -> bool:
    """Count one more place of an item as taken; False when it has none left."""
    take = "UPDATE annotations_item SET taken = taken + 1 WHERE id = %s AND taken < places"
    return run(take, [item_id]) == 1


def item_row(item_id: int) -> Sequence[Any]:
    return one(f"SELECT {ITEM_COLUMNS} FROM annotations_item WHERE id = %s", [item_id])  # noqa: S608


def insert_assignment(
    item_id: int, rater_id: int, *, is_regular: bool, round_: int, now: datetime, until: datetime
) -> int:
    """Write a reservation; its id. One that this rater let go before is the same row again."""
    row = one(
        f"{_RESERVE} VALUES (%s, %s, 'reserved', %s, %s, '', '', %s, %s) {_AGAIN}",
        [item_id, rater_id, is_regular, round_, at(now), at(until)],
    )
    return row[0]


_RESERVE = (
    "INSERT INTO annotations_assignment (item_id, rater_id, state, is_regular, round,"
    " skip_reason, skip_comment, reserved_at, expires_at)"
)
_AGAIN = (
    "ON CONFLICT (item_id, rater_id, round) DO UPDATE SET state = excluded.state,"
    " reserved_at = excluded.reserved_at, expires_at = excluded.expires_at, closed_at = NULL"
    " RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Left:
    """What a rater can still be handed, the item before them not counted among the open ones.

    open_items: regular items with a free place, counted up to a most. controls: unanswered items
    with a known answer. repeated: repeats answered or skipped.
    """

    open_items: int
    controls: int
    repeated: int


_OPEN = (
    "SELECT count(*) FROM (SELECT 1 FROM annotations_item AS item WHERE item.study_id = %(study)s"
    " AND item.taken < item.places AND NOT EXISTS (SELECT 1 FROM annotations_assignment AS own"
    " WHERE own.item_id = item.id AND own.rater_id = %(rater)s AND own.state <> 'released'"
    " LIMIT 1 OFFSET 0) LIMIT %(most)s) AS open_items"
)
_CONTROLS = (
    "SELECT count(*) FROM annotations_item AS item WHERE item.study_id = %(study)s"
    " AND item.kind <> 'regular' AND item.kind IN ('gold', 'attention')"
    " AND NOT EXISTS (SELECT 1 FROM annotations_assignment AS own WHERE own.item_id = item.id"
    " AND own.rater_id = %(rater)s AND own.state NOT IN ('released', 'reserved'))"
)
_REPEATED = (
    "SELECT count(*) FROM annotations_assignment AS own WHERE own.rater_id = %(rater)s"
    " AND own.round = 1 AND own.state NOT IN ('released', 'reserved')"
)


def count_left(study_id: int, rater_id: int, most: int, *, controls: bool, repeats: bool) -> Left:
    """What the rater can still be handed, in one statement; what is not asked for is 0."""
    row = one(
        f"SELECT ({_OPEN}), ({_CONTROLS if controls else 0}), ({_REPEATED if repeats else 0})",
        {"study": study_id, "rater": rater_id, "most": most},
    )
    return Left(*row)
