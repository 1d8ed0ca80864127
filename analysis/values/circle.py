"""Whether values lie on their circle in a set of vectors: correlations by distance, the fit of a
cosine with its permutation p, and principal components.

Reference of people: PVQ-40 of 151 US adults, ipsatised (R package smacof 2.1-7). Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluations.instruments.values.circle import VALUES, distance

HUMAN_BY_DISTANCE = {
    1: 0.25528166,
    2: 0.02764069,
    3: -0.13564201,
    4: -0.29374699,
    5: -0.39825743,
}
HUMAN_FIT = 0.8036749
"""Mean correlations of ten values by circle distance, and their fit, in a sample of people."""

LEAST_ROWS, LEAST_VALUES = 3, 4
FLAT = 1e-12

_DISTANCES = np.array([[distance(one, other) for other in VALUES] for one in VALUES])


@dataclass(frozen=True)
class CircleFit:
    """`by_distance`: the mean correlation of values so many steps apart, 1 to 5, None where no two
    such values vary; `fit`: Pearson's r of all correlations with cos(36 degrees x steps);
    `p`: the share of orders of the values that fit as well (one-sided, by `permutations` drawn);
    `left_out`: values that never vary. `fit` and `p` are None with the `reason` in words."""

    rows: int
    by_distance: Mapping[int, float | None]
    fit: float | None
    p: float | None
    permutations: int
    left_out: tuple[str, ...]
    reason: str = ""


def circle_fit(vectors: NDArray[np.float64], permutations: int = 2000, seed: int = 0) -> CircleFit:
    """The circle test of *vectors*, rows x the ten values in the order of the circle.

    Raises ValueError for another shape. The same seed gives the same p.
    """
    vectors = np.asarray(vectors, dtype=float)
    if vectors.ndim != 2 or vectors.shape[1] != len(VALUES):
        raise ValueError(f"vectors are {vectors.shape}: one row for each, ten values in each")
    rows, (varies, correlations) = len(vectors), _correlations(vectors)
    left_out = tuple(value for value, there in zip(VALUES, varies, strict=True) if not there)
    apart = _DISTANCES[np.ix_(varies, varies)]
    upper = np.triu_indices(int(varies.sum()), 1)
    found, steps = correlations[upper], apart[upper]
    by_distance = {
        step: float(found[steps == step].mean()) if (steps == step).any() else None
        for step in range(1, 6)
    }
    reason = _why_undefined(rows, int(varies.sum()), found)
    if reason:
        return CircleFit(rows, by_distance, None, None, 0, left_out, reason)
    cosine = np.cos(np.pi / 5 * apart)
    fit = _pearson(found, cosine[upper])
    p = _permutation_p(correlations, cosine, fit, permutations, seed)
    return CircleFit(rows, by_distance, fit, p, permutations, left_out)


def _why_undefined(rows: int, varying: int, found: NDArray[np.float64]) -> str:
    if rows < LEAST_ROWS:
        return f"there are {rows} vectors, the circle test needs {LEAST_ROWS}"
    if varying < LEAST_VALUES:
        return f"{varying} values vary, the circle test needs {LEAST_VALUES}"
    if np.ptp(found) <= FLAT:
        return "all correlations are the same"
    return ""


def _correlations(vectors: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which values vary, and the correlations among these."""
    if len(vectors) < 2:
        return np.zeros(len(VALUES), dtype=bool), np.zeros((0, 0))
    centred = vectors - vectors.mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=0))
    varies = size > FLAT * np.maximum(1.0, np.abs(vectors).max(axis=0)) * len(vectors)
    scaled = centred[:, varies] / size[varies]
    return varies, scaled.T @ scaled


def _permutation_p(
    correlations: NDArray[np.float64],
    cosine: NDArray[np.float64],
    fit: float,
    permutations: int,
    seed: int,
) -> float:
    """How many random orders of the values fit at least as well, this one counted among them."""
    random = np.random.default_rng(seed)
    upper = np.triu_indices(len(correlations), 1)
    orders = random.permuted(np.tile(np.arange(len(correlations)), (permutations, 1)), axis=1)
    drawn = correlations[orders[:, upper[0]], orders[:, upper[1]]]
    wanted = cosine[upper] - cosine[upper].mean()
    spread = np.sqrt(((drawn - drawn.mean(axis=1, keepdims=True)) ** 2).sum(axis=1))
    fits = (drawn @ wanted) / (spread * np.sqrt((wanted**2).sum()))
    # An order that only mirrors or turns the circle fits the same but for rounding.
    return float((1 + (fits >= fit - 1e-9).sum()) / (1 + permutations))


def _pearson(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    x, y = one - one.mean(), other - other.mean()
    return float((x @ y) / np.sqrt((x @ x) * (y @ y)))


@dataclass(frozen=True)
class Components:
    """Principal components of the covariance of the values: the `shares` of variance they explain,
    largest first, and `loadings` (value, component); empty where nothing varies."""

    shares: tuple[float, ...]
    loadings: NDArray[np.float64]


def components(vectors: NDArray[np.float64]) -> Components:
    """Principal components of *vectors* (rows x ten); signs such that the largest loading of each
    is positive. Raises ValueError for fewer than two vectors."""
    vectors = np.asarray(vectors, dtype=float)
    if vectors.ndim != 2 or len(vectors) < 2:
        raise ValueError("principal components need two vectors at least")
    variances, axes = np.linalg.eigh(np.cov(vectors, rowvar=False))
    variances, axes = variances[::-1].clip(min=0), axes[:, ::-1]
    if variances.sum() <= FLAT:
        return Components((), np.zeros((vectors.shape[1], 0)))
    largest = np.abs(axes).argmax(axis=0)
    axes = axes * np.sign(axes[largest, np.arange(axes.shape[1])])
    return Components(tuple((variances / variances.sum()).tolist()), axes)
