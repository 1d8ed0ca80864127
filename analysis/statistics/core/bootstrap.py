"""Resampling of units or clusters.

Most statistics here depend on the data only through sums over units (of category counts, of
squares ...). A bootstrap replicate is then ``statistic(counts @ features)``, where ``counts`` says
how often each unit was drawn (multinomial) and ``features`` holds what each unit adds to the sums.
No replicate touches the judgments again, and units with equal features are drawn as one.
Efron & Tibshirani 1993, ch. 11, 13 and 14; whole clusters: Davison & Hinkley 1997, sec. 3.8.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypedDict

import numpy as np

from analysis.statistics.core.ratings import FloatArray, IntArray
from analysis.statistics.core.result import Interval
from analysis.statistics.core.rounding import RELATIVE

REPLICATES = 2000
MIN_CLUSTERS = 4
MAX_UNDEFINED_SHARE = 0.05
_COUNTS_AT_ONCE = 1 << 22


class Resampling(TypedDict, total=False):
    """How an interval is resampled: confidence level, replicates, seed."""

    level: float
    replicates: int
    seed: int


class Resampler(Protocol):
    """Values of one statistic on resampled data; NaN where a sample leaves it undefined."""

    @property
    def size(self) -> float: ...

    def value(self) -> float: ...

    def bootstrap(
        self, replicates: int, rng: np.random.Generator, clusters: IntArray | None = None
    ) -> FloatArray: ...

    def leave_out(self, clusters: IntArray | None = None) -> FloatArray: ...


@dataclass(frozen=True, eq=False)
class SumResampler:
    """A function of sums: ``statistic`` maps (..., F) to (...), ``features`` is units x F.

    ``multiplicity`` says how many units share each row of ``features``; they then have no clusters.
    ``counted``: the features are made of counts, so that equal units have equal rows and may be
    drawn as one; those of measured values are equal up to rounding only, and how often it leaves
    them equal depends on the unit. ``size``: how large a value of the statistic is, for telling
    spread from rounding.
    """

    features: FloatArray
    statistic: Callable[[FloatArray], FloatArray]
    multiplicity: IntArray | None = None
    counted: bool = False
    size: float = 1.0

    def value(self) -> float:
        held = np.ones(len(self.features)) if self.multiplicity is None else self.multiplicity
        return float(self.statistic(held @ self.features))

    def bootstrap(
        self, replicates: int, rng: np.random.Generator, clusters: IntArray | None = None
    ) -> FloatArray:
        if self.multiplicity is not None:
            n_units = int(self.multiplicity.sum())
            shares = self.multiplicity / n_units
            return self.statistic(rng.multinomial(n_units, shares, size=replicates) @ self.features)
        return self.statistic(
            resampled_sums(self.features, replicates, rng, clusters, counted=self.counted)
        )

    def leave_out(self, clusters: IntArray | None = None) -> FloatArray:
        parts = self.features if clusters is None else cluster_sums(self.features, clusters)
        return self.statistic(parts.sum(axis=0) - parts)


@dataclass(frozen=True, eq=False)
class WeightResampler:
    """For a statistic that no fixed set of sums determines: it takes a weight for each unit."""

    n_units: int
    statistic: Callable[[FloatArray], float]
    size: float = 1.0

    def value(self) -> float:
        return self.statistic(np.ones(self.n_units))

    def bootstrap(
        self, replicates: int, rng: np.random.Generator, clusters: IntArray | None = None
    ) -> FloatArray:
        groups = np.arange(self.n_units) if clusters is None else clusters
        n_groups = int(groups.max()) + 1
        drawn = (draw_counts(n_groups, 1, rng)[0] for _ in range(replicates))
        return np.array([self.statistic(counts[groups]) for counts in drawn])

    def leave_out(self, clusters: IntArray | None = None) -> FloatArray:
        groups = np.arange(self.n_units) if clusters is None else clusters
        each = range(int(groups.max()) + 1)
        return np.array([self.statistic((groups != group).astype(float)) for group in each])


def resampled_sums(
    features: FloatArray,
    replicates: int,
    rng: np.random.Generator,
    clusters: IntArray | None = None,
    *,
    counted: bool = False,
) -> FloatArray:
    """Sums of ``features`` (units x F) over resampled units, or over resampled whole clusters.

    Returns shape (replicates, F). Memory is bounded whatever the number of units.
    """
    if clusters is not None:
        features = cluster_sums(features, clusters)
    n_units = len(features)
    if counted:
        distinct, multiplicity = distinct_rows(features)
        if len(distinct) * 4 <= n_units:
            return rng.multinomial(n_units, multiplicity / n_units, size=replicates) @ distinct
    out = np.empty((replicates, features.shape[1]))
    step = max(1, _COUNTS_AT_ONCE // max(1, n_units))
    for first in range(0, replicates, step):
        rows = min(step, replicates - first)
        out[first : first + rows] = draw_counts(n_units, rows, rng) @ features
    return out


def draw_counts(n_units: int, rows: int, rng: np.random.Generator) -> FloatArray:
    """How often each unit is drawn in ``rows`` bootstrap samples, shape (rows, n_units)."""
    counts = np.empty((rows, n_units))
    for row in range(rows):
        drawn = rng.integers(0, n_units, size=n_units, dtype=np.int32)
        counts[row] = np.bincount(drawn, minlength=n_units)
    return counts


def cluster_sums(features: FloatArray, clusters: IntArray) -> FloatArray:
    """Sum the rows of ``features`` (units x F) within each cluster code, shape (clusters, F)."""
    columns = [np.bincount(clusters, weights=column) for column in features.T]
    return np.column_stack(columns)


def distinct_rows(features: FloatArray) -> tuple[FloatArray, IntArray]:
    """Distinct rows and how often each occurs; rows that hardly repeat are returned as they are."""
    probe = features[:512]
    if len(np.unique(probe, axis=0)) * 4 > len(probe):
        return features, np.ones(len(features), dtype=np.int64)
    return np.unique(features, axis=0, return_counts=True)


def resampling_interval(
    resampler: Resampler,
    *,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
    clusters: IntArray | None = None,
) -> tuple[Interval | str, list[str], dict[str, Any]]:
    """Interval (or the reason for none), warnings and details of a resampled statistic.

    Without ``clusters`` (one code a unit): percentile bootstrap over units. With at least
    ``MIN_CLUSTERS`` clusters: delete-one-cluster jackknife, t on G - 1 degrees of freedom, which
    for a mean over equally large clusters is the t interval on cluster means. With fewer clusters:
    over units, and a warning says so.
    """
    warnings: list[str] = []
    if clusters is not None:
        n_clusters = len(np.unique(clusters))
        if n_clusters >= MIN_CLUSTERS:
            interval, se = jackknife_t(resampler, level, clusters)
            return interval, warnings, {"clusters": n_clusters, "se": se}
        warnings.append(few_clusters_warning(n_clusters))
    values = resampler.bootstrap(replicates, np.random.default_rng(seed))
    interval, undefined = percentile_interval(values, level, size=resampler.size)
    if undefined:
        warnings.append(f"{undefined} of {replicates} bootstrap samples left the value undefined")
    details = {"replicates": replicates, "seed": seed, "undefined_replicates": undefined}
    return interval, warnings, details


def few_clusters_warning(n_clusters: int) -> str:
    """Why an interval does not account for clusters."""
    return (
        f"the units come from {n_clusters} cluster(s), fewer than {MIN_CLUSTERS}: the interval "
        "speaks of these clusters only, not of others like them"
    )


def percentile_interval(
    values: FloatArray,
    level: float,
    *,
    method: str = "percentile bootstrap over units",
    size: float = 1.0,
) -> tuple[Interval | str, int]:
    """Percentile interval of bootstrap ``values`` and the number of undefined (NaN) ones."""
    kept = values[np.isfinite(values)]
    undefined = len(values) - len(kept)
    if undefined > MAX_UNDEFINED_SHARE * len(values) or not len(kept):
        return "too many bootstrap samples leave the value undefined: too few units", undefined
    if np.ptp(kept) <= RELATIVE * max(size, abs(kept[0])):
        return "resampling shows no spread: every sample gives the same value", undefined
    low, high = np.quantile(kept, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high), level, method), undefined


def jackknife_t(
    resampler: Resampler, level: float, clusters: IntArray | None = None
) -> tuple[Interval | str, float | None]:
    """Delete-one-cluster (or unit) jackknife t interval, or the reason for none, and the SE.

    SE^2 = (G - 1)/G sum (theta_(g) - mean)^2 (Efron & Tibshirani 1993, eq. 11.5).
    """
    value, left_out = resampler.value(), resampler.leave_out(clusters)
    groups = len(left_out)
    name = "unit" if clusters is None else "cluster"
    if groups < 2:
        return f"one {name} alone gives no interval", None
    if not np.isfinite(left_out).all():
        return f"leaving one {name} out leaves the value undefined", None
    se = math.sqrt((groups - 1) / groups * float(np.sum((left_out - left_out.mean()) ** 2)))
    if se <= RELATIVE * max(resampler.size, abs(value)):
        return f"the {name}s do not differ, so they show no spread", 0.0
    return t_interval(value, se, groups - 1, level, f"t on {groups} {name}s"), se


def t_interval(value: float, se: float, df: float, level: float, method: str) -> Interval:
    """value +- t(df) se."""
    from scipy.special import stdtrit

    half = float(stdtrit(df, (1 + level) / 2)) * se
    return Interval(value - half, value + half, level, method)


def normal_interval(value: float, se: float, level: float, method: str) -> Interval:
    """value +- z se."""
    from scipy.special import ndtri

    half = float(ndtri((1 + level) / 2)) * se
    return Interval(value - half, value + half, level, method)
