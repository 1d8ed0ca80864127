"""What this kind adds to a report: every key with its type, unit and meaning."""

from __future__ import annotations

from typing import Annotated, TypedDict

from analysis.sections.result.metrics import Differences
from analysis.sections.result.statistic import Statistic
from analysis.sections.result.units import Count, Counts

Degrees = Annotated[float, "degrees"]
Rationality = Annotated[float, "value rationality, at most 1"]


class RationalityRow(TypedDict):
    """Mean value rationality of some scored trials."""

    model: str
    """The model."""
    with_goal: bool
    """Whether the goal was named."""
    target_value: str
    """What the model was asked to hold."""
    simulated: bool
    """Whether any trial is simulated."""
    trials: Count
    """What it rests on."""
    raw: Rationality
    """1 at the target's angle, 0 at the farthest one."""
    corrected: Rationality | None
    """Corrected for chance; null where it was not scored."""


class RationalityTable(TypedDict):
    """Does a model act on the value it was asked to hold? Null when no metric stores it."""

    scorer: str
    """The metric."""
    rows: list[RationalityRow]
    """By model, goal and target value."""


class Point(TypedDict):
    """A judged trial on the ring."""

    position: int
    """Of its item."""
    trial: int
    """Its id."""
    angle: Degrees
    """By the metric."""
    automated: str
    """Its orientation by the metric."""
    human: Degrees | None
    """The raters' angle; null where their answers stand for none."""
    consensus: str
    """What the raters call it."""


class CalledAlike(TypedDict):
    """The trials that the raters call the same."""

    consensus: str
    """What they call them."""
    items: Count
    """How many."""
    mean: Degrees
    """Mean angle by the metric."""
    low: Degrees
    """The lowest."""
    high: Degrees
    """The highest."""


class Ring(TypedDict):
    """The judged trials on the ring. Null without angles, and where raters were asked for something
    else."""

    scorer: str
    """The metric."""
    human_note: str
    """What the raters' angle is; '' without one."""
    points: list[Point]
    """Each judged trial with an angle."""
    without_angle: Count
    """Judged trials that have none."""
    by_consensus: list[CalledAlike]
    """The same by what the raters call them."""


class Leaning(TypedDict):
    """A rater's own angle beside how they lean."""

    rater: str
    """Pseudonym."""
    own_angle: Degrees
    """By the measure that the rater took."""
    leaning: Degrees | None
    """Mean of the rater's angle minus the mean of the others; null without a shared item."""
    items: Count
    """Shared items."""


class OwnAngle(TypedDict):
    """Does a rater's own orientation colour what they see? Null where judgments stand for no angle.
    From `own_angle` of the data set's `raters`."""

    statistics: list[Statistic]
    """`own_slope` and `own_correlation` of the raters' leanings on their own angles; undefined with
    the reason where these are not known."""
    raters: list[Leaning]
    """Each rater whose own angle is known."""


class Sections(TypedDict):
    """Sections of this kind."""

    rationality: RationalityTable | None
    """Value rationality."""
    ring: Ring | None
    """The ring of angles."""
    own_angle: OwnAngle | None
    """The raters' own orientation."""


class BesideLabels(TypedDict):
    """Of a metric that gives labels."""

    degrees: Differences | None
    """Its angle beside the raters' in degrees; null where either is not known."""


class BesideCell(TypedDict):
    """Of the trials of a cell, whose numbers are degrees."""

    orientations: Counts
    """How many trials have which orientation."""


class BesideCorrected(TypedDict, total=False):
    """Of what was corrected, whose `rows` are `angle` (degrees), `rationality` and
    `rationality_corrected` too."""

    no_angle: str | None
    """Null, or why there is no row for angles; of a defined one."""
