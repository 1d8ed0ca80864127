"""Judgments that arrive all at once: from a file, or from simulated raters."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from annotations.loading import Loader, new_keys
from annotations.models import Assignment, Item, Judgment, Rater

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


@transaction.atomic
def store_judgments(
    judgments: Iterable[Said],
    on_stored: Callable[[int], object] = lambda count: None,
    *,
    is_counted: bool = False,
) -> int:
    """Store judgments of items and raters that have none of each other yet; return how many.

    Takes a place for each (unless *is_counted*: then the items and raters were made with these
    judgments in their counts); the database refuses (IntegrityError) a judgment for which its item
    has no place left, or a second one of the same rater on an item. Calls *on_stored* with the size
    of each batch.
    """
    total, store = 0, _Store()
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
        now = timezone.now()
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
