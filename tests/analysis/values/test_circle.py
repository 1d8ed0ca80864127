"""The circle test and the components of vectors of values."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.values.circle import HUMAN_BY_DISTANCE, HUMAN_FIT, circle_fit, components
from evaluations.instruments.values.circle import VALUES, in_order
from evaluations.instruments.values.labels import parse_types
from tests.evaluations.instruments.values.golden import ORACLES

EXPECTED = ORACLES["fulcra_dev_statistics"]["expected"]


def on_the_circle(rows=400, noise=0.3, seed=1):
    """Vectors of people with a direction of their own."""
    random = np.random.default_rng(seed)
    angles = random.uniform(0, 2 * np.pi, (rows, 1))
    spokes = np.arange(10) * np.pi / 5
    return np.cos(angles - spokes) + random.normal(0, noise, (rows, 10))


@pytest.fixture(scope="module")
def published(shared_data):
    lines = (shared_data / "fulcra_trustworthy_dev.jsonl").read_text("utf-8").splitlines()
    rows = [parse_types(json.loads(line)["value_types"]) for line in lines]
    return np.array([in_order(row.vector) for row in rows])


@pytest.mark.shared_data
def test_the_public_rows_hardly_lie_on_the_circle(published):
    found = circle_fit(published)
    assert found.fit == pytest.approx(EXPECTED["cosine_fit_r"], abs=1e-6)
    expected = {int(step): r for step, r in EXPECTED["circ_mean_r"].items()}
    assert found.by_distance == pytest.approx(expected, abs=1e-6)
    assert 0.001 < found.p < 0.2


@pytest.mark.shared_data
def test_components_of_the_public_rows(published):
    assert components(published).shares == pytest.approx(EXPECTED["pca_cov_share"], abs=1e-6)


def test_the_human_reference_is_the_recomputed_one():
    expected = ORACLES["schwartz_circle_human_reference"]["expected"]["ipsatised"]
    assert pytest.approx(expected["cosine_fit_r"], abs=1e-5) == HUMAN_FIT
    assert {str(k): r for k, r in HUMAN_BY_DISTANCE.items()} == pytest.approx(
        {k: r for k, r in expected.items() if k != "cosine_fit_r"}, abs=1e-5
    )


def test_vectors_on_the_circle_fit_it_and_shuffled_values_do_not():
    vectors = on_the_circle()
    found = circle_fit(vectors)
    assert found.fit > 0.95 and found.p == pytest.approx(1 / 2001, abs=0.002)
    shuffled = circle_fit(vectors[:, [0, 5, 1, 6, 2, 7, 3, 8, 4, 9]])
    assert shuffled.fit < 0.5 and shuffled.p > 0.05


@given(st.integers(0, 9), st.booleans(), st.floats(0.1, 100), st.floats(-5, 5))
def test_turning_mirroring_and_scaling_change_nothing(turn, mirrored, scale, level):
    vectors = on_the_circle(60)
    other = np.roll(vectors, turn, axis=1) * scale + level
    found = circle_fit(other[:, ::-1] if mirrored else other, permutations=50)
    assert found.fit == pytest.approx(circle_fit(vectors, permutations=50).fit, abs=1e-9)


def test_a_value_that_never_varies_is_left_out_and_named():
    vectors = on_the_circle(50)
    vectors[:, 2] = 0
    found = circle_fit(vectors)
    assert found.left_out == ("hedonism",) and found.fit is not None


@pytest.mark.parametrize(
    ("vectors", "says"),
    [
        (np.zeros((5, 10)), "0 values vary"),
        (np.ones((1, 10)), "there are 1 vectors"),
        (np.zeros((0, 10)), "there are 0 vectors"),
    ],
)
def test_what_has_no_fit_says_why(vectors, says):
    found = circle_fit(vectors)
    assert (found.fit, found.p) == (None, None) and says in found.reason


def test_another_number_of_values_is_refused():
    with pytest.raises(ValueError, match="ten values"):
        circle_fit(np.zeros((5, len(VALUES) - 1)))


def test_components_of_nothing_are_none():
    assert components(np.zeros((4, 10))).shares == ()
