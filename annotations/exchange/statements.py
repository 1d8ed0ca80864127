"""The statements of one exchange, in plain SQL: every judgment of every rater runs through them.

Building them from models anew took four times as long as running them, and an exchange has to be
quick under a crowd. Nothing here decides anything: that is done in `judging` and `assignment`.

Locks, always in this order: the rater's row, their assignment, then (PostgreSQL) an advisory lock
on the judged item, and last the row of the next item. SQLite's transactions begin IMMEDIATE: one
writer at a time, so no lock is written out there.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from annotations.scales.numerals import LARGEST_KEY

RATER_COLUMNS = (
    "rater.stage, rater.paused_by_staff, rater.excluded_at, rater.judged,"
    " rater.handed, rater.missed_attention, rater.skipped_regular, study.state,"
    " (SELECT max(id) FROM annotations_guideline WHERE study_id = study.id)"
)

ITEM_COLUMNS = (
    "id, kind, position, trial_id, answer_number, external_id, text, expected, feedback, places"
)


class RowGone(LookupError):
    """The row was deleted meanwhile: somebody had their data deleted in another tab."""


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


@dataclass(frozen=True, slots=True)
class Said:
    """A current judgment. counts: as `Judgment.objects.counted` says."""

    id: int
    assignment_id: int
    revision: int
    label: str
    counts: bool


def counts(line: Line, place: Place) -> bool:
    """Whether a judgment of the place counts, as `Judgment.objects.counted` says."""
    return place.is_regular and not line.excluded_at and place.state != "withdrawn"


def lock_rater(rater_id: int) -> Line:
    """Lock a rater's row until the transaction ends: their acts wait in line. Raises RowGone."""
    sql = (
        f"SELECT {RATER_COLUMNS} FROM annotations_rater AS rater"  # noqa: S608
        " JOIN annotations_study AS study ON study.id = rater.study_id WHERE rater.id = %s"
    )
    return _line(_one(sql + _on_postgres(" FOR NO KEY UPDATE OF rater"), [rater_id]))


def lock_place(rater_id: int, assignment_id: int) -> tuple[Line, Place] | None:
    """Lock the rater and one assignment of theirs, and wait for other judgments of its item.

    None where the rater has no such assignment. Judgments of one item are stored one after the
    other, so that each sees those before it; its row stays free for reservations. An item with a
    known answer, or a repeat, waits for nobody: those do not look at each other.
    """
    if not 0 < assignment_id <= LARGEST_KEY:
        return None
    row = _row(_lock_place_sql(), [assignment_id, rater_id])
    if row is None:
        return None
    return _line(row), Place(row[9], row[10], bool(row[11]), row[12], moment(row[13]), *row[14:24])


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


def current_judgments(place: Place) -> list[Said]:
    """The current judgments of a regular item, oldest first; of another only the rater's own."""
    column, key = "item_id", place.item_id
    if not place.is_regular:
        column, key = "assignment_id", place.assignment_id
    rows = _rows(
        "SELECT said.id, said.assignment_id, said.revision, said.label,"  # noqa: S608
        " said.is_regular AND rater.excluded_at IS NULL AND place.state <> 'withdrawn'"
        " FROM annotations_judgment AS said"
        " JOIN annotations_rater AS rater ON rater.id = said.rater_id"
        " JOIN annotations_assignment AS place ON place.id = said.assignment_id"
        f" WHERE said.{column} = %s AND said.is_current ORDER BY said.id",
        [key],
    )
    return [Said(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows]


JUDGMENT_COLUMNS = (
    *("assignment_id", "item_id", "rater_id", "revision", "is_current", "is_regular"),
    *("guideline_id", "label", "number", "answers", "confidence", "comment", "seconds"),
    *("away_seconds", "focus_losses", "created_at"),
)
RATER_WRITTEN = ("judged", "handed", "missed_attention", "stage")
"""Columns of a rater that an exchange changes."""

_CLOSE = (
    "UPDATE annotations_assignment SET state = %(state)s, closed_at = %(closed_at)s"
    " WHERE id = %(assignment_id)s"
)
_UPDATE_RATER = "UPDATE annotations_rater SET {} WHERE id = %(rater_id)s".format(  # noqa: S608
    ", ".join(f"{name} = %({name})s" for name in RATER_WRITTEN)
)
_INSERT_JUDGMENT = "INSERT INTO annotations_judgment ({}) SELECT {}".format(
    ", ".join(JUDGMENT_COLUMNS), ", ".join(f"%({name})s" for name in JUDGMENT_COLUMNS)
)
_WHERE_ASKED = (
    " FROM annotations_study WHERE id = %(study_id)s AND question_version = %(question_version)s"
)


def insert_judgment(now: datetime, **values: Any) -> None:
    """Write a judgment; *values* are its columns (see `JUDGMENT_COLUMNS`)."""
    values["answers"] = json.dumps(values["answers"])
    _run(_INSERT_JUDGMENT, {**values, "is_current": True, "created_at": at(now)})


def store_first(
    now: datetime, line: Line, study_id: int, question_version: int, **values: Any
) -> bool:
    """Write a first judgment, close its assignment and write back what changed of the rater.

    False where the study asks something else by now: then the transaction must be rolled back. A
    change of what is asked waits for the rows of all raters, so it is seen here, or it sees this
    judgment. One statement on PostgreSQL, where each costs a way to the database and back.
    """
    closed = {"state": "judged", "closed_at": at(now)}
    rater = {name: getattr(line, name) for name in RATER_WRITTEN}
    values["answers"] = json.dumps(values["answers"])
    values |= {"is_current": True, "created_at": at(now)}
    values |= {"study_id": study_id, "question_version": question_version}
    insert = _INSERT_JUDGMENT + _WHERE_ASKED
    if connection.vendor == "postgresql":
        insert = f"WITH closed AS ({_CLOSE}), counted AS ({_UPDATE_RATER}) {insert}"
        return _run(insert, {**values, **closed, **rater}) == 1
    if not _run(insert, values):
        return False
    _run(_CLOSE, {**closed, "assignment_id": values["assignment_id"]})
    _run(_UPDATE_RATER, {**rater, "rater_id": values["rater_id"]})
    return True


def supersede(judgment_id: int) -> None:
    """Mark a judgment as replaced: the only change a judgment row ever sees."""
    _run("UPDATE annotations_judgment SET is_current = %s WHERE id = %s", [False, judgment_id])


def update_rater(rater_id: int, line: Line) -> None:
    """Write back what an exchange changed of a locked rater."""
    changed = {name: getattr(line, name) for name in RATER_WRITTEN}
    _run(_UPDATE_RATER, {**changed, "rater_id": rater_id})


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
        row = _row(take.format(wanted), where)
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
    row = _row(
        f"WITH taken AS ({take.format(free)}), given AS ({_RESERVE} SELECT taken.id, %(rater)s,"  # noqa: S608
        f" 'reserved', true, 0, '', '', %(now)s, %(until)s FROM taken {_AGAIN})"
        f" SELECT given.id, {columns} FROM given, taken",
        {**where, "now": at(now), "until": at(until)},
    )
    return (row[0], row[1:]) if row else None


def candidate(study_id: int, rater_id: int, draw: int, levels: int) -> int | None:
    """The item the rater should judge next, in one query; None where there is none."""
    row = _row(candidate_sql(levels), {"study": study_id, "rater": rater_id, "draw": draw})
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
    return _run(take, [item_id]) == 1


def item_row(item_id: int) -> Sequence[Any]:
    return _one(f"SELECT {ITEM_COLUMNS} FROM annotations_item WHERE id = %s", [item_id])  # noqa: S608


def insert_assignment(
    item_id: int, rater_id: int, *, is_regular: bool, round_: int, now: datetime, until: datetime
) -> int:
    """Write a reservation; its id. One that this rater let go before is the same row again."""
    row = _one(
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
    row = _one(
        f"SELECT ({_OPEN}), ({_CONTROLS if controls else 0}), ({_REPEATED if repeats else 0})",
        {"study": study_id, "rater": rater_id, "most": most},
    )
    return Left(*row)


# --- the two databases ----------------------------------------------------------------------------


def at(time: datetime) -> Any:
    """A moment as a parameter of a statement."""
    return connection.ops.adapt_datetimefield_value(time)


def moment(value: Any) -> datetime:
    """A moment as a statement returned it: SQLite keeps them in UTC, and does not say so."""
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _on_postgres(sql: str) -> str:
    return sql if connection.vendor == "postgresql" else ""


def _line(row: Sequence[Any]) -> Line:
    return Line(row[0], bool(row[1]), moment(row[2]) if row[2] else None, *row[3:9])


def _run(sql: str, parameters: Any) -> int:
    """How many rows were written."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.rowcount


def _one(sql: str, parameters: Any) -> Sequence[Any]:
    """The row; RowGone where there is none."""
    row = _row(sql, parameters)
    if row is None:
        raise RowGone
    return row


def _row(sql: str, parameters: Any) -> Sequence[Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()


def _rows(sql: str, parameters: Any) -> list[Sequence[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
