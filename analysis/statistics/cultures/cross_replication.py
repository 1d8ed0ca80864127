"""Cross-replication reliability: agreement between two groups of raters on the same units.

xRR = 1 - d_o/d_e (Wong, Paritosh & Aroyo 2021, "Cross-replication Reliability"). With R_i judgments
of unit i on one side and S_i on the other, over the units judged on both,

    d_o = sum_i (R_i + S_i)/(R. + S.) 1/(R_i S_i) sum_{r, s} d(x_ir, y_is)
    d_e = 1/(R. S.) sum_{i, j, r, s} d(x_ir, y_js)

With one judgment a unit on each side and labels it is Cohen's kappa. It has no lower bound.
Beside it: Krippendorff's alpha of each side and of both as one, on the same units; normalised
xRR = xRR/sqrt(alpha_a alpha_b) (ibid., undefined where an alpha is not positive, may exceed 1);
association index = alpha within/xRR (Prabhakaran et al. 2024, "GRASP"), above 1 where a side agrees
more within itself than across.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

import numpy as np

from analysis.statistics.core.bootstrap import Resampling, SumResampler, resampling_interval
from analysis.statistics.core.ratings import FloatArray, Ratings, RatingsLike, as_ratings
from analysis.statistics.core.result import AT_MOST_ONE, Estimate, Result, Undefined
from analysis.statistics.core.rounding import RELATIVE, SAME
from analysis.statistics.cultures.moments import CrossScale, Moments, Points

VALUES = (
    "alpha_first",
    "alpha_second",
    "pooled",
    "cross",
    "normalised",
    "association_first",
    "association_second",
    "difference",
)
"""What ``values_of`` gives, in its order; the difference is of alphas, first minus second."""

NO_SHARED = "no item was judged on both sides"
ONE_SHARED = "only one item was judged on both sides: chance cannot be told from agreement"
CONSTANT = "every judgment is the same: without variation agreement cannot be told from chance"


def cross_replication(
    ratings: RatingsLike,
    others: RatingsLike,
    scale: CrossScale = "nominal",
    **options: Unpack[Resampling],
) -> Result:
    """xRR of ``ratings`` and ``others``: units x raters each, the same units in the same order.

    NaN marks a missing judgment; the raters of the two are different people. The interval resamples
    units, so it speaks of these raters; ``compare.compare_cultures`` draws raters too. ``details``
    holds d_o, d_e and the delete-one-unit jackknife standard error. ValueError when the two do not
    have the same number of units.
    """
    data, first = joined(as_ratings(ratings), as_ratings(others))
    points = Points(data, scale)
    a, b = (points.moments(side[None].astype(float)) for side in (first, ~first))
    shared = int(np.count_nonzero((a.m > 0) & (b.m > 0)))
    n = {"units": shared, "judgments": data.n_judgments}
    if reason := refusal(a, b):
        return Undefined(reason, n)
    table = features(a, b)[0]
    at = VALUES.index("cross")

    def cross(sums: FloatArray) -> FloatArray:
        return values_of(sums)[..., at]

    resampler = SumResampler(table, cross, counted=points.labelled)
    interval, warnings, details = resampling_interval(resampler, **options)
    details |= disagreements(table.sum(axis=0), points.halved)
    details["se_jackknife"] = jackknife_se(resampler)
    return Estimate.of(resampler.value(), interval, n, warnings, details, within=AT_MOST_ONE)


def joined(first: Ratings, second: Ratings) -> tuple[Ratings, np.ndarray]:
    """Judgments of both sides with raters numbered on, and which raters are of the first side."""
    if first.n_units != second.n_units:
        raise ValueError(
            f"both sides need the same units in the same order, got {first.n_units} and "
            f"{second.n_units}"
        )
    raters = first.n_raters + second.n_raters
    both = Ratings.from_long(
        np.concatenate([first.unit, second.unit]),
        np.concatenate([first.rater, second.rater + first.n_raters]),
        np.concatenate([first.value, second.value]),
        n_units=first.n_units,
        n_raters=raters,
    )
    return both, np.arange(raters) < first.n_raters


def refusal(a: Moments, b: Moments) -> str | None:
    """Why nothing can be said of the first sample, or None."""
    shared = (a.m[0] > 0) & (b.m[0] > 0)
    if shared.sum() < 2:
        return ONE_SHARED if shared.any() else NO_SHARED
    both = a.plus(b)
    m, s, q = both.m[0][shared].sum(), both.s[0][shared].sum(axis=0), both.q[0][shared].sum()
    if m * q - s @ s <= RELATIVE * m * q:
        return CONSTANT
    return None


def features(a: Moments, b: Moments) -> FloatArray:
    """What each unit adds to the sums that ``values_of`` takes, shape (samples, units, F).

    Units that one side did not judge add nothing to any of them, so that both alphas and xRR speak
    of the same units.
    """

    def each(x: FloatArray, units: FloatArray) -> FloatArray:
        return (x * units)[..., None] if x.ndim == 2 else x * units[..., None]

    return _terms(a, b, each)


def sums_of(a: Moments, b: Moments, weights: FloatArray) -> FloatArray:
    """The sums of ``features`` under weights of units (samples, units), shape (samples, F)."""

    def summed(x: FloatArray, units: FloatArray) -> FloatArray:
        chosen = units * weights
        found = np.einsum("bu,bu->b", x, chosen)[:, None] if x.ndim == 2 else chosen[:, None] @ x
        return found.reshape(len(x), -1)

    return _terms(a, b, summed)


Adding = Callable[[FloatArray, FloatArray], FloatArray]
"""Takes sums a unit, and which units count; keeps them a unit or sums them over units."""


def _terms(a: Moments, b: Moments, add: Adding) -> FloatArray:
    shared = ((a.m > 0) & (b.m > 0)).astype(float)
    first, second, across = (np.einsum("buk,buk->bu", x, y) for x, y in _products(a, b))
    both = Moments(a.m + b.m, a.s, a.q + b.q, a.pairs + b.pairs + 2 * a.m * b.m)
    sides = [_three(side, shared, add) for side in (a, b)]
    cells = a.m * b.m * shared
    gaps = (a.m + b.m) * (b.m * a.q + a.m * b.q - 2 * across)
    observed = np.divide(gaps, cells, out=np.zeros_like(cells), where=cells > 0)
    parts = [*_within(a, first, shared, add), *_within(b, second, shared, add)]
    # Every shared unit has a pair of one judgment on each side.
    parts += [sides[0] + sides[1], add(_gaps(both, first + second + 2 * across), shared)]
    return np.concatenate([*parts, *sides, add(observed, shared)], axis=-1)


def _products(a: Moments, b: Moments) -> tuple[tuple[FloatArray, FloatArray], ...]:
    return (a.s, a.s), (b.s, b.s), (a.s, b.s)


def _three(side: Moments, units: FloatArray, add: Adding) -> FloatArray:
    return np.concatenate([add(part, units) for part in (side.m, side.q, side.s)], axis=-1)


def _within(
    side: Moments, squares: FloatArray, shared: FloatArray, add: Adding
) -> tuple[FloatArray, FloatArray]:
    """m, q and s, and the disagreement within the unit, of units with a pair."""
    paired = shared * (side.pairs > 0)
    return _three(side, paired, add), add(_gaps(side, squares), paired)


def _gaps(side: Moments, squares: FloatArray) -> FloatArray:
    gaps = 2 * side.m * (side.m * side.q - squares)
    return np.divide(gaps, side.pairs, out=np.zeros_like(gaps), where=side.pairs > 0)


def values_of(sums: FloatArray) -> FloatArray:
    """The numbers of ``VALUES`` from sums (..., F), shape (..., 8); NaN where one is undefined."""
    width = (sums.shape[-1] - 14) // 5
    ends = np.cumsum([width + 3, width + 3, width + 3, width + 2, width + 2])
    alpha_a, alpha_b, pooled, a, b, observed = np.split(sums, ends, axis=-1)
    first, second, both = (_alpha(part) for part in (alpha_a, alpha_b, pooled))
    cross = 1 - _ratio(*_cross_disagreements(a, b, observed[..., 0]))
    positive = (first > SAME) & (second > SAME)
    root = np.sqrt(np.where(positive, first * second, np.nan))
    return np.stack(
        [
            first,
            second,
            both,
            cross,
            cross / root,
            _ratio(first, np.where(cross > SAME, cross, 0.0)),
            _ratio(second, np.where(cross > SAME, cross, 0.0)),
            first - second,
        ],
        axis=-1,
    )


def disagreements(sums: FloatArray, halved: float) -> dict[str, float]:
    """d_o and d_e of xRR in the unit of the distance (a share for labels)."""
    width = (len(sums) - 14) // 5
    start = 3 * (width + 3)
    a, b = sums[start : start + width + 2], sums[start + width + 2 : start + 2 * width + 4]
    observed, expected = _cross_disagreements(a, b, sums[-1])
    return {"d_observed": float(observed) / halved, "d_expected": float(expected) / halved}


def jackknife_se(resampler: SumResampler) -> float | None:
    """Delete-one-unit standard error; None where leaving one out leaves nothing to say."""
    left = resampler.leave_out()
    if not np.isfinite(left).all():
        return None
    return float(np.sqrt((len(left) - 1) / len(left) * np.sum((left - left.mean()) ** 2)))


def _alpha(sums: FloatArray) -> FloatArray:
    n, q, s, observed = sums[..., 0], sums[..., 1], sums[..., 2:-1], sums[..., -1]
    expected = 2 * (n * q - np.sum(s**2, axis=-1))
    return 1 - _ratio((n - 1) * observed, np.where(expected > RELATIVE * n * q, expected, 0.0))


def _cross_disagreements(
    a: FloatArray, b: FloatArray, observed: FloatArray
) -> tuple[FloatArray, FloatArray]:
    m, n = a[..., 0], b[..., 0]
    whole = n * a[..., 1] + m * b[..., 1]
    expected = whole - 2 * np.sum(a[..., 2:] * b[..., 2:], axis=-1)
    expected = np.where(expected > RELATIVE * whole, expected, 0.0)
    return _ratio(observed, m + n), _ratio(expected, m * n)


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """NaN where ``below`` is 0."""
    above, below = np.broadcast_arrays(np.asarray(above, float), np.asarray(below, float))
    return np.divide(above, below, out=np.full(below.shape, np.nan), where=below != 0)
