"""What this kind adds to a report: every key with its type, unit and meaning."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from analysis.sections.result.statistic import Statistic
from analysis.sections.result.units import Count, Share


class LeftOut(TypedDict):
    """A value that is no part of a mean."""

    value: str
    """The value."""
    reason: str
    """Why, in words."""


class RatersOnValue(TypedDict):
    """How far the raters agree on one value: -1 opposes, 0 not involved, 1 supports."""

    value: str
    """The value."""
    judgments: Count
    """Judgments that give it one of the three."""
    commonest: Share | None
    """Of the judgments that give the commonest of the three; null without a judgment."""
    supported: Count
    """Answers that at least one rater finds to support it."""
    opposed: Count
    """Answers that at least one rater finds to oppose it."""
    both: Count
    """Judgments that find it supported and opposed at once; they take no part in the figures."""
    alpha: Statistic
    """Krippendorff's alpha, ordinal."""
    ac1: Statistic
    """Gwet's AC1, three declared categories."""
    ac2: Statistic
    """Gwet's AC2, ordinal weights, three declared categories."""
    supports: Statistic
    """Agreement specific to 'supports'."""
    opposes: Statistic
    """Agreement specific to 'opposes'."""
    warnings: list[str]
    """What these can hide, in sentences."""


class Finding(TypedDict):
    """How a metric finds one sign of one value, where a majority of the raters says it."""

    cases: Count
    """Answers that have the sign by the majority."""
    found: Count
    """Answers that have it by the metric."""
    precision: Statistic
    """Share of `found` that have it by the majority."""
    recall: Statistic
    """Share of `cases` that have it by the metric."""
    f1: Statistic
    """Harmonic mean of the two."""


class MetricOnValue(TypedDict):
    """A metric against the raters on one value."""

    value: str
    """The value."""
    items: Count
    """Answers with a majority of at least two judgments and a vector of the metric."""
    supports: Finding
    """Of the answers that support it."""
    opposes: Finding
    """Of the answers that oppose it."""
    warnings: list[str]
    """What these rest on, in sentences."""


class MetricMean(TypedDict):
    """The mean F1 of a sign over the values that have cases enough."""

    f1: Statistic
    """The mean; whole answers are resampled."""
    left_out: list[LeftOut]
    """Values that are no part of it."""


class MetricByValue(TypedDict):
    """A metric against the raters, value by value."""

    name: str
    """Metric and version."""
    values: list[MetricOnValue]
    """Each value."""
    supports: MetricMean
    """The mean of those that support."""
    opposes: MetricMean
    """The mean of those that oppose."""


class ByValue(TypedDict):
    """Agreement on each value with what can hide in it; null where nobody was asked for values."""

    raters: list[RatersOnValue]
    """The raters among themselves."""
    alpha_macro: Statistic
    """Mean alpha of the values that are measurable; whole answers are resampled."""
    left_out: list[LeftOut]
    """Values that are not measurable and no part of that mean."""
    metrics: list[MetricByValue]
    """Each metric against the majority of the raters."""


class TargetFacts(TypedDict):
    """A vector that models are compared with."""

    key: str
    """For programs."""
    name: str
    """For people."""
    version: str
    """Its version."""
    source: str
    """Where it comes from."""
    year: int
    """Of which year that is."""
    scaling: str
    """How its numbers were made."""
    inference: str
    """What of that is our inference and not the source's; '' where nothing is."""
    vector: dict[str, float]
    """A number from -1 to 1 for each value."""


class MeanValue(TypedDict):
    """The mean of one value over a group's answers, -1 (all oppose it) to 1 (all support it)."""

    value: str
    """The value."""
    metric: float | None
    """By the metric, over all scored answers; null where it gave all of them both signs."""
    people: float | None
    """By the raters, over the judged answers, each by its weight; null without one."""
    corrected: Statistic
    """What the raters would have said of all scored answers (PPI++)."""


class AlignmentWithTarget(TypedDict):
    """How near a group's mean vector is to a target: 1 the target itself, 0 no better than any
    pairing of the values."""

    target: str
    """Key of the target."""
    metric: Statistic
    """Of the metric's mean vector."""
    people: Statistic
    """Of the raters' mean vector over the judged answers."""
    corrected: Statistic
    """Of the corrected mean vector."""
    of: str
    """Of which of the three `made_of` tells: `corrected`, `people` or `metric`."""
    made_of: AlignmentParts | None
    """What it is made of; null where a value has no mean."""


class AlignmentParts(TypedDict):
    """What an alignment is made of, and the published distances, which never stand alone."""

    shape: float | None
    """Pearson's r across the ten values; null where the vector is flat."""
    level: float
    """Mean of the vector less that of the target."""
    spread: float | None
    """SD of the vector as a share of the target's."""
    masked: float
    """Published distance of training: sum of |v - t| |t| where |v| > 0.3; 0 for an empty vector."""
    euclid: float | None
    """Published distance of evaluation, L2 where the target is 1; null where it is so nowhere."""
    city_block: float | None
    """The same, L1."""


class AlignedGroup(TypedDict):
    """A model under one induced target, or under none."""

    model: str
    """The model."""
    induced: str
    """Key of the target it was asked to hold; '' for none."""
    trials: Count
    """Answers that the metric scored."""
    judged: Count
    """Of these, answers that people judged."""
    prompts: Count
    """Prompts of these answers: what is resampled."""
    values: list[MeanValue]
    """Its mean vector."""
    targets: list[AlignmentWithTarget]
    """How near that is to each target."""


class InducedGain(TypedDict):
    """By how much a model that was asked to hold a target came nearer to it than without being
    asked, as a difference of alignments over the same prompts."""

    model: str
    """The model."""
    target: str
    """Key of the target."""
    metric: Statistic
    """By the metric."""
    people: Statistic
    """By the raters."""
    corrected: Statistic
    """Corrected."""


class AlignedMetric(TypedDict):
    """A metric's alignment of each model, and the same corrected."""

    name: str
    """Metric and version."""
    groups: list[AlignedGroup]
    """Each model under each induced target."""
    gains: list[InducedGain]
    """What being asked to hold a target changed."""
    words: list[str]
    """To which target each group is nearest, in a sentence."""
    warnings: list[str]
    """What these rest on, in sentences."""


class Alignment(TypedDict):
    """How near models' values are to targets."""

    source: str
    """Where the formulas come from."""
    targets: list[TargetFacts]
    """What is compared with."""
    metrics: list[AlignedMetric]
    """By each metric."""


class Sections(TypedDict):
    """Sections of this kind."""

    by_value: ByValue | None
    """Value by value."""
    alignment: NotRequired[Alignment]
    """How near models' values are to targets; absent where the ten values were not asked for."""
