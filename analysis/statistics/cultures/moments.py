"""What each unit holds of the judgments of one side, as sums from which every disagreement follows.

A judgment is a point v: one of the unit vectors for a label, a number for a step or an angle. All
distances used here are |v - w|^2 (times a constant), so that over the ordered pairs of different
judgments of a unit

    sum |v - w|^2 = 2 (m q - |s|^2),    m = sum w, s = sum w v, q = sum w |v|^2,

and over the pairs with one judgment on each side m_b q_a + m_a q_b - 2 s_a . s_b. The weight w of a
judgment is 1, or how often its rater was drawn. A rater who was drawn twice is no pair with
themselves: pairs = m^2 - sum w^2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.statistics.core.ratings import FloatArray, IntArray, Ratings

CrossScale = Literal["nominal", "ordinal", "interval"]


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Sums of one side: ``m``, ``q``, ``pairs`` (samples, units), ``s`` (samples, units, K)."""

    m: FloatArray
    s: FloatArray
    q: FloatArray
    pairs: FloatArray

    def plus(self, other: Moments) -> Moments:
        """Both sides as one; nobody is a rater of both."""
        both = 2 * self.m * other.m
        return Moments(
            self.m + other.m, self.s + other.s, self.q + other.q, self.pairs + other.pairs + both
        )


class Points:
    """The judgments of several raters as points, to be summed by unit under weights of raters.

    ``scale``: 'nominal' (labels), 'interval' (numbers) or 'ordinal' (steps, by the mid-ranks that
    they have among all judgments given here; ranks are kept when raters are drawn or left out).
    ``halved``: by how much |v - w|^2 is larger than the distance meant.
    """

    def __init__(self, data: Ratings, scale: CrossScale) -> None:
        if scale not in ("nominal", "ordinal", "interval"):
            raise ValueError(f"scale is 'nominal', 'ordinal' or 'interval', not {scale!r}")
        self.unit, self.rater, self.n_units = data.unit, data.rater, data.n_units
        self.n_raters = data.n_raters
        self.labelled = scale == "nominal"
        self.halved = 2.0 if self.labelled else 1.0
        values, code, held = np.unique(data.value, return_inverse=True, return_counts=True)
        self.code: IntArray = code
        self.width = len(values) if self.labelled else 1
        places = np.cumsum(held) - held / 2 if scale == "ordinal" else values
        # Centring keeps differences of large sums exact; no distance moves with it.
        centre = float(np.average(places, weights=held)) if len(held) else 0.0
        self.place: FloatArray = (places - centre)[code]

    def moments(self, weights: FloatArray) -> Moments:
        """Sums under ``weights`` (samples, raters): how often each rater was drawn."""
        from scipy.sparse import csr_array

        def summed(cell: IntArray, cells: int, by: FloatArray, of: FloatArray) -> FloatArray:
            matrix = csr_array((by, (cell, self.rater)), shape=(cells, self.n_raters))
            return np.ascontiguousarray((matrix @ of.T).T)

        def own() -> FloatArray:
            return summed(self.unit, self.n_units, np.ones(len(self.unit)), weights**2)

        ones, units = np.ones(len(self.unit)), self.n_units
        samples = len(weights)
        once = weights.max(initial=0) <= 1  # then a weight is its own square
        if self.labelled:
            cells = self.unit * self.width + self.code
            s = summed(cells, units * self.width, ones, weights)
            s = s.reshape(samples, units, self.width)
            m = s.sum(axis=-1)
            return Moments(m, s, m, m**2 - (m if once else own()))
        m = summed(self.unit, units, ones, weights)
        s = summed(self.unit, units, self.place, weights)[..., None]
        q = summed(self.unit, units, self.place**2, weights)
        return Moments(m, s, q, m**2 - (m if once else own()))
