"""What a statistic answers: an estimate with its interval, or the reason why there is none.

Every public statistic of this package returns ``Estimate`` or ``Undefined``. Neither can hold a
number that is not finite, so no NaN reaches a page or an export.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

Range = tuple[float, float]
"""Between which numbers the values of a statistic lie, ends included."""

ANY: Range = (-math.inf, math.inf)
SHARE: Range = (0.0, 1.0)
COEFFICIENT: Range = (-1.0, 1.0)
AT_MOST_ONE: Range = (-math.inf, 1.0)
NOT_NEGATIVE: Range = (0.0, math.inf)
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval: limits, confidence level in (0, 1), and how it was made."""

    low: float
    high: float
    level: float
    method: str

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise ValueError(f"interval limits must be finite, got {self.low} and {self.high}")
        if self.low > self.high:
            raise ValueError(f"interval limits are reversed: {self.low} > {self.high}")
        if not 0 < self.level < 1:
            raise ValueError(f"a confidence level lies between 0 and 1, got {self.level}")

    @property
    def width(self) -> float:
        return self.high - self.low

    def contains(self, value: float) -> bool:
        return self.low <= value <= self.high

    def inside(self, within: Range) -> Interval:
        """The part of it that lies in *within*; the nearer end where none does."""
        low, high = (kept_inside(limit, within) for limit in (self.low, self.high))
        return Interval(low, high, self.level, self.method)

    def to_dict(self) -> dict[str, Any]:
        return {"low": self.low, "high": self.high, "level": self.level, "method": self.method}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A defined statistic.

    ``interval`` is absent only together with ``interval_reason``, in plain words. ``n`` counts what
    the value rests on (units, raters, judgments ...). ``details`` holds by-products such as the
    standard error or the chance agreement, as JSON-safe values. ``within`` is the range of the
    statistic: this is the one place that keeps intervals inside it. A value outside by more than
    rounding is an error.
    """

    value: float
    interval: Interval | None
    interval_reason: str | None
    n: Mapping[str, int]
    warnings: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    within: Range = field(kw_only=True)

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"an estimate must be finite, got {self.value}")
        if (self.interval is None) == (self.interval_reason is None):
            raise ValueError("an estimate has either an interval or the reason why it has none")
        inside = kept_inside(self.value, self.within)
        if abs(inside - self.value) > _ROUNDING * max(1.0, abs(self.value)):
            low, high = self.within
            raise ValueError(f"the value {self.value} lies outside its range, {low} to {high}")
        object.__setattr__(self, "value", inside)
        if self.interval is not None:
            object.__setattr__(self, "interval", self.interval.inside(self.within))

    @classmethod
    def of(
        cls,
        value: float,
        interval: Interval | str,
        n: Mapping[str, int],
        warnings: Sequence[str] = (),
        details: Mapping[str, Any] | None = None,
        *,
        within: Range,
    ) -> Estimate:
        """Build an estimate from an interval or, as a string, the reason why there is none."""
        return cls(
            value=float(value),
            interval=None if isinstance(interval, str) else interval,
            interval_reason=interval if isinstance(interval, str) else None,
            n=dict(n),
            warnings=tuple(warnings),
            details=dict(details or {}),
            within=within,
        )

    def with_interval(self, interval: Interval | str) -> Estimate:
        """The same with another interval, or the reason why there is none."""
        return Estimate.of(
            self.value, interval, self.n, self.warnings, self.details, within=self.within
        )

    def times(self, factor: float, n: Mapping[str, int], warnings: Sequence[str]) -> Estimate:
        """The estimate and its limits in another unit, ``factor`` (positive) to the old one."""
        outcome: Interval | str = str(self.interval_reason)
        if (known := self.interval) is not None:
            low, high = known.low * factor, known.high * factor
            outcome = Interval(low, high, known.level, known.method)
        low, high = (end * factor for end in self.within)
        return Estimate.of(self.value * factor, outcome, n, warnings, within=(low, high))

    @property
    def defined(self) -> Literal[True]:
        return True

    def to_dict(self) -> dict[str, Any]:
        return {
            "defined": True,
            "value": self.value,
            "interval": None if self.interval is None else self.interval.to_dict(),
            "interval_reason": self.interval_reason,
            "n": json_safe(self.n),
            "warnings": list(self.warnings),
            "details": json_safe(self.details),
        }


@dataclass(frozen=True, slots=True)
class Undefined:
    """A statistic that cannot be computed from these data, with the reason in plain words."""

    reason: str
    n: Mapping[str, int]
    warnings: tuple[str, ...] = ()

    @property
    def defined(self) -> Literal[False]:
        return False

    def to_dict(self) -> dict[str, Any]:
        return {
            "defined": False,
            "reason": self.reason,
            "n": json_safe(self.n),
            "warnings": list(self.warnings),
        }


Result = Estimate | Undefined


def from_dict(facts: Mapping[str, Any]) -> Result:
    """The result that ``to_dict`` gave, as a report holds it: inside its range already."""
    if not facts["defined"]:
        return Undefined(facts["reason"], facts["n"], tuple(facts["warnings"]))
    interval = Interval(**facts["interval"]) if facts["interval"] else facts["interval_reason"]
    value, n, warnings, details = (facts[name] for name in ("value", "n", "warnings", "details"))
    return Estimate.of(value, interval, n, warnings, details, within=ANY)


def kept_inside(value: float, within: Range) -> float:
    """*value*, or the end of *within* that it lies beyond."""
    low, high = within
    return min(max(value, low), high)


def of_difference(first: Range, second: Range) -> Range:
    """The range of the difference of two statistics."""
    return first[0] - second[1], first[1] - second[0]


def json_safe(value: Any) -> Any:
    """Plain Python copy of ``value`` for JSON; a number that is not finite is an error.

    Accepts numbers, strings, None, mappings, sequences, NumPy arrays and scalars, and the result
    types of this module.
    """
    plain = type(value)
    if plain is int or plain is str:  # nearly all there is in a result
        return value
    if isinstance(value, Estimate | Undefined | Interval):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(key): json_safe(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return json_safe(value.tolist())
    if isinstance(value, list | tuple):
        return [json_safe(item) for item in value]
    if value is None or isinstance(value, bool | np.bool_ | str):
        return bool(value) if isinstance(value, np.bool_) else value
    if isinstance(value, int | np.integer):
        return int(value)
    if not isinstance(value, float | np.floating):
        raise TypeError(f"cannot put a {type(value).__name__} into a result")
    if not math.isfinite(value):
        raise ValueError("a result holds a number that is not finite; give None and a reason")
    return float(value)
