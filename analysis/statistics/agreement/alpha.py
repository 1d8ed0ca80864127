"""Krippendorff's alpha: nominal, ordinal, interval and ratio; any raters, missing cells.

alpha = 1 - D_o/D_e (Krippendorff 2019, ch. 12; Krippendorff 2011, "Computing Krippendorff's
alpha-reliability"). With m_u judgments of unit u and n pairable judgments in all,

    D_o = 1/n sum_u 1/(m_u - 1) sum_{i != j} d(x_ui, x_uj)
    D_e = 1/(n(n - 1)) sum_{c, k} n_c n_k d(c, k)

All four distances are squares of distances in a Euclidean space, so that disagreement within units
is at most twice that among all judgments: alpha is above -1 whatever was judged.

No table of units x values x values is built: nominal and ratio distances need category counts,
interval distances need sums and squares, and the ordinal distance is the interval distance between
mid-ranks, because sum_{g=c..k} n_g - (n_c + n_k)/2 is the difference of the mid-ranks of c and k.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.agreement.without_exception import alpha_without_exception
from analysis.statistics.core.bootstrap import (
    MIN_CLUSTERS,
    REPLICATES,
    Resampler,
    SumResampler,
    WeightResampler,
    resampling_interval,
)
from analysis.statistics.core.diagnostics import (
    constant_rater_warnings,
    order_warning,
    rare_category_warnings,
)
from analysis.statistics.core.ratings import (
    FloatArray,
    IntArray,
    Ratings,
    RatingsLike,
    as_ratings,
    unit_clusters,
)
from analysis.statistics.core.result import COEFFICIENT, Estimate, Interval, Result, Undefined

Scale = Literal["nominal", "ordinal", "interval", "ratio"]
_FEW_VALUES = 20
_MAX_RATIO_VALUES = 4000
_MAX_FEATURE_CELLS = 1 << 24


def krippendorff_alpha(
    ratings: RatingsLike,
    scale: Scale,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
    names: Sequence[str] | None = None,
    order_declared: bool = True,
) -> Result:
    """Krippendorff's alpha of ``ratings`` (targets x raters, NaN = missing, or ``Ratings``).

    ``clusters``: one label a unit when units come in clusters; from four clusters on the interval
    is t over clusters, otherwise a percentile bootstrap over units. ``names``: of the category
    codes, for warnings. Units with fewer than two judgments do not count. ``details`` holds the
    observed and expected disagreement.
    """
    everything = as_ratings(ratings)
    codes = unit_clusters(clusters, everything.n_units)
    data, codes = _pairable(everything, codes)
    refusal = _refusal(data, scale)
    if refusal is not None:
        return Undefined(refusal, data.n())
    resampler = _resampler(data, scale)
    value = resampler.value()
    interval, warnings, details = resampling_interval(
        resampler, level=level, replicates=replicates, seed=seed, clusters=codes
    )
    if isinstance(interval, str) and (
        limits := _without_exception(value, data, scale, codes, level)
    ):
        interval = limits
    warnings += _warnings(data, scale, names, order_declared)
    details |= {"scale": scale}
    return Estimate.of(value, interval, data.n(), warnings, details, within=COEFFICIENT)


def _without_exception(
    value: float, data: Ratings, scale: Scale, codes: IntArray | None, level: float
) -> Interval | None:
    """Limits where every unit agrees, or disagrees alike, so that resampling has no spread."""
    if scale == "ratio":
        return None
    points = None
    if scale != "nominal":
        points = data.value - data.value.mean()
    if scale == "ordinal":
        _, place, held = np.unique(data.value, return_inverse=True, return_counts=True)
        points = (np.cumsum(held) - held / 2)[place]
    groups = 0 if codes is None else len(np.unique(codes))
    clusters = groups if groups >= MIN_CLUSTERS else 0
    return alpha_without_exception(value, data, points, clusters=clusters, level=level)


class TooManyValues(ValueError):
    """An alpha that is no function of a few sums, so that it cannot be resampled with others."""


def pairable_sums(ratings: Ratings, scale: Scale) -> SumResampler:
    """Alpha as a function of sums over the units that were judged twice, in their order.

    For statistics that resample several alphas together. ValueError when nothing can be said;
    TooManyValues for more distinct ones than a dense count table should have.
    """
    data, _ = _pairable(ratings, None)
    if reason := _refusal(data, scale):
        raise ValueError(reason)
    found = _resampler(data, scale)
    if not isinstance(found, SumResampler):
        raise TooManyValues(f"more than {_FEW_VALUES} distinct values: use the interval scale")
    return found


def _pairable(ratings: Ratings, clusters: IntArray | None) -> tuple[Ratings, IntArray | None]:
    """Units with at least two judgments, renumbered."""
    keep = ratings.per_unit() >= 2
    rows = keep[ratings.unit]
    number = np.cumsum(keep) - 1
    kept = Ratings(
        number[ratings.unit[rows]],
        ratings.rater[rows],
        ratings.value[rows],
        int(keep.sum()),
        ratings.n_raters,
    )
    return kept, None if clusters is None else clusters[keep]


def _refusal(data: Ratings, scale: Scale) -> str | None:
    if scale not in ("nominal", "ordinal", "interval", "ratio"):
        raise ValueError(f"scale is 'nominal', 'ordinal', 'interval' or 'ratio', not {scale!r}")
    if data.n_units == 0:
        return "no unit was judged by two raters, so there is nothing to agree about"
    if data.n_units == 1:
        return "only one unit was judged by two raters: disagreement by chance cannot be estimated"
    if np.ptp(data.value) == 0:
        return "every judgment is the same: without variation agreement cannot be told from chance"
    if scale == "ratio" and data.value.min() < 0:
        return "a ratio scale has no negative values; use the interval scale"
    if scale == "ratio" and len(np.unique(data.value)) > _MAX_RATIO_VALUES:
        return (
            f"ratio alpha compares every pair of distinct values and there are more than "
            f"{_MAX_RATIO_VALUES}; round the values or use the interval scale"
        )
    return None


def _warnings(
    data: Ratings, scale: Scale, names: Sequence[str] | None, order_declared: bool
) -> list[str]:
    warnings = constant_rater_warnings(data)
    if scale == "ordinal" and not order_declared:
        warnings.append(order_warning())
    if scale in ("nominal", "ordinal"):
        values = np.unique(data.value)
        if names is None and len(values) <= _FEW_VALUES:
            labels = [f"{value:g}" for value in values]
            counts = _dense_counts(data, np.searchsorted(values, data.value), len(values))
            warnings += rare_category_warnings(counts, labels)
        elif names is not None:
            warnings += rare_category_warnings(data.category_counts(len(names)), names)
    return warnings


def _resampler(data: Ratings, scale: Scale) -> Resampler:
    if scale == "interval":
        return _interval_sums(data)
    values, code = np.unique(data.value, return_inverse=True)
    width = len(values) * (len(values) + 1) // 2 if scale == "ordinal" else len(values) + 1
    if len(values) > _FEW_VALUES or data.n_units * width > _MAX_FEATURE_CELLS:
        return _weighted(data, scale, values, code)
    counts = _dense_counts(data, code, len(values)).astype(np.float64)
    if scale == "ordinal":
        return _ordinal_sums(data, counts)
    distance = _distance(scale, values)
    pairs = np.einsum("uc,ck,uk->u", counts, distance, counts, optimize=True)
    features = np.column_stack([counts, pairs / (data.per_unit() - 1)])

    def alpha(sums: FloatArray) -> FloatArray:
        n_c = sums[..., :-1]
        expected = np.einsum("...c,ck,...k->...", n_c, distance, n_c, optimize=True)
        return _one_minus(sums[..., -1], expected, n_c.sum(axis=-1))

    return SumResampler(features, alpha, counted=scale == "nominal")


def _dense_counts(data: Ratings, code: IntArray, n_values: int) -> IntArray:
    cell = data.unit * n_values + code
    return np.bincount(cell, minlength=data.n_units * n_values).reshape(data.n_units, n_values)


def _distance(scale: Scale, values: FloatArray) -> FloatArray:
    """Squared distances between values: 0/1 for nominal, ((c - k)/(c + k))^2 for ratio."""
    if scale == "nominal":
        return 1 - np.eye(len(values))
    total = values[:, None] + values[None, :]
    gap = values[:, None] - values[None, :]
    return np.divide(gap, total, out=np.zeros_like(gap), where=total > 0) ** 2


def _one_minus(observed: FloatArray, expected: FloatArray, n: FloatArray) -> FloatArray:
    """1 - D_o/D_e with observed = n D_o and expected = n(n - 1) D_e; NaN where D_e = 0."""
    expected = np.asarray(expected)
    ratio = np.divide(
        (n - 1) * observed, expected, out=np.full(expected.shape, np.nan), where=expected > 0
    )
    return 1 - ratio


def _interval_sums(data: Ratings) -> SumResampler:
    m = data.per_unit().astype(np.float64)
    # Centring keeps the difference of two large sums exact; alpha does not move with it.
    centred = data.value - data.value.mean()
    s, ss = data.sums(centred), data.sums(centred**2)
    observed = 2 * _squares_within(data, centred, m, s) / (m - 1) * m
    floor = 1e-14 * float(ss.sum()) * len(centred)

    def alpha(sums: FloatArray) -> FloatArray:
        n, total, squares, disagreement = (sums[..., column] for column in range(4))
        expected = 2 * (n * squares - total**2)
        return _one_minus(disagreement, np.where(expected > floor, expected, 0.0), n)

    return SumResampler(np.column_stack([m, s, ss, observed]), alpha)


def _squares_within(data: Ratings, x: FloatArray, m: FloatArray, s: FloatArray) -> FloatArray:
    """Squared deviations from the unit's mean; 2 m times them is sum_{i != j} (x_i - x_j)^2."""
    return data.sums((x - (s / m)[data.unit]) ** 2)


def _ordinal_sums(data: Ratings, counts: FloatArray) -> SumResampler:
    n_values = counts.shape[1]
    low, high = np.triu_indices(n_values, k=1)
    pairs = 2 * counts[:, low] * counts[:, high] / (data.per_unit() - 1)[:, None]

    def alpha(sums: FloatArray) -> FloatArray:
        n_c = sums[..., :n_values]
        rank = np.cumsum(n_c, axis=-1) - n_c / 2
        gap = (rank[..., low] - rank[..., high]) ** 2
        observed = np.sum(sums[..., n_values:] * gap, axis=-1)
        expected = 2 * np.sum(n_c[..., low] * n_c[..., high] * gap, axis=-1)
        return _one_minus(observed, expected, n_c.sum(axis=-1))

    return SumResampler(np.column_stack([counts, pairs]), alpha, counted=True)


def _weighted(data: Ratings, scale: Scale, values: FloatArray, code: IntArray) -> WeightResampler:
    """Alpha from unit weights, for more distinct values than a dense count table should have."""
    m = data.per_unit().astype(np.float64)
    n_values = len(values)
    if scale == "ordinal":
        return WeightResampler(data.n_units, _weighted_ordinal(data, code, n_values, m))
    if scale == "nominal":
        cell, held = np.unique(data.unit * n_values + code, return_counts=True)
        same = np.bincount(cell // n_values, weights=held.astype(float) ** 2)
        observed, distance = (m**2 - same) / (m - 1), None
    else:
        distance = _distance(scale, values)
        observed = _pair_sums(data, code, distance) / (m - 1)

    def alpha(weights: FloatArray) -> float:
        n_c = np.bincount(code, weights=weights[data.unit], minlength=n_values)
        n = n_c.sum()
        expected = n**2 - n_c @ n_c if distance is None else n_c @ distance @ n_c
        return float(_one_minus(weights @ observed, expected, n))

    return WeightResampler(data.n_units, alpha)


def _weighted_ordinal(
    data: Ratings, code: IntArray, n_values: int, m: FloatArray
) -> Callable[[FloatArray], float]:
    def alpha(weights: FloatArray) -> float:
        n_c = np.bincount(code, weights=weights[data.unit], minlength=n_values)
        n = n_c.sum()
        rank = np.cumsum(n_c) - n_c / 2 - n / 2
        x = rank[code]
        within = 2 * m / (m - 1) * _squares_within(data, x, m, data.sums(x))
        expected = 2 * (n * (n_c @ rank**2) - (n_c @ rank) ** 2)
        return float(_one_minus(weights @ within, expected, n))

    return alpha


def _pair_sums(data: Ratings, code: IntArray, distance: FloatArray) -> FloatArray:
    """Sum of distances over ordered pairs of judgments within each unit."""
    sums = np.zeros(data.n_units)
    for gap in range(1, int(data.per_unit().max())):
        same = data.unit[gap:] == data.unit[:-gap]
        pair = distance[code[gap:][same], code[:-gap][same]]
        sums += np.bincount(data.unit[gap:][same], weights=2 * pair, minlength=data.n_units)
    return sums
