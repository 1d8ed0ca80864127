"""Intervals when units come in clusters (responses of one model, say).

Resampling single items that come from few models covers .73-.78 instead of .95; t on the cluster
level covers .94-.96. Cameron & Miller 2015 (cluster-robust variance), Liang & Zeger 1986.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.bootstrap import (
    MIN_CLUSTERS,
    REPLICATES,
    SumResampler,
    few_clusters_warning,
    percentile_interval,
    t_interval,
)
from analysis.statistics.core.ratings import FloatArray, IntArray
from analysis.statistics.core.result import ANY, SHARE, Estimate, Interval, Range, Result, Undefined
from analysis.statistics.core.rounding import RELATIVE, noise


def linearised_se(influence: FloatArray, clusters: IntArray | None = None) -> tuple[float, int]:
    """Standard error and degrees of freedom from influence values that sum to about zero.

    ``influence``: what each unit adds to (estimate - truth), shape (units,). With cluster codes the
    values are added up within a cluster first: SE^2 = G/(G - 1) sum z_g^2, G - 1 df.
    """
    parts = influence if clusters is None else np.bincount(clusters, weights=influence)
    groups = len(parts)
    if groups < 2:
        return 0.0, groups - 1
    return math.sqrt(groups / (groups - 1) * float(parts @ parts)), groups - 1


def linearised_interval(
    value: float,
    influence: FloatArray,
    *,
    level: float,
    clusters: IntArray | None = None,
) -> tuple[Interval | str, list[str], dict[str, Any]]:
    """t interval from influence values: (interval or reason, warnings, details with the SE).

    Clusters count from ``MIN_CLUSTERS`` on; with fewer the units do, and a warning says so.
    """
    warnings: list[str] = []
    details: dict[str, Any] = {}
    name = "units"
    if clusters is not None:
        n_clusters = len(np.unique(clusters))
        details["clusters"] = n_clusters
        if n_clusters < MIN_CLUSTERS:
            warnings.append(few_clusters_warning(n_clusters))
            clusters = None
        else:
            name = "clusters"
    se, df = linearised_se(influence, clusters)
    details["se"] = se
    if df < 1:
        return f"one of the {name} alone gives no interval", warnings, details
    if se <= 1e-12 * max(1.0, abs(value)):
        return f"the {name} show no spread: the standard error is zero", warnings, details
    method = f"t on {df + 1} {name}, linearised variance"
    return t_interval(value, se, df, level, method), warnings, details


def share_interval(
    value: float, influence: FloatArray, level: float, clusters: IntArray | None = None
) -> tuple[Interval | str, list[str], dict[str, Any]]:
    """Interval of a share or a mean of shares from influence values, one a unit.

    Wilson's, with the number of units that as many independent answers of this share would take for
    the same variance (Korn & Graubard 1998; Franco et al. 2019): a bootstrap held a share of .93 in
    90 % of simulated studies of 40 units, and says nothing of a share of 1. From
    ``MIN_CLUSTERS`` clusters on: t over clusters.
    """
    interval, warnings, details = linearised_interval(
        value, influence, level=level, clusters=clusters
    )
    if details.get("clusters", 0) >= MIN_CLUSTERS:
        return interval, warnings, details
    spread, variance = value * (1 - value), details["se"] ** 2
    varies = spread > RELATIVE and details["se"] > RELATIVE
    units = min(spread / variance, 1e12) if varies else float(len(influence))
    return wilson_interval(value * units, units, level), warnings, details


def wilson_interval(successes: float, trials: float, level: float) -> Interval:
    """Score interval of a proportion (Wilson 1927); ``trials`` must be positive."""
    from scipy.special import ndtri

    z = float(ndtri((1 + level) / 2))
    p, z2n = successes / trials, z * z / trials
    centre = (p + z2n / 2) / (1 + z2n)
    half = z / (1 + z2n) * math.sqrt(p * (1 - p) / trials + z2n / (4 * trials))
    low, high = centre - half, centre + half
    return Interval(min(low, p), max(high, p), level, "Wilson").inside(SHARE)


def t_on_group_means(
    values: ArrayLike,
    groups: ArrayLike,
    *,
    level: float = 0.95,
    within: Range = ANY,
) -> Result:
    """Mean of the group means, every group counting alike, with a t interval on G - 1 df.

    ``values``: one number a unit (NaN = missing); ``groups``: one label a unit. ``details`` holds
    the number of groups and the standard error. ``within``: the range of the values.
    """
    array, codes = _values_and_codes(values, groups)
    if not len(array):
        return Undefined("there are no values", {"units": 0, "groups": 0})
    sizes = np.bincount(codes)
    means = np.bincount(codes, weights=array) / sizes
    n = {"units": len(array), "groups": len(means)}
    value = float(means.mean())
    if len(means) < 2:
        return Estimate.of(
            value, "one group alone gives no interval on group means", n, within=within
        )
    se = float(means.std(ddof=1)) / math.sqrt(len(means))
    warnings = [few_clusters_warning(len(means))] if len(means) < MIN_CLUSTERS else []
    if se <= noise(array):
        return Estimate.of(
            value, "the group means do not differ", n, warnings, {"se": 0.0}, within=within
        )
    method = f"t on {len(means)} group means"
    interval = t_interval(value, se, len(means) - 1, level, method)
    return Estimate.of(value, interval, n, warnings, {"se": se}, within=within)


def cluster_bootstrap_mean(
    values: ArrayLike,
    groups: ArrayLike,
    *,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
    within: Range = ANY,
) -> Result:
    """Mean over units with a percentile interval from resampling whole groups.

    With few groups it is too narrow (use ``t_on_group_means``); below 20 groups a warning says so.
    """
    array, codes = _values_and_codes(values, groups)
    if not len(array):
        return Undefined("there are no values", {"units": 0, "groups": 0})
    n_groups = int(codes.max()) + 1
    n = {"units": len(array), "groups": n_groups}
    value = float(array.mean())
    if n_groups < 2:
        return Estimate.of(value, "one group alone gives no interval", n, within=within)
    features = np.column_stack([array, np.ones(len(array))])
    size = float(np.abs(array).max())
    resampler = SumResampler(features, lambda sums: sums[..., 0] / sums[..., 1], size=size)
    samples = resampler.bootstrap(replicates, np.random.default_rng(seed), codes)
    interval, _ = percentile_interval(
        samples, level, method=f"percentile bootstrap over {n_groups} groups", size=size
    )
    warnings = [f"only {n_groups} groups: this bootstrap is too narrow"] if n_groups < 20 else []
    details = {"replicates": replicates, "seed": seed}
    return Estimate.of(value, interval, n, warnings, details, within=within)


def _values_and_codes(values: ArrayLike, groups: ArrayLike) -> tuple[FloatArray, IntArray]:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or np.isinf(array).any():
        raise ValueError("values must be one column of finite numbers (NaN = missing)")
    labels = np.asarray(groups)
    if labels.shape != array.shape:
        raise ValueError(f"{len(array)} values need as many group labels, got {labels.shape}")
    kept = ~np.isnan(array)
    return array[kept], np.unique(labels[kept], return_inverse=True)[1]
