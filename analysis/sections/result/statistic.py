"""What every section is made of: a statistic, a warning, a verdict."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from analysis.sections.result.units import Counts, Details, Share


class Interval(TypedDict):
    """An interval of a statistic."""

    low: float
    """Lower end, in the unit of the value."""
    high: float
    """Upper end."""
    level: Share
    """Confidence level."""
    method: str
    """How it was made."""


class Statistic(TypedDict):
    """A statistic that is defined, with a value, or undefined, with the reason. An undefined one
    has no number: neither 0 nor null stands in for it."""

    key: str
    """Which statistic, for programs."""
    name: str
    """Which statistic, for people."""
    defined: bool
    """Whether there is a value; the keys that may be absent go by it."""
    value: NotRequired[float]
    """The estimate; of a defined one."""
    interval: NotRequired[Interval | None]
    """The interval, or null; of a defined one."""
    interval_reason: NotRequired[str | None]
    """Null, or why there is no interval; of a defined one."""
    details: NotRequired[Details]
    """By-products: standard error, chance agreement, F, variance components; of a defined one."""
    reason: NotRequired[str]
    """Why it is undefined, in words; of an undefined one."""
    n: Counts
    """What it rests on: `units`, `raters`, `judgments`, `cells`, `trials`, `humans`, `blocks`."""
    dimension: NotRequired[str]
    """Of which dimension; of vectors."""
    warnings: list[str]
    """Sentences about this statistic."""


class Warning(TypedDict):
    """What to know before using the numbers."""

    code: str
    """For programs."""
    text: str
    """A sentence for people."""


class Verdict(TypedDict):
    """What may be said of a statistic in words."""

    code: str
    """For programs."""
    text: str
    """A sentence for people."""
