"""Intraclass correlation in all six forms.

Complete tables: mean squares and F-based intervals (Shrout & Fleiss 1979; McGraw & Wong 1996,
tables 4 and 7). The limits of ICC(A,k) are the Spearman-Brown transforms of those of ICC(A,1).
Missing cells: REML variance components (``variance_components``) and simulated pivots (``pivots``).

Names follow McGraw & Wong: ICC(1,.) one-way, ICC(A,.) agreement (Shrout & Fleiss 2), ICC(C,.)
consistency (Shrout & Fleiss 3); (., 1) for one rating, (., k) for the mean of k.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.bootstrap import REPLICATES, SumResampler, resampling_interval
from analysis.statistics.core.diagnostics import constant_rater_warnings
from analysis.statistics.core.ratings import (
    FloatArray,
    Ratings,
    RatingsLike,
    as_matrix,
    as_ratings,
    unit_clusters,
)
from analysis.statistics.core.result import Estimate, Interval, Result, Undefined
from analysis.statistics.core.rounding import noise
from analysis.statistics.numbers.icc_forms import (
    BEYOND_RANGE,
    EQUAL_TARGETS,
    FORMS,
    NO_VARIATION,
    ONE_RATER,
    ONE_TARGET,
    Form,
    few_raters_warnings,
    is_two_way,
    range_of,
)
from analysis.statistics.numbers.icc_missing import missing_cell_iccs, pivot_interval
from analysis.statistics.numbers.pivots import Draws, balanced_pivots

_TINY = 1e-12
_CANCELLING = 1e-6
_LEAST_DF = 0.1


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Two-way table of n targets x k raters: mean squares between targets (r), between raters (c),
    residual (e) and within targets (w), in squared units of the ratings."""

    n: int
    k: int
    r: float
    c: float
    e: float
    w: float

    @classmethod
    def of(cls, matrix: FloatArray) -> MeanSquares:
        """From a complete table with at least two targets and two raters."""
        n, k = matrix.shape
        centred = matrix - matrix.mean()
        rows, columns = centred @ np.full(k, 1 / k), np.full(n, 1 / n) @ centred
        ss_r, ss_c = k * float(rows @ rows), n * float(columns @ columns)
        total = float(np.vdot(centred, centred))
        ss_w, ss_e = total - ss_r, total - ss_r - ss_c
        if ss_e < _CANCELLING * total:
            ss_w, ss_e = _residual_squares(centred, rows, columns)
        floor = matrix.size * noise(matrix.ravel()) ** 2
        ss_r, ss_c, ss_w, ss_e = (ss if ss > floor else 0.0 for ss in (ss_r, ss_c, ss_w, ss_e))
        free = (n - 1) * (k - 1)
        return cls(n, k, ss_r / (n - 1), ss_c / (k - 1), ss_e / free, ss_w / (n * (k - 1)))

    def draw(self, replicates: int, rng: np.random.Generator) -> Draws:
        """Simulated variance components; the residual must not vanish."""
        free = (self.n - 1) * (self.k - 1)
        sums = (self.r * (self.n - 1), self.c * (self.k - 1), self.e * free)
        return balanced_pivots(self.n, self.k, sums).draw(replicates, rng)


def _with_pivots(form: Form, result: Result, draws: Draws, k: int, level: float) -> Result:
    if not result.defined or not is_two_way(form):
        return result
    return result.with_interval(pivot_interval(form, draws, k, level, result.value))


def _residual_squares(
    centred: FloatArray, rows: FloatArray, columns: FloatArray
) -> tuple[float, float]:
    """Squares within targets and of the residuals, without subtracting large sums."""
    within = centred - rows[:, None]
    residual = within - columns
    return float(np.vdot(within, within)), float(np.vdot(residual, residual))


def icc(
    ratings: RatingsLike,
    *,
    level: float = 0.95,
    limits: Literal["F", "pivot"] = "F",
    replicates: int = REPLICATES,
    seed: int = 0,
) -> dict[Form, Result]:
    """All six forms for ``ratings`` (targets x raters, NaN = missing, or ``Ratings``).

    Complete tables: ``details`` holds F, its degrees of freedom and p (test of no agreement beyond
    chance; it says nothing about bias between raters). ``limits='pivot'`` simulates the pivots of
    the mean squares instead, which keeps its coverage for ICC(A, .) where few raters differ a lot
    (.97 against .85 for F at 200 x 5 with equal rater and residual variances). Missing cells always
    take pivots; ``details`` holds the variance components and the k of the (., k) forms, the
    harmonic mean of judgments a target. ``replicates`` and ``seed`` belong to the pivots. Undefined
    for one rater, one target, no variation, or targets that do not differ.
    """
    if limits not in ("F", "pivot"):
        raise ValueError(f"limits are 'F' or 'pivot', not {limits!r}")
    data = _complete_table(ratings)
    if data is None:
        return missing_cell_iccs(as_ratings(ratings), level, replicates, seed)
    n, k = data.shape
    counts = {"units": n, "raters": k, "judgments": n * k}
    reason = undefined_reason(data)
    if reason is not None:
        return {form: Undefined(reason, counts) for form in FORMS}
    squares = MeanSquares.of(data)
    warnings = _constant_columns(data) + few_raters_warnings(k)
    results = {form: _one_form(form, squares, level, counts, warnings) for form in FORMS}
    if limits == "F" or squares.e == 0:
        return results
    draws = squares.draw(replicates, np.random.default_rng(seed))
    return {form: _with_pivots(form, result, draws, k, level) for form, result in results.items()}


def icc_bootstrap(
    ratings: RatingsLike,
    form: Form,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> Result:
    """One form of a complete table with an interval from resampling targets.

    Raters stay fixed, so for ICC(A, .) and ICC(1, .) the interval is too narrow when the raters
    stand for others (it covered .71 at n = 1000, k = 5): a warning says so. Each replicate is a
    multinomial draw times sums a target adds: its k ratings, its squared total, its squares.
    """
    data = _complete_table(ratings)
    if data is None:
        return Undefined("resampling targets needs every cell filled", as_ratings(ratings).n())
    n, k = data.shape
    counts = {"units": n, "raters": k, "judgments": n * k}
    reason = undefined_reason(data)
    if reason is not None:
        return Undefined(reason, counts)
    centred = data - data.mean()
    totals = centred.sum(axis=1)
    features = np.column_stack(
        [np.ones(n), centred, totals**2, np.einsum("ij,ij->i", centred, centred)]
    )
    floor = _TINY * float(features[:, -1].mean())

    def coefficient(sums: FloatArray) -> FloatArray:
        return _from_sums(form, sums, k, floor)

    interval, warnings, details = resampling_interval(
        SumResampler(features, coefficient),
        level=level,
        replicates=replicates,
        seed=seed,
        clusters=unit_clusters(clusters, n),
    )
    if not form.startswith("ICC(C"):
        warnings.append("resampling targets leaves out the sampling of raters: use the F interval")
    value = _coefficient(form, MeanSquares.of(data))
    if value is None:
        return Undefined(BEYOND_RANGE, counts, tuple(warnings))
    return Estimate.of(value, interval, counts, warnings, details, within=range_of(form, k))


def undefined_reason(matrix: FloatArray) -> str | None:
    """Why no ICC can be computed from a complete table, or None."""
    n, k = matrix.shape
    if k < 2:
        return ONE_RATER
    if n < 2:
        return ONE_TARGET
    if np.ptp(matrix) == 0:
        return NO_VARIATION
    if np.ptp(matrix @ np.full(k, 1 / k)) <= noise(matrix.ravel()):
        return EQUAL_TARGETS
    return None


def _complete_table(ratings: RatingsLike) -> FloatArray | None:
    if isinstance(ratings, Ratings):
        if not ratings.complete or not ratings.n_judgments:
            return None
        return ratings.value.reshape(ratings.n_units, ratings.n_raters)
    matrix = as_matrix(ratings)
    return matrix if matrix.size and math.isfinite(float(matrix.sum())) else None


def _constant_columns(matrix: FloatArray) -> list[str]:
    """Constant-rater warnings; only columns that begin with one repeated value are looked at."""
    suspects = np.nonzero((matrix[:3] == matrix[0]).all(axis=0))[0]
    if not len(suspects):
        return []
    found = suspects[np.ptp(matrix[:, suspects], axis=0) == 0]
    if not len(found):
        return []
    units = np.tile(np.arange(len(matrix)), len(found))
    raters = np.repeat(found, len(matrix))
    return constant_rater_warnings(Ratings.from_long(units, raters, matrix[:, found].T.ravel()))


def _coefficient(form: Form, ms: MeanSquares) -> float | None:
    """The coefficient, or None where its denominator vanishes or it leaves [-1, 1]."""
    n, k = ms.n, ms.k
    top, bottom = {
        "ICC(1,1)": (ms.r - ms.w, ms.r + (k - 1) * ms.w),
        "ICC(A,1)": (ms.r - ms.e, ms.r + (k - 1) * ms.e + k * (ms.c - ms.e) / n),
        "ICC(C,1)": (ms.r - ms.e, ms.r + (k - 1) * ms.e),
        "ICC(1,k)": (ms.r - ms.w, ms.r),
        "ICC(A,k)": (ms.r - ms.e, ms.r + (ms.c - ms.e) / n),
        "ICC(C,k)": (ms.r - ms.e, ms.r),
    }[form]
    if bottom <= _TINY * ms.r:
        return None
    value = top / bottom
    return min(max(value, -1.0), 1.0) if abs(value) <= 1 + 1e-9 else None


def _one_form(
    form: Form, ms: MeanSquares, level: float, counts: dict[str, int], warnings: list[str]
) -> Result:
    value = _coefficient(form, ms)
    if value is None:
        return Undefined(BEYOND_RANGE, counts, tuple(warnings))
    within = range_of(form, ms.k)
    error = ms.e if is_two_way(form) else ms.w
    df2 = (ms.n - 1) * (ms.k - 1) if is_two_way(form) else ms.n * (ms.k - 1)
    details: dict[str, Any] = {
        "mean_squares": {"targets": ms.r, "raters": ms.c, "residual": ms.e, "within": ms.w}
    }
    if value < -_TINY:
        warnings = [*warnings, "negative: ratings of one target differ more than by chance"]
    if error == 0:
        reason = "no residual variation is left, so F and its limits do not exist"
        return Estimate.of(value, reason, counts, warnings, details, within=within)
    from scipy.special import fdtrc

    f = ms.r / error
    details |= {"F": f, "df1": ms.n - 1, "df2": df2, "p": float(fdtrc(ms.n - 1, df2, f))}
    interval = _f_interval(form, ms, f, df2, level)
    return Estimate.of(value, interval, counts, warnings, details, within=within)


def _f_interval(form: Form, ms: MeanSquares, f: float, df2: int, level: float) -> Interval | str:
    k = ms.k
    if form.startswith("ICC(A"):
        limits = _agreement_limits(ms, level)
        if limits is None:
            return "the approximate degrees of freedom of the limits vanish: ratings say too little"
        low, high = limits
    else:
        low = _single(f / _f_quantile(ms.n - 1, df2, level), k)
        high = _single(f * _f_quantile(df2, ms.n - 1, level), k)
    if form.endswith("k)"):
        low, high = _spearman_brown(low, k), _spearman_brown(high, k)
    return Interval(low, high, level, "F")


def _f_quantile(df1: float, df2: float, level: float) -> float:
    from scipy.special import fdtri

    return float(fdtri(df1, df2, (1 + level) / 2))


def _single(f: float, k: int) -> float:
    return (f - 1) / (f + k - 1)


def _spearman_brown(r: float, k: int) -> float:
    """Reliability of the mean of k from that of one rating; at the lower bound the least number."""
    bottom = 1 + (k - 1) * r
    return k * r / bottom if bottom > 0 else -sys.float_info.max


def _agreement_limits(ms: MeanSquares, level: float) -> tuple[float, float] | None:
    """Limits of ICC(A,1) with Satterthwaite's degrees of freedom (McGraw & Wong 1996, table 7).

    None where those df vanish, as they can for a negative coefficient.
    """
    n, k = ms.n, ms.k
    r = (ms.r - ms.e) / (ms.r + (k - 1) * ms.e + k * (ms.c - ms.e) / n)
    # Both times 1 - r, which the degrees of freedom do not see and rounding can make 0.
    a = k * r / n
    b = 1 - r + k * r * (n - 1) / n
    spread = (a * ms.c) ** 2 / (k - 1) + (b * ms.e) ** 2 / ((n - 1) * (k - 1))
    v = (a * ms.c + b * ms.e) ** 2 / spread if spread > 0 else 0.0
    if v < _LEAST_DF:
        return None
    between = k * ms.c + (k * n - k - n) * ms.e
    f_low, f_high = _f_quantile(n - 1, v, level), _f_quantile(v, n - 1, level)
    low = n * (ms.r - f_low * ms.e) / (f_low * between + n * ms.r)
    high = n * (f_high * ms.r - ms.e) / (between + n * f_high * ms.r)
    return low, high


def _from_sums(form: Form, sums: FloatArray, k: int, floor: float) -> FloatArray:
    """The coefficient from resampled sums (count, k columns, squared totals, squares)."""
    n = sums[..., 0]
    columns, total_squares, squares = sums[..., 1 : k + 1], sums[..., k + 1], sums[..., k + 2]
    correction = columns.sum(axis=-1) ** 2 / (n * k)
    ss_r = total_squares / k - correction
    ss_c = np.sum(columns**2, axis=-1) / n - correction
    ss_w = squares - total_squares / k
    ms_r, ms_c = ss_r / (n - 1), ss_c / (k - 1)
    ms_w, ms_e = ss_w / (n * (k - 1)), (ss_w - ss_c) / ((n - 1) * (k - 1))
    ms_w, ms_e = (np.where(ms > floor, ms, 0.0) for ms in (ms_w, ms_e))
    bottoms: dict[Form, Callable[[], FloatArray]] = {
        "ICC(1,1)": lambda: ms_r + (k - 1) * ms_w,
        "ICC(A,1)": lambda: ms_r + (k - 1) * ms_e + k * (ms_c - ms_e) / n,
        "ICC(C,1)": lambda: ms_r + (k - 1) * ms_e,
        "ICC(1,k)": lambda: ms_r,
        "ICC(A,k)": lambda: ms_r + (ms_c - ms_e) / n,
        "ICC(C,k)": lambda: ms_r,
    }
    top = ms_r - (ms_e if is_two_way(form) else ms_w)
    bottom = np.asarray(bottoms[form]())
    usable = bottom > floor
    return np.divide(top, bottom, out=np.full(bottom.shape, np.nan), where=usable)
