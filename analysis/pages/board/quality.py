"""How each rater judges, from columns of judgments: speed, agreement with the others, sensitivity.

Pure NumPy. Nothing here is a report: the figures are for looking at raters while a study runs, and
say nothing of the metric. A figure that cannot be computed is None, and its reason is in words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.statistics.agreement.dawid_skene import DawidSkene, dawid_skene
from analysis.statistics.core.ratings import FloatArray, IntArray, Ratings

TOO_FAST_SHARE = 0.2
"""A rater is noted from this share of judgments given faster than the threshold."""

SAME_IN_A_ROW = 10
"""A rater is noted from so many equal judgments in a row."""

MOST_STEPS = 50
"""Steps of EM for the board: raters who agree settle in ten, raters who do not never."""

LEAST_OF_A_CLASS = 1.0
"""Items of a class a rater must have judged, in expectation, before a sensitivity is shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Judgments of a study in the order in which items were handed out, equally long columns.

    ``item``, ``rater``: positions. ``code``: position of the label among the categories, -1 where
    it is a number. ``number``: NaN where it is a label. ``seconds``: looking at the item, without
    the time away; NaN where unknown. ``counted``: whether reports count it.
    """

    item: IntArray
    rater: IntArray
    code: IntArray
    number: FloatArray
    seconds: FloatArray
    counted: np.ndarray
    items: int
    raters: int
    categories: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a rater is. ``per_hour``: judgments an hour of looking at items."""

    judgments: int
    median_seconds: float | None
    per_hour: float | None
    too_fast: float | None


def paces(columns: Columns, threshold: float) -> list[Pace]:
    """The pace of each rater; ``too_fast`` is the share of judgments under *threshold* seconds."""
    return [_pace(len(mine), columns.seconds[mine], threshold) for mine in _by_rater(columns)]


def _by_rater(columns: Columns) -> list[IntArray]:
    """The rows of each rater, in order."""
    order = np.argsort(columns.rater, kind="stable")
    ends = np.cumsum(np.bincount(columns.rater, minlength=columns.raters))
    return np.split(order, ends[:-1]) if columns.raters else []


def _pace(judgments: int, seconds: FloatArray, threshold: float) -> Pace:
    known = seconds[~np.isnan(seconds)]
    if not len(known):
        return Pace(judgments, None, None, None)
    spent = float(known.sum())
    return Pace(
        judgments,
        float(np.median(known)),
        3600 * len(known) / spent if spent else None,
        float(np.mean(known < threshold)),
    )


def longest_runs(columns: Columns) -> list[int]:
    """How often each rater gave the same answer in a row, at most; 0 without judgments."""
    said = np.where(columns.code >= 0, columns.code.astype(float), columns.number)
    return [_longest(said[mine]) for mine in _by_rater(columns)]


def _longest(values: FloatArray) -> int:
    if not len(values):
        return 0
    changes = np.flatnonzero(values[1:] != values[:-1]) + 1
    return int(np.diff(np.concatenate(([0], changes, [len(values)]))).max())


@dataclass(frozen=True, slots=True)
class WithOthers:
    """Agreement of one rater with the counted judgments of the others on the same items.

    ``share``: of the pairs of judgments, for labels. ``difference``: median absolute difference to
    the mean of the others, for numbers. ``pairs``: what it rests on; 0 gives neither.
    """

    share: float | None
    difference: float | None
    pairs: int


def with_others(columns: Columns) -> list[WithOthers]:
    """The agreement of each rater with the others, their own judgments left out."""
    if columns.categories:
        return _same_label(columns)
    return _difference(columns)


def _same_label(columns: Columns) -> list[WithOthers]:
    q = columns.categories
    cell = columns.item * q + columns.code
    counts = np.bincount(cell[columns.counted], minlength=columns.items * q)
    own = columns.counted.astype(np.int64)
    others = counts.reshape(-1, q).sum(axis=1)[columns.item] - own
    same = counts[cell] - own
    pairs = np.bincount(columns.rater, weights=others, minlength=columns.raters)
    agreeing = np.bincount(columns.rater, weights=same, minlength=columns.raters)
    return [
        WithOthers(yes / n if n else None, None, int(n))
        for yes, n in zip(agreeing.tolist(), pairs.tolist(), strict=True)
    ]


def _difference(columns: Columns) -> list[WithOthers]:
    own = columns.counted.astype(float)
    weights = np.where(columns.counted, columns.number, 0.0)
    sums = np.bincount(columns.item, weights=weights, minlength=columns.items)[columns.item]
    n = np.bincount(columns.item, weights=own, minlength=columns.items)[columns.item] - own
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(columns.number - (sums - weights) / n)
    found = []
    for mine in _by_rater(columns):
        shared = mine[n[mine] > 0]
        middle = float(np.median(apart[shared])) if len(shared) else None
        found.append(WithOthers(None, middle, int(n[shared].sum())))
    return found


@dataclass(frozen=True, slots=True)
class Sensitivities:
    """For each rater and class, the probability that the rater says so where it is so; None where
    the rater met too few items of the class. ``reason`` says why there is no row at all, ``note``
    what to be careful about."""

    rows: list[list[float | None]]
    reason: str = ""
    note: str = ""


def sensitivities(columns: Columns) -> Sensitivities:
    """Sensitivity per class by the model of Dawid & Skene 1979, from the counted judgments.

    The board is read while people judge, so EM stops sooner than in a report.
    """
    if not columns.categories:
        return Sensitivities([], "the answers are numbers: there are no classes")
    kept = columns.counted
    ratings = Ratings.from_long(
        columns.item[kept],
        columns.rater[kept],
        columns.code[kept].astype(float),
        n_units=columns.items,
        n_raters=columns.raters,
    )
    fitted = dawid_skene(ratings, columns.categories, max_iterations=MOST_STEPS, tolerance=1e-6)
    if not isinstance(fitted, DawidSkene):
        return Sensitivities([], fitted.reason)
    met = np.zeros((columns.raters, columns.categories))
    np.add.at(met, ratings.rater, fitted.posterior[ratings.unit])
    diagonal = np.diagonal(fitted.confusion, axis1=1, axis2=2)
    return Sensitivities(
        [
            [
                float(value) if n >= LEAST_OF_A_CLASS else None
                for value, n in zip(row, held, strict=True)
            ]
            for row, held in zip(diagonal, met, strict=True)
        ],
        note="; ".join(fitted.warnings),
    )
