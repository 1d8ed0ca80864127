"""The difference of one statistic between two sides that speak of the same units.

Both sides are resampled together, unit by unit (or cluster by cluster), so what the units have in
common cancels: the interval of the difference is narrower than two separate intervals suggest.
Efron & Tibshirani 1993, ch. 8 (paired data) and 13 (percentile interval).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.agreement.alpha import Scale, pairable_sums
from analysis.statistics.agreement.coefficients import range_of
from analysis.statistics.core.bootstrap import REPLICATES, SumResampler, resampling_interval
from analysis.statistics.core.ratings import FloatArray, IntArray, Ratings, unit_clusters
from analysis.statistics.core.result import (
    ANY,
    COEFFICIENT,
    SHARE,
    Estimate,
    Range,
    Result,
    Undefined,
    of_difference,
)
from analysis.statistics.core.weights import Weights, agreement_weights
from analysis.statistics.numbers.concordance import concordance_sums


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """One statistic of both sides over the same units, in the same order, and its range."""

    first: SumResampler
    second: SumResampler
    within: Range


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

    both = sides.first, sides.second
    resampler = SumResampler(
        np.hstack([side.features for side in both]),
        difference,
        counted=all(side.counted for side in both),
        size=max(side.size for side in both),
    )
    interval, warnings, details = resampling_interval(
        resampler,
        level=level,
        replicates=replicates,
        seed=seed,
        clusters=unit_clusters(clusters, units),
    )
    value = values["first"] - values["second"]
    within = of_difference(sides.within, sides.within)
    return Estimate.of(value, interval, {"units": units}, warnings, details | values, within=within)


def alphas(first: Ratings, second: Ratings, scale: Scale) -> Sides:
    """Krippendorff's alpha of two groups of raters; every unit has two judgments in each.

    ValueError with the reason where one of them cannot be said.
    """
    return Sides(pairable_sums(first, scale), pairable_sums(second, scale), COEFFICIENT)


Coefficient = Literal["percent", "gwet", "fleiss", "brennan_prediger"]


def agreements(
    first: Ratings,
    second: Ratings,
    categories: int,
    coefficient: Coefficient,
    weights: Weights = "unweighted",
) -> Sides:
    """A coefficient of ``agreement.coefficients``; every unit has two judgments a side."""
    matrix = agreement_weights(weights, categories)
    within = range_of(coefficient, weights, categories, paired=True)
    one, other = (_agreement(side, matrix, coefficient) for side in (first, second))
    return Sides(one, other, within)


def _agreement(data: Ratings, weights: FloatArray, coefficient: Coefficient) -> SumResampler:
    """From sums over units of 1, the unit's own agreement and its share of each category."""
    q = len(weights)
    counts = data.category_counts(q).astype(np.float64)
    m = counts.sum(axis=1)
    agreeing = np.sum(counts * (counts @ weights - 1), axis=1) / (m * (m - 1))
    features = np.column_stack([np.ones(len(m)), agreeing, counts / m[:, None]])

    def value(sums: FloatArray) -> FloatArray:
        mean = sums / sums[..., :1]
        by_chance = _chance(mean[..., 2:], weights, coefficient)
        return _ratio(mean[..., 1] - by_chance, 1 - by_chance)

    return SumResampler(features, value, counted=True)


def _chance(shares: FloatArray, weights: FloatArray, coefficient: Coefficient) -> FloatArray:
    """Agreement by chance from mean shares (..., q), as in ``agreement.coefficients``."""
    q = len(weights)
    if coefficient == "percent":
        return np.zeros(shares.shape[:-1])
    if coefficient == "brennan_prediger":
        return np.full(shares.shape[:-1], float(weights.sum()) / q**2)
    if coefficient == "fleiss":
        return np.asarray(((shares @ weights) * shares).sum(axis=-1))
    factor = float(weights.sum()) / (q * (q - 1)) if q > 1 else 1.0
    return np.asarray(factor * (shares * (1 - shares)).sum(axis=-1))


def _first_by_second(sums: FloatArray) -> FloatArray:
    return sums[..., 0] / sums[..., 1]


Score = Callable[[FloatArray], FloatArray]
"""Maps tables (..., q, q), truth by predicted, to (...); NaN where undefined."""


def labelled(
    first: tuple[IntArray, IntArray, int], second: tuple[IntArray, IntArray, int], score: Score
) -> Sides:
    """A score of two classifications: truth and predicted codes and how many classes, a side."""
    within = SHARE if score in (accuracy, balanced_accuracy, macro_f1) else COEFFICIENT
    return Sides(_tables(*first, score), _tables(*second, score), within)


def _tables(truth: IntArray, predicted: IntArray, q: int, score: Score) -> SumResampler:
    features = np.zeros((len(truth), q * q))
    features[np.arange(len(truth)), truth * q + predicted] = 1.0
    return SumResampler(
        features, lambda sums: score(sums.reshape(*sums.shape[:-1], q, q)), counted=True
    )


def accuracy(tables: FloatArray) -> FloatArray:
    return _hits(tables) / tables.sum(axis=(-2, -1))


def kappa(tables: FloatArray) -> FloatArray:
    """Cohen's kappa; NaN where agreement by chance is 1."""
    n = tables.sum(axis=(-2, -1))
    chance = (tables.sum(axis=-1) * tables.sum(axis=-2)).sum(axis=-1) / n**2
    observed = _hits(tables) / n
    return _ratio(observed - chance, 1 - chance)


def kappa_quadratic(tables: FloatArray) -> FloatArray:
    """Cohen's kappa with quadratic weights (Cohen 1968)."""
    codes = np.arange(tables.shape[-1])
    apart = (codes[:, None] - codes[None, :]) ** 2
    n = tables.sum(axis=(-2, -1))
    expected = tables.sum(axis=-1)[..., :, None] * tables.sum(axis=-2)[..., None, :]
    observed = (tables * apart).sum(axis=(-2, -1))
    return 1 - _ratio(observed, (expected * apart).sum(axis=(-2, -1)) / n)


def gwet_ac1(tables: FloatArray) -> FloatArray:
    """AC1 of truth and predicted as two raters."""
    n = tables.sum(axis=(-2, -1))
    shares = (tables.sum(axis=-1) + tables.sum(axis=-2)) / (2 * n[..., None])
    chance = _chance(shares, np.eye(tables.shape[-1]), "gwet")
    return _ratio(_hits(tables) / n - chance, 1 - chance)


def balanced_accuracy(tables: FloatArray) -> FloatArray:
    """Mean recall of the classes that occur in the truth."""
    recall = _ratio(np.diagonal(tables, axis1=-2, axis2=-1), tables.sum(axis=-1))
    known = ~np.isnan(recall)
    return _ratio(np.where(known, recall, 0.0).sum(axis=-1), known.sum(axis=-1))


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
    return Sides(_mean(first[0] - first[1]), _mean(second[0] - second[1]), ANY)


def _mean(values: FloatArray) -> SumResampler:
    features = np.column_stack([values, np.ones(len(values))])
    size = float(np.abs(values).max(initial=0.0))
    return SumResampler(features, _first_by_second, size=size)


def concordances(
    first: tuple[FloatArray, FloatArray], second: tuple[FloatArray, FloatArray]
) -> Sides:
    """Lin's concordance correlation of metric and criterion, of two pairs of columns."""
    return Sides(concordance_sums(*first), concordance_sums(*second), COEFFICIENT)
