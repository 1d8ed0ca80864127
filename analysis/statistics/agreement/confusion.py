"""Confusion matrix against a criterion, and what is read from it.

Precision, recall and F1 a class (van Rijsbergen 1979), macro F1 (the mean of the class F1, not the
F1 of the means; Opitz & Burst 2019), balanced accuracy (mean recall; Brodersen et al. 2010). One
category list for both sides: class codes 0..categories-1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.bootstrap import (
    MIN_CLUSTERS,
    REPLICATES,
    SumResampler,
    few_clusters_warning,
    resampling_interval,
)
from analysis.statistics.core.clustered import wilson_interval
from analysis.statistics.core.diagnostics import category_name, rare_category_warnings
from analysis.statistics.core.ratings import FloatArray, IntArray, unit_clusters
from analysis.statistics.core.result import SHARE, Estimate, Result, Undefined


@dataclass(frozen=True, slots=True)
class ClassScores:
    """How one class fares: ``truth`` and ``predicted`` count its units in either column."""

    code: int
    truth: int
    predicted: int
    precision: Result
    recall: Result
    f1: Result


@dataclass(frozen=True, slots=True, eq=False)
class Classification:
    """Everything read from one confusion matrix (rows: truth, columns: predicted)."""

    table: IntArray
    classes: tuple[ClassScores, ...]
    accuracy: Result
    macro_f1: Result
    balanced_accuracy: Result

    def to_dict(self) -> dict[str, Any]:
        return {
            "table": self.table.tolist(),
            "classes": [
                {
                    "code": row.code,
                    "truth": row.truth,
                    "predicted": row.predicted,
                    "precision": row.precision.to_dict(),
                    "recall": row.recall.to_dict(),
                    "f1": row.f1.to_dict(),
                }
                for row in self.classes
            ],
            "accuracy": self.accuracy.to_dict(),
            "macro_f1": self.macro_f1.to_dict(),
            "balanced_accuracy": self.balanced_accuracy.to_dict(),
        }


def classification(
    truth: ArrayLike,
    predicted: ArrayLike,
    categories: int,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
    names: Sequence[str] | None = None,
) -> Classification:
    """Confusion matrix and scores of two columns of codes 0..categories-1 (NaN = missing).

    Without clusters: Wilson intervals for precision, recall and accuracy, percentile bootstrap over
    units for the rest. With four clusters or more: t over clusters for everything.
    """
    options: _Options = {"level": level, "replicates": replicates, "seed": seed, "names": names}
    scorer = _scorer(truth, predicted, categories, clusters, options)
    return Classification(
        table=scorer.table,
        classes=tuple(scorer.one_class(code) for code in range(categories)),
        accuracy=scorer.accuracy(),
        macro_f1=scorer.macro_f1(),
        balanced_accuracy=scorer.balanced_accuracy(),
    )


def accuracy(
    truth: ArrayLike,
    predicted: ArrayLike,
    categories: int,
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> Result:
    """The share of equal codes alone, as ``classification`` gives it, without the other scores."""
    options: _Options = {"level": level, "replicates": REPLICATES, "seed": 0, "names": None}
    return _scorer(truth, predicted, categories, clusters, options).accuracy()


class _Options(TypedDict):
    level: float
    replicates: int
    seed: int
    names: Sequence[str] | None


def _scorer(
    truth: ArrayLike,
    predicted: ArrayLike,
    categories: int,
    clusters: ArrayLike | None,
    options: _Options,
) -> _Scorer:
    """Clusters count from ``MIN_CLUSTERS`` on; with fewer a caution says that units do."""
    a, b, codes = paired_codes(truth, predicted, categories, clusters)
    caution: tuple[str, ...] = ()
    if codes is not None and codes.max(initial=-1) + 1 < MIN_CLUSTERS:
        caution, codes = (few_clusters_warning(int(codes.max(initial=-1)) + 1),), None
    return _Scorer(a, b, categories, codes, caution, **options)


def paired_codes(
    first: ArrayLike, second: ArrayLike, categories: int, clusters: ArrayLike | None
) -> tuple[IntArray, IntArray, IntArray | None]:
    """The rows where both columns have a code, and their cluster codes.

    Raises ValueError for columns of unequal length and for values that are no code.
    """
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if a.ndim != 1 or a.shape != b.shape:
        raise ValueError(f"the two columns must be equally long, got {a.shape} and {b.shape}")
    groups = unit_clusters(clusters, len(a))
    kept = ~(np.isnan(a) | np.isnan(b))
    for name, column in (("first", a[kept]), ("second", b[kept])):
        wrong = column[(column != np.floor(column)) | (column < 0) | (column >= categories)]
        if len(wrong):
            raise ValueError(
                f"the {name} column holds {wrong[0]:g}, which is no category code; codes are "
                f"whole numbers from 0 to {categories - 1}, one list for both columns"
            )
    if groups is not None:
        groups = np.unique(groups[kept], return_inverse=True)[1]
    return a[kept].astype(np.int64), b[kept].astype(np.int64), groups


def table_of(a: IntArray, b: IntArray, categories: int) -> IntArray:
    """Cross table of two columns of codes."""
    counts = np.bincount(a * categories + b, minlength=categories**2)
    return counts.reshape(categories, categories)


def _ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    out = np.full(np.shape(denominator), np.nan)
    return np.divide(numerator, denominator, out=out, where=np.asarray(denominator) > 0)


def _parts(tables: FloatArray | IntArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """True positives, truth and predicted counts a class, each (..., classes)."""
    cells = np.asarray(tables, dtype=np.float64)
    return np.diagonal(cells, axis1=-2, axis2=-1), cells.sum(axis=-1), cells.sum(axis=-2)


def _f1(tables: FloatArray) -> FloatArray:
    hits, truth, predicted = _parts(tables)
    return _ratio(2 * hits, truth + predicted)


def _mean_defined(values: FloatArray) -> FloatArray:
    known = ~np.isnan(values)
    return _ratio(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1))


Score = Callable[[FloatArray], FloatArray]
"""Maps confusion matrices, shape (..., q, q), to scores, shape (...); NaN where undefined."""


@dataclass(frozen=True, slots=True, eq=False)
class _Scorer:
    """The rows of one comparison and how their intervals are made.

    ``clusters`` is None also when there are too few of them; ``caution`` then says so.
    """

    truth: IntArray
    predicted: IntArray
    categories: int
    clusters: IntArray | None
    caution: tuple[str, ...]
    level: float
    replicates: int
    seed: int
    names: Sequence[str] | None

    @property
    def table(self) -> IntArray:
        return table_of(self.truth, self.predicted, self.categories)

    @property
    def n(self) -> dict[str, int]:
        return {"units": len(self.truth)}

    def one_class(self, code: int) -> ClassScores:
        hits, truth, predicted = (int(part[code]) for part in _parts(self.table))
        name = category_name(code, self.names)

        def precision(tables: FloatArray) -> FloatArray:
            return _ratio(tables[..., code, code], tables[..., :, code].sum(axis=-1))

        def recall(tables: FloatArray) -> FloatArray:
            return _ratio(tables[..., code, code], tables[..., code, :].sum(axis=-1))

        missing = f"no unit was classified as {name}"
        absent = f"no unit belongs to {name} according to the criterion"
        neither = f"{name} occurs in neither column"
        return ClassScores(
            code=code,
            truth=truth,
            predicted=predicted,
            precision=self._proportion(hits, predicted, precision, missing),
            recall=self._proportion(hits, truth, recall, absent),
            f1=self._scored(lambda t: _f1(t)[..., code], truth + predicted, neither),
        )

    def accuracy(self) -> Result:
        def share(tables: FloatArray) -> FloatArray:
            return _ratio(_parts(tables)[0].sum(axis=-1), tables.sum(axis=(-2, -1)))

        hits = int(np.trace(self.table))
        return self._proportion(hits, len(self.truth), share, "there is no unit to compare")

    def macro_f1(self) -> Result:
        held = self.table.sum(axis=0) + self.table.sum(axis=1)
        return self._over_classes(lambda t: _mean_defined(_f1(t)), held, "F1")

    def balanced_accuracy(self) -> Result:
        def mean_recall(tables: FloatArray) -> FloatArray:
            hits, truth, _ = _parts(tables)
            return _mean_defined(_ratio(hits, truth))

        return self._over_classes(mean_recall, self.table.sum(axis=1), "recall")

    def _over_classes(self, score: Score, held: IntArray, what: str) -> Result:
        absent = [
            f"{category_name(code, self.names)} does not occur and is left out of the mean {what}"
            for code in np.nonzero(held == 0)[0].tolist()
        ]
        truth = np.eye(self.categories, dtype=np.int64)[self.truth]
        warnings = absent + rare_category_warnings(truth, self.names)
        return self._scored(score, len(self.truth), "there is no unit to compare", warnings)

    def _proportion(self, hits: int, trials: int, score: Score, reason: str) -> Result:
        if self.clusters is not None or trials == 0:
            return self._scored(score, trials, reason)
        interval = wilson_interval(hits, trials, self.level)
        n = self.n | {"trials": trials}
        return Estimate.of(hits / trials, interval, n, self.caution, within=SHARE)

    def _scored(
        self, score: Score, trials: int, reason: str, warnings: Sequence[str] = ()
    ) -> Result:
        if trials == 0:
            return Undefined(reason, self.n, self.caution)
        resampler, groups = self._resampler(score)
        interval, more, details = resampling_interval(
            resampler,
            level=self.level,
            replicates=self.replicates,
            seed=self.seed,
            clusters=groups,
        )
        notes = [*self.caution, *more, *warnings]
        return Estimate.of(resampler.value(), interval, self.n, notes, details, within=SHARE)

    def _resampler(self, score: Score) -> tuple[SumResampler, IntArray | None]:
        """Over the cells of the table, or over one table a cluster: never over single units."""
        q = self.categories

        def from_sums(sums: FloatArray) -> FloatArray:
            return score(sums.reshape(*sums.shape[:-1], q, q))

        if self.clusters is None:
            return SumResampler(np.eye(q * q), from_sums, self.table.ravel()), None
        groups = int(self.clusters.max()) + 1
        cell = self.clusters * q * q + self.truth * q + self.predicted
        tables = np.bincount(cell, minlength=groups * q * q).reshape(groups, q * q)
        return SumResampler(tables.astype(np.float64), from_sums), np.arange(groups)
