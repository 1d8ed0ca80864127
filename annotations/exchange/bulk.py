"""Judgments that arrive all at once: from a file, or from simulated raters."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import F

from accounts import clock
from annotations.exchange.loading import Loader, new_keys
from annotations.exchange.storing import insert_marks_of
from annotations.models import Assignment, Item, Judgment, Rater
from evaluations.text.passages.spans import Span

BATCH = 20_000
"""Rows in memory at once."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Said:
    """One judgment to store: of which item, by which rater."""

    item_id: int
    rater_id: int
    label: str
    number: float | None = None
    confidence: int | None = None
    seconds: float | None = None
    more: "More | None" = None


@dataclass(frozen=True, slots=True)
class More:
    """What else may be known of a judgment; of one made here all of it is."""

    shown_at: datetime | None = None
    sent_at: datetime | None = None
    state: str = Assignment.State.JUDGED
    is_regular: bool = True
    round: int = 0
    guideline_id: int | None = None
    away_seconds: float | None = None
    focus_losses: int | None = None
    comment: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    marks: Sequence[Span] = ()
    at_once: Sequence[str] = ()


NOTHING = More()


@transaction.atomic
def store_judgments(
    judgments: Iterable[Said],
    on_stored: Callable[[int], object] = lambda count: None,
    *,
    is_counted: bool = False,
    in_detail: bool = False,
) -> int:
    """Store judgments of items and raters that have none of each other yet; return how many.

    Takes a place for each (unless *is_counted*: then the items and raters were made with these
    judgments in their counts); the database refuses (IntegrityError) a judgment for which its item
    has no place left, or a second one of the same rater on an item. *in_detail*: with all that is
    known `More` of each. Calls *on_stored* with the size of each batch.
    """
    total, store = 0, _DetailedStore() if in_detail else _Store()
    for batch in batches(judgments):
        store.add(batch)
        if not is_counted:
            _count_up(Item, "taken", Counter(said.item_id for said in batch))
            _count_up(Rater, "judged", Counter(said.rater_id for said in batch))
        total += len(batch)
        on_stored(len(batch))
    return total


def batches(rows: Iterable[Row]) -> Iterable[list[Row]]:
    """Cut *rows* into lists of at most `BATCH`."""
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH)):
        yield batch


class _Store:
    """Writes judgments with their assignments."""

    def __init__(self) -> None:
        now = clock.now()
        self._assignments = Loader(
            Assignment,
            *("id", "item_id", "rater_id"),
            state=Assignment.State.JUDGED,
            reserved_at=now,
            expires_at=now,
            closed_at=now,
        )
        said = ("item_id", "rater_id", "label", "number", "confidence", "seconds")
        self._judgments = Loader(Judgment, "assignment_id", *said)

    def add(self, batch: Sequence[Said]) -> None:
        keys = new_keys(Assignment, len(batch))
        pairs = list(zip(keys, batch, strict=True))
        self._assignments.write((key, said.item_id, said.rater_id) for key, said in pairs)
        self._judgments.write(
            (
                key,
                said.item_id,
                said.rater_id,
                said.label,
                said.number,
                said.confidence,
                said.seconds,
            )
            for key, said in pairs
        )


class _DetailedStore:
    """As `_Store`, with all that may be known of a judgment."""

    def __init__(self) -> None:
        self._now = clock.now()
        self._assignments = Loader(
            Assignment,
            *("id", "item_id", "rater_id", "state", "is_regular", "round"),
            *("reserved_at", "expires_at", "closed_at"),
        )
        self._judgments = Loader(
            Judgment,
            *("assignment_id", "item_id", "rater_id", "label", "number", "confidence", "seconds"),
            *("is_regular", "guideline_id", "away_seconds", "focus_losses", "comment", "answers"),
            *("at_once", "created_at"),
        )

    def add(self, batch: Sequence[Said]) -> None:
        keys = new_keys(Assignment, len(batch))
        rows = [(key, said, said.more or NOTHING) for key, said in zip(keys, batch, strict=True)]
        self._assignments.write(self._assignment(*row) for row in rows)
        self._judgments.write(self._judgment(*row) for row in rows)
        marked = {key: more.marks for key, _, more in rows if more.marks}
        if marked:
            insert_marks_of(marked)

    def _assignment(self, key: int, said: Said, more: More) -> tuple[Any, ...]:
        sent = more.sent_at or self._now
        shown = more.shown_at or sent
        kind = (more.state, more.is_regular, more.round)
        return (key, said.item_id, said.rater_id, *kind, shown, sent, sent)

    def _judgment(self, key: int, said: Said, more: More) -> tuple[Any, ...]:
        return (
            *(key, said.item_id, said.rater_id, said.label, said.number),
            *(said.confidence, said.seconds, more.is_regular, more.guideline_id),
            *(more.away_seconds, more.focus_losses, more.comment, more.answers),
            *(list(more.at_once), more.sent_at or self._now),
        )


def _count_up(model: type[Item] | type[Rater], field: str, added: Counter[int]) -> None:
    """Add to a counter column, one statement for all rows that get the same number more."""
    for number in set(added.values()):
        keys = sorted(key for key, count in added.items() if count == number)
        model._default_manager.filter(pk__in=keys).update(**{field: F(field) + number})


def analyse() -> None:
    """Tell the database's planner what the tables hold now: after a bulk load it cannot know."""
    with connection.cursor() as cursor:
        for model in (Item, Assignment, Judgment):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
