"""Value vectors: one row a dimension, whole vectors resampled, dimensions never pooled."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.vectors import vector_alpha, vector_concordance
from analysis.statistics.numbers.concordance import concordance
from tests.analysis.statistics.support import oracle_matrix, oracles
from tests.support.examples import examples

FEW = settings(max_examples=examples(25))
QUICK = {"replicates": 100}
signs = st.sampled_from([-1.0, 0.0, 1.0])
judged = st.tuples(st.integers(3, 10), st.integers(2, 4), st.integers(1, 5)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=signs)
)
"""Units x raters x dimensions."""


def columns(cube: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    units, raters, dimensions = cube.shape
    unit, rater = np.indices((units, raters))
    return unit.ravel(), rater.ravel(), cube.reshape(-1, dimensions)


def alpha_of(cube: np.ndarray, **options: object):
    return vector_alpha(*columns(cube), n_units=len(cube), **(QUICK | options))  # type: ignore[arg-type]


@FEW
@given(judged)
def test_every_dimension_is_its_own_alpha(cube: np.ndarray) -> None:
    found = alpha_of(cube)
    alone = [krippendorff_alpha(cube[:, :, at], "ordinal", **QUICK) for at in range(cube.shape[2])]
    assert [row.to_dict() for row in found.dimensions] == [row.to_dict() for row in alone]
    known = [row.value for row in alone if row.defined]
    assert found.macro.defined == bool(known)
    if found.macro.defined:
        assert found.macro.value == pytest.approx(np.mean(known))
        assert -1 <= found.macro.value <= 1


@FEW
@given(judged, st.randoms())
def test_the_order_of_dimensions_raters_and_units_changes_nothing(cube, random) -> None:
    shuffled = cube
    for axis in range(3):
        order = list(range(cube.shape[axis]))
        random.shuffle(order)
        shuffled = np.take(shuffled, order, axis=axis)
    before, after = alpha_of(cube).macro, alpha_of(shuffled).macro
    assert before.defined == after.defined
    if before.defined and after.defined:
        assert after.value == pytest.approx(before.value)


def test_a_dimension_of_the_published_table_is_krippendorffs() -> None:
    entry = oracles()["kalpha_krippendorff_4x12"]
    table = oracle_matrix(entry)
    unit, rater = np.nonzero(~np.isnan(table))
    values = table[unit, rater]
    found = vector_alpha(unit, rater, np.column_stack([values, -values]), n_units=12, **QUICK)
    expected = pytest.approx(entry["expected"]["ordinal"], abs=1e-8)
    assert [row.value for row in found.dimensions if row.defined] == [expected, expected]
    assert found.macro.defined
    assert found.macro.value == expected


def test_copies_of_one_dimension_are_no_more_evidence() -> None:
    """Pooled, ten copies would make the interval narrower by a factor of three."""
    rng = np.random.default_rng(1)
    truth = rng.integers(-1, 2, (60, 1, 1))
    noise = rng.integers(-1, 2, (60, 3, 1))
    one = np.where(rng.random((60, 3, 1)) < 0.7, truth, noise).astype(float)
    alone = alpha_of(one, replicates=2000).macro
    ten = alpha_of(np.repeat(one, 10, axis=2), replicates=2000).macro
    assert alone.defined
    assert ten.defined
    assert ten.interval is not None
    assert alone.interval is not None
    assert ten.interval.width == pytest.approx(alone.interval.width, rel=0.1)


def test_a_dimension_nobody_used_is_left_out_and_said() -> None:
    cube = np.zeros((12, 3, 2))
    cube[::2, :, 0] = 1
    found = alpha_of(cube)
    assert not found.dimensions[1].defined
    assert found.macro.defined
    assert found.macro.value == 1
    assert found.macro.n["defined"] == 1
    assert any("1 of 2 dimensions" in text for text in found.macro.warnings)


def test_no_variation_anywhere_is_undefined() -> None:
    found = alpha_of(np.ones((5, 2, 3)))
    assert not found.macro.defined
    assert "every judgment is the same" in found.macro.reason


def test_interval_over_clusters_from_four_on() -> None:
    rng = np.random.default_rng(2)
    cube = rng.integers(-1, 2, (40, 3, 3)).astype(float)
    macro = alpha_of(cube, clusters=np.repeat(np.arange(8), 5)).macro
    assert macro.defined
    assert macro.interval is not None
    assert macro.interval.method == "t on 8 clusters"


@FEW
@given(
    st.tuples(st.integers(3, 12), st.integers(1, 4)).flatmap(
        lambda shape: st.tuples(
            arrays(np.float64, shape, elements=signs),
            arrays(np.float64, shape, elements=st.floats(-1, 1).map(lambda v: round(v, 2))),
        )
    )
)
def test_concordance_is_that_of_each_column(pair: tuple[np.ndarray, np.ndarray]) -> None:
    found = vector_concordance(*pair, **QUICK)
    alone = [concordance(a, b) for a, b in zip(pair[0].T, pair[1].T, strict=True)]
    assert [row.to_dict() for row in found.dimensions] == [row.to_dict() for row in alone]
    known = [row.value for row in alone if row.defined]
    assert found.macro.defined == bool(known)
    if found.macro.defined:
        assert found.macro.value == pytest.approx(np.mean(known), abs=1e-9)


def test_bad_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="finite numbers"):
        vector_alpha([0, 1], [0, 0], [[np.inf], [1.0]], n_units=2)
    with pytest.raises(ValueError, match="equally large"):
        vector_concordance([[1.0, 2.0]], [[1.0]])


def test_a_dimension_of_many_values_leaves_the_mean_undefined_with_the_reason() -> None:
    ratings = np.arange(60.0).reshape(-1, 1)
    unit, rater = np.repeat(np.arange(30), 2), np.tile([0, 1], 30)
    found = vector_alpha(unit, rater, ratings, n_units=30, scale="ordinal", **QUICK)
    assert found.dimensions[0].defined
    assert "more than 20 distinct values" in found.macro.reason
