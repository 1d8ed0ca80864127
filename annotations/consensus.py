"""What several raters said of one item, taken together; and why a reviewer should look at it.

The automated label is never part of a consensus: it is compared with it. A consensus is undefined
(``label`` is None, with the reason in ``rule``) where the raters do not settle on one label.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NOMINAL, ORDINAL, INTERVAL = "nominal", "ordinal", "interval"

RATERS_SPLIT = "raters_split"
AUTOMATED_DIFFERS = "automated_differs"

REASONS: Mapping[str, str] = {
    RATERS_SPLIT: "The raters split: no label has more than half of their judgments.",
    AUTOMATED_DIFFERS: "The automated label differs from the consensus of the raters.",
}
"""Every reason for a dispute: its code and what it says to a reviewer."""

ENOUGH_TO_DISPUTE = 3
"""Judgments after which an item can be disputed; fewer where the item has fewer places."""


@dataclass(frozen=True, slots=True)
class Consensus:
    """What the raters of one item settled on.

    label: the consensus, or None where there is none; on an interval scale the mean as text.
    counts: judgments per label, most frequent first.
    share: of the judgments that carry the consensus label (0 where there is none).
    rule: how it was found, or why there is none, in words.
    number: the mean on an interval scale, else None.
    spread: lowest and highest value on an interval scale, else None.
    """

    label: str | None
    counts: Mapping[str, int]
    share: float
    rule: str
    number: float | None = None
    spread: tuple[float, float] | None = None

    @property
    def judgments(self) -> int:
        return sum(self.counts.values())


def consensus(
    labels: Sequence[str], scale: str = NOMINAL, categories: Sequence[str] = ()
) -> Consensus:
    """Return the consensus of the labels given to one item, one label per rater.

    nominal: the label with more than half of the judgments. ordinal: the median in the order of
    *categories*; undefined when it falls between two of them. interval: the mean of the labels
    read as numbers. Raises ValueError for an unknown scale, an ordinal label outside
    *categories*, or an interval label that is not a finite number.
    """
    counts = dict(Counter(labels).most_common())
    if scale not in (NOMINAL, ORDINAL, INTERVAL):
        raise ValueError(f"unknown scale {scale!r}: use nominal, ordinal or interval")
    if not labels:
        return Consensus(None, {}, 0.0, "no judgment yet")
    if scale == INTERVAL:
        return _mean(labels, counts)
    if scale == ORDINAL:
        return _median(labels, counts, categories)
    return _majority(counts)


def _majority(counts: Mapping[str, int]) -> Consensus:
    total = sum(counts.values())
    label, most = max(counts.items(), key=lambda pair: pair[1])
    if 2 * most > total:
        return Consensus(label, counts, most / total, "more than half of the judgments")
    return Consensus(None, counts, 0.0, "no label has more than half of the judgments")


def _median(
    labels: Sequence[str], counts: Mapping[str, int], categories: Sequence[str]
) -> Consensus:
    ranks = {category: rank for rank, category in enumerate(categories)}
    if unknown := [label for label in labels if label not in ranks]:
        raise ValueError(f"{unknown[0]!r} is none of the categories {', '.join(categories)}")
    ordered = sorted(labels, key=ranks.__getitem__)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    if low != high:
        return Consensus(None, counts, 0.0, f"the median falls between {low} and {high}")
    return Consensus(low, counts, counts[low] / len(labels), "median of the judgments")


def _mean(labels: Sequence[str], counts: Mapping[str, int]) -> Consensus:
    values = [float(label) for label in labels]
    if not all(map(math.isfinite, values)):
        raise ValueError("an interval judgment is not a finite number")
    mean = math.fsum(values) / len(values)
    return Consensus(
        f"{mean:g}", counts, 1.0, "mean of the judgments", mean, (min(values), max(values))
    )


def enough_to_dispute(places: int) -> int:
    """How many judgments an item of so many places needs before it can be disputed."""
    return min(ENOUGH_TO_DISPUTE, places)


def dispute_reasons(found: Consensus, automated: str | None, places: int) -> list[str]:
    """Return the codes (keys of `REASONS`) for which an item should be settled by a reviewer.

    *automated* is the automated label, None where the metric gave none. On an interval scale an
    automated value differs when it lies outside the range of the raters' own values. Empty while
    there are too few judgments (see `enough_to_dispute`).
    """
    if found.judgments < enough_to_dispute(places):
        return []
    if found.label is None:
        return [RATERS_SPLIT]
    return [AUTOMATED_DIFFERS] if automated is not None and _differs(found, automated) else []


def _differs(found: Consensus, automated: str) -> bool:
    if found.spread is None:
        return automated != found.label
    low, high = found.spread
    return not low <= float(automated) <= high
