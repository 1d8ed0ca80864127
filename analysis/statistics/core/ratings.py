"""Ratings of units by raters, kept long (one row a judgment), so sparse designs stay small.

Statistics accept either a ``targets x raters`` array with NaN for a missing cell, or a ``Ratings``.
A million judgments by hundreds of raters are 24 MB as ``Ratings`` and gigabytes as an array.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Judgments sorted by unit, then rater; at most one for a (unit, rater) pair.

    ``unit``, ``rater``: integer positions, shape (judgments,). ``value``: finite floats, same
    shape. ``n_units`` and ``n_raters`` also count those without a judgment.
    """

    unit: IntArray
    rater: IntArray
    value: FloatArray
    n_units: int
    n_raters: int

    @classmethod
    def from_matrix(cls, matrix: ArrayLike) -> Ratings:
        """From a ``targets x raters`` array; NaN marks a missing cell.

        Raises ValueError when the array is not two-dimensional or holds an infinite value.
        """
        array = as_matrix(matrix)
        unit, rater = np.nonzero(~np.isnan(array))
        return cls(unit, rater, array[unit, rater], *array.shape)

    @classmethod
    def from_long(
        cls,
        unit: ArrayLike,
        rater: ArrayLike,
        value: ArrayLike,
        *,
        n_units: int | None = None,
        n_raters: int | None = None,
    ) -> Ratings:
        """From equally long columns; rows whose value is NaN are left out.

        Raises ValueError for unequal lengths, negative or too large positions, infinite values,
        and for a (unit, rater) pair that occurs twice: duplicates are never averaged.
        """
        units, raters = _positions(unit, "unit", n_units), _positions(rater, "rater", n_raters)
        values = np.asarray(value, dtype=np.float64)
        if not (units.shape == raters.shape == values.shape) or values.ndim != 1:
            raise ValueError(
                "unit, rater and value must be columns of one length, got shapes "
                f"{units.shape}, {raters.shape} and {values.shape}"
            )
        rows = _n_positions(units, n_units), _n_positions(raters, n_raters)
        _refuse_infinite(values)
        order = np.lexsort((raters, units))
        _refuse_duplicates(units[order], raters[order])
        order = order[~np.isnan(values[order])]
        return cls(units[order], raters[order], values[order], *rows)

    @property
    def n_judgments(self) -> int:
        return len(self.value)

    @property
    def complete(self) -> bool:
        """Whether every rater judged every unit."""
        return self.n_judgments == self.n_units * self.n_raters

    def per_unit(self) -> IntArray:
        """Judgments a unit, shape (n_units,)."""
        return np.bincount(self.unit, minlength=self.n_units)

    def per_rater(self) -> IntArray:
        """Judgments a rater, shape (n_raters,)."""
        return np.bincount(self.rater, minlength=self.n_raters)

    def n(self) -> dict[str, int]:
        """How many units, raters (each with at least one judgment) and judgments there are."""
        return {
            "units": int(np.count_nonzero(self.per_unit())),
            "raters": int(np.count_nonzero(self.per_rater())),
            "judgments": self.n_judgments,
        }

    def sums(self, weights: FloatArray) -> FloatArray:
        """Sum of ``weights`` (one a judgment) within each unit, shape (n_units,)."""
        summed = np.bincount(self.unit, weights=weights, minlength=self.n_units)
        return np.asarray(summed, dtype=np.float64)

    def codes(self, categories: int) -> IntArray:
        """Values as category codes; ValueError unless each is a whole number in 0..categories-1."""
        if categories < 1:
            raise ValueError(f"the category list has {categories} entries; it needs at least one")
        codes = self.value.astype(np.int64)
        wrong = np.nonzero((codes != self.value) | (codes < 0) | (codes >= categories))[0]
        if len(wrong):
            at = wrong[0]
            raise ValueError(
                f"unit {self.unit[at]}, rater {self.rater[at]}: {self.value[at]:g} is no category "
                f"code; codes are whole numbers from 0 to {categories - 1}. Code every rater with "
                "the same category list"
            )
        return codes

    def category_counts(self, categories: int) -> IntArray:
        """How often each unit got each category, shape (n_units, categories)."""
        cell = self.unit * categories + self.codes(categories)
        counts = np.bincount(cell, minlength=self.n_units * categories)
        return counts.reshape(self.n_units, categories)

    def rater_counts(self, categories: int) -> IntArray:
        """How often each rater used each category, shape (n_raters, categories)."""
        cell = self.rater * categories + self.codes(categories)
        counts = np.bincount(cell, minlength=self.n_raters * categories)
        return counts.reshape(self.n_raters, categories)

    def of_units(self, units: IntArray) -> Ratings:
        """The judgments of these units (each named once), renumbered in the order given."""
        number = np.full(self.n_units, -1, dtype=np.int64)
        number[units] = np.arange(len(units))
        rows = np.nonzero(number[self.unit] >= 0)[0]
        rows = rows[np.argsort(number[self.unit[rows]], kind="stable")]
        return Ratings(
            number[self.unit[rows]],
            self.rater[rows],
            self.value[rows],
            len(units),
            self.n_raters,
        )

    def of_raters(self, kept: NDArray[np.bool_]) -> Ratings:
        """The judgments of the raters that *kept* marks, shape (n_raters,), under their numbers."""
        rows = kept[self.rater]
        return Ratings(
            self.unit[rows], self.rater[rows], self.value[rows], self.n_units, self.n_raters
        )

    def to_matrix(self) -> FloatArray:
        """The ``targets x raters`` array, NaN where no judgment is."""
        matrix = np.full((self.n_units, self.n_raters), np.nan)
        matrix[self.unit, self.rater] = self.value
        return matrix


RatingsLike = Ratings | ArrayLike


def as_ratings(data: RatingsLike) -> Ratings:
    """``Ratings`` as they are; anything else is read as a ``targets x raters`` array."""
    return data if isinstance(data, Ratings) else Ratings.from_matrix(data)


def as_matrix(data: ArrayLike) -> FloatArray:
    """A two-dimensional float array with NaN as the only value that is not finite."""
    array = np.asarray(data, dtype=np.float64)
    if array.ndim != 2:
        raise ValueError(
            f"ratings are a table of targets x raters, got an array of {array.ndim} dimension(s)"
        )
    _refuse_infinite(array)
    return array


def paired_columns(
    first: ArrayLike, second: ArrayLike
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Two columns without the rows in which either is missing (NaN), and which rows those are not.

    Raises ValueError for columns of unequal length and for infinite values.
    """
    x, y = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"the two columns must be equally long, got {x.shape} and {y.shape}")
    if np.isinf(x).any() or np.isinf(y).any():
        raise ValueError("measurements must be finite; leave a missing one empty (NaN)")
    kept = ~(np.isnan(x) | np.isnan(y))
    return x[kept], y[kept], kept


def unit_clusters(clusters: ArrayLike | None, n_units: int) -> IntArray | None:
    """One cluster code 0..G-1 a unit, from labels of any kind; ValueError on another length."""
    if clusters is None:
        return None
    labels = np.asarray(clusters)
    if labels.shape != (n_units,):
        raise ValueError(
            f"clusters need one label for each of the {n_units} units, got shape {labels.shape}"
        )
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _positions(column: ArrayLike, name: str, limit: int | None) -> IntArray:
    array = np.asarray(column)
    if array.size == 0:
        return array.astype(np.int64)
    if not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"the {name} column must hold whole-number positions, got {array.dtype}")
    if array.min() < 0:
        raise ValueError(f"the {name} column holds a negative position: {array.min()}")
    if limit is not None and array.max() >= limit:
        raise ValueError(f"{name} {array.max()} is beyond the last one, {limit - 1}")
    return array.astype(np.int64)


def _n_positions(column: IntArray, given: int | None) -> int:
    if given is not None:
        return given
    return int(column.max()) + 1 if len(column) else 0


def _refuse_infinite(values: FloatArray) -> None:
    # A finite sum proves that all is finite, in one pass and without a mask.
    with np.errstate(invalid="ignore"):
        total = values.sum()
    if not np.isfinite(total) and np.isinf(values).any():
        raise ValueError("ratings must be finite; leave a missing rating empty (NaN)")


def _refuse_duplicates(units: IntArray, raters: IntArray) -> None:
    repeated = np.nonzero((units[1:] == units[:-1]) & (raters[1:] == raters[:-1]))[0]
    if len(repeated):
        at = repeated[0]
        raise ValueError(
            f"rater {raters[at]} judged unit {units[at]} more than once ({len(repeated)} duplicate "
            "judgments in all); keep one judgment for each pair, they are never averaged"
        )
