"""Measurement error in the units of the ratings: SEM, MDC, and the spread of repeated trials.

SEM agreement = sqrt(var_rater + var_residual), SEM consistency = sqrt(var_residual) (de Vet et al.
2006); MDC = z sqrt(2) SEM, 1.96 sqrt(2) SEM at 95 % (Weir 2005). Intervals for complete tables:
chi-square for one mean square, Graybill & Wang 1980 for the sum of two.

Trials of a model mostly repeat themselves and sometimes jump. So the interval of their SD knows of
heavy tails: with kurtosis g a variance on f degrees of freedom is as uncertain as a normal one on
2f/(g - 1) (Box 1953). On all f df it held the SD of such trials in 67 % of simulated studies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.core.bootstrap import REPLICATES, percentile_interval
from analysis.statistics.core.ratings import IntArray, Ratings, RatingsLike, as_ratings
from analysis.statistics.core.result import NOT_NEGATIVE, Estimate, Interval, Result, Undefined
from analysis.statistics.core.rounding import is_larger, noise
from analysis.statistics.numbers.icc import MeanSquares, icc
from analysis.statistics.numbers.icc_forms import (
    NO_VARIATION,
    ONE_RATER,
    ONE_TARGET,
    few_raters_warnings,
)
from analysis.statistics.numbers.icc_missing import PIVOT_METHOD, model_iccs
from analysis.statistics.numbers.pivots import pivots
from analysis.statistics.numbers.variance_components import Design

MDC_MULTIPLE = 1.959963984540054
_LOW_ICC = 0.5


@dataclass(frozen=True, slots=True)
class WithinCell:
    """Internal consistency of repeated trials: within-cell SD, ICC(1,1) over trials, MDC95."""

    sd: Result
    icc: Result
    mdc: Result

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name).to_dict() for name in ("sd", "icc", "mdc")}


def standard_error_of_measurement(
    ratings: RatingsLike,
    kind: Literal["agreement", "consistency"],
    *,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> Result:
    """SEM of one rating, in units of the ratings (targets x raters, NaN = missing, or Ratings).

    ``details`` holds the rater and residual variances. Missing cells: REML components,
    limits from simulated pivots. Undefined for one rater, one target or no variation.
    """
    if kind not in ("agreement", "consistency"):
        raise ValueError(f"kind is 'agreement' or 'consistency', not {kind!r}")
    data = as_ratings(ratings)
    n = data.n()
    for missing, reason in ((n["raters"] < 2, ONE_RATER), (n["units"] < 2, ONE_TARGET)):
        if missing:
            return Undefined(reason, n)
    if np.ptp(data.value) == 0:
        return Undefined(NO_VARIATION, n)
    if not data.complete:
        return _sem_missing(data, kind, level, replicates, seed)
    squares = MeanSquares.of(data.value.reshape(data.n_units, data.n_raters))
    differ = is_larger(squares.c, squares.e)
    rater = (squares.c - squares.e) / squares.n if differ else 0.0
    variance = squares.e + (rater if kind == "agreement" else 0.0)
    warnings = few_raters_warnings(squares.k) if kind == "agreement" else []
    details = {"var_rater": rater, "var_residual": squares.e}
    interval = _sem_interval(squares, kind, rater, level)
    return Estimate.of(math.sqrt(variance), interval, n, warnings, details, within=NOT_NEGATIVE)


def minimum_detectable_change(sem: Result, *, multiple: float = MDC_MULTIPLE) -> Result:
    """``multiple`` x sqrt(2) x SEM: the smallest difference of two scores that is not noise."""
    if not sem.defined:
        return sem
    factor = multiple * math.sqrt(2)
    change = sem.times(factor, sem.n, sem.warnings)
    return replace(change, details={"sem": sem.value, "multiple": multiple})


def within_cell(
    trials: RatingsLike, *, level: float = 0.95, replicates: int = REPLICATES, seed: int = 0
) -> WithinCell:
    """How far trials of one cell scatter: ``trials`` is cells x trials (NaN = missing) or Ratings.

    The trial number carries no meaning, so the model is one-way. SD = sqrt(MSW) with a chi-square
    interval corrected for kurtosis; ICC(1,1) is the share of variance that lies between cells.
    """
    data = as_ratings(trials)
    n = _cell_counts(data)
    held = data.per_unit()
    df = int(data.n_judgments - np.count_nonzero(held))
    if df < 1:
        nothing = Undefined("no cell has two trials, so nothing is repeated", n)
        return WithinCell(nothing, nothing, nothing)
    means = data.sums(data.value) / np.maximum(held, 1)
    within = data.sums((data.value - means[data.unit]) ** 2)
    sd = math.sqrt(float(within.sum()) / df)
    warnings = _repeated_warnings(within <= held * noise(data.value) ** 2, held)
    outcome: Interval | str = "trials of one cell never differ"
    if sd > noise(data.value):
        outcome = sd_interval(sd, df, _kurtosis(data, float(within.sum())), level)
    spread = Estimate.of(sd, outcome, n, warnings, {"df": df}, within=NOT_NEGATIVE)
    consistency = _trial_icc(data, n, level, replicates, seed, warnings)
    return WithinCell(spread, consistency, minimum_detectable_change(spread))


def sd_interval(sd: float, df: int, kurtosis: float, level: float) -> Interval:
    """Interval of a positive SD on ``df`` degrees of freedom, fewer where tails are heavy."""
    effective = df * min(1.0, 2 / (kurtosis - 1)) if kurtosis > 1 else float(df)
    low, high = (math.sqrt(limit) for limit in _chi_square_limits(sd**2, effective, level))
    return Interval(low, high, level, "chi-square, corrected for kurtosis")


def _kurtosis(data: Ratings, squares: float) -> float:
    """Kurtosis pooled over units whose spread may differ; ``squares``: sum around their means.

    The fourth moment is taken around a mean trimmed by 1/(2 sqrt(n - 4)) at either end, which keeps
    one far value from hiding itself (Bonett 2006).
    """
    held = data.per_unit()
    order = np.lexsort((data.value, data.unit))
    value, unit = data.value[order], data.unit[order]
    trimmed = np.floor(held / (2 * np.sqrt(np.maximum(held - 4, 1))))
    trimmed = np.minimum(trimmed, (held - 1) // 2)
    place = np.arange(len(value)) - (np.cumsum(held) - held)[unit]
    kept = ((place >= trimmed[unit]) & (place < (held - trimmed)[unit])).astype(np.float64)
    counts = np.maximum(np.bincount(unit, weights=kept, minlength=len(held)), 1)
    centre = np.bincount(unit, weights=kept * value, minlength=len(held)) / counts
    repeated = (held >= 2)[unit]
    fourth = float(np.sum((value - centre[unit])[repeated] ** 4))
    return int(repeated.sum()) * fourth / squares**2


def _cell_counts(data: Ratings) -> dict[str, int]:
    return {"cells": int(np.count_nonzero(data.per_unit())), "trials": data.n_judgments}


def _repeated_warnings(frozen_cells: NDArray[np.bool_], held: IntArray) -> list[str]:
    repeated = held >= 2
    frozen = int(np.count_nonzero(repeated & frozen_cells))
    if not frozen:
        return []
    return [
        f"{frozen} of {int(repeated.sum())} cells give the same score on every trial, as a model "
        "at temperature 0 does"
    ]


def _trial_icc(
    data: Ratings, n: dict[str, int], level: float, replicates: int, seed: int, warnings: list[str]
) -> Result:
    if n["cells"] < 2:
        return Undefined("one cell alone: differences between cells cannot be estimated", n)
    if np.ptp(data.value) == 0:
        return Undefined("every trial of every cell has the same score", n)
    balanced = data.complete or data.n_judgments == 0
    pairs_differ = np.any(np.diff(data.value)[np.diff(data.unit) == 0] != 0)
    if balanced or not pairs_differ:
        result = icc(data, level=level)["ICC(1,1)"]
    else:
        models = model_iccs(data, ("ICC(1,1)",), 1.0, level=level, replicates=replicates, seed=seed)
        result = models["ICC(1,1)"]
    if not result.defined:
        return Undefined(result.reason, n, tuple(warnings))
    if result.value < _LOW_ICC:
        warnings = [
            *warnings,
            "a low ICC can mean that cells hardly differ (restricted range) although trials agree "
            "closely: read the within-cell SD and the MDC beside it",
        ]
    return replace(result, n=n, warnings=tuple(warnings))


def _sem_missing(data: Ratings, kind: str, level: float, replicates: int, seed: int) -> Result:
    n = data.n()
    known = pivots(data, two_way=True)
    if known is None:
        return Undefined("targets and raters explain every rating, so no error is left to see", n)
    try:
        fitted = Design(data).fit(known.moment_ratios())
    except ValueError as error:
        return Undefined(str(error), n)
    with_raters = 1.0 if kind == "agreement" else 0.0
    value = math.sqrt(fitted.residual + with_raters * fitted.rater)
    draws = known.draw(replicates, np.random.default_rng(seed))
    simulated = np.sqrt(draws.residual + with_raters * draws.rater)
    interval, _ = percentile_interval(simulated, level, method=PIVOT_METHOD)
    warnings = few_raters_warnings(n["raters"]) if kind == "agreement" else []
    details = {
        "var_rater": fitted.rater,
        "var_residual": fitted.residual,
        "replicates": replicates,
        "seed": seed,
    }
    return Estimate.of(value, interval, n, warnings, details, within=NOT_NEGATIVE)


def _sem_interval(ms: MeanSquares, kind: str, rater: float, level: float) -> Interval | str:
    residual_df = (ms.n - 1) * (ms.k - 1)
    if ms.e == 0 and (kind == "consistency" or ms.c == 0):
        return "no residual variation is left"
    if kind == "consistency" or rater == 0:
        low, high = _chi_square_limits(ms.e, residual_df, level)
        return Interval(math.sqrt(low), math.sqrt(high), level, "chi-square")
    parts = [(ms.c / ms.n, ms.k - 1), (ms.e * (ms.n - 1) / ms.n, residual_df)]
    low, high = combined_limits(parts, level)
    return Interval(math.sqrt(low), math.sqrt(high), level, "Graybill-Wang")


def combined_limits(parts: list[tuple[float, int]], level: float) -> tuple[float, float]:
    """Limits of a sum of independent variances, given as (estimate, degrees of freedom).

    Graybill & Wang 1980: the distances to the chi-square limits of each part add up as squares.
    """
    total = sum(estimate for estimate, _ in parts)
    below = above = 0.0
    for estimate, df in parts:
        low, high = _chi_square_limits(estimate, df, level)
        below, above = below + (estimate - low) ** 2, above + (high - estimate) ** 2
    return max(0.0, total - math.sqrt(below)), total + math.sqrt(above)


def _chi_square_limits(variance: float, df: float, level: float) -> tuple[float, float]:
    from scipy.special import chdtri

    tail = (1 - level) / 2
    return variance * df / float(chdtri(df, tail)), variance * df / float(chdtri(df, 1 - tail))
