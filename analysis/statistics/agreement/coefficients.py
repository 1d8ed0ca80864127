"""Percent agreement and the chance-corrected coefficients for any number of raters.

AC1/AC2 (Gwet 2008, 2014), Fleiss kappa (Fleiss 1971), Conger kappa (Conger 1980),
Brennan-Prediger (Brennan & Prediger 1981) and Krippendorff's alpha with Gwet's variance, all with
category weights and missing cells. With r_ik raters who put unit i into category k, r_i their sum
over k, and r*_ik = sum_l w_kl r_il,

    p_a = mean over units with r_i >= 2 of sum_k r_ik (r*_ik - 1) / (r_i (r_i - 1)),

coefficient = (p_a - p_e)/(1 - p_e); the coefficients differ in p_e. The variance is Gwet's
linearisation over units (Gwet 2014, sec. 5.3-5.4; Gwet 2021 for kappa and alpha), the interval t
with n - 1 degrees of freedom. When units come in four clusters or more, the same linearised values
are added up within clusters first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.bootstrap import REPLICATES, SumResampler, resampling_interval
from analysis.statistics.core.clustered import linearised_interval
from analysis.statistics.core.diagnostics import (
    category_name,
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
from analysis.statistics.core.result import (
    AT_MOST_ONE,
    COEFFICIENT,
    SHARE,
    Estimate,
    Range,
    Result,
    Undefined,
)
from analysis.statistics.core.weights import Weights, agreement_weights

Coefficient = Literal["percent", "gwet", "fleiss", "conger", "brennan_prediger", "krippendorff"]


class Options(TypedDict, total=False):
    """What every coefficient takes; see ``agreement``."""

    weights: Weights
    clusters: ArrayLike | None
    level: float
    names: Sequence[str] | None
    order_declared: bool


@dataclass(frozen=True, slots=True)
class _Table:
    """Counts of the units that have a judgment, and what every coefficient needs of them."""

    counts: FloatArray  # units x categories
    per_unit: FloatArray
    weights: FloatArray  # categories x categories
    agreement: FloatArray  # a unit's own agreement, 0 where it has one judgment
    pairable: FloatArray  # 1 where a unit has two judgments or more

    @classmethod
    def of(cls, counts: IntArray, weights: FloatArray) -> _Table:
        r = counts.astype(np.float64)
        per_unit = r.sum(axis=1)
        pairable = per_unit >= 2
        pairs = np.where(pairable, per_unit * (per_unit - 1), 1.0)
        agreeing = np.sum(r * (r @ weights - 1), axis=1)
        return cls(r, per_unit, weights, np.where(pairable, agreeing / pairs, 0.0), pairable * 1.0)

    @property
    def p_a(self) -> float:
        return float(self.agreement.sum() / self.pairable.sum())

    @property
    def shares(self) -> FloatArray:
        """Mean over units of the share of each category."""
        return (self.counts / self.per_unit[:, None]).mean(axis=0)


def agreement(
    ratings: RatingsLike,
    categories: int,
    coefficient: Coefficient,
    *,
    weights: Weights = "unweighted",
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    names: Sequence[str] | None = None,
    order_declared: bool = True,
) -> Result:
    """One agreement coefficient of category codes 0..categories-1 (targets x raters or Ratings).

    ``weights``: 'unweighted', 'linear', 'ordinal', 'quadratic' or a matrix of agreement weights;
    all but the first take the codes as ordered. ``clusters``: one label a unit. ``details`` holds
    p_a, p_e and the standard error. Undefined with one unit, without a pair of judgments, or when
    agreement by chance is 1.
    """
    data = as_ratings(ratings)
    n = data.n()
    counts = data.category_counts(categories)
    judged = counts.sum(axis=1) > 0
    if not (counts.sum(axis=1) >= 2).any():
        return Undefined("no unit was judged by two raters, so there is nothing to agree about", n)
    if judged.sum() < 2 and coefficient != "percent":
        return Undefined("only one unit was judged: agreement by chance cannot be estimated", n)
    matrix = agreement_weights(weights, categories)
    table = _Table.of(counts[judged], matrix)
    codes = unit_clusters(clusters, data.n_units)
    codes = None if codes is None else np.unique(codes[judged], return_inverse=True)[1]
    value, p_e, influence = _solve(table, data, judged, coefficient)
    if value is None:
        return Undefined(
            "all judgments are in one category: agreement by chance is 1, so agreement beyond "
            "chance has no meaning",
            n,
        )
    interval, warnings, details = linearised_interval(value, influence, level=level, clusters=codes)
    warnings += rare_category_warnings(counts, names) + constant_rater_warnings(data)
    if not order_declared and not (isinstance(weights, str) and weights == "unweighted"):
        warnings.append(order_warning())
    details |= {"p_a": table.p_a, "p_e": p_e}
    paired = bool(table.pairable.all()) and (coefficient != "conger" or data.complete)
    within = range_of(coefficient, weights, categories, paired=paired)
    return Estimate.of(value, interval, n, warnings, details, within=within)


def range_of(coefficient: Coefficient, weights: Weights, categories: int, *, paired: bool) -> Range:
    """Between which numbers a coefficient lies; ``paired``: no unit was judged once only (for
    Conger's: every rater judged every unit).

    Chance agreement of Gwet's and Brennan-Prediger's coefficient is at most sum(w)/q^2, whatever
    was judged. That of the others comes from the judgments, and disagreement within units is at
    most twice that between them, if the units are the same and the weights come from distances in
    a Euclidean space, as the named ones do.
    """
    if coefficient == "percent":
        return SHARE
    if coefficient in ("gwet", "brennan_prediger"):
        by_chance = float(agreement_weights(weights, categories).sum()) / categories**2
        return (-by_chance / (1 - by_chance), 1.0) if by_chance < 1 else AT_MOST_ONE
    return COEFFICIENT if isinstance(weights, str) and paired else AT_MOST_ONE


def percent_agreement(ratings: RatingsLike, categories: int, **options: Unpack[Options]) -> Result:
    """Share of agreeing pairs of raters, averaged over units; options as for ``agreement``."""
    return agreement(ratings, categories, "percent", **options)


def gwet_ac(ratings: RatingsLike, categories: int, **options: Unpack[Options]) -> Result:
    """Gwet's AC1, or AC2 with weights; options as for ``agreement``.

    p_e = sum(w)/(q(q - 1)) sum_k s_k (1 - s_k), s_k the mean share of category k (Gwet 2008).
    """
    return agreement(ratings, categories, "gwet", **options)


def fleiss_kappa(ratings: RatingsLike, categories: int, **options: Unpack[Options]) -> Result:
    """Fleiss' kappa (Scott's pi for two raters); p_e = sum w_kl s_k s_l. Options: ``agreement``."""
    return agreement(ratings, categories, "fleiss", **options)


def conger_kappa(ratings: RatingsLike, categories: int, **options: Unpack[Options]) -> Result:
    """Conger's kappa (Cohen's for two raters): chance from each rater's own shares (1980)."""
    return agreement(ratings, categories, "conger", **options)


def brennan_prediger(ratings: RatingsLike, categories: int, **options: Unpack[Options]) -> Result:
    """Brennan-Prediger: p_e = sum(w)/q^2, chance equal for every category (1981)."""
    return agreement(ratings, categories, "brennan_prediger", **options)


def class_agreement(
    ratings: RatingsLike,
    categories: int,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
    names: Sequence[str] | None = None,
) -> tuple[Result, ...]:
    """Agreement specific to each category, in the order of the codes.

    p_k = sum_i r_ik (r_ik - 1) / sum_i r_ik (r_i - 1): given that one rater chose k, how often does
    another (Cicchetti & Feinstein 1990; Uebersax 1982). Interval from resampling units, or t over
    four or more clusters.
    """
    data = as_ratings(ratings)
    counts = data.category_counts(categories).astype(np.float64)
    codes = unit_clusters(clusters, data.n_units)
    per_unit = counts.sum(axis=1, keepdims=True)
    both = np.stack([counts * (counts - 1), counts * np.maximum(per_unit - 1, 0)], axis=2)

    def one(code: int) -> Result:
        features = both[:, code]
        n = data.n() | {"units_with_category": int(np.count_nonzero(features[:, 1]))}
        if not features[:, 1].any():
            name = category_name(code, names)
            return Undefined(f"nobody chose {name} where a second rater judged too", n)
        resampler = SumResampler(features, _share, counted=True)
        interval, warnings, details = resampling_interval(
            resampler,
            level=level,
            replicates=replicates,
            seed=seed,
            clusters=codes,
        )
        named = None if names is None else [names[code]]
        warnings += rare_category_warnings(counts[:, [code]].astype(np.int64), named)
        return Estimate.of(resampler.value(), interval, n, warnings, details, within=SHARE)

    return tuple(one(code) for code in range(categories))


def _share(sums: FloatArray) -> FloatArray:
    out = np.full(sums.shape[:-1], np.nan)
    return np.divide(sums[..., 0], sums[..., 1], out=out, where=sums[..., 1] > 0)


def _solve(
    table: _Table, data: Ratings, judged: FloatArray, coefficient: Coefficient
) -> tuple[float | None, float, FloatArray]:
    """Coefficient (None where p_e = 1), p_e, and the influence of each judged unit."""
    if coefficient == "krippendorff":
        return _krippendorff(table)
    n_units = len(table.counts)
    p_e, chance = _chance(table, data, judged, coefficient)
    if 1 - p_e < 1e-12:
        return None, p_e, np.zeros(n_units)
    value = (table.p_a - p_e) / (1 - p_e)
    scale = n_units / table.pairable.sum()
    own = scale * (table.agreement - p_e * table.pairable) / (1 - p_e)
    linear = own - 2 * (1 - value) * (chance - p_e) / (1 - p_e)
    return value, p_e, (linear - value) / n_units


def _chance(
    table: _Table, data: Ratings, judged: FloatArray, coefficient: Coefficient
) -> tuple[float, FloatArray]:
    """p_e and the unit-level values whose mean it is (half its first-order expansion)."""
    n_units, q = table.counts.shape
    weights, shares = table.weights, table.shares
    rows = table.counts / table.per_unit[:, None]
    if coefficient == "percent":
        return 0.0, np.zeros(n_units)
    if coefficient == "brennan_prediger":
        constant = float(weights.sum()) / q**2
        return constant, np.full(n_units, constant)
    if coefficient == "fleiss":
        return float(shares @ weights @ shares), rows @ (weights @ shares)
    if coefficient == "gwet":
        # With one category the only possible answer is no surprise and no chance either way.
        factor = float(weights.sum()) / (q * (q - 1)) if q > 1 else 1.0
        return factor * float(shares @ (1 - shares)), factor * (rows @ (1 - shares))
    if coefficient == "conger":
        return _conger_chance(table, data, judged)
    raise ValueError(f"{coefficient!r} is no agreement coefficient; see Coefficient")


def _conger_chance(table: _Table, data: Ratings, judged: FloatArray) -> tuple[float, FloatArray]:
    """Chance agreement between different raters: sum w_kl (p_k p_l - s_kl/r).

    p_k and s_kl: mean and covariance over raters of their own category shares (Conger 1980; unit
    values: Gwet 2021). One pass over the judgments, whatever the number of raters.
    """
    weights, n_units = table.weights, table.counts.shape[0]
    used = data.rater_counts(table.counts.shape[1]).astype(np.float64)
    per_rater = used.sum(axis=1)
    r = int(np.count_nonzero(per_rater))
    own = used / np.maximum(per_rater, 1)[:, None]
    mean = own.sum(axis=0) / r
    covariance = (own.T @ own - r * np.outer(mean, mean)) / (r - 1)
    p_e = float(np.sum(weights * (np.outer(mean, mean) - covariance / r)))
    others = (r * mean - own) @ weights
    offset = np.sum(others * own, axis=1)
    code = data.codes(table.counts.shape[1])
    term = n_units / per_rater[data.rater] * (others[data.rater, code] - offset[data.rater])
    total = float(offset[per_rater > 0].sum())
    return p_e, (data.sums(term)[judged] + total) / (r * (r - 1))


def _krippendorff(table: _Table) -> tuple[float | None, float, FloatArray]:
    """Alpha as a chance-corrected coefficient: units with one judgment dropped, pairs pooled.

    p_a = (1 - e) p'_a + e with e = 1/(number of pairable judgments); the variance is that of the
    coefficient built on p'_a (Gwet 2021; Krippendorff 2011).
    """
    keep = table.pairable > 0
    counts, m = table.counts[keep], table.per_unit[keep]
    mean = m.mean()
    own = table.agreement[keep] * m / mean
    p_prime = float(own.mean())
    pooled = counts.sum(axis=0) / m.sum()
    p_e = float(pooled @ table.weights @ pooled)
    influence = np.zeros(len(keep))
    if 1 - p_e < 1e-12:
        return None, p_e, influence
    prime = (p_prime - p_e) / (1 - p_e)
    drift = (m - mean) / mean
    agreeing = (own - p_prime * drift - p_e) / (1 - p_e)
    chance = counts @ (table.weights @ pooled) / mean - p_e * drift
    linear = agreeing - 2 * (1 - prime) * (chance - p_e) / (1 - p_e)
    influence[keep] = (linear - prime) / len(m)
    small = 1 / float(m.sum())
    return ((1 - small) * p_prime + small - p_e) / (1 - p_e), p_e, influence
