"""What humans would have said on all trials: prediction-powered inference of a mean (PPI++).

Few trials have a human value Y beside the automated one f, many have f alone. The estimate is

    lambda mean(f on the many) + mean(Y - lambda f on the few)

(Angelopoulos et al. 2023; power tuning: Angelopoulos, Duchi & Zrnic 2023), with
lambda = cov(Y, f)/((1 + n/N) var(all f)) kept within [0, 1]; lambda = 1 is plain PPI and 0 the
classical mean. The human sample must be drawn at random from all trials.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.bootstrap import MIN_CLUSTERS, normal_interval, t_interval
from analysis.statistics.core.ratings import FloatArray, IntArray
from analysis.statistics.core.result import (
    ANY,
    Estimate,
    Interval,
    Range,
    Result,
    Undefined,
    kept_inside,
)
from analysis.statistics.core.rounding import RELATIVE, noise

SMALL = 50


def ppi_mean(
    labelled: ArrayLike,
    predicted: ArrayLike,
    predicted_only: ArrayLike,
    *,
    lam: float | None = None,
    clusters: tuple[ArrayLike, ArrayLike] | None = None,
    level: float = 0.95,
    random_sample: bool = True,
    within: Range = ANY,
) -> Result:
    """Corrected mean of the human value over all trials (a share, for values 0 and 1).

    ``labelled`` and ``predicted``, shape (n,): human and automated value of the same trials;
    ``predicted_only``, shape (N,): automated values of the trials without a human. ``lam``: None
    tunes it. ``clusters``: labels of both sets; with four or more clusters the variance is summed
    within clusters and the interval is t. Below ``SMALL`` labelled trials it is t as well, with a
    degree of freedom less for a tuned lambda: the normal one held a share in 91 % of simulated
    studies of 30, in 85 % of those of 12. ``details``: lam, se, the uncorrected mean of all
    automated values, the mean of the human values and the limits of its classical interval.
    ``within``: the range of the values; a correction that leads beyond it gives its end.
    """
    y, f, many = (_column(part) for part in (labelled, predicted, predicted_only))
    if y.shape != f.shape:
        raise ValueError(f"labelled and predicted must be equally long, got {y.shape}, {f.shape}")
    n = {"labelled": len(y), "predicted_only": len(many)}
    if len(y) < 2:
        return Undefined("fewer than two trials have a human value", n)
    if not len(many):
        return Undefined("there is no trial without a human value: use the plain mean", n)
    weight = _tuned(y, f, many) if lam is None else float(lam)
    rectifier = y - weight * f
    value = float(weight * many.mean() + rectifier.mean())
    few = (rectifier - rectifier.mean()) / len(y)
    spent = 2 if lam is None and weight > 0 else 1
    rest = weight * (many - many.mean()) / len(many)
    rounding = noise(y, f, many)
    interval, se, warnings = _interval(value, few, rest, spent, clusters, level, rounding)
    warnings = _sample_warnings(len(y), random_sample) + warnings
    details = _details(y, f, many, level, within) | {"lam": weight, "se": se}
    inside = kept_inside(value, within)
    if inside != value:
        warnings.append(f"the correction leads beyond the range, to {value:.3g}: its end is given")
    return Estimate.of(inside, interval, n, warnings, details, within=within)


def _column(values: ArrayLike) -> FloatArray:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ValueError("values must be one column of finite numbers; leave missing trials out")
    return array


def _tuned(y: FloatArray, f: FloatArray, many: FloatArray) -> float:
    """The variance-minimising lambda, in [0, 1]; 0 where the automated values do not vary."""
    everything = np.concatenate([f, many])
    if np.ptp(everything) <= noise(everything):
        return 0.0
    spread = float(np.var(everything, ddof=1))
    covariance = float(np.mean((y - y.mean()) * (f - f.mean())))
    lam = float(np.clip(covariance / ((1 + len(y) / len(many)) * spread), 0.0, 1.0))
    return lam if lam > RELATIVE else 0.0


def _interval(
    value: float,
    few: FloatArray,
    rest: FloatArray,
    spent: int,
    clusters: tuple[ArrayLike, ArrayLike] | None,
    level: float,
    rounding: float,
) -> tuple[Interval | str, float, list[str]]:
    warnings: list[str] = []
    if clusters is not None:
        codes = _cluster_codes(clusters, len(few), len(rest))
        groups = int(codes.max()) + 1
        if groups >= MIN_CLUSTERS:
            sums = np.bincount(codes, weights=np.concatenate([few, rest]))
            se = math.sqrt(groups / (groups - 1) * float(sums @ sums))
            if se <= rounding:
                return "the clusters do not differ, so they show no spread", se, warnings
            method = f"PPI, t on {groups} clusters"
            return t_interval(value, se, groups - 1, level, method), se, warnings
        warnings.append(
            f"the trials come from {groups} cluster(s), fewer than {MIN_CLUSTERS}: the interval "
            "speaks of these clusters only"
        )
    n, df = len(few), len(few) - spent
    small = n < SMALL and df > 0
    # What the mean and a tuned lambda took from a small sample is put back.
    own = float(few @ few) * (n / df if small else 1.0)
    se = math.sqrt(own + float(rest @ rest))
    if se <= rounding:
        return "neither the human nor the automated values vary", se, warnings
    if small:
        method = f"PPI, t on {n} trials"
        return t_interval(value, se, df, level, method), se, warnings
    return normal_interval(value, se, level, "PPI, asymptotic"), se, warnings


def _cluster_codes(clusters: tuple[ArrayLike, ArrayLike], few: int, rest: int) -> IntArray:
    labels = [np.asarray(part) for part in clusters]
    if labels[0].shape != (few,) or labels[1].shape != (rest,):
        raise ValueError(
            f"clusters need {few} labels for the labelled trials and {rest} for the others, got "
            f"shapes {labels[0].shape} and {labels[1].shape}"
        )
    return np.unique(np.concatenate(labels), return_inverse=True)[1]


def _sample_warnings(labelled: int, random_sample: bool) -> list[str]:
    warnings = []
    if labelled < SMALL:
        warnings.append(
            f"only {labelled} trials have a human value, fewer than {SMALL}: little is known of "
            "the error of the metric, and the interval leans on its being roughly normal"
        )
    if not random_sample:
        warnings.append(
            "the human sample was not drawn at random from all trials: the correction carries "
            "over to them only if the metric errs alike on both"
        )
    return warnings


def _details(
    y: FloatArray,
    f: FloatArray,
    many: FloatArray,
    level: float,
    within: Range,
) -> dict[str, object]:
    plain = float(y.mean())
    se = float(y.std()) / math.sqrt(len(y))
    classical = normal_interval(plain, se, level, "classical").inside(within)
    return {
        "uncorrected": float(np.concatenate([f, many]).mean()),
        "human_mean": plain,
        "human_low": classical.low,
        "human_high": classical.high,
    }
