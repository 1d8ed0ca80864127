"""Lin's concordance correlation: how near pairs lie to the line of identity.

CCC = 2 s_xy/(s_x^2 + s_y^2 + (mean x - mean y)^2), moments with divisor n (Lin 1989, with the
variance as corrected in 2000); CCC = r C_b, C_b the bias-correction factor.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.bootstrap import (
    REPLICATES,
    SumResampler,
    normal_interval,
    resampling_interval,
)
from analysis.statistics.core.ratings import FloatArray, paired_columns, unit_clusters
from analysis.statistics.core.result import COEFFICIENT, Estimate, Interval, Result, Undefined
from analysis.statistics.core.rounding import RELATIVE, noise


def concordance(
    first: ArrayLike,
    second: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> Result:
    """Lin's CCC of two columns, one row a unit (NaN = missing); interval by the z-transform.

    With four clusters or more: t over clusters. ``details``: pearson, c_b, se and the limits of the
    untransformed asymptotic interval.
    """
    x, y, kept = paired_columns(first, second)
    codes = unit_clusters(clusters, len(kept))
    n = {"units": len(x)}
    if len(x) < 3:
        return Undefined("fewer than three units have both measurements", n)
    if np.ptp(x) <= noise(x) and np.ptp(y) <= noise(y):
        return Undefined("neither column varies, so there is nothing to be concordant about", n)
    value = concordance_sums(x, y).value()
    details, z_interval = _asymptotic(x, y, value, level)
    if codes is None:
        return Estimate.of(value, z_interval, n, (), details, within=COEFFICIENT)
    interval, warnings, extra = resampling_interval(
        concordance_sums(x, y),
        level=level,
        replicates=replicates,
        seed=seed,
        clusters=np.unique(codes[kept], return_inverse=True)[1],
    )
    return Estimate.of(value, interval, n, warnings, details | extra, within=COEFFICIENT)


def concordance_sums(x: FloatArray, y: FloatArray) -> SumResampler:
    """The CCC of two columns without missing values, as a function of sums over units."""
    return SumResampler(_features(x, y), _ccc)


def _features(x: FloatArray, y: FloatArray) -> FloatArray:
    # The shared centre keeps the difference of the means and the precision of the squares.
    centre = (x.mean() + y.mean()) / 2
    a, b = x - centre, y - centre
    return np.column_stack([np.ones(len(a)), a, b, a * a, b * b, a * b])


def _ccc(sums: FloatArray) -> FloatArray:
    a, b, aa, bb, ab = (sums[..., column] / sums[..., 0] for column in range(1, 6))
    bottom = (aa - a**2) + (bb - b**2) + (a - b) ** 2
    top = 2 * (ab - a * b)
    known = bottom > 1e-14 * (aa + bb)
    value = np.divide(top, bottom, out=np.full(np.shape(bottom), np.nan), where=known)
    return np.clip(value, -1.0, 1.0)  # rounding alone leaves the range


def _asymptotic(
    x: FloatArray, y: FloatArray, p: float, level: float
) -> tuple[dict[str, object], Interval | str]:
    sx, sy = float(x.std()), float(y.std())
    if np.ptp(x) <= noise(x) or np.ptp(y) <= noise(y):
        return {}, "one column does not vary, so the large-sample interval does not exist"
    r = float(np.mean((x - x.mean()) * (y - y.mean()))) / (sx * sy)
    details: dict[str, object] = {"pearson": r, "c_b": p / r if abs(r) > 1e-12 else None}
    if abs(r) <= 1e-12 or 1 - abs(p) < 1e-12:
        return details, "at a value of -1, 0 or 1 the large-sample interval does not exist"
    u = float(x.mean() - y.mean()) / math.sqrt(sx * sy)
    spread = (
        (1 - r**2) * p**2 * (1 - p**2) / r**2
        + 2 * p**3 * (1 - p) * u**2 / r
        - 0.5 * p**4 * u**4 / r**2
    )
    if spread <= RELATIVE:
        return details, "the large-sample variance is not positive here"
    se = math.sqrt(spread / (len(x) - 2))
    plain = normal_interval(p, se, level, "asymptotic").inside(COEFFICIENT)
    details |= {"se": se, "asymptotic_low": plain.low, "asymptotic_high": plain.high}
    turned = normal_interval(math.atanh(p), se / (1 - p**2), level, "z-transform")
    limits = Interval(math.tanh(turned.low), math.tanh(turned.high), level, "z-transform")
    return details, limits
