"""The difference of one statistic between two sides that speak of the same units.

Both sides are resampled together, unit by unit (or cluster by cluster), so what the units have in
common cancels: the interval of the difference is narrower than two separate intervals suggest.
Efron & Tibshirani 1993, ch. 8 (paired data) and 13 (percentile interval).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.alpha import Scale, pairable_sums
from analysis.statistics.bootstrap import REPLICATES, SumResampler, resampling_interval
from analysis.statistics.concordance import concordance_sums
from analysis.statistics.ratings import FloatArray, IntArray, Ratings, unit_clusters
from analysis.statistics.result import Estimate, Result, Undefined


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """One statistic of both sides over the same units, in the same order."""

    first: SumResampler
    second: SumResampler


def paired_difference(
    sides: Sides,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> Result:
    """First minus second. From four clusters on t over clusters, else percentile bootstrap.

    ``details`` holds both values over the shared units. Undefined where either side is.
    """
    units, width = sides.first.features.shape
    values = {"first": sides.first.value(), "second": sides.second.value()}
    if undefined := [name for name, value in values.items() if not np.isfinite(value)]:
        where = " and the ".join(undefined)
        return Undefined(f"over these items it is undefined on the {where} side", {"units": units})

    def difference(sums: FloatArray) -> FloatArray:
        return sides.first.statistic(sums[..., :width]) - sides.second.statistic(sums[..., width:])

    interval, warnings, details = resampling_interval(
        SumResampler(np.hstack([sides.first.features, sides.second.features]), difference),
        level=level,
        replicates=replicates,
        seed=seed,
        clusters=unit_clusters(clusters, units),
        bounds=(-np.inf, np.inf),
    )
    value = values["first"] - values["second"]
    return Estimate.of(value, interval, {"units": units}, warnings, details | values)


def alphas(first: Ratings, second: Ratings, scale: Scale) -> Sides:
    """Krippendorff's alpha of two groups of raters; every unit has two judgments in each.

    ValueError with the reason where one of them cannot be said.
    """
    return Sides(pairable_sums(first, scale), pairable_sums(second, scale))


def agreements(first: Ratings, second: Ratings) -> Sides:
    """Percent agreement: the mean over units of the share of agreeing pairs."""
    return Sides(_agreeing_pairs(first), _agreeing_pairs(second))


def _agreeing_pairs(data: Ratings) -> SumResampler:
    values, code = np.unique(data.value, return_inverse=True)
    counts = np.bincount(data.unit * len(values) + code, minlength=data.n_units * len(values))
    held = counts.reshape(data.n_units, len(values)).astype(np.float64)
    m = data.per_unit()
    share = (held * (held - 1)).sum(axis=1) / (m * (m - 1))
    return SumResampler(np.column_stack([share, np.ones(len(share))]), _first_by_second)


def _first_by_second(sums: FloatArray) -> FloatArray:
    return sums[..., 0] / sums[..., 1]


Score = Callable[[FloatArray], FloatArray]
"""Maps tables (..., q, q), truth by predicted, to (...); NaN where undefined."""


def labelled(
    first: tuple[IntArray, IntArray, int], second: tuple[IntArray, IntArray, int], score: Score
) -> Sides:
    """A score of two classifications: truth and predicted codes and how many classes, a side."""
    return Sides(_tables(*first, score), _tables(*second, score))


def _tables(truth: IntArray, predicted: IntArray, q: int, score: Score) -> SumResampler:
    features = np.zeros((len(truth), q * q))
    features[np.arange(len(truth)), truth * q + predicted] = 1.0
    return SumResampler(features, lambda sums: score(sums.reshape(*sums.shape[:-1], q, q)))


def accuracy(tables: FloatArray) -> FloatArray:
    return _hits(tables) / tables.sum(axis=(-2, -1))


def kappa(tables: FloatArray) -> FloatArray:
    """Cohen's kappa; NaN where agreement by chance is 1."""
    n = tables.sum(axis=(-2, -1))
    chance = (tables.sum(axis=-1) * tables.sum(axis=-2)).sum(axis=-1) / n**2
    observed = _hits(tables) / n
    return _ratio(observed - chance, 1 - chance)


def macro_f1(tables: FloatArray) -> FloatArray:
    """Mean F1 of the classes that occur on either side."""
    hits = np.diagonal(tables, axis1=-2, axis2=-1)
    f1 = _ratio(2 * hits, tables.sum(axis=-1) + tables.sum(axis=-2))
    known = ~np.isnan(f1)
    return _ratio(np.where(known, f1, 0.0).sum(axis=-1), known.sum(axis=-1))


def _hits(tables: FloatArray) -> FloatArray:
    return np.diagonal(tables, axis1=-2, axis2=-1).sum(axis=-1)


def _ratio(top: FloatArray, bottom: FloatArray) -> FloatArray:
    out = np.full(np.shape(bottom), np.nan)
    return np.divide(top, bottom, out=out, where=np.asarray(bottom) > 1e-12)


def biases(first: tuple[FloatArray, FloatArray], second: tuple[FloatArray, FloatArray]) -> Sides:
    """Mean of metric minus criterion, of two pairs of columns."""
    return Sides(_mean(first[0] - first[1]), _mean(second[0] - second[1]))


def _mean(values: FloatArray) -> SumResampler:
    return SumResampler(np.column_stack([values, np.ones(len(values))]), _first_by_second)


def concordances(
    first: tuple[FloatArray, FloatArray], second: tuple[FloatArray, FloatArray]
) -> Sides:
    """Lin's concordance correlation of metric and criterion, of two pairs of columns."""
    return Sides(concordance_sums(*first), concordance_sums(*second))
