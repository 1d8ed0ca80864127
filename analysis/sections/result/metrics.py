"""The metrics against the raters."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from analysis.sections.result.humans import PairOfRaters
from analysis.sections.result.statistic import Statistic, Verdict, Warning
from analysis.sections.result.units import Count, Counts, P, Positions, Share


class Matrix(TypedDict):
    """Items by human consensus and automated label. Nothing is left out: the counts add up to
    `items`."""

    rows: list[str]
    """Human consensus, with `no consensus` last."""
    columns: list[str]
    """Automated label, with `unscorable` and `no label` where they occur."""
    counts: list[list[int]]
    """Items, row by row."""
    positions: list[list[list[int]]]
    """The positions of the items behind each count."""
    items: Count
    """Items judged."""
    split: Count
    """Those without a consensus."""
    unjudged: Count
    """Items that nobody judged."""


class Decided(TypedDict):
    """The items to which both sides gave a value."""

    items: Count
    """How many."""
    statistics: list[Statistic]
    """`macro_f1`, `accuracy`, `balanced_accuracy`, `kappa`, `gwet_ac`, `alpha`; on an ordinal scale
    `kappa_quadratic` too."""


class Everything(TypedDict):
    """Every item with a consensus that the metric looked at, what is no value being classes."""

    items: Count
    """How many."""
    same_as_decided: bool
    """Whether these are the same items."""
    statistics: list[Statistic]
    """`kappa` and `accuracy`."""


class ValueClass(TypedDict):
    """How well the metric finds one value."""

    category: str
    """The value."""
    consensus: Count
    """Items whose consensus it is, of those decided."""
    automated: Count
    """Items that the metric calls so, of those decided."""
    without_label: Count
    """Items with this consensus to which the metric gave no value."""
    precision: Statistic
    """Of the items that it calls so."""
    recall: Statistic
    """Of the items that the raters call so."""
    f1: Statistic
    """Harmonic mean of both."""


class WithRater(Statistic):
    """Kappa of the metric with one rater."""

    rater: str
    """Pseudonym."""
    kind: str
    """`person`, `simulated` or `imported`."""


class Rate(Statistic):
    """The winning rate at one epsilon."""

    raters: str
    """For which kind of raters the epsilon is meant: `crowd`, `skilled` or `expert`."""
    epsilon: Share
    """The advantage granted to a person."""
    passes: bool | None
    """Null where it cannot be said."""


class ComparedRater(TypedDict):
    """The metric beside one rater, each against the other raters."""

    rater: str
    """Pseudonym."""
    items: Count
    """Shared items."""
    advantage: Share
    """How often the metric is at least as near."""
    human_advantage: Share
    """How often the rater is."""
    holds_at: list[float]
    """The epsilon, if the metric is not worse there."""


class AnnotatorTest(TypedDict):
    """The alternative annotator test of one metric."""

    advantage: Statistic
    """Mean of the advantages of the metric."""
    rates: list[Rate]
    """One winning rate, at the study's epsilon; undefined below three raters with 30 shared items
    each; `details.tests` counts the tests that were corrected together."""
    gap: Statistic
    """Metric-rater minus rater-rater agreement, both sides in `details`."""
    humans: list[ComparedRater]
    """Each compared rater."""
    remarks: list[str]
    """What the test assumes and whom it left out."""
    source: str
    """Where the test is from."""


class Substitute(AnnotatorTest):
    """Could the metric stand in for one rater? The alternative annotator test. An item that the
    metric found unscorable counts as a label no rater gave."""

    declared: bool
    """Whether the study fixed the kind of its raters."""
    metrics_tested: Count
    """Metrics whose tests were corrected together."""
    varies: bool
    """Whether the metric says more than one thing."""
    beside_raters: NotRequired[Verdict | None]
    """`less`, `more`, `no difference shown` or `not_said`; null where there is nothing to say."""
    verdict: NotRequired[Verdict]
    """`may_stand_in`, `not_shown`, `withheld` (passed, but contradicted) or `not_said`."""


class LabelsMetric(TypedDict):
    """A metric that gives labels. It is never part of the consensus."""

    kind: Literal["labels"]
    """Tells it from one of numbers."""
    scorer: str
    """The metric."""
    version: str
    """Its version, '' for none."""
    name: str
    """Both."""
    matrix: Matrix
    """Items by human consensus and automated label."""
    values: list[str]
    """The categories that are values."""
    ways_out: list[str]
    """Those that are declared ways out."""
    ends: list[str]
    """All classes that are no values, `unscorable` with them."""
    decided: Decided
    """Over the items to which both gave a value."""
    everything: Everything
    """Over every item with a consensus."""
    classes: list[ValueClass]
    """Each value."""
    raters: list[WithRater]
    """Each rater alone."""
    as_rater: Statistic
    """Alpha of raters and metric together."""
    substitute: NotRequired[Substitute]
    """Could it stand in for a rater?"""
    pairs_of_raters: NotRequired[list[PairOfRaters]]
    """`humans.pairs`, for comparison."""
    warnings: list[Warning]
    """What to know before using these numbers."""


class GroupBias(TypedDict):
    """Bias and limits within a group."""

    group: str
    """Its name."""
    items: Count
    """Items with both numbers."""
    bias: Statistic
    """Metric minus raters' mean."""
    lower: Statistic
    """Lower limit of agreement."""
    upper: Statistic
    """Upper limit of agreement."""


class BiasBy(TypedDict):
    """Bias and limits by one fact."""

    fact: str
    """`model` or `target_value`."""
    title: str
    """The same in words."""
    rows: list[GroupBias]
    """Each group."""


class InUnits(TypedDict):
    """A metric beside the raters in units of the scale."""

    other_scale: str
    """Empty, or why its numbers are on another scale than the raters': then only the correlations
    are there."""
    note: str
    """What the raters' number is."""
    items: Count
    """Items with both numbers."""
    positions: Positions
    """Which."""
    without_number: Count
    """Judged items to which the metric gave none."""
    statistics: list[Statistic]
    """`bias`, `lower_limit`, `upper_limit`, `slope`, `ccc`, `pearson`, `spearman`, `kendall` of the
    metric beside the raters' mean; of a metric of numbers `ceiling` (what the raters' noise allows)
    and `disattenuated` too."""
    one_rater: list[Statistic]
    """`bias_one`, `lower_one`, `upper_one`: limits against a single rating."""
    by: list[BiasBy]
    """By model and target value."""
    differences: list[list[float]]
    """Mean, difference and position of each item, thinned above 2,000."""
    warnings: list[Warning]
    """What to know before using these numbers."""


class Differences(InUnits):
    """A metric that gives labels, which stand for numbers, beside the raters in their unit."""

    kind: Literal["given", "coded"]
    """`given` numbers, or `coded`: labels stand for numbers (see `note`)."""


class NumbersMetric(InUnits):
    """A metric that gives numbers, beside raters who give numbers."""

    kind: Literal["numbers"]
    """Tells it from one of labels."""
    scorer: str
    """The metric."""
    version: str
    """Its version, '' for none."""
    name: str
    """Both."""
    as_rater: Statistic
    """Alpha of raters and metric together."""
    raters: list[WithRater]
    """Empty: kappa is for categories."""
    substitute: NotRequired[Substitute]
    """Could it stand in for a rater?"""
    pairs_of_raters: NotRequired[list[PairOfRaters]]
    """`humans.pairs`, for comparison."""


class RankedMetric(TypedDict):
    """A metric among all."""

    name: str
    """The metric."""
    items: Count
    """What its statistics rest on."""
    statistics: list[Statistic]
    """In the order of `keys`."""


class Ranking(TypedDict):
    """Every metric, best first; null for fewer than two."""

    keys: list[str]
    """Of the statistics; the first decides the order."""
    rows: list[RankedMetric]
    """Each metric."""


class DimensionUsed(TypedDict):
    """How often a dimension got which value."""

    dimension: str
    """Its name."""
    counts: Counts
    """Judgments by value."""


class VectorMetric(TypedDict):
    """A metric's vectors beside the raters' mean vector."""

    name: str
    """The metric."""
    items: Count
    """Items with both."""
    positions: Positions
    """Which."""
    rows: list[Statistic]
    """Lin's concordance of each dimension."""
    macro: Statistic
    """Their mean."""


class Vectors(TypedDict):
    """Value vectors, dimension by dimension; null unless the study asks for a vector."""

    note: str
    """Why dimensions are never pooled."""
    names: list[str]
    """Of the dimensions."""
    judgments: Count
    """Vectors that were given."""
    left_out: Count
    """Ways out."""
    used: list[DimensionUsed]
    """How often each dimension got which value."""
    metrics: list[VectorMetric]
    """Each metric."""


class TooMany(TypedDict):
    """A property that is no way to group items."""

    fact: str
    """Its name."""
    groups: Count
    """How many groups it makes."""


class HumanGroup(TypedDict):
    """The raters on the items of a group."""

    group: str
    """Its name."""
    judged: Count
    """Items judged."""
    items: Count
    """Items judged twice or more."""
    alpha: Statistic
    """Undefined below `smallest` items."""


class HumansBy(TypedDict):
    """The raters by one fact."""

    fact: str
    """The fact, or a property that a file declares."""
    title: str
    """The same in words."""
    rows: list[HumanGroup]
    """Each group."""


class HumansGrouped(TypedDict):
    """The raters by group."""

    by: list[HumansBy]
    """Model, target value, condition, language, what is recorded of the models, and the properties
    that a file declares."""


class MetricGroup(TypedDict):
    """A metric on the items of a group."""

    group: str
    """Its name."""
    judged: Count
    """Items judged."""
    items: Count
    """Items compared."""
    accuracy: NotRequired[Statistic]
    """Of labels; undefined below `smallest` items."""
    kappa: NotRequired[Statistic]
    """Of labels."""
    ccc: NotRequired[Statistic]
    """Of numbers."""


class MetricBy(TypedDict):
    """A metric by one fact."""

    fact: str
    """The fact, or a property that a file declares."""
    title: str
    """The same in words."""
    rows: list[MetricGroup]
    """Each group."""


class Contrast(Statistic):
    """The difference between two models over common blocks."""

    first: str
    """One model."""
    second: str
    """The other, which is taken off."""
    p: P | None
    """Of this pair."""
    p_holm: P | None
    """After Holm's correction over all pairs."""


class Contrasts(TypedDict):
    """All pairs of models."""

    what: str
    """What differs."""
    tests: Count
    """Tests that were made."""
    rows: list[Contrast]
    """Each pair."""
    reason: str | None
    """Null, or why there is none."""


class MetricGrouped(TypedDict):
    """A metric by group."""

    name: str
    """The metric."""
    by: list[MetricBy]
    """By each fact."""
    contrasts: list[Contrasts]
    """Which models differ."""


class Groups(TypedDict):
    """Where raters agree, and the metric with them; null for vectors, and for imported items of
    which nothing is declared."""

    smallest: Count
    """Items below which a group gets a reason instead of a number."""
    too_many: list[TooMany]
    """Properties with more than 30 groups."""
    humans: HumansGrouped
    """The raters by group."""
    metrics: list[MetricGrouped]
    """Each metric by group."""
