"""Figures of the public data sets, recomputed by this package."""

import csv
from pathlib import Path

import numpy as np
import pytest

from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.coefficients import percent_agreement
from analysis.statistics.agreement.kappa import cohen_kappa
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.numbers.correlation import correlation
from analysis.statistics.numbers.icc import icc

pytestmark = pytest.mark.shared_data
STANCES = {"1_disagree": 0, "2_agree": 1, "3_other": 2}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def stance(raw: str) -> int:
    return {"disagree": 0, "agree": 1}.get(raw.strip().rstrip(".").lower(), 2)


@pytest.fixture(scope="module")
def stances(shared_data: Path) -> np.ndarray:
    """200 texts x (first human, second human, automated)."""
    return np.array(
        [
            (
                STANCES[row["annot1_label"]],
                STANCES[row["annot2_label"]],
                stance(row["auto_classification_raw"]),
            )
            for row in rows_of(shared_data / "pct_values_200.csv")
        ],
        float,
    )


@pytest.fixture(scope="module")
def portraits(shared_data: Path) -> tuple[Ratings, dict[str, Ratings]]:
    """All ratings of the value portraits, and those of each group."""
    rows = rows_of(shared_data / "vp_human_ratings.csv")
    return long_form(rows), {
        group: long_form([row for row in rows if row["group"] == group])
        for group in {row["group"] for row in rows}
    }


def long_form(rows: list[dict[str, str]]) -> Ratings:
    items = [(row["portrait_id"], row["option_id"]) for row in rows]
    unit = np.unique([f"{portrait}-{option}" for portrait, option in items], return_inverse=True)[1]
    rater = np.unique([row["rater"] for row in rows], return_inverse=True)[1]
    return Ratings.from_long(unit, rater, [float(row["rating"]) for row in rows])


@pytest.mark.parametrize(
    ("first", "second", "kappa", "share"),
    [(0, 1, 0.930939, 0.975), (0, 2, 0.944270, 0.98), (1, 2, 0.958001, 0.985)],
)
def test_stance_kappas(
    stances: np.ndarray, first: int, second: int, kappa: float, share: float
) -> None:
    pair = stances[:, [first, second]]
    assert cohen_kappa(*pair.T, 3).value == pytest.approx(kappa, abs=5e-7)
    assert percent_agreement(pair, 3).value == pytest.approx(share)


def test_stance_alpha(stances: np.ndarray) -> None:
    assert krippendorff_alpha(stances, "nominal").value == pytest.approx(0.944428, abs=5e-7)


@pytest.mark.parametrize(
    ("scale", "expected"), [("ordinal", 0.127266), ("interval", 0.134225), ("nominal", 0.029454)]
)
def test_portrait_alpha(
    portraits: tuple[Ratings, dict[str, Ratings]], scale: str, expected: float
) -> None:
    result = krippendorff_alpha(portraits[0], scale, replicates=200)
    assert result.value == pytest.approx(expected, abs=5e-7)
    assert result.interval.contains(result.value)


def test_portrait_group_4_icc(portraits: tuple[Ratings, dict[str, Ratings]]) -> None:
    expected = {
        "ICC(1,1)": 0.210979,
        "ICC(A,1)": 0.213280,
        "ICC(C,1)": 0.242234,
        "ICC(1,k)": 0.916410,
        "ICC(A,k)": 0.917458,
        "ICC(C,k)": 0.929110,
    }
    results = icc(portraits[1]["4"])
    found = {form: result.value for form, result in results.items()}
    assert found == pytest.approx(expected, abs=5e-7)


def test_portrait_models_against_the_human_mean(shared_data: Path) -> None:
    human: dict[tuple[str, str], list[float]] = {}
    for row in rows_of(shared_data / "vp_human_ratings.csv"):
        human.setdefault((row["portrait_id"], row["option_id"]), []).append(float(row["rating"]))
    pairs: dict[str, list[tuple[float, float]]] = {}
    for row in rows_of(shared_data / "vp_llm_ratings.csv"):
        key = (row["portrait_id"], row["option_id"])
        pair = (float(row["numeric_response"]), float(np.mean(human[key])))
        pairs.setdefault(row["model"], []).append(pair)
    found = sorted(correlation(*np.array(rows).T).value for rows in pairs.values())
    assert found == pytest.approx([0.1053, 0.2805, 0.3928, 0.4037, 0.4359], abs=5e-5)
