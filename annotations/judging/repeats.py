"""Planned repeats: what a rater said of an item the first time, and what they said again.

The first answer to a repeat counts, beside what was said of the item when the repeat was answered:
whoever finds the two and corrects one of them has not become steadier.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from annotations.models import Judgment, Study

Said = tuple[str, float | None]
"""Label and number."""


@dataclass(frozen=True, slots=True)
class SaidTwice:
    """The two judgments of one rater on one item."""

    item_id: int
    rater_id: int
    first: Said
    again: Said


def said_twice(study: Study) -> Sequence[SaidTwice]:
    """Every answered repeat of the study, by item and rater; two queries."""
    repeats = Judgment.objects.filter(item__study=study, assignment__round__gt=0, revision=1)
    columns = ("item_id", "rater_id", "pk", "label", "number")
    again = list(
        repeats.order_by("item__position", "rater_id", "assignment__round").values_list(*columns)
    )
    if not again:
        return []
    when = {(item, rater): key for item, rater, key, *_ in again}
    first: dict[tuple[int, int], Said] = {}
    earlier = Judgment.objects.filter(item__in=repeats.values("item_id"), assignment__round=0)
    for item, rater, key, label, number in earlier.order_by("pk").values_list(*columns):
        if key < when.get((item, rater), 0):
            first[item, rater] = label, number
    return [
        SaidTwice(item, rater, first[item, rater], (label, number))
        for item, rater, _, label, number in again
        if (item, rater) in first
    ]
