"""What was asked of whom, and what was left out."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from analysis.sections.result.units import Count, Counts, Share


class WayOut(TypedDict):
    """A category by which a rater says that an item cannot be judged."""

    category: str
    """Its label."""
    judgments: Count
    """How many took it."""


class SizeOfStudy(TypedDict):
    """How much was judged."""

    items: Count
    """Items of the data set."""
    items_judged: Count
    """Those that anybody judged."""
    judgments: Count
    """Judgments that count, ways out with them."""
    raters: Count
    """Raters who may count, whether they judged or not."""
    models: Count
    """Models whose responses were judged; 0 for imported items of which none is named."""


class RatersOfKind(TypedDict):
    """The raters of one kind."""

    kind: str
    """`person`, `simulated` or `imported`."""
    raters: Count
    """How many there are."""
    judgments: Count
    """What they judged."""


class ItemsWithJudgments(TypedDict):
    """Items that were judged equally often."""

    judgments: Count
    """How often."""
    items: Count
    """How many items."""


class Overlap(TypedDict):
    """How often items were judged."""

    wanted: Count
    """Judgments an item that were planned; of an import those of the item judged most."""
    items_by_judgments: list[ItemsWithJudgments]
    """From the fewest judgments on."""


class Clusters(TypedDict):
    """What intervals take for sampled."""

    by: str
    """`model`, `cluster`, or '' for the items themselves."""
    number: Count
    """How many of them there are."""
    text: str
    """The same of imported items, in words; else ''."""


class ReasonWithItems(TypedDict):
    """Why a metric could not label items."""

    reason: str
    """In words, its items counted."""
    items: Count
    """How many items."""


class Coverage(TypedDict):
    """How many items a metric labelled."""

    scorer: str
    """The metric."""
    version: str
    """Its version, '' for none."""
    name: str
    """Both."""
    labelled: Count
    """Items with a label, or with a number on an interval scale."""
    unscorable: Count
    """Items it looked at without giving one."""
    missing: Count
    """Items it never saw."""
    share_labelled: Share | None
    """Null without items."""
    reasons: list[ReasonWithItems]
    """Why it gave none, the most frequent first."""
    flags: Counts
    """How often it marked its own word, by mark."""


class GivenOn(TypedDict):
    """Raters who count but lost places while they were excluded. Columns."""

    raters: list[str]
    """Pseudonyms."""
    judgments: list[int]
    """How many of each are left out."""


class Excluded(TypedDict):
    """What is kept and does not count."""

    raters: list[str]
    """Pseudonyms of raters left out."""
    reasons: list[str]
    """Why, of each."""
    items: list[str]
    """Keys of items left out."""
    judgments: Count
    """Judgments left out, those whose place was given on included."""
    given_on: NotRequired[GivenOn]
    """Absent where there are none."""


class Overview(TypedDict):
    """What was asked of whom, and who answered."""

    question: str
    """What raters were asked."""
    scale: str
    """`nominal`, `ordinal`, `interval` or `vector`."""
    unit: NotRequired[str]
    """Of the numbers that raters gave; absent where it is not known."""
    categories: list[str]
    """The categories of every table, in order; empty on an interval scale."""
    ways_out: list[WayOut]
    """By which raters say that an item cannot be judged."""
    consensus_rule: str
    """How judgments become a consensus, in words."""
    counts: SizeOfStudy
    """How much was judged."""
    raters_by_kind: list[RatersOfKind]
    """Who judged."""
    overlap: Overlap
    """How often items were judged."""
    models: list[str]
    """Models whose responses were judged, by name."""
    clusters: Clusters
    """What intervals take for sampled."""
    properties: list[str]
    """What files declare of their items, by name."""
    unjudged: Count
    """Imported items with automated labels alone."""
    simulated_items: Count
    """Items made by the simulated respondent."""
    scorers: list[Coverage]
    """How many items each metric labelled."""
    blindness: str
    """What raters could know, in words."""
    excluded: Excluded
    """What is kept and does not count."""


class QualityRow(TypedDict):
    """Items that something is missing of."""

    code: str
    """`unjudged`, `below_overlap` or `split`."""
    text: str
    """The same in words."""
    items: Count
    """How many."""
    positions: list[int]
    """Which, by position."""


class Steadiness(TypedDict):
    """What one rater said."""

    rater: str
    """Pseudonym."""
    kind: str
    """`person`, `simulated` or `imported`."""
    judgments: Count
    """Judgments on the scale."""
    constant: bool
    """Whether three or more are all the same."""
    used: Counts
    """Judgments a category."""
    mean: float | None
    """Of numbers; else null."""


class GivenConfidence(TypedDict):
    """Judgments given with one confidence."""

    confidence: int
    """From 1 to 5."""
    judgments: Count
    """How many."""


class Adjudicated(TypedDict):
    """Reviewers' decisions beside the consensus and each metric; they change neither."""

    items: Count
    """Items that were decided."""
    positions: list[int]
    """Which, by position."""
    labels: list[str]
    """The decision on each."""
    confirm_consensus: Count
    """Decisions that say the same as the consensus."""
    against_consensus: Count
    """Decisions that say something else."""
    confirm_metric: Counts
    """Decisions that say the same as a metric, by its name."""


class Quality(TypedDict):
    """What is missing, thin or odd in the data."""

    planned: bool
    """Whether an overlap was planned."""
    items: list[QualityRow]
    """Items that something is missing of."""
    off_scale: Counts
    """Judgments whose label has no place on the scale, by label."""
    excluded: Excluded
    """What is kept and does not count."""
    confidence: list[GivenConfidence]
    """How sure raters were."""
    raters: list[Steadiness]
    """What each rater said."""
    constant_raters: list[str]
    """Pseudonyms of those who always said the same."""
    adjudicated: Adjudicated
    """What reviewers decided."""
