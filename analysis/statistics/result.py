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

    def to_dict(self) -> dict[str, Any]:
        return {"low": self.low, "high": self.high, "level": self.level, "method": self.method}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A defined statistic.

    ``interval`` is absent only together with ``interval_reason``, in plain words. ``n`` counts what
    the value rests on (units, raters, judgments ...). ``details`` holds by-products such as the
    standard error or the chance agreement, as JSON-safe values.
    """

    value: float
    interval: Interval | None
    interval_reason: str | None
    n: Mapping[str, int]
    warnings: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"an estimate must be finite, got {self.value}")
        if (self.interval is None) == (self.interval_reason is None):
            raise ValueError("an estimate has either an interval or the reason why it has none")

    @classmethod
    def of(
        cls,
        value: float,
        interval: Interval | str,
        n: Mapping[str, int],
        warnings: Sequence[str] = (),
        details: Mapping[str, Any] | None = None,
    ) -> Estimate:
        """Build an estimate from an interval or, as a string, the reason why there is none."""
        return cls(
            value=float(value),
            interval=None if isinstance(interval, str) else interval,
            interval_reason=interval if isinstance(interval, str) else None,
            n=dict(n),
            warnings=tuple(warnings),
            details=dict(details or {}),
        )

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
    """The result that ``to_dict`` gave, as a report holds it."""
    if not facts["defined"]:
        return Undefined(facts["reason"], facts["n"], tuple(facts["warnings"]))
    interval = Interval(**facts["interval"]) if facts["interval"] else facts["interval_reason"]
    return Estimate.of(facts["value"], interval, facts["n"], facts["warnings"], facts["details"])


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
