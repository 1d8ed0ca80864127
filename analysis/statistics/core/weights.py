"""Agreement weights between categories."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.ratings import FloatArray

Weights = Literal["unweighted", "linear", "quadratic"] | ArrayLike


def agreement_weights(weights: Weights, categories: int) -> FloatArray:
    """A categories x categories matrix with 1 on the diagonal.

    'linear' is 1 - |i - j|/(q - 1) (Cicchetti & Allison 1971), 'quadratic' 1 - (i - j)^2/(q - 1)^2
    (Fleiss & Cohen 1973). A matrix of agreement weights is used as given.
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
    raise ValueError(
        f"weights are 'unweighted', 'linear', 'quadratic' or a matrix, not {weights!r}"
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
