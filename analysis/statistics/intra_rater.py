"""Does a rater say the same again? Intra-rater reliability from items judged twice by one rater.

Labels: agreement of first and repeated judgment, by itself and beyond chance. Numbers: the
within-rater SD, sqrt(sum d^2 / 2n) over the differences d of n pairs, and the repeatability 1.96
sqrt(2) times it (Bland & Altman 1986); both judgments measure the same thing, so their mean
difference is taken to be zero.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.agreement.alpha import Scale, krippendorff_alpha
from analysis.statistics.agreement.coefficients import percent_agreement
from analysis.statistics.agreement.kappa import cohen_kappa
from analysis.statistics.core.bootstrap import MIN_CLUSTERS, REPLICATES
from analysis.statistics.core.ratings import FloatArray, IntArray
from analysis.statistics.core.result import Estimate, Result, Undefined
from analysis.statistics.numbers.agreement_limits import repeatability
from analysis.statistics.numbers.reliability import MDC_MULTIPLE

NO_REPEATS = "no repeated items: no rater judged an item twice"
FEW_PAIRS = 10


@dataclass(frozen=True, slots=True)
class Repeats:
    """Statistics by name over all pairs, and over the pairs of each rater position."""

    overall: dict[str, Result]
    raters: dict[int, dict[str, Result]]

    def to_dict(self) -> dict[str, Any]:
        return {
            "overall": {name: row.to_dict() for name, row in self.overall.items()},
            "raters": {
                str(rater): {name: row.to_dict() for name, row in rows.items()}
                for rater, rows in self.raters.items()
            },
        }


def repeated_labels(
    rater: ArrayLike,
    first: ArrayLike,
    again: ArrayLike,
    categories: int,
    *,
    scale: Scale = "nominal",
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> Repeats:
    """``percent``, ``alpha`` and ``kappa`` of first and repeated category codes, one row a pair.

    ``rater``: position of the rater of each pair. From four raters on the intervals over all pairs
    are t over raters, because the pairs of one rater are alike. ``kappa`` takes first and repeated
    judgments as two raters, with quadratic weights on an ordinal scale.
    """
    codes, x, y = _pairs(rater, first, again)
    weights = "quadratic" if scale == "ordinal" else "unweighted"

    def statistics(rows: Any, clusters: IntArray | None) -> dict[str, Result]:
        if not len(x[rows]):
            return dict.fromkeys(("percent", "alpha", "kappa"), Undefined(NO_REPEATS, {"pairs": 0}))
        table = np.column_stack([x[rows], y[rows]])
        options: dict[str, Any] = {"clusters": clusters, "level": level}
        return {
            "percent": percent_agreement(table, categories, **options),
            "alpha": krippendorff_alpha(table, scale, replicates=replicates, seed=seed, **options),
            "kappa": cohen_kappa(x[rows], y[rows], categories, weights=weights, **options),
        }

    return _by_rater(codes, statistics)


def repeated_numbers(
    rater: ArrayLike, first: ArrayLike, again: ArrayLike, *, level: float = 0.95
) -> Repeats:
    """``within_sd`` and ``repeatability`` of first and repeated numbers, in units of the scale.

    Arguments as for ``repeated_labels``; chi-square intervals with one degree of freedom a
    pair, fewer where raters are unequally steady (kurtosis).
    """
    codes, x, y = _pairs(rater, first, again)

    def statistics(rows: Any, clusters: IntArray | None) -> dict[str, Result]:
        spread = repeatability(x[rows], y[rows], level=level)
        if not spread.defined:
            return dict.fromkeys(
                ("within_sd", "repeatability"), Undefined(NO_REPEATS, {"pairs": 0})
            )
        return {
            "within_sd": _scaled(spread, 1 / math.sqrt(2)),
            "repeatability": _scaled(spread, MDC_MULTIPLE),
        }

    return _by_rater(codes, statistics)


def _by_rater(codes: IntArray, statistics: Any) -> Repeats:
    found = np.unique(codes)
    clusters = codes if len(found) >= MIN_CLUSTERS else None
    everyone = statistics(slice(None), clusters)
    return Repeats(
        everyone, {int(rater): statistics(codes == rater, None) for rater in found.tolist()}
    )


def _scaled(result: Estimate, factor: float) -> Result:
    pairs = result.n["units"]
    few = [f"only {pairs} pairs"] if pairs < FEW_PAIRS else []
    return result.times(factor, {"pairs": pairs}, few)


def _pairs(
    rater: ArrayLike, first: ArrayLike, again: ArrayLike
) -> tuple[IntArray, FloatArray, FloatArray]:
    codes = np.asarray(rater, dtype=np.int64)
    x, y = np.asarray(first, dtype=np.float64), np.asarray(again, dtype=np.float64)
    if codes.ndim != 1 or not codes.shape == x.shape == y.shape:
        raise ValueError(
            "rater, first and again must be columns of one length, got shapes "
            f"{codes.shape}, {x.shape} and {y.shape}"
        )
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("both judgments of a pair must be there and finite; leave others out")
    return codes, x, y
