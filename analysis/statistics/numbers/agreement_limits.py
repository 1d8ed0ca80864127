"""Agreement of two methods in the units they measure in: Bland-Altman limits.

Plain limits: Bland & Altman 1986; repeated measures with a varying true value: Bland & Altman 2007
(one-way ANOVA of the differences, unequal numbers). Intervals of the limits: exact by the
noncentral t (Carkeet 2015) or MOVER (Zou 2013). Differences are first minus second.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.bootstrap import t_interval
from analysis.statistics.core.clustered import linearised_interval
from analysis.statistics.core.ratings import FloatArray, IntArray, paired_columns, unit_clusters
from analysis.statistics.core.result import ANY, NOT_NEGATIVE, Estimate, Interval, Result, Undefined
from analysis.statistics.core.rounding import SAME, is_larger, noise
from analysis.statistics.numbers.reliability import combined_limits, sd_interval

MULTIPLE = 1.96
_EXACT_UP_TO = 1000
_AT_AN_END = 0.05


@dataclass(frozen=True, slots=True)
class LimitsOfAgreement:
    """Bias and limits; ``sd`` is that of a difference; ``slope``: of difference on mean."""

    bias: Result
    lower: Result
    upper: Result
    sd: Result
    slope: Result
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        names = ("bias", "lower", "upper", "sd", "slope")
        parts: dict[str, Any] = {name: getattr(self, name).to_dict() for name in names}
        return parts | {"warnings": list(self.warnings)}


def limits_of_agreement(
    first: ArrayLike,
    second: ArrayLike,
    *,
    multiple: float = MULTIPLE,
    level: float = 0.95,
    bounds: tuple[float, float] | None = None,
) -> LimitsOfAgreement:
    """bias +- ``multiple`` SD of the differences of two columns, one row a unit (NaN = missing).

    ``bounds``: ends of the scale, for warnings about bounded scales. ``sd.details`` holds the 1986
    approximate standard error of a limit, sqrt(3/n) SD.
    """
    x, y, _ = _paired(first, second, None)
    n = {"units": len(x)}
    if len(x) < 2:
        return _nothing("fewer than two units have both measurements", n)
    d = x - y
    bias, sd = float(d.mean()), float(d.std(ddof=1))
    if sd <= noise(x, y):
        return _constant(bias, n)
    se = sd / math.sqrt(len(d))
    spread = _sd_result(sd, [(sd**2, len(d) - 1)], n, level, {"se_limit_1986": math.sqrt(3) * se})
    centre = Estimate.of(
        bias, t_interval(bias, se, len(d) - 1, level, "t"), n, (), {"se": se}, within=ANY
    )
    exact = len(d) <= _EXACT_UP_TO
    limits = (_exact_limits if exact else _mover_limits)(centre, spread, multiple)
    return _assembled(x, y, None, centre, spread, limits, multiple, bounds)


def repeated_limits_of_agreement(
    first: ArrayLike,
    second: ArrayLike,
    unit: ArrayLike,
    *,
    multiple: float = MULTIPLE,
    level: float = 0.95,
    bounds: tuple[float, float] | None = None,
) -> LimitsOfAgreement:
    """Limits when a unit (model, person ...) was measured several times while its value varies.

    One-way ANOVA of the differences within ``unit`` (one label a row): total variance = between +
    within, between = (MSB - MSW)/m with m = (N^2 - sum m_i^2)/((n - 1) N). The bias is the mean of
    all differences. ``sd.details`` holds the mean squares, m and the between variance.
    """
    x, y, codes = _paired(first, second, unit)
    n = {"units": len(np.unique(codes)), "pairs": len(x)}
    if n["units"] < 2:
        return _nothing("fewer than two units have both measurements", n)
    d = x - y
    if np.ptp(d) <= noise(x, y):
        return _constant(float(d.mean()), n)
    if n["pairs"] == n["units"]:
        return _nothing("no unit was measured twice: use the plain limits", n)
    bias = float(d.mean())
    sizes = np.bincount(codes).astype(np.float64)
    means = np.bincount(codes, weights=d) / sizes
    within_df = len(d) - len(sizes)
    ms_w = float(np.sum((d - means[codes]) ** 2)) / within_df
    ms_b = float(sizes @ (means - bias) ** 2) / (len(sizes) - 1)
    m = (len(d) ** 2 - float(sizes @ sizes)) / ((len(sizes) - 1) * len(d))
    between = (ms_b - ms_w) / m if is_larger(ms_b, ms_w) else 0.0
    sd = math.sqrt(between + ms_w)
    se = math.sqrt(between * float(sizes @ sizes) / len(d) ** 2 + ms_w / len(d))
    details = {"ms_between": ms_b, "ms_within": ms_w, "divisor": m, "var_between": between}
    # Without a between part the within mean square alone carries the total variance.
    parts = [(ms_b / m, len(sizes) - 1), ((1 - 1 / m) * ms_w, within_df)]
    parts = parts if between > 0 else [(ms_w, within_df)]
    spread = _sd_result(sd, parts, n, level, details)
    interval = t_interval(bias, se, len(sizes) - 1, level, "t on units")
    centre = Estimate.of(bias, interval, n, (), {"se": se}, within=ANY)
    limits = _mover_limits(centre, spread, multiple)
    return _assembled(x, y, codes, centre, spread, limits, multiple, bounds)


def _assembled(
    x: FloatArray,
    y: FloatArray,
    codes: IntArray | None,
    centre: Estimate,
    spread: Estimate,
    limits: tuple[Interval, Interval],
    multiple: float,
    bounds: tuple[float, float] | None,
) -> LimitsOfAgreement:
    half, level = multiple * spread.value, limits[0].level
    slope = _slope(x, y, codes, level)
    return LimitsOfAgreement(
        centre,
        Estimate.of(centre.value - half, limits[0], centre.n, within=ANY),
        Estimate.of(centre.value + half, limits[1], centre.n, within=ANY),
        spread,
        slope,
        tuple(_limit_warnings(x, y, slope, centre.value, half, bounds)),
    )


def repeatability(first: ArrayLike, second: ArrayLike, *, level: float = 0.95) -> Result:
    """SD of the differences between two runs of one method; twice it is the coefficient.

    The mean difference is taken to be zero, since both runs measure the same thing (Bland & Altman
    1986): sqrt(sum d^2 / n). Chi-square interval, corrected for kurtosis.
    """
    x, y, _ = _paired(first, second, None)
    n = {"units": len(x)}
    if not len(x):
        return Undefined("no unit was measured twice", n)
    squares = (x - y) ** 2
    value = math.sqrt(float(np.mean(squares)))
    if value == 0:
        return Estimate.of(0.0, "the two runs never differ", n, within=NOT_NEGATIVE)
    kurtosis = float(np.mean(squares**2)) / value**4
    interval = sd_interval(value, len(x), kurtosis, level)
    return Estimate.of(value, interval, n, within=NOT_NEGATIVE)


def _paired(
    first: ArrayLike, second: ArrayLike, unit: ArrayLike | None
) -> tuple[FloatArray, FloatArray, IntArray]:
    x, y, kept = paired_columns(first, second)
    labels = np.arange(len(kept)) if unit is None else unit
    codes = unit_clusters(labels, len(kept))
    codes = np.arange(len(kept)) if codes is None else codes
    return x, y, np.unique(codes[kept], return_inverse=True)[1]


def _nothing(reason: str, n: dict[str, int]) -> LimitsOfAgreement:
    nothing = Undefined(reason, n)
    return LimitsOfAgreement(nothing, nothing, nothing, nothing, nothing, ())


def _constant(bias: float, n: dict[str, int]) -> LimitsOfAgreement:
    reason = "all differences are equal, so they show no spread"
    same = Estimate.of(bias, reason, n, within=ANY)
    zero = Estimate.of(0.0, reason, n, within=NOT_NEGATIVE)
    return LimitsOfAgreement(same, same, same, zero, Undefined(reason, n), ())


def _sd_result(
    sd: float,
    parts: list[tuple[float, int]],
    n: dict[str, int],
    level: float,
    details: dict[str, float],
) -> Estimate:
    low, high = (math.sqrt(limit) for limit in combined_limits(parts, level))
    method = "chi-square" if len(parts) == 1 else "Graybill-Wang"
    interval = Interval(low, high, level, method)
    return Estimate.of(sd, interval, n, (), details, within=NOT_NEGATIVE)


def _exact_limits(centre: Estimate, spread: Estimate, multiple: float) -> tuple[Interval, Interval]:
    """Intervals of mean -+ multiple sigma by the noncentral t (Carkeet 2015)."""
    from scipy.special import nctdtrit

    n, bias, level = centre.n["units"], centre.value, _interval_of(centre).level
    scale = spread.value / math.sqrt(n)
    tails = [(1 - level) / 2, (1 + level) / 2]
    shift = multiple * math.sqrt(n)
    near, far = (float(nctdtrit(n - 1, shift, tail)) * scale for tail in tails)
    return (
        Interval(bias - far, bias - near, level, "exact, noncentral t"),
        Interval(bias + near, bias + far, level, "exact, noncentral t"),
    )


def _mover_limits(centre: Estimate, spread: Estimate, multiple: float) -> tuple[Interval, Interval]:
    """Intervals of mean -+ multiple sigma from those of mean and sigma (MOVER; Zou 2013)."""
    bias, around, wide = centre.value, _interval_of(centre), _interval_of(spread)
    inward = math.hypot(bias - around.low, multiple * (spread.value - wide.low))
    outward = math.hypot(around.high - bias, multiple * (wide.high - spread.value))
    lower, upper = bias - multiple * spread.value, bias + multiple * spread.value
    return (
        Interval(lower - outward, lower + inward, around.level, "MOVER"),
        Interval(upper - inward, upper + outward, around.level, "MOVER"),
    )


def _interval_of(result: Estimate) -> Interval:
    if result.interval is None:
        raise ValueError("limits need an interval of the bias and of the standard deviation")
    return result.interval


def _slope(x: FloatArray, y: FloatArray, codes: IntArray | None, level: float) -> Result:
    """Least-squares slope of the difference on the mean of both, with a robust t interval."""
    n = {"pairs": len(x)}
    d, mean = x - y, (x + y) / 2
    centred = mean - mean.mean()
    squares = float(centred @ centred)
    if len(x) < 3 or np.ptp(mean) <= noise(x, y):
        return Undefined("the means of the pairs do not vary", n)
    value = float(centred @ d) / squares
    residual = d - d.mean() - value * centred
    # What rounding leaves of a point on the line is nothing, however it is scaled up below.
    residual = np.where(np.abs(residual) <= noise(x, y), 0.0, residual)
    # A far point draws the line to itself: its residual is scaled up (MacKinnon & White 1985, HC3).
    leverage = np.minimum(1 / len(x) + centred**2 / squares, 1 - 1e-9)
    influence = centred * residual / squares / (1 - leverage)
    interval, warnings, details = linearised_interval(value, influence, level=level, clusters=codes)
    return Estimate.of(value, interval, n, warnings, details, within=ANY)


def _limit_warnings(
    x: FloatArray,
    y: FloatArray,
    slope: Result,
    bias: float,
    half: float,
    bounds: tuple[float, float] | None,
) -> list[str]:
    warnings = []
    if slope.defined and slope.interval is not None and not slope.interval.contains(0.0):
        warnings.append(
            f"proportional bias: the difference changes by {_signed(slope.value)} for each unit of "
            "the mean, so one bias and one pair of limits do not fit the whole scale"
        )
    if bounds is None:
        return warnings
    low, high = bounds
    values, near = np.concatenate([x, y]), SAME * (high - low)
    share = float(np.mean((values <= low + near) | (values >= high - near)))
    if share > _AT_AN_END:
        warnings.append(
            f"bounded scale: {100 * share:.0f} % of the values lie at an end of it, where "
            "differences can only go one way"
        )
    if bias + half > high - low or bias - half < low - high:
        warnings.append("bounded scale: the limits reach beyond the largest possible difference")
    return warnings


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
