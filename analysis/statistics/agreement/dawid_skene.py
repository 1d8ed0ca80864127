"""Consensus by the model of Dawid & Skene 1979: raters differ in how they confuse the classes.

Each unit has one true class with prevalence p_k; rater r answers l with probability pi_r(k, l). EM
starts from the vote shares; M step: eq. 2.3-2.4, E step: eq. 2.5 of the paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.core.ratings import FloatArray, IntArray, Ratings, RatingsLike, as_ratings
from analysis.statistics.core.result import Undefined, json_safe

UNDECIDED = -1
SMOOTHING = 0.01
_TIE = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class DawidSkene:
    """The fitted model.

    ``prevalence`` (q,); ``posterior`` (units, q), zero for units without a judgment; ``labels``
    (units,), ``UNDECIDED`` where the best two classes are equally likely or nobody judged;
    ``confusion`` (raters, q, q): rows the true class, columns the answer, uniform where unknown.
    """

    prevalence: FloatArray
    posterior: FloatArray
    labels: IntArray
    confusion: FloatArray
    loglik: float
    iterations: int
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        names = ("prevalence", "labels", "confusion", "loglik", "iterations", "warnings")
        return {name: json_safe(getattr(self, name)) for name in names}


def dawid_skene(
    ratings: RatingsLike,
    categories: int,
    *,
    smoothing: float = SMOOTHING,
    max_iterations: int = 2000,
    tolerance: float = 1e-10,
) -> DawidSkene | Undefined:
    """Fit the model to codes 0..categories-1 (targets x raters, NaN = missing, or Ratings).

    ``smoothing``: pseudo-answers added to each cell of a rater's confusion matrix (0 as in the
    paper). Undefined without judgments or when no unit has two.
    """
    data = as_ratings(ratings)
    code = data.codes(categories)
    return _fit(data, code, categories, smoothing, max_iterations, tolerance)


def dawid_skene_repeated(
    unit: ArrayLike,
    rater: ArrayLike,
    value: ArrayLike,
    categories: int,
    *,
    smoothing: float = SMOOTHING,
    max_iterations: int = 2000,
    tolerance: float = 1e-10,
) -> DawidSkene | Undefined:
    """As ``dawid_skene``, from columns where a rater may have judged a unit on several occasions.

    The occasions count as independent answers of that rater, as in the paper's own example; do not
    use it to let accidental duplicates through.
    """
    units, raters = np.asarray(unit, dtype=np.int64), np.asarray(rater, dtype=np.int64)
    occasion = np.arange(len(units))
    order = np.argsort(units, kind="stable")
    checked = Ratings.from_long(units[order], occasion[order], np.asarray(value, float)[order])
    code = checked.codes(categories)
    raters = raters[checked.rater]
    n_raters = int(raters.max()) + 1 if len(raters) else 0
    data = Ratings(checked.unit, raters, checked.value, checked.n_units, n_raters)
    return _fit(data, code, categories, smoothing, max_iterations, tolerance)


def _fit(
    data: Ratings,
    code: IntArray,
    q: int,
    smoothing: float,
    max_iterations: int,
    tolerance: float,
) -> DawidSkene | Undefined:
    n = data.n()
    votes = np.bincount(data.unit * q + code, minlength=data.n_units * q).reshape(-1, q)
    held = votes.sum(axis=1)
    if not len(held) or held.max() < 2:
        return Undefined("no unit was judged twice, so raters cannot be compared", n)
    judged = held > 0
    posterior = votes / np.maximum(held, 1)[:, None]
    answers = _answers(data, code, q)
    previous, iterations = -np.inf, 0
    while True:
        # Units without a judgment have a posterior of zero throughout.
        prevalence = (np.ones(len(posterior)) @ posterior) / np.count_nonzero(judged)
        confusion = _confusion(answers, posterior, smoothing)
        posterior, loglik = _expect(answers, prevalence, confusion, judged)
        iterations += 1
        if abs(loglik - previous) <= tolerance * (1 + abs(loglik)) or iterations >= max_iterations:
            break
        previous = loglik
    warnings = []
    if iterations >= max_iterations:
        warnings.append(f"EM had not settled after {max_iterations} iterations")
    labels = _labels(posterior, judged)
    return DawidSkene(prevalence, posterior, labels, confusion, loglik, iterations, tuple(warnings))


def _answers(data: Ratings, code: IntArray, q: int) -> Any:
    """Which answer of which rater each unit holds: sparse, units x (raters q)."""
    from scipy.sparse import csr_array

    cells = (np.ones(len(code)), (data.unit, data.rater * q + code))
    return csr_array(cells, shape=(data.n_units, data.n_raters * q))


def _confusion(answers: Any, posterior: FloatArray, smoothing: float) -> FloatArray:
    q = posterior.shape[1]
    counts = np.asarray(answers.T @ posterior).reshape(-1, q, q).transpose(0, 2, 1) + smoothing
    totals = counts.sum(axis=2, keepdims=True)
    return np.divide(counts, totals, out=np.full(counts.shape, 1 / q), where=totals > 0)


def _expect(
    answers: Any,
    prevalence: FloatArray,
    confusion: FloatArray,
    judged: NDArray[np.bool_],
) -> tuple[FloatArray, float]:
    """Posterior class probabilities of each unit and the log-likelihood."""
    tiny = np.finfo(np.float64).tiny
    q = len(prevalence)
    log_confusion = np.log(np.maximum(confusion, tiny)).transpose(0, 2, 1).reshape(-1, q)
    # One class a row, in place: NumPy is slow where it works along a short last axis.
    joint = np.ascontiguousarray(np.asarray(answers @ log_confusion).T)
    joint += np.log(np.maximum(prevalence, tiny))[:, None]
    peak = joint.max(axis=0)
    joint -= peak
    likelihood = np.exp(joint, out=joint)
    total = likelihood.sum(axis=0)
    loglik = float(np.sum((peak + np.log(total))[judged]))
    likelihood *= judged / total
    return np.ascontiguousarray(likelihood.T), loglik


def _labels(posterior: FloatArray, judged: NDArray[np.bool_]) -> IntArray:
    best = posterior.argmax(axis=1)
    if posterior.shape[1] == 1:
        return np.where(judged, best, UNDECIDED)
    top = np.partition(posterior, -2, axis=1)[:, -2:]
    clear = judged & (top[:, 1] - top[:, 0] > _TIE)
    return np.where(clear, best, UNDECIDED)
