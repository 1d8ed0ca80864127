"""Learning an evaluator from labelled answers: for each sign of each value a logistic regression in
which the two classes weigh the same (scikit-learn, loaded where it is needed). Pure: no database.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.learning.cues import density
from evaluations.instruments.values.learning.evaluator import (
    CUE_WEIGHT,
    KINDS,
    Evaluator,
    Learned,
    Signs,
    vectorizer,
)

LEAST_CASES = 10
"""Cases of a class from which it is learned."""
STRENGTH = 2.0
"""Inverse regularisation, chosen on the public rows by cross-validation."""


def train(texts: Sequence[str], signs: Signs, least: int = LEAST_CASES) -> Evaluator:
    """Learn from *texts* and their *signs*; a value, or a sign of it, with fewer than *least* cases
    is not learned. Raises ValueError where no value has as many."""
    from scipy.sparse import csr_matrix, hstack

    wanted = {value: _to_learn(signs[:, at], least) for at, value in enumerate(VALUES)}
    if not any(wanted.values()):
        raise ValueError(
            f"no value has {least} answers that support or oppose it, and {least} that "
            "do not: judge more answers first"
        )
    made = {kind: vectorizer(kind) for kind in KINDS}
    words = [made[kind].fit_transform(texts) for kind in KINDS]
    told = density(texts)
    spread = told.std(axis=0)
    cues = np.divide(CUE_WEIGHT, spread, out=np.zeros_like(spread), where=spread > 0)
    features = hstack([*words, csr_matrix(told * cues)], format="csr")
    return Evaluator(
        {kind: tuple(made[kind].get_feature_names_out()) for kind in KINDS},
        {kind: made[kind].idf_ for kind in KINDS},
        {
            value: _learned(features, signs[:, at], wanted[value])
            for at, value in enumerate(VALUES)
            if wanted[value]
        },
        cues,
    )


def _to_learn(column: Signs, least: int) -> tuple[int, ...]:
    """The signs with enough cases, where 'not involved' has enough as well."""
    found = tuple(sign for sign in (-1, 1) if int((column == sign).sum()) >= least)
    return found if int((column == 0).sum()) >= least else ()


def _learned(features: Any, column: Signs, wanted: Sequence[int]) -> Learned:
    """Each sign against the rest: it is said where its sum is above 0, which is what 'not involved'
    has, and above that of the other sign."""
    from sklearn.linear_model import LogisticRegression

    nothing: tuple[NDArray[np.float64], float] = (np.zeros(features.shape[1]), 0.0)
    found = {0: nothing}
    for sign in wanted:
        true = column == sign
        odds = float((~true).sum() / true.sum())
        fitted = LogisticRegression(
            C=STRENGTH, solver="liblinear", class_weight={False: 1.0, True: odds}, random_state=0
        ).fit(features, true)
        found[sign] = (fitted.coef_[0], float(fitted.intercept_[0]))
    classes = tuple(sorted(found))
    return Learned(
        classes,
        np.array([found[sign][0] for sign in classes], np.float32),
        np.array([found[sign][1] for sign in classes], np.float32),
    )
