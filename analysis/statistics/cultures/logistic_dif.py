"""Do two cultures use a label alike where the computed score is alike? Nested logistic regressions.

1: label ~ score; 2: + culture (uniform: at every score alike); 3: + culture x score (non-uniform).
Likelihood-ratio tests, and the change of Nagelkerke's R^2 = (1 - (L_0/L)^(2/n))/(1 - L_0^(2/n))
(Nagelkerke 1991; Swaminathan & Rogers 1990). Two rules say how large a change is, and both are
given as they disagree by a factor of four: .13/.26 (Zumbo & Thomas 1997), .035/.070 (Jodoin &
Gierl 2001).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.ratings import FloatArray
from analysis.statistics.core.result import SHARE, Estimate, Result, Undefined
from analysis.statistics.core.rounding import noise
from analysis.statistics.cultures.mantel_haenszel import Class

ZUMBO_THOMAS = (0.13, 0.26)
JODOIN_GIERL = (0.035, 0.070)
SIGNIFICANT = 0.05
_STEPS = 30
_CONVERGED = 1e-9
_NO_INTERVAL = "a change of R squared has no interval here: read its test"


@dataclass(frozen=True, slots=True)
class LogisticDif:
    """Changes of R^2: culture added, its product with the score added, and both.

    ``details`` of each: chi2, df, p, and its size (A negligible, B moderate, C large) by both
    rules: zumbo_thomas, jodoin_gierl.
    """

    uniform: Result
    non_uniform: Result
    both: Result

    def to_dict(self) -> dict[str, Any]:
        return {
            "uniform": self.uniform.to_dict(),
            "non_uniform": self.non_uniform.to_dict(),
            "both": self.both.to_dict(),
        }


def logistic_dif(
    used: ArrayLike, focal: ArrayLike, matching: ArrayLike, *, degree: int = 1
) -> LogisticDif:
    """Compare two cultures on one label; three columns of equal length, one row a judgment.

    ``used``: 1 where the label was given, else 0; ``focal``: 1 for the focal culture, 0 for the
    reference; ``matching``: the computed score (finite). ``degree``: powers of the score in each
    model; 2 follows a label of the middle, which is given less on both sides. ValueError for
    unequal lengths or other codes than 0 and 1.
    """
    y, g, x = _columns(used, focal, matching)
    n = {"judgments": len(y), "focal": int(g.sum())}
    if reason := _refusal(y, g, x):
        return _nothing(reason, n)
    x = (x - x.mean()) / x.std()
    scores = np.column_stack([x**power for power in range(1, degree + 1)])
    columns = [np.ones((len(y), 1)), scores, g[:, None], g[:, None] * scores]
    models = [np.hstack(columns[: last + 1]) for last in range(1, 4)]
    if np.linalg.matrix_rank(models[2], tol=1e-8 * len(y)) < models[2].shape[1]:
        return _nothing("too few different scores in each culture to follow the label by them", n)
    share = float(y.mean())
    none = len(y) * (share * math.log(share) + (1 - share) * math.log(1 - share))
    found = [_log_likelihood(model, y) for model in models]
    if None in found:
        reason = (
            "score and culture foretell the label without exception, so that the regression has no "
            "finite answer; read Mantel-Haenszel"
        )
        return _nothing(reason, n)
    logs = [float(value) for value in found if value is not None]
    return LogisticDif(
        _change(none, logs[0], logs[1], 1, n),
        _change(none, logs[1], logs[2], degree, n),
        _change(none, logs[0], logs[2], degree + 1, n),
    )


def _columns(*given: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    y, g, x = (np.asarray(column, dtype=np.float64) for column in given)
    if not (y.shape == g.shape == x.shape) or y.ndim != 1:
        raise ValueError(
            f"label, culture and score must be equally long, got {y.shape}, {g.shape}, {x.shape}"
        )
    if not (np.isin(y, (0, 1)).all() and np.isin(g, (0, 1)).all() and np.isfinite(x).all()):
        raise ValueError("labels and cultures are coded 0 and 1, and scores are finite")
    return y, g, x


def _refusal(y: FloatArray, g: FloatArray, x: FloatArray) -> str | None:
    if not len(y) or g.min() == g.max():
        return "one culture alone has judgments with a score"
    if y.min() == y.max():
        return "the label was given always or never, so nothing differs"
    if float(np.ptp(x)) <= noise(x):
        return "every score is the same, so there is nothing to match by"
    return None


def _nothing(reason: str, n: dict[str, int]) -> LogisticDif:
    nothing = Undefined(reason, n)
    return LogisticDif(nothing, nothing, nothing)


def _log_likelihood(design: FloatArray, y: FloatArray) -> float | None:
    """Of the logistic regression, by Newton's method; None where the fit runs off to infinity."""
    beta = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -500, 500)))
        hessian = (design * (p * (1 - p))[:, None]).T @ design
        try:
            step = np.linalg.solve(hessian, design.T @ (y - p))
        except np.linalg.LinAlgError:
            return None
        beta = beta + step
        if np.abs(step).max() <= _CONVERGED * max(1.0, float(np.abs(beta).max())):
            eta = design @ beta
            return float(np.sum(y * eta - np.logaddexp(0, eta)))
    return None


def _change(none: float, less: float, more: float, df: int, n: dict[str, int]) -> Result:
    from scipy.special import chdtrc

    rows = n["judgments"]
    most = -math.expm1(2 * none / rows)
    small, large = (-math.expm1(2 * (none - log) / rows) / most for log in (less, more))
    chi2 = max(0.0, 2 * (more - less))
    p = float(chdtrc(df, chi2))
    change = max(0.0, large - small)
    details: dict[str, Any] = {"chi2": chi2, "df": df, "p": p, "r_squared": large}
    details |= {"zumbo_thomas": _size(change, p, ZUMBO_THOMAS)}
    details |= {"jodoin_gierl": _size(change, p, JODOIN_GIERL)}
    return Estimate.of(change, _NO_INTERVAL, n, (), details, within=SHARE)


def _size(change: float, p: float, limits: tuple[float, float]) -> Class:
    if p > SIGNIFICANT or change < limits[0]:
        return "A"
    return "B" if change < limits[1] else "C"
