"""Which models differ: paired contrasts of all pairs, with Holm's correction.

Two columns are compared on the blocks (target value and condition) that both have, by the t test of
their differences: the trials of a block are a cluster and count as one mean. Holm 1979 keeps the
chance of any false difference below the level however the tests depend on each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.pairs import mean_difference
from analysis.statistics.core.ratings import FloatArray, as_matrix
from analysis.statistics.core.result import ANY, Range, Result, of_difference


@dataclass(frozen=True, slots=True)
class Contrast:
    """``first`` minus ``second``; p and p_holm are None where the contrast is undefined."""

    first: str
    second: str
    difference: Result
    p: float | None
    p_holm: float | None


@dataclass(frozen=True, slots=True)
class Contrasts:
    """All pairs; ``tests`` of them were made and share one Holm correction."""

    rows: tuple[Contrast, ...]
    tests: int

    def to_dict(self) -> dict[str, Any]:
        return {
            "tests": self.tests,
            "rows": [
                {
                    "first": row.first,
                    "second": row.second,
                    "difference": row.difference.to_dict(),
                    "p": row.p,
                    "p_holm": row.p_holm,
                }
                for row in self.rows
            ],
        }


def paired_contrasts(
    values: ArrayLike, names: Sequence[str], *, level: float = 0.95, within: Range = ANY
) -> Contrasts:
    """All pairwise differences of the columns of ``values`` (blocks x names, NaN = missing).

    Intervals are for each contrast on its own; p_holm is corrected for all of them. ``within``: the
    range of the values; their differences have that of a difference.
    """
    table = as_matrix(values)
    if table.shape[1] != len(names):
        raise ValueError(f"{table.shape[1]} columns but {len(names)} names")
    pairs = list(combinations(range(len(names)), 2))
    between = of_difference(within, within)
    tested = [_contrast(table[:, a], table[:, b], level, between) for a, b in pairs]
    known = [p for _, p in tested if p is not None]
    corrected = iter(holm(known))
    rows = tuple(
        Contrast(names[a], names[b], result, p, None if p is None else next(corrected))
        for (a, b), (result, p) in zip(pairs, tested, strict=True)
    )
    return Contrasts(rows, len(known))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm-adjusted p values, in the order given."""
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(len(p))
    steps = (len(p) - np.arange(len(p))) * p[order]
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps)) if len(p) else steps
    return [float(value) for value in adjusted]


def _contrast(
    first: FloatArray, second: FloatArray, level: float, within: Range
) -> tuple[Result, float | None]:
    from scipy.special import stdtr

    found, freedom = mean_difference(first, second, "blocks", level=level, within=within)
    if freedom is None or not found.defined:
        return found, None
    return found, 2 * float(stdtr(freedom, -abs(found.value) / found.details["se"]))
