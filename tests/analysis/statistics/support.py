"""Loaders of the golden references and small data makers shared by the tests of this folder."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
CUT_OFFS = (-12.04, 22.45, 57.15)


@cache
def oracles() -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in json.loads((GOLDEN / "oracles.json").read_text())}


@cache
def fixtures() -> dict[str, dict[str, Any]]:
    return json.loads((GOLDEN / "fixtures.json").read_text())


def matrix(rows: list[list[float | None]]) -> np.ndarray:
    return np.array([[np.nan if cell is None else cell for cell in row] for row in rows], float)


def fixture_matrix(name: str) -> np.ndarray:
    return matrix(fixtures()[name]["data"])


def oracle_matrix(entry: dict[str, Any]) -> np.ndarray:
    data = entry["data"]
    return fixture_matrix(data["fixture"]) if isinstance(data, dict) else matrix(data)


def as_codes(values: np.ndarray) -> np.ndarray:
    """Four orientation codes from angles; codes stay as they are."""
    known = values[~np.isnan(values)]
    if len(known) and set(np.unique(known)) <= {0.0, 1.0, 2.0, 3.0}:
        return values
    return np.where(np.isnan(values), np.nan, np.digitize(values, CUT_OFFS).astype(float))


def noisy_labels(
    units: int, raters: int, *, keep: float = 0.8, categories: int = 4, seed: int = 0
) -> np.ndarray:
    """Codes that follow a true class with probability ``keep`` and are random otherwise."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, categories, (units, 1))
    free = rng.integers(0, categories, (units, raters))
    return np.where(rng.random((units, raters)) < keep, truth, free).astype(float)


def noisy_angles(
    units: int, raters: int, *, variances: tuple[float, float, float], seed: int = 0
) -> np.ndarray:
    """Angles with variances of targets, raters and residual."""
    rng = np.random.default_rng(seed)
    target, rater, residual = (np.sqrt(variance) for variance in variances)
    return (
        target * rng.standard_normal((units, 1))
        + rater * rng.standard_normal(raters)
        + residual * rng.standard_normal((units, raters))
    )
