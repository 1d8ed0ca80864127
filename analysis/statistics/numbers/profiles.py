"""Mean vectors and how near they are to a target, with intervals by resampling whole clusters.

A mean vector is a ratio of sums over clusters (prompts), so that a replicate is drawn once and
serves every target; what is NaN in a vector is left out of the mean of that dimension. The
corrected one is the prediction-powered mean of each dimension (`statistics.ppi`): lambda times the
metric's mean over all units, plus the mean of what the judged units show of its error. All of it
comes from the same resampled clusters, so that what one prompt shares between the metric and the
people is no gain of certainty.

Concordance across dimensions: 1 - mean squared gap / mean squared gap over all pairings of
dimensions (Lin 1989, of the dimensions of two vectors). Percentile bootstrap over clusters
(Davison & Hinkley 1997, sec. 3.8).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.core.bootstrap import percentile_interval, resampled_sums
from analysis.statistics.core.ratings import FloatArray, IntArray
from analysis.statistics.core.result import COEFFICIENT, Estimate, Result, Undefined, of_difference

FLAT = 1e-12
"""A spread up to this is none: what rounding leaves."""

FEW = 10
"""Clusters below which an interval rests on too little to be believed."""

METHOD = "percentile bootstrap over prompts"


def concordance_across(vectors: FloatArray, target: FloatArray) -> FloatArray:
    """Concordance of each of *vectors* (..., D) with *target* (D,), shape (...).

    -1 to 1; 0 for a flat vector; NaN where a vector holds NaN.
    """
    gap = vectors.mean(axis=-1) - target.mean()
    own, other = vectors.std(axis=-1), float(target.std())
    centred = vectors - vectors.mean(axis=-1, keepdims=True)
    covariance = (centred * (target - target.mean())).mean(axis=-1)
    known = np.isfinite(own)
    told = known & (own > FLAT) & (other > FLAT)
    found = np.where(known, 0.0, np.nan)
    apart = own**2 + other**2 + gap**2
    np.divide(2 * covariance, apart, out=found, where=told)
    return np.clip(found, -1.0, 1.0)


@dataclass(frozen=True, eq=False)
class Profile:
    """A mean vector: its ``value`` (D,), ``replicates`` (R, D) of it with NaN where a sample left
    it undefined, and what it rests on."""

    value: FloatArray
    replicates: FloatArray
    units: int
    clusters: int


@dataclass(frozen=True)
class Resampled:
    """How replicates are drawn; the same ``seed`` and number of clusters draw the same clusters."""

    replicates: int
    level: float
    seed: int

    def sums(self, features: FloatArray) -> FloatArray:
        return resampled_sums(features, self.replicates, np.random.default_rng(self.seed))


def mean_profile(
    vectors: FloatArray, clusters: IntArray, how: Resampled, weights: FloatArray | None = None
) -> Profile:
    """The (weighted) mean of *vectors*, shape (units, D); *clusters*: one code a unit.

    Raises ValueError without a unit.
    """
    if not len(vectors):
        raise ValueError("a mean vector needs a unit at least")
    weight = np.ones(len(vectors)) if weights is None else weights
    codes = np.unique(clusters, return_inverse=True)[1]
    features = _summed(_parts(vectors, weight), codes, int(codes.max()) + 1)
    return Profile(
        _ratio(features.sum(axis=0)), _ratio(how.sums(features)), len(vectors), len(features)
    )


@dataclass(frozen=True, eq=False)
class Judged:
    """Units that people judged: their mean vector, the metric's, a cluster and a weight of each."""

    human: FloatArray
    metric: FloatArray
    clusters: IntArray
    weights: FloatArray


def corrected_profile(
    vectors: FloatArray, clusters: IntArray, judged: Judged, lam: FloatArray, how: Resampled
) -> Profile:
    """The prediction-powered mean vector; *vectors*: the metric's of all units, the judged ones
    among them; *lam*: the weight of the metric in each dimension (D,).

    The clusters of the judged are codes among those of all units.
    """
    size = int(max(clusters.max(), judged.clusters.max())) + 1
    few = _parts(judged.human - lam * judged.metric, judged.weights)
    many = _parts(lam * vectors, np.ones(len(vectors)))
    both = np.hstack([_summed(many, clusters, size), _summed(few, judged.clusters, size)])
    both = both[np.unique(clusters)]

    def mean(sums: FloatArray) -> FloatArray:
        wide = many.shape[1]
        return np.asarray(_ratio(sums[..., :wide]) + _ratio(sums[..., wide:]))

    return Profile(mean(both.sum(axis=0)), mean(how.sums(both)), len(few), len(both))


def alignment_of(profile: Profile, target: FloatArray, how: Resampled) -> Result:
    """Concordance of a mean vector with *target*, with its interval."""
    value = float(concordance_across(profile.value, target))
    return _estimate(value, concordance_across(profile.replicates, target), profile, how)


def gain(one: Profile, other: Profile, target: FloatArray, how: Resampled) -> Result:
    """By how much *one* is nearer to *target* than *other*: the difference of concordances.

    Both must have been drawn over the same clusters, or the difference is undefined.
    """
    if one.clusters != other.clusters:
        return Undefined("the two were not asked the same prompts", {"clusters": one.clusters})
    first, second = (concordance_across(profile.replicates, target) for profile in (one, other))
    value = float(concordance_across(one.value, target) - concordance_across(other.value, target))
    return _estimate(value, first - second, one, how, is_difference=True)


def _estimate(
    value: float,
    replicates: FloatArray,
    profile: Profile,
    how: Resampled,
    *,
    is_difference: bool = False,
) -> Result:
    n = {"units": profile.units, "clusters": profile.clusters}
    if not np.isfinite(value):
        return Undefined("there is no mean vector", n)
    interval, undefined = percentile_interval(replicates, how.level, method=METHOD)
    warnings = []
    if undefined:
        warnings.append(f"{undefined} of {how.replicates} samples of prompts left it undefined")
    if profile.clusters < FEW and not isinstance(interval, str):
        interval = f"{profile.clusters} prompts tell too little of others like them"
    within = of_difference(COEFFICIENT, COEFFICIENT) if is_difference else COEFFICIENT
    details = {"replicates": how.replicates, "seed": how.seed}
    return Estimate.of(value, interval, n, warnings, details, within=within)


def _parts(vectors: FloatArray, weights: FloatArray) -> FloatArray:
    """What each unit adds to the sums of weights (D) and of weighted values (D)."""
    held = np.where(np.isnan(vectors), 0.0, weights[:, None])
    return np.hstack([held, held * np.nan_to_num(vectors)])


def _summed(features: FloatArray, clusters: IntArray, size: int) -> FloatArray:
    columns = [np.bincount(clusters, weights=column, minlength=size) for column in features.T]
    return np.column_stack(columns)


def _ratio(sums: FloatArray) -> FloatArray:
    """The second half of the sums divided by the first, NaN where that is 0."""
    weights, values = np.split(sums, 2, axis=-1)
    return np.asarray(values / np.where(weights > 0, weights, np.nan))
