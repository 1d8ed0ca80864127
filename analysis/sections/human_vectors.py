"""Judgments that are vectors of values, as a table of one row a judgment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.frozen import FloatArray, Frozen, IntArray
from analysis.statistics.vectors import parsed_vector


@dataclass(frozen=True, slots=True)
class Vectors:
    """``table``: judgments x dimensions, with ``unit`` and ``rater`` of each; ``names``: of the
    dimensions; ``left_out``: judgments that are no vector."""

    names: list[str]
    unit: IntArray
    rater: IntArray
    table: FloatArray
    left_out: int

    def means(self, n_items: int) -> FloatArray:
        """The raters' mean vector of each item, NaN where nobody gave one."""
        counts = np.bincount(self.unit, minlength=n_items)
        sums = [np.bincount(self.unit, column, minlength=n_items) for column in self.table.T]
        known = np.where(counts > 0, counts, np.nan)
        return np.column_stack(sums) / known[:, None]


def vectors_of(data: Frozen) -> Vectors | None:
    """The judgments as vectors, where every answer that is no way out is one of the same length."""
    if data.is_interval or not data.categories:
        return None
    parsed = {code: parsed_vector(name) for code, name in enumerate(data.categories)}
    known = [vector for vector in parsed.values() if vector]
    answers = [name for name in data.categories if name not in data.ways_out]
    sizes = {len(vector) for vector in known}
    if len(known) != len(answers) or len(sizes) != 1:
        return None
    code = data.ratings.value.astype(np.int64)
    there = np.array([parsed[one] is not None for one in code.tolist()], dtype=bool)
    table = np.array([parsed[one] for one in code[there].tolist()], dtype=np.float64)
    size = sizes.pop()
    return Vectors(
        names=_names(data, size),
        unit=data.ratings.unit[there],
        rater=data.ratings.rater[there],
        table=table.reshape(-1, size),
        left_out=int((~there).sum()),
    )


def _names(data: Frozen, size: int) -> list[str]:
    """The study's names of the dimensions, else their numbers."""
    given = [str(name) for name in data.study.get("dimensions") or []]
    return given if len(given) == size else [f"dimension {at}" for at in range(1, size + 1)]
