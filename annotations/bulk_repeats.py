"""Repeated judgments that arrive all at once: what raters said of their own items again."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from annotations.bulk import Said, batches
from annotations.models import Assignment, Judgment


@transaction.atomic
def store_repeats(judgments: Iterable[tuple[Said, int]]) -> None:
    """Store judgments with the number of the repeat (1: the second time). They take no place and
    count for no consensus, as the planned repeats of a study that is judged here."""
    for batch in batches(judgments):
        _store(batch)


def _store(batch: list[tuple[Said, int]]) -> None:
    now = timezone.now()
    assignments = Assignment.objects.bulk_create(
        Assignment(
            item_id=said.item_id,
            rater_id=said.rater_id,
            state=Assignment.State.JUDGED,
            is_regular=False,
            round=again,
            reserved_at=now,
            expires_at=now,
            closed_at=now,
        )
        for said, again in batch
    )
    Judgment.objects.bulk_create(
        Judgment(
            assignment=assignment,
            item_id=said.item_id,
            rater_id=said.rater_id,
            label=said.label,
            number=said.number,
            confidence=said.confidence,
            seconds=said.seconds,
            is_regular=False,
        )
        for (said, _), assignment in zip(batch, assignments, strict=True)
    )
