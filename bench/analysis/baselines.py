"""What the bootstraps of this project are compared with: loops over well-known packages."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Statistic = Callable[[FloatArray], float]

ALPHA_NAME = "krippendorff" if find_spec("krippendorff") else "krippendorff's algorithm, rewritten"
"""The baseline of alpha: the package where it is installed, else what it computes."""


def seconds_a_replicate(statistic: Statistic, table: FloatArray, replicates: int) -> float:
    """Mean seconds to resample the targets of ``table`` and to compute ``statistic`` again."""
    rng = np.random.default_rng(1)
    statistic(table)
    started = time.perf_counter()
    for _ in range(replicates):
        statistic(table[rng.integers(0, len(table), len(table))])
    return (time.perf_counter() - started) / replicates


def pingouin_icc(table: FloatArray) -> float:
    """ICC(A,1) by pingouin, from the long table it asks for."""
    import pandas as pd
    import pingouin

    targets, raters = np.indices(table.shape)
    frame = pd.DataFrame({"t": targets.ravel(), "r": raters.ravel(), "v": table.ravel()})
    found = pingouin.intraclass_corr(frame, targets="t", raters="r", ratings="v")
    return float(found.set_index("Type").loc["ICC(A,1)", "ICC"])


def alpha_by_tables(table: FloatArray) -> float:
    """Interval alpha of complete ``table`` (units x raters) by the package or its algorithm.

    The algorithm: counts of units x values, from them a table of units x values x values of
    coincidences, summed over units, and the distances of all pairs of values.
    """
    if find_spec("krippendorff"):
        package = import_module("krippendorff")
        return float(package.alpha(table.T, level_of_measurement="interval"))
    domain = np.unique(table)
    counts = (table[:, :, None] == domain).sum(axis=1)
    pairable = np.maximum(counts.sum(axis=1), 2)
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, None, :] * np.eye(len(domain))
    observed = np.divide(pairs, (pairable - 1)[:, None, None]).sum(axis=0)
    margin = observed.sum(axis=0)
    expected = (np.outer(margin, margin) - np.diag(margin)) / (margin.sum() - 1)
    distance = (domain[:, None] - domain[None, :]) ** 2
    return float(1 - np.sum(observed * distance) / np.sum(expected * distance))


def xrr_by_definition(first: FloatArray, second: FloatArray) -> float:
    """Nominal xRR of two complete tables (units x raters), item by item as Wong et al. write it."""
    observed = [
        float(np.mean(x[:, None] != y[None, :])) for x, y in zip(first, second, strict=True)
    ]
    labels = np.unique(np.concatenate([first.ravel(), second.ravel()]))
    shares = [np.array([np.mean(side == label) for label in labels]) for side in (first, second)]
    return 1 - float(np.mean(observed)) / (1 - float(shares[0] @ shares[1]))
