"""Repeated trials of a cell, and what the raters would have said of all trials."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from analysis.sections.result.statistic import Statistic, Warning
from analysis.sections.result.units import Coefficient, Count, Counts, InScore, Positions


class Three(TypedDict):
    """A coefficient with its 95 % limits."""

    value: Coefficient | None
    """Null where it is not finite."""
    low: Coefficient | None
    """Lower limit."""
    high: Coefficient | None
    """Upper limit."""


class CheckedForm(TypedDict):
    """One form of the ICC by both implementations."""

    form: str
    """Such as ICC(A,1)."""
    ours: Three | None
    """Null where it is undefined here."""
    pingouin: Three | None
    """Null where it prints no valid estimate with limits."""
    difference: float | None
    """The largest between the three numbers; null where there is none."""
    agrees: bool
    """Whether it is at most 1e-8."""
    note: str
    """What pingouin prints where the ICC is undefined."""


class Crosscheck(TypedDict):
    """pingouin's ICC beside ours on a complete table."""

    what: str
    """Which table."""
    targets: Count
    """Its rows."""
    raters: Count
    """Its columns."""
    rows: list[CheckedForm]
    """Each form; empty without a complete table, or when it was not asked for."""
    agrees: bool | None
    """Whether all do; null without rows."""
    reason: NotRequired[str]
    """Why there are no rows."""
    possible: NotRequired[bool]
    """True where it was not asked for: loading pingouin takes seconds."""


class Reference(TypedDict):
    """How reliable the measure is with people."""

    value: Coefficient
    """The coefficient."""
    text: str
    """What it is, and of whom."""
    source: str
    """Who says so."""
    caution: str
    """Why it is no measure here."""


class Cell(TypedDict):
    """The trials of a cell."""

    run: str
    """The run."""
    model: str
    """The model."""
    condition: str
    """The condition."""
    target_value: str | None
    """What the model was asked to hold; null for nothing."""
    simulated: bool
    """Whether any trial is simulated."""
    trials: Count
    """Trials there are."""
    scored: Count
    """Those with a number."""
    mean: InScore | None
    """Null without a number."""
    sd: InScore | None
    """Null below two."""
    low: InScore | None
    """The lowest."""
    high: InScore | None
    """The highest."""


class LabelsOfCell(TypedDict):
    """Of the trials of a cell, whatever their labels are called."""

    labels: Counts
    """How many trials have which label by the metric; a vector is one, such as `1,0,-1`."""


class Trials(TypedDict):
    """Does a model give the same number again? Null unless a metric gives numbers of trials."""

    scorer: str
    """The metric."""
    trials: Count
    """Trials of the study's cells, drawn or not."""
    scored: Count
    """Those with a number."""
    statistics: list[Statistic]
    """`within_sd` (the SEM of one trial) and `mdc95`, in the unit of the score; `icc_1_1`."""
    reference: Reference | None
    """How reliable the measure is with people; null where that is not known."""
    cells: list[Cell]
    """Each cell."""
    crosscheck: Crosscheck
    """pingouin's ICC beside ours."""
    warnings: list[Warning]
    """What to know before using these numbers."""


class CorrectedRow(TypedDict):
    """One quantity over all trials."""

    key: str
    """A share for each label by its name, `hits`; `mean` of numbers; and what the kind adds."""
    label: str
    """The same in words."""
    uncorrected: float | None
    """The metric on all scored trials; null without any."""
    human: float | None
    """The raters on the judged trials, each counted by its weight; null without any."""
    corrected: Statistic
    """From the judged trials, each counted by its weight, and the scored ones that nobody judged,
    moved to the metric's mean over all scored trials, which is known."""


class CorrectedModel(TypedDict):
    """The same rows for one model."""

    model: str
    """The model."""
    judged: Count
    """Judged trials."""
    trials: Count
    """Scored trials."""
    rows: list[CorrectedRow]
    """Each quantity."""


class Corrected(TypedDict):
    """What the raters would have said on all scored trials, by a metric (PPI++)."""

    name: str
    """The metric."""
    source: str
    """Where the method is from."""
    defined: bool
    """Whether it can be said; the keys that may be absent go by it."""
    reason: NotRequired[str]
    """Why it cannot."""
    of: NotRequired[Literal["trials", "items"]]
    """`trials`, or the `items` of an import, all that the metric looked at."""
    unscorable: NotRequired[Count]
    """Those without a valid label, which are in every share as ones with none of the values."""
    judged: NotRequired[Count]
    """Judged trials or items that the metric scored."""
    positions: NotRequired[Positions]
    """Which items."""
    trials: NotRequired[Count]
    """All that it scored."""
    random_sample: NotRequired[bool]
    """Whether the platform drew the judged ones, or their file gives weights; a remark says what it
    means where neither holds."""
    rows: NotRequired[list[CorrectedRow]]
    """Each quantity."""
    models: NotRequired[list[CorrectedModel]]
    """The same for each model, where two or more were judged."""
    remarks: NotRequired[list[str]]
    """What to mind."""
