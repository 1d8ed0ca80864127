"""What the simulated designs share: their shape, and judgments with a known agreement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.statistics.core.result import Result

FloatArray = NDArray[np.float64]
Rng = np.random.Generator
REPLICATES = 1000
ORIENTATIONS = np.array([0.1, 0.45, 0.35, 0.1])
STEPS = np.array([0.1, 0.2, 0.3, 0.25, 0.15])


@dataclass(frozen=True)
class Checked:
    """One interval and what it should cover.

    ``better`` names the row to prefer should it fail; ``why`` says why it is offered all the same
    and where the reader is told.
    """

    name: str
    result: Result
    truth: float
    better: str = ""
    why: str = ""


Study = Callable[[Rng], list[Checked]]


@dataclass(frozen=True)
class Design:
    """``words`` describe it in the table; ``cost`` divides the number of studies."""

    words: str
    study: Study
    cost: int = 1


def judged(
    rng: Rng, keep: FloatArray | float, shares: FloatArray, units: int, raters: int
) -> FloatArray:
    """Common-correlation judgments: with probability sqrt(keep) the item's own category, else any.

    Agreement beyond chance is ``keep`` (one number, or one an item) for every weighting, since a
    pair of judgments is either identical or independent.
    """
    own = rng.choice(len(shares), size=(units, 1), p=shares)
    free = rng.choice(len(shares), size=(units, raters), p=shares)
    held = np.sqrt(np.broadcast_to(keep, (units,)))[:, None]
    return np.where(rng.random((units, raters)) < held, own, free).astype(np.float64)


def of_some_raters(rng: Rng, table: FloatArray, per_unit: int) -> FloatArray:
    """The table with ``per_unit`` judgments a unit, by raters drawn at random; NaN elsewhere."""
    place = np.argsort(rng.random(table.shape), axis=1)
    return np.where(place < per_unit, table, np.nan)


def angles(
    rng: Rng, targets: int, raters: int, variances: tuple[float, float, float]
) -> FloatArray:
    """Normal ratings with variances of targets, raters and residual."""
    target, rater, residual = np.sqrt(variances)
    table = target * rng.standard_normal((targets, 1)) + rater * rng.standard_normal(raters)
    return np.asarray(table + residual * rng.standard_normal((targets, raters)))
