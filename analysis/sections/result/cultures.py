"""The cultures of the raters, each by itself and two by two."""

from __future__ import annotations

from typing import Literal, TypedDict

from analysis.sections.result.statistic import Statistic, Warning
from analysis.sections.result.units import Count, InScore, P, Positions

Size = Literal["A", "B", "C"]


class CultureOfRaters(TypedDict):
    """The raters of one culture among themselves, on all that they judged."""

    culture: str
    """As the study calls it."""
    raters: Count
    """Raters of this culture whose judgments count."""
    items: Count
    """Items that any of them judged."""
    positions: Positions
    """These items."""
    judgments: Count
    """Judgments that lie on the scale."""
    alpha: Statistic
    """Krippendorff's alpha within the culture."""


class LabelOfPair(TypedDict):
    """One label of two cultures at an equal computed number."""

    label: str
    """As raters gave it."""
    judgments: Count
    """Judgments that gave it."""
    delta: Statistic
    """Mantel-Haenszel; below zero where the second culture uses the label less."""
    standardised: Statistic
    """Difference of the shares of the label, second culture minus first."""
    p: P | None
    """Of Mantel-Haenszel, with continuity correction; null where it is undefined."""
    p_holm: P | None
    """The same by Holm, over all labels of all pairs."""
    size: Size | None
    """Class of delta; null where it is undefined."""
    uniform: Statistic
    """Change of Nagelkerke's R squared by culture; `details` holds both published sizes."""
    p_uniform_holm: P | None
    """Its test by Holm, over all labels of all pairs."""
    non_uniform: Statistic
    """Change by the product of culture and number."""
    p_non_uniform_holm: P | None
    """Its test by Holm, over all labels of all pairs."""
    disagree: bool
    """Whether the three sizes of a uniform difference are not the same."""


class LabelsOfPair(TypedDict):
    """Whether two cultures use the labels alike where a metric's number is alike."""

    metric: str
    """Whose number judgments are matched by."""
    items: Count
    """Items of both cultures with such a number."""
    positions: Positions
    """These items."""
    judgments: list[Count]
    """Of the first culture and of the second."""
    edges: list[InScore]
    """Where one stratum ends and the next begins; a number on an edge is in the upper one."""
    together: Statistic
    """Generalised Mantel-Haenszel: all labels at once."""
    labels: list[LabelOfPair]
    """Each label that was given."""
    warnings: list[str]
    """Sentences about these numbers."""


class PairOfCultures(TypedDict):
    """Two cultures on the items that both judged."""

    cultures: list[str]
    """Both, in the order of their names."""
    items: Count
    """Items that both judged."""
    positions: Positions
    """These items."""
    statistics: list[Statistic]
    """`alpha_first`, `alpha_second`, `pooled`, `cross`, `normalised`, `association_first`,
    `association_second`, `difference`; `details.over_items` is the interval that draws items
    alone, or why there is none."""
    p_cross: P | None
    """How often cultures dealt out at random gave an xRR as low."""
    p_difference: P | None
    """How often they gave alphas as far apart."""
    permutations: Count
    """How often they were dealt out."""
    labels: LabelsOfPair | None
    """Label by label at an equal number; null where `labels_reason` says why."""
    warnings: list[str]
    """Sentences about these numbers."""


class CulturesApart(TypedDict):
    """Two cultures that share too few items to be compared."""

    cultures: list[str]
    """Both, in the order of their names."""
    items: Count
    """Items that both judged."""


class Cultures(TypedDict):
    """The raters by culture; absent where fewer than two are known."""

    rows: list[CultureOfRaters]
    """Each culture."""
    without: Count
    """Raters of no known culture, who are no part of this."""
    pooled: Statistic
    """Alpha of all raters of a known culture as one."""
    pairs: list[PairOfCultures]
    """Each two with enough items in common."""
    apart: list[CulturesApart]
    """Each two with too few."""
    labels_reason: str
    """Why labels are not compared at an equal number; empty where they are."""
    cautions: list[str]
    """What may not be concluded, whatever the numbers are."""
    warnings: list[Warning]
    """What to know before using the numbers."""
