"""Agreement weights between categories."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.ratings import FloatArray

Weights = Literal["unweighted", "linear", "ordinal", "quadratic"] | ArrayLike


def agreement_weights(weights: Weights, categories: int) -> FloatArray:
    """A categories x categories matrix with 1 on the diagonal.

    'linear' is 1 - |i - j|/(q - 1) (Cicchetti & Allison 1971), 'quadratic' 1 - (i - j)^2/(q - 1)^2
    (Fleiss & Cohen 1973), 'ordinal' 1 - C(|i - j| + 1, 2)/C(q, 2), by the pairs that can be made of
    the two categories and those between (Gwet 2014). A matrix of weights is used as given.
    """
    if not isinstance(weights, str):
        return _given(np.asarray(weights, dtype=np.float64), categories)
    if weights == "unweighted" or categories == 1:
        return np.eye(categories)
    codes = np.arange(categories)
    distance = np.abs(codes[:, None] - codes[None, :]) / (categories - 1)
    if weights == "linear":
        return 1 - distance
    if weights == "quadratic":
        return 1 - distance**2
    if weights == "ordinal":
        steps = distance * (categories - 1)
        return 1 - steps * (steps + 1) / (categories * (categories - 1))
    raise ValueError(
        f"weights are 'unweighted', 'linear', 'ordinal', 'quadratic' or a matrix, not {weights!r}"
    )


def _given(matrix: FloatArray, categories: int) -> FloatArray:
    if matrix.shape != (categories, categories):
        raise ValueError(
            f"weights for {categories} categories need shape ({categories}, {categories}), "
            f"got {matrix.shape}"
        )
    in_range = (matrix >= 0).all() and (matrix <= 1).all()
    if not in_range or not (np.diag(matrix) == 1).all() or not np.allclose(matrix, matrix.T):
        raise ValueError(
            "agreement weights are symmetric, lie between 0 and 1 and are 1 on the diagonal"
        )
    return matrix
