"""Do two cultures use a label alike where the computed score is alike? Mantel-Haenszel in strata.

Tables: strata x 2 x labels, counts of judgments; row 0 is the reference culture, row 1 the focal
one. Odds ratio sum(a d/N)/sum(b c/N) and chi-square: Mantel & Haenszel 1959; variance of its
logarithm: Robins, Breslow & Greenland 1986; delta = -2.35 ln(odds ratio), below zero where the
focal culture uses the label less: Holland & Thayer 1988; classes A, B, C of the ETS: Zwick 2012;
standardised difference of shares: Dorans & Kulick 1986. More than two labels: the generalised
statistic for nominal answers (Landis, Heyman & Koch 1978).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.bootstrap import normal_interval
from analysis.statistics.core.ratings import FloatArray
from analysis.statistics.core.result import (
    ANY,
    COEFFICIENT,
    NOT_NEGATIVE,
    Estimate,
    Interval,
    Result,
    Undefined,
)

FEW_IN_CELL = 5
DELTA = 2.35
_NO_STRATUM = (
    "no stratum holds both cultures and both answers, so nothing can be compared at an equal score"
)
Class = Literal["A", "B", "C"]


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """One label of two cultures. ``p`` without and ``p_corrected`` with continuity correction.

    ``size``: A negligible, B moderate, C large; None where delta is undefined.
    """

    odds_ratio: Result
    delta: Result
    standardised: Result
    chi2: float | None
    p: float | None
    chi2_corrected: float | None
    p_corrected: float | None
    size: Class | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "odds_ratio": self.odds_ratio.to_dict(),
            "delta": self.delta.to_dict(),
            "standardised": self.standardised.to_dict(),
            "chi2": self.chi2,
            "p": self.p,
            "chi2_corrected": self.chi2_corrected,
            "p_corrected": self.p_corrected,
            "size": self.size,
        }


def mantel_haenszel(tables: ArrayLike, *, level: float = 0.95) -> MantelHaenszel:
    """Compare one label in ``tables`` (strata x 2 cultures x [used, not used], counts).

    A stratum with one culture or one answer alone adds nothing. ValueError for another shape or
    for counts that are negative or not finite.
    """
    counts = _counts(tables, 2)
    informative = _informative(counts)
    n = {"judgments": int(counts.sum()), "strata": len(informative)}
    if not len(informative):
        nothing = Undefined(_NO_STRATUM, n)
        return MantelHaenszel(nothing, nothing, nothing, None, None, None, None, None)
    chi2, corrected = _chi2(informative)
    ratio, delta = _odds(informative, n, level, _warnings(counts))
    return MantelHaenszel(
        ratio,
        delta,
        _standardised(informative, n, level),
        chi2,
        _p(chi2, 1),
        corrected,
        _p(corrected, 1),
        _size(delta),
    )


def generalised_mantel_haenszel(tables: ArrayLike) -> Result:
    """M^2 of all labels together, from ``tables`` (strata x 2 cultures x labels, counts).

    ``details`` holds df (labels used, less one) and p. M^2 has no interval: it is a test.
    """
    counts = _counts(tables, None)
    informative = _informative(counts)
    n = {"judgments": int(counts.sum()), "strata": len(informative)}
    if not len(informative):
        return Undefined(_NO_STRATUM, n)
    labels = informative.sum(axis=(0, 1)) > 0
    kept = informative[:, :, labels][:, :, :-1]
    whole = informative.sum(axis=(1, 2))
    rows, columns = informative.sum(axis=2), kept.sum(axis=1)
    apart = np.sum(kept[:, 1] - rows[:, 1, None] * columns / whole[:, None], axis=0)
    scale = rows[:, 0] * rows[:, 1] / (whole**2 * (whole - 1))
    spread = np.einsum("k,kc,cd->kcd", whole, columns, np.eye(columns.shape[1]))
    spread -= np.einsum("kc,kd->kcd", columns, columns)
    variance = np.einsum("k,kcd->cd", scale, spread)
    df = int(np.linalg.matrix_rank(variance, hermitian=True))
    value = float(apart @ np.linalg.pinv(variance, hermitian=True) @ apart)
    details = {"df": df, "p": _p(value, df)}
    reason = "a test of all labels together has no interval"
    return Estimate.of(value, reason, n, _warnings(counts), details, within=NOT_NEGATIVE)


def _counts(tables: ArrayLike, labels: int | None) -> FloatArray:
    counts = np.asarray(tables, dtype=np.float64)
    if counts.ndim != 3 or counts.shape[1] != 2 or (labels or counts.shape[2]) != counts.shape[2]:
        raise ValueError(
            f"tables are strata x 2 cultures x {labels or 'labels'}, got shape {counts.shape}"
        )
    if not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("tables hold counts of judgments: finite numbers of 0 or more")
    return counts


def _informative(counts: FloatArray) -> FloatArray:
    cultures = (counts.sum(axis=2) > 0).all(axis=1)
    answers = (counts.sum(axis=1) > 0).sum(axis=1) > 1
    return counts[cultures & answers]


def _warnings(counts: FloatArray) -> list[str]:
    few = int(np.count_nonzero(counts.sum(axis=2) < FEW_IN_CELL))
    left = len(counts) - len(_informative(counts))
    said = []
    if few:
        said.append(f"{few} cells of stratum and culture hold fewer than {FEW_IN_CELL} judgments")
    if left:
        said.append(
            f"{left} of {len(counts)} strata hold one culture or one answer and add nothing"
        )
    return said


def _chi2(counts: FloatArray) -> tuple[float, float]:
    whole, rows, columns = counts.sum(axis=(1, 2)), counts.sum(axis=2), counts.sum(axis=1)
    expected = rows[:, 0] * columns[:, 0] / whole
    variance = rows.prod(axis=1) * columns.prod(axis=1) / (whole**2 * (whole - 1))
    apart = abs(float(np.sum(counts[:, 0, 0] - expected)))
    total = float(variance.sum())
    return apart**2 / total, (apart - 0.5) ** 2 / total if apart >= 0.5 else apart**2 / total


def _odds(
    counts: FloatArray, n: dict[str, int], level: float, warnings: list[str]
) -> tuple[Result, Result]:
    whole = counts.sum(axis=(1, 2))
    more = counts[:, 0, 0] * counts[:, 1, 1] / whole
    less = counts[:, 0, 1] * counts[:, 1, 0] / whole
    top, bottom = float(more.sum()), float(less.sum())
    if top == 0 or bottom == 0:
        reason = "one culture alone used, or left out, the label in every stratum: no finite odds"
        return Undefined(reason, n), Undefined(reason, n)
    same = (counts[:, 0, 0] + counts[:, 1, 1]) / whole
    other = (counts[:, 0, 1] + counts[:, 1, 0]) / whole
    variance = np.sum(same * more) / (2 * top**2)
    variance += np.sum(same * less + other * more) / (2 * top * bottom)
    variance += np.sum(other * less) / (2 * bottom**2)
    value, se = math.log(top / bottom), math.sqrt(float(variance))
    method = "normal, variance of Robins, Breslow & Greenland"
    limits = normal_interval(value, se, level, method)
    odds = Interval(math.exp(limits.low), math.exp(limits.high), level, method)
    delta = normal_interval(-DELTA * value, DELTA * se, level, method)
    return (
        Estimate.of(math.exp(value), odds, n, warnings, {"se_log": se}, within=NOT_NEGATIVE),
        Estimate.of(-DELTA * value, delta, n, warnings, {"se": DELTA * se}, within=ANY),
    )


def _standardised(counts: FloatArray, n: dict[str, int], level: float) -> Result:
    """Share of the label, focal minus reference, strata weighted by the focal culture."""
    rows = counts.sum(axis=2)
    shares = counts[:, :, 0] / rows
    weights = rows[:, 1] / rows[:, 1].sum()
    value = float(np.sum(weights * (shares[:, 1] - shares[:, 0])))
    se = math.sqrt(float(np.sum(weights**2 * (shares * (1 - shares) / rows).sum(axis=1))))
    if se == 0:
        return Estimate.of(value, "the shares show no spread", n, within=COEFFICIENT)
    interval = normal_interval(value, se, level, "normal, binomial variance in each stratum")
    return Estimate.of(value, interval, n, (), {"se": se}, within=COEFFICIENT)


def _size(delta: Result) -> Class | None:
    """A unless |delta| is 1 or more and not 0 (5 %); C from 1.5 and above 1 (one-sided 5 %)."""
    from scipy.special import ndtri

    if not delta.defined:
        return None
    value, se = abs(delta.value), delta.details["se"]
    if value < 1 or value / se < float(ndtri(0.975)):
        return "A"
    return "C" if value >= 1.5 and (value - 1) / se > float(ndtri(0.95)) else "B"


def _p(chi2: float, df: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, chi2))
