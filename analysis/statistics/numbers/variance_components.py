"""Variance components of judgments by REML, for designs with missing cells.

Model: y = mean + target + rater + residual, targets and raters random and crossed (or targets
alone: one-way). With the variance ratios g = target/residual and h = rater/residual the restricted
likelihood is profiled over the mean and the residual variance (Patterson & Thompson 1971; the
criterion is that of Bates et al. 2015, eq. 39-42). The factor with more levels is absorbed:

    (I + g Z Z')^-1 = I - Z diag(g/(1 + g m_i)) Z'

depends on a level only through its number m_i of judgments, so one evaluation works on matrices of
the smaller factor, whatever the number of judgments.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.statistics.core.ratings import FloatArray, IntArray, Ratings

_MAX_CELLS = 1 << 25
_MAX_STEPS = 200
_TOLERANCE = 1e-8
_LEAST_START = 0.01


@dataclass(frozen=True, slots=True)
class Components:
    """REML estimates: variances (squared units of the ratings), mean, restricted log-likelihood."""

    target: float
    rater: float
    residual: float
    mean: float
    loglik: float


class Design:
    """Judgments centred and summed up as the likelihood needs them.

    For each absorbed level i let u_i = (incidence with the dense levels, m_i, sum of its values).
    ``stack[s]`` is the sum of u_i u_i' over the absorbed levels with ``sizes[s]`` judgments, and
    ``whole`` the same cross products over judgments; without raters (``two_way=False``) there is no
    dense factor. Raises ValueError for designs too large for memory.
    """

    def __init__(self, ratings: Ratings, *, two_way: bool = True) -> None:
        unit: IntArray = np.unique(ratings.unit, return_inverse=True)[1]
        rater: IntArray = np.unique(ratings.rater, return_inverse=True)[1]
        n_units, n_raters = int(unit.max()) + 1, int(rater.max()) + 1
        self.two_way = two_way
        self.swapped = two_way and n_raters > n_units
        wide, dense = (rater, unit) if self.swapped else (unit, rater)
        self.n, self.d = len(wide), min(n_units, n_raters) if two_way else 0
        self.shift = float(ratings.value.mean())
        value = ratings.value - self.shift
        m = np.bincount(wide).astype(np.float64)
        self.sizes, of_size, self.counts = np.unique(m, return_inverse=True, return_counts=True)
        if len(self.sizes) * (self.d + 2) ** 2 > _MAX_CELLS:
            raise ValueError(
                f"{n_units} units by {n_raters} raters in an uneven design are too many for "
                "two-way variance components"
            )
        totals = np.column_stack([m, np.bincount(wide, weights=value)])
        self.stack = _stack(wide, dense, of_size, len(self.sizes), self.d, totals)
        self.whole = _whole(dense, value, self.d)

    def fit(self, start: tuple[float, float] = (1.0, 1.0)) -> Components:
        """REML estimates; the residual variance must not vanish (``pivots`` is None where it does).

        ``start``: ratios target/residual and rater/residual to begin from.
        """
        first = np.maximum(start[::-1] if self.swapped else start, _LEAST_START)
        root = _newton(self, np.sqrt(first) * [1.0, float(self.two_way)])
        value, _, residual, mean = self.criterion(root)
        absorbed, dense = (float(part) ** 2 * residual for part in root)
        target, rater = (dense, absorbed) if self.swapped else (absorbed, dense)
        free = self.n - 1
        loglik = -0.5 * (value + free * (1 + math.log(2 * math.pi / free)))
        return Components(target, rater, residual, mean + self.shift, loglik)

    def criterion(self, root: FloatArray) -> tuple[float, FloatArray, float, float]:
        """-2 log restricted likelihood up to a constant, its gradient, residual variance, mean.

        ``root``: square roots of the variance ratios, absorbed factor first. They keep the problem
        smooth and without borders: a variance of zero is an ordinary minimum at zero.
        """
        d, free = self.d, self.n - 1
        g, h = root**2
        spread = 1 + g * self.sizes
        form = self.whole - np.tensordot(g / spread, self.stack, axes=1)
        form_g = -np.tensordot(1 / spread**2, self.stack, axes=1)
        value = float(self.counts @ np.log(spread))
        slope_g, slope_h = float(self.counts @ (self.sizes / spread)), 0.0
        # What is left of (intercept, response) after the absorbed factor, then after the dense one.
        pair, pair_g, pair_h = form[d:, d:], form_g[d:, d:], np.zeros((2, 2))
        if d:
            m, m_g, r, r_g = form[:d, :d], form_g[:d, :d], form[:d, d:], form_g[:d, d:]
            inverse = np.linalg.inv(np.eye(d) + h * m)
            solved = inverse @ r
            value -= float(np.linalg.slogdet(inverse)[1])
            slope_g += h * float(np.vdot(inverse, m_g))
            slope_h = float(np.vdot(inverse, m))
            mixed = r_g.T @ solved
            pair = pair - h * (r.T @ solved)
            pair_g = pair_g - h * (mixed + mixed.T) + h**2 * (solved.T @ m_g @ solved)
            pair_h = -(solved.T @ solved)
        (x, z), (_, w) = pair
        rss = w - z**2 / x
        gradient = np.empty(2)
        for at, (slope, ((x_k, z_k), (_, w_k))) in enumerate(
            ((slope_g, pair_g), (slope_h, pair_h))
        ):
            rss_k = w_k - 2 * z * z_k / x + z**2 * x_k / x**2
            gradient[at] = 2 * root[at] * (slope + x_k / x + free * rss_k / rss)
        value += math.log(x) + free * math.log(rss)
        return value, gradient, float(rss / free), float(z / x)


def design_parts(ratings: Ratings) -> int:
    """How many parts the design falls into when raters are joined by the units they share."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    units = np.unique(ratings.unit, return_inverse=True)[1]
    raters = np.unique(ratings.rater, return_inverse=True)[1]
    if not len(units):
        return 0
    first_rater = int(units.max()) + 1
    total = first_rater + int(raters.max()) + 1
    links = (np.ones(len(units)), (units, raters + first_rater))
    return int(connected_components(csr_array(links, shape=(total, total)), directed=False)[0])


def _stack(
    wide: IntArray, dense: IntArray, of_size: IntArray, sizes: int, d: int, totals: FloatArray
) -> FloatArray:
    """sum of u_i u_i' over the absorbed levels of each size, shape (sizes, d + 2, d + 2)."""
    from scipy.sparse import csr_array

    stack = np.empty((sizes, d + 2, d + 2))
    shape = (len(totals), max(d, 1))
    columns = dense if d else np.zeros_like(dense)
    table = csr_array((np.ones(len(wide)), (wide, columns)), shape=shape)
    for size in range(sizes):
        rows = np.nonzero(of_size == size)[0]
        own, sums = table[rows], totals[rows]
        stack[size, d:, d:] = sums.T @ sums
        if d:
            stack[size, :d, :d] = (own.T @ own).toarray()
            stack[size, :d, d:] = own.T @ sums
            stack[size, d:, :d] = stack[size, :d, d:].T
    return stack


def _whole(dense: IntArray, value: FloatArray, d: int) -> FloatArray:
    """Cross products of (dense incidence, 1, value) over judgments, shape (d + 2, d + 2)."""
    whole = np.zeros((d + 2, d + 2))
    ones = np.column_stack([np.ones(len(value)), value])
    whole[d:, d:] = ones.T @ ones
    if d:
        held = np.bincount(dense, minlength=d)
        whole[:d, :d] = np.diag(held)
        whole[:d, d:] = np.column_stack([held, np.bincount(dense, weights=value, minlength=d)])
        whole[d:, :d] = whole[:d, d:].T
    return whole


def _newton(design: Design, root: FloatArray) -> FloatArray:
    """Square-root ratios at the minimum, by damped Newton steps from ``root``.

    The Hessian is the forward difference of the analytic gradient, its eigenvalues made positive.
    """
    axes = [0, 1] if design.two_way else [0]
    value, gradient, _, _ = design.criterion(root)
    for _ in range(_MAX_STEPS):
        step = _step(design, root, gradient, axes)
        gain = -float(gradient @ step)
        promise = -1e-4 * gain
        rounding = 1e-13 * (1 + abs(value))
        for _ in range(30):
            there, slope, _, _ = design.criterion(root + step)
            if there <= value + promise + rounding:
                break
            step, promise = step / 2, promise / 2
        else:
            break
        root, value, gradient = root + step, there, slope
        # A step that promised this little was in the quadratic phase and has left nothing to gain.
        if gain <= _TOLERANCE:
            break
    return np.where(root < 1e-5, 0.0, root)


def _step(design: Design, root: FloatArray, gradient: FloatArray, axes: list[int]) -> FloatArray:
    hessian = np.eye(2)
    for axis in axes:
        shifted = root.copy()
        shifted[axis] += 1e-5 * (1 + root[axis])
        moved = design.criterion(shifted)[1]
        hessian[axis, axes] = ((moved - gradient) / (shifted[axis] - root[axis]))[axes]
    values, vectors = np.linalg.eigh((hessian + hessian.T) / 2)
    curvature = np.maximum(np.abs(values), 1e-8 * np.abs(values).max() + 1e-12)
    step = -vectors @ ((vectors.T @ gradient) / curvature)
    # Zero is a stationary point by symmetry, so a step may come near it but not land on it.
    return np.clip(step, -0.9 * root, 1 + 2 * root)
