"""What one exchange locks: the rater and their place, as they are while the lock is held.

Locks, always in this order: the rater's row, their assignment, then (PostgreSQL) an advisory lock
on the judged item, and last the row of the next item (`reserving`). SQLite's transactions begin
IMMEDIATE: one writer at a time, so no lock is written out there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from annotations.exchange.database import moment, on_postgres, one, row_of
from annotations.scales.numerals import LARGEST_KEY

RATER_COLUMNS = (
    "rater.stage, rater.paused_by_staff, rater.excluded_at, rater.judged,"
    " rater.handed, rater.missed_attention, rater.skipped_regular, study.state,"
    " (SELECT max(id) FROM annotations_guideline WHERE study_id = study.id)"
)

ITEM_COLUMNS = (
    "id, kind, position, trial_id, answer_number, external_id, text, expected, feedback, places"
)


@dataclass(slots=True)
class Line:
    """What can change between two exchanges of a rater, as it is while their row is locked.

    `update_rater` writes the rater's part of it back.
    """

    stage: str
    paused: bool
    excluded_at: datetime | None
    judged: int
    handed: int
    missed_attention: int
    skipped_regular: int
    study_state: str
    guideline_id: int | None

    @property
    def regular(self) -> int:
        """Regular items judged or skipped."""
        return self.judged + self.skipped_regular


@dataclass(frozen=True, slots=True)
class Place:
    """An assignment of the rater and its item; locked, but for the item."""

    assignment_id: int
    state: str
    is_regular: bool
    round: int
    reserved_at: datetime
    item_id: int
    kind: str
    position: int
    trial_id: int | None
    answer_number: int | None
    external_id: str
    text: str
    expected: str
    feedback: str
    places: int


def counts(line: Line, place: Place) -> bool:
    """Whether a judgment of the place counts, as `Judgment.objects.counted` says."""
    return place.is_regular and not line.excluded_at and place.state != "withdrawn"


def lock_rater(rater_id: int) -> Line:
    """Lock a rater's row until the transaction ends: their acts wait in line. Raises RowGone."""
    sql = (
        f"SELECT {RATER_COLUMNS} FROM annotations_rater AS rater"  # noqa: S608
        " JOIN annotations_study AS study ON study.id = rater.study_id WHERE rater.id = %s"
    )
    return line_of(one(sql + on_postgres(" FOR NO KEY UPDATE OF rater"), [rater_id]))


def lock_place(rater_id: int, assignment_id: int) -> tuple[Line, Place] | None:
    """Lock the rater and one assignment of theirs, and wait for other judgments of its item.

    None where the rater has no such assignment. Judgments of one item are stored one after the
    other, so that each sees those before it; its row stays free for reservations. An item with a
    known answer, or a repeat, waits for nobody: those do not look at each other.
    """
    if not 0 < assignment_id <= LARGEST_KEY:
        return None
    row = row_of(_lock_place_sql(), [assignment_id, rater_id])
    if row is None:
        return None
    return line_of(row), Place(
        row[9], row[10], bool(row[11]), row[12], moment(row[13]), *row[14:24]
    )


@lru_cache
def _lock_place_sql() -> str:
    items = ", ".join(f"item.{name}" for name in ITEM_COLUMNS.split(", "))
    rows = f"""
        SELECT {RATER_COLUMNS},
        assignment.id AS own, assignment.state AS own_state, assignment.is_regular,
        assignment.round, assignment.reserved_at, {items.replace("item.id", "item.id AS item")}
        FROM annotations_assignment AS assignment
        JOIN annotations_rater AS rater ON rater.id = assignment.rater_id
        JOIN annotations_study AS study ON study.id = rater.study_id
        JOIN annotations_item AS item ON item.id = assignment.item_id
        WHERE assignment.id = %s AND rater.id = %s"""  # noqa: S608 - made of names of columns
    if connection.vendor != "postgresql":
        return rows
    # The rows are locked inside, and only then is the advisory lock waited for.
    return f"""
        SELECT held.*, pg_advisory_xact_lock(
            CASE WHEN is_regular AND round = 0 THEN item ELSE -own END
        ) FROM ({rows} FOR NO KEY UPDATE OF rater, assignment) AS held"""  # noqa: S608


def line_of(row: Sequence[Any]) -> Line:
    return Line(row[0], bool(row[1]), moment(row[2]) if row[2] else None, *row[3:9])
