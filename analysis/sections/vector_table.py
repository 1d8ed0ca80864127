"""Judgments that are vectors of values, as a table of one row a judgment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.data.frozen import Automated, FloatArray, Frozen, IntArray
from annotations.scales.vectors import Vector


@dataclass(frozen=True, slots=True)
class Vectors:
    """``table``: judgments x dimensions, with ``unit`` and ``rater`` of each, NaN where what was
    said of a dimension is no number ('both'); ``names``: of the dimensions; ``left_out``: judgments
    that are no vector."""

    names: list[str]
    unit: IntArray
    rater: IntArray
    table: FloatArray
    left_out: int

    def means(self, n_items: int) -> FloatArray:
        """The raters' mean vector of each item, NaN where nobody gave a number."""
        there = ~np.isnan(self.table)
        size = {"minlength": n_items}
        counts = [np.bincount(self.unit, column, **size) for column in there.T]
        filled = np.where(there, self.table, 0.0)
        sums = [np.bincount(self.unit, column, **size) for column in filled.T]
        known = np.column_stack(counts)
        return np.column_stack(sums) / np.where(known > 0, known, np.nan)


def vectors_of(data: Frozen) -> Vectors | None:
    """The judgments as vectors; None where the question asks for something else."""
    asked = data.asked
    if not isinstance(asked, Vector):
        return None
    parsed = [asked.numbers(name) for name in data.categories]
    code = data.ratings.value.astype(np.int64)
    there = np.array([parsed[one] is not None for one in code.tolist()], dtype=bool)
    table = np.array([parsed[one] for one in code[there].tolist()], dtype=np.float64)
    return Vectors(
        names=list(asked.dimensions),
        unit=data.ratings.unit[there],
        rater=data.ratings.rater[there],
        table=table.reshape(-1, len(asked.dimensions)),
        left_out=int((~there).sum()),
    )


def said_by(data: Frozen, scorer: Automated, dimensions: int) -> FloatArray:
    """The vector of a metric for each item, shape (items, *dimensions*); NaN where it gave none."""
    said = np.full((data.n_items, dimensions), np.nan)
    asked = data.asked
    for at, label in enumerate(scorer.label):
        vector = asked.numbers(label) if isinstance(asked, Vector) else None
        if vector is not None:
            said[at] = vector
    return said
