"""The cut-offs behind words such as 'agree well': cited, shown in every report, and adjustable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True, slots=True)
class Threshold:
    """A convention: from ``value`` of ``statistic`` on, ``meaning`` is said; ``source`` says so."""

    code: str
    statistic: str
    value: float
    meaning: str
    source: str


KRIPPENDORFF = "Krippendorff 2019, Content Analysis, 4th ed., ch. 12"
CONVENTIONS = (
    Threshold(
        "reliable",
        "Krippendorff's alpha",
        0.8,
        "where the interval's lower limit is here or above, labels are customarily relied on "
        "('agree well')",
        KRIPPENDORFF,
    ),
    Threshold(
        "tentative",
        "Krippendorff's alpha",
        0.667,
        "where the interval's lower limit is here or above, tentative conclusions are customary; "
        "where the upper limit is below, none are",
        KRIPPENDORFF,
    ),
)
"""Conventions, not laws; those of one statistic from the strictest down."""

OWN = "chosen for this report"


class ThresholdError(ValueError):
    """A cut-off that there is not, or that contradicts another."""


def checked(chosen: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The cut-offs of *chosen* that differ from the convention, in the order of CONVENTIONS.

    ThresholdError for a code that is none, a value outside 0 to 1, and for a stricter word that
    would come before a milder one.
    """
    known = {row.code: row.value for row in CONVENTIONS}
    if unknown := sorted(set(chosen) - set(known)):
        raise ThresholdError(
            f"There is no threshold {', '.join(unknown)}. There are: {', '.join(known)}."
        )
    for code, value in chosen.items():
        if not 0 <= value <= 1:
            raise ThresholdError(f"threshold {code} {value:g}: use a number from 0 to 1.")
    values = known | dict(chosen)
    for upper, lower in pairwise(CONVENTIONS):
        if upper.statistic == lower.statistic and values[upper.code] < values[lower.code]:
            raise ThresholdError(
                f"threshold {upper.code} ({values[upper.code]:g}) must not be below "
                f"{lower.code} ({values[lower.code]:g})."
            )
    return tuple((code, values[code]) for code in known if values[code] != known[code])


def in_force(chosen: Mapping[str, float]) -> list[dict[str, Any]]:
    """Every threshold with the value a report uses, the customary one, and where it is from."""
    return [
        {
            "code": row.code,
            "statistic": row.statistic,
            "value": chosen.get(row.code, row.value),
            "customary": row.value,
            "meaning": row.meaning,
            "source": OWN if chosen.get(row.code, row.value) != row.value else row.source,
            "convention": row.source,
        }
        for row in CONVENTIONS
    ]
