"""Limits of agreement with one rater, where several raters judged the same units.

The differences of a unit are repeats, and so are those of a rater: difference = bias + unit + rater
+ residual, units and raters random and crossed. The limits are bias -+ 1.96 sqrt(sum of the three
variances): where the difference from one further rater on one further unit lies. The one-way form
of Bland & Altman 2007 has the same limits but leaves the raters out of their intervals: with five
raters whose variance equals the residual one those covered 51 instead of 95 %.

Intervals: variance components drawn from their pivots (``pivots``), the bias given them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.statistics.core.bootstrap import REPLICATES
from analysis.statistics.core.ratings import FloatArray, Ratings
from analysis.statistics.core.result import ANY, Estimate, Interval, Result, Undefined
from analysis.statistics.core.rounding import noise
from analysis.statistics.numbers.agreement_limits import MULTIPLE
from analysis.statistics.numbers.icc_missing import PIVOT_METHOD
from analysis.statistics.numbers.pivots import Draws, pivots


@dataclass(frozen=True, slots=True)
class CrossedLimits:
    """Bias and limits; ``bias.details`` holds the variances of units, raters and residual."""

    bias: Result
    lower: Result
    upper: Result


def crossed_limits(
    differences: Ratings,
    *,
    multiple: float = MULTIPLE,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> CrossedLimits:
    """Limits of ``differences`` (one a judgment, by unit and rater, cells may be missing).

    Variances are estimated by moments, the bias is the mean of all differences. Undefined below two
    units or raters, where no unit was judged twice, or where nothing is left for the residual.
    """
    n = differences.n()
    if reason := _refusal(differences):
        nothing = Undefined(reason, n)
        return CrossedLimits(nothing, nothing, nothing)
    known = pivots(differences, two_way=True)
    if known is None:
        nothing = Undefined("units and raters explain every difference completely", n)
        return CrossedLimits(nothing, nothing, nothing)
    residual = known.residual_squares / known.residual_df
    unit, rater = (ratio * residual for ratio in known.moment_ratios())
    bias, half = float(differences.value.mean()), multiple * math.sqrt(unit + rater + residual)
    rng = np.random.default_rng(seed)
    draws = known.draw(replicates, rng)
    centre = bias + rng.standard_normal(replicates) * np.sqrt(_variance(differences, draws))
    spread = multiple * np.sqrt(draws.target + draws.rater + draws.residual)
    details = {"var_unit": unit, "var_rater": rater, "var_residual": residual}

    def result(value: float, simulated: FloatArray) -> Result:
        low, high = np.quantile(simulated, [(1 - level) / 2, (1 + level) / 2])
        low, high = min(float(low), value), max(float(high), value)
        interval = Interval(low, high, level, PIVOT_METHOD)
        return Estimate.of(value, interval, n, (), details, within=ANY)

    return CrossedLimits(
        result(bias, centre),
        result(bias - half, centre - spread),
        result(bias + half, centre + spread),
    )


def _variance(data: Ratings, draws: Draws) -> FloatArray:
    """Variance of the mean of all differences for each draw of the components."""
    shares = [counts / data.n_judgments for counts in (data.per_unit(), data.per_rater())]
    of_units, of_raters = (float(part @ part) for part in shares)
    mean = draws.target * of_units + draws.rater * of_raters + draws.residual / data.n_judgments
    return np.asarray(mean)


def _refusal(data: Ratings) -> str | None:
    n = data.n()
    if n["units"] < 2:
        return "fewer than two units have both measurements"
    if n["raters"] < 2:
        return "one rater alone: what another one would say is not known"
    if data.per_unit().max() < 2:
        return "no unit was judged by two raters"
    if np.ptp(data.value) <= noise(data.value):
        return "all differences are equal, so they show no spread"
    return None
