"""Whether every judgment that was acknowledged is there, once, and nothing is over its limit."""

from collections import Counter

from django.db.models import Count, F, Q

from annotations.models import Assignment, Item, Judgment, Rater, Study
from bench import lib
from bench.annotation.client import Outcome

IN_USE = Count("assignments", filter=~Q(assignments__state=Assignment.State.RELEASED))
JUDGED = Count("assignments", filter=Q(assignments__state=Assignment.State.JUDGED))


def faults(study: Study, outcome: Outcome) -> Counter[str]:
    """Compare what the server acknowledged with what the database holds; every count must be 0.

    lost: acknowledged, but not the current judgment of its assignment. doubled: a second judgment
    of a rater on an item, or a second revision, which nobody sent. unknown: stored, though nobody
    was told so (every rater stays until told). over_limit: items judged or reserved more often
    than they have places. miscounted: items and raters whose counter differs from their rows.
    """
    judgments = Judgment.objects.filter(item__study=study)
    kept = dict(judgments.filter(is_current=True).values_list("assignment_id", "label"))
    said = dict(outcome.acknowledged)
    pairs = judgments.values("item", "rater").distinct().count()
    items = Item.objects.filter(study=study).annotate(in_use=IN_USE)
    raters = Rater.objects.filter(study=study).annotate(own=JUDGED)
    return Counter(
        lost=sum(kept.get(assignment) != label for assignment, label in said.items()),
        doubled=judgments.count() - pairs + len(outcome.acknowledged) - len(said),
        unknown=len(kept.keys() - said.keys()),
        over_limit=items.filter(in_use__gt=F("places")).count(),
        miscounted=items.exclude(in_use=F("taken")).count()
        + raters.exclude(own=F("judged")).count(),
    )


def check(invariants: lib.Invariants, prefix: str, found: Counter[str]) -> None:
    for name, count in found.items():
        invariants.check(f"{prefix}_{name}", count)
