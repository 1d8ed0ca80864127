"""What several raters said of one item, taken together; and why a reviewer should look at it.

The automated label is never part of a consensus: it is compared with it. A consensus is undefined
(``label`` is None, with the reason in ``rule``) where the raters do not settle on one label.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

NOMINAL, ORDINAL, INTERVAL, VECTOR = "nominal", "ordinal", "interval", "vector"

RATERS_SPLIT = "raters_split"
AUTOMATED_DIFFERS = "automated_differs"
BOUNDARY_CASE = "boundary_case"
AMBIGUOUS = "ambiguous_extraction"
FLAGGED = "flagged"

REASONS: Mapping[str, str] = {
    RATERS_SPLIT: "The raters split: what they said is too far apart for a consensus.",
    AUTOMATED_DIFFERS: "The automated label differs from the consensus of the raters.",
    BOUNDARY_CASE: "A boundary case: one answer moved by one option would change the orientation.",
    AMBIGUOUS: "An answer of the trial is ambiguous to the automated extraction.",
    FLAGGED: "A rater reported a problem with this item.",
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
    labels: Sequence[str],
    scale: str = NOMINAL,
    categories: Sequence[str] = (),
    tolerance: float | None = None,
) -> Consensus:
    """Return the consensus of the labels given to one item, one label per rater.

    nominal: the label with more than half of the judgments. ordinal: the median in the order of
    *categories*; undefined when it falls between two of them. interval: the mean of the labels
    read as numbers; undefined when they lie further apart than *tolerance*. vector: the value with
    more than half of the judgments in each dimension (*categories* names them); undefined when a
    dimension has none. Raises ValueError for an unknown scale, an ordinal label outside
    *categories*, a vector of another length, or an interval label that is not a finite number.
    """
    counts = dict(Counter(labels).most_common())
    if scale not in (NOMINAL, ORDINAL, INTERVAL, VECTOR):
        raise ValueError(f"unknown scale {scale!r}: use nominal, ordinal, interval or vector")
    if not labels:
        return Consensus(None, {}, 0.0, "no judgment yet")
    if scale == INTERVAL:
        return _mean(labels, counts, tolerance)
    if scale == VECTOR:
        return _by_dimension(labels, counts, categories)
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


def _mean(labels: Sequence[str], counts: Mapping[str, int], tolerance: float | None) -> Consensus:
    values = [float(label) for label in labels]
    if not all(map(math.isfinite, values)):
        raise ValueError("an interval judgment is not a finite number")
    mean, spread = math.fsum(values) / len(values), (min(values), max(values))
    apart = spread[1] - spread[0]
    if tolerance is not None and apart > tolerance:
        rule = f"the values lie {apart:g} apart, more than {tolerance:g}"
        return Consensus(None, counts, 0.0, rule, None, spread)
    return Consensus(f"{mean:g}", counts, 1.0, "mean of the judgments", mean, spread)


def _by_dimension(
    labels: Sequence[str], counts: Mapping[str, int], dimensions: Sequence[str]
) -> Consensus:
    vectors = [label.split(",") for label in labels]
    if wrong := [
        label
        for label, vector in zip(labels, vectors, strict=True)
        if len(vector) != len(dimensions)
    ]:
        raise ValueError(f"{wrong[0]!r} has not one value for each of {', '.join(dimensions)}")
    columns = zip(*vectors, strict=True)
    found = [_majority(dict(Counter(column))) for column in columns]
    split = [name for name, one in zip(dimensions, found, strict=True) if one.label is None]
    if split:
        rule = f"no value has more than half of the judgments of {', '.join(split)}"
        return Consensus(None, counts, 0.0, rule)
    label = ",".join(one.label or "" for one in found)
    rule = "more than half of the judgments in each dimension"
    return Consensus(label, counts, counts.get(label, 0) / len(labels), rule)


def enough_to_dispute(places: int) -> int:
    """How many judgments an item of so many places needs before it can be disputed."""
    return min(ENOUGH_TO_DISPUTE, places)


def dispute_reasons(
    found: Consensus, automated: "Automated", places: int, flagged: bool = False
) -> list[str]:
    """Return the codes (keys of `REASONS`) for which an item should be settled by a reviewer.

    On an interval scale an automated value differs when it lies outside the range of the raters'
    own values. While there are too few judgments (see `enough_to_dispute`) only a rater's report
    of a problem is a reason.
    """
    reasons = [FLAGGED] if flagged else []
    if found.judgments < enough_to_dispute(places):
        return reasons
    if found.label is None:
        reasons.append(RATERS_SPLIT)
    elif automated.label is not None and _differs(found, automated.label):
        reasons.append(AUTOMATED_DIFFERS)
    reasons += [BOUNDARY_CASE] if automated.is_boundary_case else []
    reasons += [AMBIGUOUS] if automated.is_ambiguous else []
    return [code for code in REASONS if code in reasons]


@dataclass(frozen=True, slots=True)
class Automated:
    """What the automated metric concluded of an item: its label on the study's scale (None where it
    gave none, or measures something else), and what makes that label uncertain."""

    label: str | None = None
    is_boundary_case: bool = False
    is_ambiguous: bool = False


def _differs(found: Consensus, automated: str) -> bool:
    if found.spread is None:
        return automated != found.label
    low, high = found.spread
    return not low <= float(automated) <= high
