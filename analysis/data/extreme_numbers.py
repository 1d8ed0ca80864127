"""Numbers that are too large or too small to compute with.

The platform refuses them today; a study may hold some from before it did. Squares of squares of
such a number are no numbers any more, so whatever rests on the column it stands in is undefined.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.words.wording import count
from annotations.scales.numerals import LARGEST, SMALLEST


def reason_of(values: NDArray[np.float64], whose: str) -> str:
    """Why nothing can be computed from *values* (NaN for none), *whose* they are ("the raters'");
    empty when all can be used."""
    size = np.abs(values[~np.isnan(values)])
    beyond = int(np.count_nonzero((size > LARGEST) | ((size > 0) & (size < SMALLEST))))
    if not beyond:
        return ""
    return (
        f"{beyond:,} of {whose} {count(len(size), 'number')} cannot be computed with: further from "
        f"0 than {LARGEST:g}, or nearer to it than {SMALLEST:g}"
    )


def explain(part: Any, reason: str) -> None:
    """Give *reason* to every undefined statistic in *part* of a report, in place."""
    if isinstance(part, dict):
        if part.get("defined") is False:
            part["reason"] = reason
        for inner in part.values():
            explain(inner, reason)
    elif isinstance(part, list):
        for inner in part:
            explain(inner, reason)
