"""The raters among themselves."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from analysis.sections.result.statistic import Statistic, Warning
from analysis.sections.result.trials import Crosscheck
from analysis.sections.result.units import Count, Positions, Seconds, Share


class OtherWay(TypedDict):
    """Agreement with the ways out counted the other way."""

    are: Literal["categories", "left_out"]
    """`left_out` (of a nominal scale) or `categories` (of an ordinal one, in whose order they have
    no place)."""
    taken: Count
    """How often one was taken."""
    judgments: Count
    """Judgments that are left."""
    items: Count
    """Items that they are on."""
    statistics: list[Statistic]
    """`alpha`, `gwet_ac` and `percent`, nominal."""


class Form(TypedDict):
    """One form of the intraclass correlation."""

    form: str
    """Such as ICC(A,1)."""
    says: str
    """What it speaks of."""
    simulated: Statistic
    """With limits from the pivots; a reason for the one-way forms of a complete table."""
    f: Statistic
    """With F limits; a reason where cells are missing."""


class CategoryAgreement(Statistic):
    """Specific agreement of a category: when one rater chose it, how often did another?"""

    category: str
    """Its label."""
    judgments: Count
    """Judgments that chose it."""
    items: Count
    """Items on which anybody did."""


class PairOfRaters(Statistic):
    """Cohen's kappa of two raters."""

    raters: list[str]
    """Both pseudonyms."""


class HumansByScale(TypedDict):
    """What depends on the scale."""

    headline: str
    """Key of the statistic that the answer speaks of."""
    statistics: list[Statistic]
    """Nominal: `alpha`, `gwet_ac`, `percent`, `fleiss`, `conger`, `brennan_prediger`. Ordinal: the
    same with quadratic weights and `alpha_nominal` (`percent` is always unweighted agreement).
    Interval: `alpha`, `icc_a_1`, `icc_a_k`, `sem`, `mdc95` (both coefficients with simulated
    limits). Vectors: `alpha_macro` and `alpha_1`, `alpha_2` ... each with its `dimension`."""
    ways_out: NotRequired[OtherWay | None]
    """Of categories; null where nobody took one."""
    icc: NotRequired[list[Form]]
    """All six forms; on an interval scale."""
    categories: list[CategoryAgreement]
    """Each category; empty without any."""
    pairs: list[PairOfRaters]
    """Each pair, when there are two to six raters who chose categories."""
    pairs_reason: str | None
    """Null, or why no pairs are listed."""
    confidence: list[Statistic]
    """Agreement on the confidence that was given; empty without it."""
    crosscheck: NotRequired[Crosscheck]
    """pingouin's ICC beside ours; on an interval scale."""
    warnings: list[Warning]
    """What to know before using these numbers."""


class Humans(HumansByScale):
    """Do the raters agree among themselves?"""

    groups_apart: Count
    """Into how many groups the raters fall that have no item in common; 0 when no item was judged
    twice."""


class Further(TypedDict):
    """A further question of the study, but confidence and comment. The answers are in `further` of
    the data set."""

    key: str
    """Names the question."""
    kind: str
    """What it asks for."""
    question: str
    """As raters read it."""
    judgments: Count
    """Judgments that answer it."""
    items: Count
    """Items that they are on."""
    positions: Positions
    """Which."""
    twice: Count
    """Items on which it was answered twice or more."""
    twice_positions: Positions
    """Which."""
    statistics: list[Statistic]
    """`alpha` by the scale of the question; of a vector `alpha_macro` and one alpha a dimension."""


class Prevalence(TypedDict):
    """How frequent a category is."""

    category: str
    """Its label."""
    latent: Share
    """By the model."""
    majority: Share | None
    """Among the items that have a majority; null without any."""
    items: Count
    """Items whose majority it is."""


class Sensitivity(TypedDict):
    """How often a rater finds each category, by the model."""

    rater: str
    """Pseudonym."""
    sensitivity: list[float | None]
    """A share for each category; null where the rater met hardly any."""


class TwoRules(TypedDict):
    """Where majority and model differ."""

    split: Count
    """Items without a majority."""
    settled_by_model: Count
    """Those that the model settles."""
    settled_positions: Positions
    """Which."""
    differ: Count
    """Items on which both say something else."""
    differ_positions: Positions
    """Which."""
    tied_in_model: Count
    """Items that stay tied in the model."""
    tied_positions: Positions
    """Which."""


class MetricByBoth(TypedDict):
    """A metric beside both consensuses."""

    name: str
    """The metric."""
    majority: Statistic
    """Kappa with the majority."""
    latent: Statistic
    """Kappa with the model's consensus."""


class Latent(TypedDict):
    """The consensus of Dawid and Skene beside the majority; null where judgments are numbers or
    vectors."""

    defined: bool
    """False when no item was judged twice; the keys that may be absent go by it."""
    source: str
    """Where the model is from."""
    reason: NotRequired[str]
    """Why there is no model."""
    iterations: NotRequired[Count]
    """Steps it took."""
    remarks: NotRequired[list[str]]
    """What to mind."""
    prevalence: NotRequired[list[Prevalence]]
    """How frequent each category is."""
    raters: NotRequired[list[Sensitivity]]
    """How often each rater finds each category."""
    items: NotRequired[TwoRules]
    """Where the two rules differ."""
    metrics: NotRequired[list[MetricByBoth]]
    """Each metric beside both."""


class RepeatsOfRater(TypedDict):
    """What one rater repeated."""

    rater: str
    """Pseudonym."""
    pairs: Count
    """First and repeated judgments."""
    positions: Positions
    """Which items."""
    statistics: list[Statistic]
    """As over all raters."""


class Repeats(TypedDict):
    """Does a rater say the same of an item shown a second time? From `repeats` of the data set."""

    pairs: Count
    """First and repeated judgments."""
    positions: Positions
    """Which items."""
    statistics: list[Statistic]
    """`percent`, `alpha`, `kappa` of labels; `within_sd`, `repeatability` of numbers; undefined
    where nothing was repeated."""
    raters: list[RepeatsOfRater]
    """The same for each rater."""
    warnings: list[Warning]
    """What to know before using these numbers."""


class RaterRow(TypedDict):
    """A rater beside the others."""

    rater: str
    """Pseudonym."""
    kind: str
    """`person`, `simulated` or `imported`."""
    judgments: Count
    """What they judged."""
    compared: Count
    """Judgments on items on which the others have a consensus, or are, on a scale of numbers."""
    agreement: Share | None
    """With the consensus of the others; null for numbers."""
    difference: float | None
    """Mean absolute difference from the mean of the others: in the unit of an interval scale, in
    steps of an ordinal one; else null."""
    median_seconds: Seconds | None
    """A judgment; null where it was never measured."""
    longest_run: Count | None
    """Equal answers in a row, in the order of judging; null for imported judgments."""
    straight_lining: bool
    """Whether that is `long_run` or more."""


class AgreementBySureness(TypedDict):
    """Agreement with the others at one confidence."""

    confidence: int
    """From 1 to 5."""
    judgments: Count
    """What it rests on."""
    agreement: Share | None
    """The share that agree."""


class MixedUp(TypedDict):
    """When one rater said the one label, how often did another say the other?"""

    one: str
    """What one rater said."""
    other: str
    """What another said of the same item."""
    share: Share
    """How often."""
    of: Count
    """Pairs of judgments in which one said the one."""


class Raters(TypedDict):
    """The rater board: what each rater did, beside what the others said of the same items."""

    long_run: Count
    """Equal answers in a row from which a rater is worth asking."""
    rows: list[RaterRow]
    """Each rater."""
    calibration: list[AgreementBySureness]
    """Does being sure mean being met?"""
    mixed_up: list[MixedUp]
    """Which labels are confused."""
