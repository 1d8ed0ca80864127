"""What this kind adds to a report: every key with its type, unit and meaning."""

from __future__ import annotations

from typing import TypedDict

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


class Sections(TypedDict):
    """Sections of this kind."""

    by_value: ByValue | None
    """Value by value."""
