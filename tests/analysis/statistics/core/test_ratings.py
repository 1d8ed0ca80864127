"""Judgments in long form: what is refused, and how."""

import numpy as np
import pytest

from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.coefficients import agreement
from analysis.statistics.core.ratings import Ratings, unit_clusters
from tests.analysis.statistics.support import noisy_labels


def test_a_duplicate_pair_is_an_error_that_names_it() -> None:
    with pytest.raises(ValueError, match=r"rater 2 judged unit 7 more than once \(1 duplicate"):
        Ratings.from_long([7, 0, 7], [2, 1, 2], [1.0, 0.0, 1.0])


def test_a_missing_value_leaves_its_cell_empty() -> None:
    table = Ratings.from_long([0, 0, 1], [0, 1, 0], [1.0, np.nan, 2.0]).to_matrix()
    assert np.array_equal(table, [[1.0, np.nan], [2.0, np.nan]], equal_nan=True)


def test_an_infinite_rating_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        Ratings.from_matrix([[1.0, np.inf]])


def test_a_value_outside_the_category_list_names_unit_and_rater() -> None:
    with pytest.raises(ValueError, match=r"unit 1, rater 0: 4 is no category code"):
        agreement([[0, 1], [4, 1]], 4, "gwet")


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        Ratings.from_long([0, 1], [0], [1.0])


def test_positions_must_be_whole_numbers_from_zero() -> None:
    with pytest.raises(ValueError, match="whole-number"):
        Ratings.from_long([0.5], [0], [1.0])
    with pytest.raises(ValueError, match="negative"):
        Ratings.from_long([-1], [0], [1.0])
    with pytest.raises(ValueError, match="beyond the last"):
        Ratings.from_long([3], [0], [1.0], n_units=3)


def test_clusters_need_one_label_a_unit() -> None:
    with pytest.raises(ValueError, match="one label for each of the 3 units"):
        unit_clusters(["a", "b"], 3)


def test_a_sparse_study_gives_what_its_table_gives() -> None:
    table = noisy_labels(60, 8)
    table[np.random.default_rng(1).random(table.shape) < 0.6] = np.nan
    long = Ratings.from_matrix(table)
    assert krippendorff_alpha(long, "nominal") == krippendorff_alpha(table, "nominal")
    for name in ("gwet", "fleiss", "conger"):
        assert agreement(long, 4, name) == agreement(table, 4, name)
