"""Agreement on value vectors, one dimension at a time.

A judgment is a whole vector, such as -1, 0 or 1 on each of the ten basic values. Every
dimension has a row of its own and the macro mean counts them alike: pooled, the dimensions of one
text would pass for independent texts. For the macro mean whole vectors are resampled, so that what
one text adds to all dimensions is drawn together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics.agreement.alpha import (
    Scale,
    TooManyValues,
    krippendorff_alpha,
    pairable_sums,
)
from analysis.statistics.core.bootstrap import Resampling, SumResampler, resampling_interval
from analysis.statistics.core.ratings import FloatArray, IntArray, Ratings, unit_clusters
from analysis.statistics.core.result import COEFFICIENT, Estimate, Result, Undefined
from analysis.statistics.numbers.concordance import concordance, concordance_sums


@dataclass(frozen=True, slots=True)
class VectorAgreement:
    """One result a dimension, in their order, and the mean over those that are defined."""

    dimensions: tuple[Result, ...]
    macro: Result

    def to_dict(self) -> dict[str, Any]:
        return {
            "dimensions": [row.to_dict() for row in self.dimensions],
            "macro": self.macro.to_dict(),
        }


def vector_alpha(
    unit: ArrayLike,
    rater: ArrayLike,
    vectors: ArrayLike,
    *,
    n_units: int,
    scale: Scale = "ordinal",
    clusters: ArrayLike | None = None,
    **options: Unpack[Resampling],
) -> VectorAgreement:
    """Krippendorff's alpha of each dimension of ``vectors`` (judgments x dimensions).

    ``unit`` and ``rater``: positions, one a judgment; ``clusters``: one label a unit. A dimension
    on which every judgment is the same is undefined and no part of the macro mean, which says how
    many are. NaN is a judgment that says nothing of a dimension; ValueError for infinite values.
    """
    table = _table(vectors, may_miss=True)
    units, raters = np.asarray(unit), np.asarray(rater)
    columns = [Ratings.from_long(units, raters, column, n_units=n_units) for column in table.T]
    rows = tuple(krippendorff_alpha(data, scale, clusters=clusters, **options) for data in columns)
    there = [data.per_unit() >= 2 for data in columns]
    kept = np.any(there, axis=0) if there else np.zeros(n_units, dtype=bool)
    try:
        sums = [
            _among(kept, own, pairable_sums(data, scale))
            for data, row, own in zip(columns, rows, there, strict=True)
            if row.defined
        ]
    except TooManyValues as error:
        reason = f"the dimensions cannot be resampled together: one has {error}"
        return VectorAgreement(rows, Undefined(reason, {"dimensions": len(rows)}))
    codes = unit_clusters(clusters, n_units)
    return VectorAgreement(
        rows, _macro(rows, sums, None if codes is None else codes[kept], options)
    )


def _among(kept: NDArray[np.bool_], own: NDArray[np.bool_], part: SumResampler) -> SumResampler:
    """The sums of a dimension over its *own* units as sums over the *kept* ones of all dimensions:
    a unit that is not paired in it adds nothing."""
    features = np.zeros((int(kept.sum()), part.features.shape[1]), dtype=part.features.dtype)
    features[own[kept]] = part.features
    return replace(part, features=features)


def vector_concordance(
    first: ArrayLike,
    second: ArrayLike,
    *,
    clusters: ArrayLike | None = None,
    **options: Unpack[Resampling],
) -> VectorAgreement:
    """Lin's CCC of each column of two tables (units x dimensions, every cell filled)."""
    x, y = _table(first), _table(second)
    if x.shape != y.shape:
        raise ValueError(f"the two tables must be equally large, got {x.shape} and {y.shape}")
    pairs = list(zip(x.T, y.T, strict=True))
    rows = tuple(concordance(a, b, clusters=clusters, **options) for a, b in pairs)
    sums = [concordance_sums(a, b) for (a, b), row in zip(pairs, rows, strict=True) if row.defined]
    return VectorAgreement(rows, _macro(rows, sums, unit_clusters(clusters, len(x)), options))


def _table(values: ArrayLike, *, may_miss: bool = False) -> FloatArray:
    table = np.asarray(values, dtype=np.float64)
    finite = np.isfinite(table) | (np.isnan(table) & may_miss)
    if table.ndim != 2 or not finite.all():
        raise ValueError(
            "vectors are a table of finite numbers, one row each and one column a dimension"
        )
    return table


def _macro(
    rows: Sequence[Result],
    parts: Sequence[SumResampler],
    codes: IntArray | None,
    options: Resampling,
) -> Result:
    """Mean of the defined rows; each resample draws units (or clusters) for all of them at once."""
    n = {"dimensions": len(rows), "defined": len(parts)}
    if not parts:
        reason = rows[0].reason if rows and not rows[0].defined else "there is no dimension"
        return Undefined(f"no dimension is defined, the first because {reason}", n)
    ends = np.cumsum([part.features.shape[1] for part in parts])

    def mean(sums: FloatArray) -> FloatArray:
        slices = np.split(sums, ends[:-1], axis=-1)
        values = [part.statistic(own) for part, own in zip(parts, slices, strict=True)]
        return np.asarray(np.mean(values, axis=0))

    features = np.hstack([part.features for part in parts])
    joint = SumResampler(features, mean, counted=all(part.counted for part in parts))
    interval, warnings, details = resampling_interval(joint, clusters=codes, **options)
    if len(parts) < len(rows):
        left_out = len(rows) - len(parts)
        warnings.append(f"{left_out} of {len(rows)} dimensions are undefined and left out")
    units = len(parts[0].features)
    return Estimate.of(
        joint.value(), interval, n | {"units": units}, warnings, details, within=COEFFICIENT
    )
