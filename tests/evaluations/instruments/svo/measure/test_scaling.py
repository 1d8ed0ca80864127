"""Payoffs shown in another unit keep the angle; rounded ones do not: frames must show exactly."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from evaluations.instruments.svo import SLIDER, angle
from evaluations.instruments.svo.measure.cutoffs import orientation

GOLDEN = Path(__file__).parents[4] / "golden" / "oracles_cultures.json"
ORACLES = {entry["name"]: entry for entry in json.loads(GOLDEN.read_text(encoding="utf-8"))}
DECIMALS = {"integers": 0, "one decimal": 1}


def every_angle(factor: float, decimals: int | None) -> np.ndarray:
    """The angle of all 9^6 answers, of payoffs times ``factor`` and rounded half up."""
    scale = 10.0 ** (decimals or 0)
    sums = []
    for side in ("self_", "other"):
        shown = np.array([[getattr(p, side) for p in item.options] for item in SLIDER.primary])
        shown = shown * factor
        if decimals is not None:
            shown = np.floor(np.round(shown * scale, 9) + 0.5) / scale
        total = shown[0]
        for row in shown[1:]:
            total = np.add.outer(total, row)
        sums.append(total.ravel() / len(SLIDER.primary) - 50 * factor)
    return np.degrees(np.arctan2(sums[1], sums[0]))


def of_cutoffs(degrees: np.ndarray) -> np.ndarray:
    ends = [-12.04, 22.45, 57.15]
    assert [orientation(end + 1e-6) != orientation(end - 1e-6) for end in ends] == [True] * 3
    return np.digitize(degrees, ends, right=True)


@pytest.mark.parametrize("name", ORACLES["svo_scaling"]["expected"])
def test_svo_scaling(name: str) -> None:
    expected = ORACLES["svo_scaling"]["expected"][name]
    factors, rounding = name[1:].split(" ", 1)
    true = every_angle(1, None)
    for factor in map(float, factors.split(",")):
        shown = every_angle(factor, DECIMALS[rounding])
        apart = np.abs(shown - true)
        found = {
            "max_abs_deg": apart.max(),
            "p99": np.quantile(apart, 0.99),
            "mean": apart.mean(),
            "pct_category_changed": 100 * np.mean(of_cutoffs(shown) != of_cutoffs(true)),
        }
        for figure, value in expected.items():
            if figure in found:
                assert found[figure] == pytest.approx(value, abs=1e-3), (factor, figure)


def test_svo_frame_invariance() -> None:
    oracle = ORACLES["svo_frame_invariance"]
    for factor in oracle["params"]["k"]:
        measure = SLIDER.rescaled(factor)
        chosen = zip(measure.primary, oracle["data"]["choices"], strict=True)
        degrees = angle((item.allocation(option) for item, option in chosen), measure.centre)
        assert math.isclose(degrees, oracle["expected"]["angle"], abs_tol=oracle["tolerance"])
