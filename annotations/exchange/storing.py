"""The statements that store a judgment, and those that read what it stands beside."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from annotations.exchange.database import at, rows_of, run
from annotations.exchange.locking import Line, Place
from annotations.models import Judgment, Mark
from evaluations.text.passages.spans import Span


@dataclass(frozen=True, slots=True)
class Said:
    """A current judgment. counts: as `Judgment.objects.counted` says."""

    id: int
    assignment_id: int
    revision: int
    label: str
    counts: bool


def current_judgments(place: Place) -> list[Said]:
    """The current judgments of a regular item, oldest first; of another only the rater's own."""
    column, key = "item_id", place.item_id
    if not place.is_regular:
        column, key = "assignment_id", place.assignment_id
    rows = rows_of(
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
    *("guideline_id", "label", "number", "answers", "at_once"),
    *("confidence", "comment", "seconds"),
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
    values |= _as_json(values)
    run(_INSERT_JUDGMENT, {**values, "is_current": True, "created_at": at(now)})


def _as_json(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: json.dumps(values[name]) for name in ("answers", "at_once")}


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
    values |= _as_json(values) | {"is_current": True, "created_at": at(now)}
    values |= {"study_id": study_id, "question_version": question_version}
    insert = _INSERT_JUDGMENT + _WHERE_ASKED
    if connection.vendor == "postgresql":
        insert = f"WITH closed AS ({_CLOSE}), counted AS ({_UPDATE_RATER}) {insert}"
        return run(insert, {**values, **closed, **rater}) == 1
    if not run(insert, values):
        return False
    run(_CLOSE, {**closed, "assignment_id": values["assignment_id"]})
    run(_UPDATE_RATER, {**rater, "rater_id": values["rater_id"]})
    return True


def insert_marks(assignment_id: int, revision: int, spans: Sequence[Span]) -> None:
    """Write the passages that came with a judgment; no statement where there are none."""
    if spans:
        judgment = Judgment.objects.only("pk").get(assignment=assignment_id, revision=revision)
        Mark.objects.bulk_create(Mark(judgment=judgment, **asdict(span)) for span in spans)


def insert_marks_of(spans: Mapping[int, Sequence[Span]]) -> None:
    """Write passages by the assignment that the first judgment with them belongs to."""
    keys = dict(
        Judgment.objects.filter(assignment__in=list(spans), revision=1).values_list(
            "assignment_id", "pk"
        )
    )
    Mark.objects.bulk_create(
        Mark(judgment_id=keys[assignment], **asdict(span))
        for assignment, found in spans.items()
        for span in found
    )


def marks_of(judgment_id: int) -> list[Span]:
    """The passages that came with a judgment, in their order."""
    columns = Mark.objects.filter(judgment=judgment_id).values_list(*Span.__dataclass_fields__)
    return sorted(Span(*row) for row in columns)


def supersede(judgment_id: int) -> None:
    """Mark a judgment as replaced: the only change a judgment row ever sees."""
    run("UPDATE annotations_judgment SET is_current = %s WHERE id = %s", [False, judgment_id])


def update_rater(rater_id: int, line: Line) -> None:
    """Write back what an exchange changed of a locked rater."""
    changed = {name: getattr(line, name) for name in RATER_WRITTEN}
    run(_UPDATE_RATER, {**changed, "rater_id": rater_id})
