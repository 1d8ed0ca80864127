"""Cohen's kappa for two raters: unweighted, linear, quadratic or custom weights.

kappa = (p_o - p_e)/(1 - p_e) (Cohen 1960, 1968). The standard error is the large-sample one of
Fleiss, Cohen & Everitt 1969 (eq. 8), not the null one: with w_i. = sum_j w_ij p_.j and
w_.j = sum_i w_ij p_i.,

    n (1 - p_e)^2 Var = sum p_ij [w_ij - (w_i. + w_.j)(1 - kappa)]^2 - [kappa - p_e (1 - kappa)]^2

The interval is t with n - 1 degrees of freedom, as for the other coefficients: with the normal
quantile it held kappa in 90.7 % of simulated studies of 15 units.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.agreement.confusion import paired_codes, table_of
from analysis.statistics.core.bootstrap import t_interval
from analysis.statistics.core.clustered import linearised_interval
from analysis.statistics.core.diagnostics import order_warning, rare_category_warnings
from analysis.statistics.core.ratings import FloatArray
from analysis.statistics.core.result import (
    AT_MOST_ONE,
    COEFFICIENT,
    Estimate,
    Interval,
    Result,
    Undefined,
)
from analysis.statistics.core.weights import Weights, agreement_weights


class TableOptions(TypedDict, total=False):
    """What kappa takes; see ``cohen_kappa_table``."""

    weights: Weights
    level: float
    names: Sequence[str] | None
    order_declared: bool


def cohen_kappa_table(
    table: ArrayLike,
    *,
    weights: Weights = "unweighted",
    level: float = 0.95,
    names: Sequence[str] | None = None,
    order_declared: bool = True,
) -> Result:
    """Kappa of a square table (rows: first rater, columns: second, one category list for both).

    Counts give an interval; proportions (cells that sum to 1) give the value only. ``details``
    holds p_o, p_e and the standard error.
    """
    cells = np.asarray(table, dtype=np.float64)
    if cells.ndim != 2 or cells.shape[0] != cells.shape[1]:
        raise ValueError(f"kappa needs a square table, got shape {cells.shape}")
    if not np.isfinite(cells).all() or (cells < 0).any():
        raise ValueError("the cells of a kappa table are finite and not negative")
    total = float(cells.sum())
    counted = bool((cells == np.round(cells)).all())
    n = {"units": int(total) if counted else 0}
    if total == 0:
        return Undefined("no unit was judged by both raters", n)
    matrix = agreement_weights(weights, len(cells))
    solved = _solve(cells / total, matrix)
    if solved is None:
        return Undefined(_ONE_CATEGORY, n)
    kappa, p_o, p_e, influence = solved
    # Weights of one's own need not come from distances: then disagreement has no bound.
    within = COEFFICIENT if isinstance(weights, str) else AT_MOST_ONE
    warnings = _warnings(cells, weights, names, order_declared) if counted else []
    details: dict[str, object] = {"p_o": p_o, "p_e": p_e}
    if not counted:
        reason = "the table holds proportions, so the number of units is not known"
        return Estimate.of(kappa, reason, n, warnings, details, within=within)
    se = math.sqrt(float(np.sum(cells / total * influence**2)) / total)
    details["se"] = se
    interval = _wald(kappa, se, int(total) - 1, level)
    return Estimate.of(kappa, interval, n, warnings, details, within=within)


def cohen_kappa(
    first: ArrayLike,
    second: ArrayLike,
    categories: int,
    *,
    clusters: ArrayLike | None = None,
    **options: Unpack[TableOptions],
) -> Result:
    """Kappa of two columns of codes 0..categories-1 (NaN = missing), one row a unit.

    ``clusters``: one label a unit; from four clusters on the interval is t over clusters. The other
    options are those of ``cohen_kappa_table``.
    """
    a, b, codes = paired_codes(first, second, categories, clusters)
    cells = table_of(a, b, categories)
    plain = cohen_kappa_table(cells, **options)
    if codes is None or not plain.defined:
        return plain
    weights = agreement_weights(options.get("weights", "unweighted"), categories)
    solved = _solve(cells / len(a), weights)
    if solved is None:
        return Undefined(_ONE_CATEGORY, plain.n)
    influence = solved[3][a, b] / len(a)
    interval, warnings, details = linearised_interval(
        plain.value,
        influence,
        level=options.get("level", 0.95),
        clusters=codes,
    )
    return Estimate.of(
        plain.value,
        interval,
        plain.n,
        [*plain.warnings, *warnings],
        {**plain.details, **details},
        within=plain.within,
    )


_ONE_CATEGORY = (
    "both raters used one and the same category only: agreement by chance is 1, so agreement "
    "beyond chance has no meaning"
)


def _solve(p: FloatArray, w: FloatArray) -> tuple[float, float, float, FloatArray] | None:
    """kappa, p_o, p_e and the influence of a unit in each cell; None where p_e = 1."""
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    p_o, p_e = float(np.sum(w * p)), float(rows @ w @ columns)
    if 1 - p_e < 1e-12:
        return None
    kappa = (p_o - p_e) / (1 - p_e)
    marginal = (w @ columns)[:, None] + (w.T @ rows)[None, :]
    influence = (w - marginal * (1 - kappa) - (kappa - p_e * (1 - kappa))) / (1 - p_e)
    return kappa, p_o, p_e, influence


def _wald(kappa: float, se: float, df: int, level: float) -> Interval | str:
    if se <= 1e-12 or df < 1:
        return "the large-sample standard error is zero here, which says nothing about precision"
    method = "t, Fleiss-Cohen-Everitt standard error"
    return t_interval(kappa, se, df, level, method)


def _warnings(
    cells: FloatArray, weights: Weights, names: Sequence[str] | None, order_declared: bool
) -> list[str]:
    used = (cells.sum(axis=0) + cells.sum(axis=1) - np.diag(cells)).astype(np.int64)
    presence = (np.arange(int(used.max(initial=0)))[:, None] < used[None, :]).astype(np.int64)
    warnings = rare_category_warnings(presence, names)
    for rater, margin in (("first", cells.sum(axis=1)), ("second", cells.sum(axis=0))):
        if np.count_nonzero(margin) == 1:
            warnings.append(f"the {rater} rater used one category only")
    if not order_declared and not (isinstance(weights, str) and weights == "unweighted"):
        warnings.append(order_warning())
    return warnings
