"""What cannot be said is undefined with the reason; what is no data is refused."""

import numpy as np
import pytest

from analysis.statistics.cultures.compare import compare_cultures
from analysis.statistics.cultures.cross_replication import cross_replication
from analysis.statistics.cultures.equivalence import scenes_against_anchor
from analysis.statistics.cultures.g_study import g_study
from analysis.statistics.cultures.logistic_dif import logistic_dif
from analysis.statistics.cultures.mantel_haenszel import mantel_haenszel
from tests.analysis.statistics.support import noisy_labels

nan = np.nan


def test_one_shared_item_and_one_label_have_their_reasons() -> None:
    one = cross_replication([[1.0, 2.0], [nan, nan]], [[1.0], [2.0]])
    assert "only one item" in one.reason
    same = cross_replication([[1.0], [1.0]], [[1.0], [1.0]])
    assert "every judgment is the same" in same.reason


def test_sides_of_different_items_are_refused() -> None:
    with pytest.raises(ValueError, match="the same units in the same order, got 2 and 3"):
        cross_replication(np.ones((2, 1)), np.ones((3, 1)))


def test_a_culture_with_one_rater_has_no_alpha_and_still_an_xrr() -> None:
    table = noisy_labels(30, 6)
    pair = compare_cultures(table, np.array([0, 1, 1, 1, 1, 1]), replicates=50)
    assert "judged twice within a culture" in pair.values["alpha_first"].reason
    assert "nothing to divide by" in pair.values["normalised"].reason
    assert pair.values["cross"].defined
    assert any("a culture has 1 raters" in warning for warning in pair.warnings)


def test_pairs_of_cultures_below_the_designs_numbers_are_warned_of_with_the_count() -> None:
    pair = compare_cultures(noisy_labels(30, 12), np.repeat([0, 1], 6), replicates=50)
    assert [warning[:29] for warning in pair.warnings] == ["30 items were judged by both "]
    enough = compare_cultures(noisy_labels(100, 12), np.repeat([0, 1], 6), replicates=50)
    assert enough.warnings == ()


def test_a_culture_for_each_rater_is_needed() -> None:
    with pytest.raises(ValueError, match="one culture for each of the 3 raters"):
        compare_cultures(np.ones((2, 3)), [0, 1])


def test_counts_below_zero_or_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="counts of judgments"):
        mantel_haenszel([[[1, -1], [2, 2]]])
    with pytest.raises(ValueError, match="strata x 2 cultures x 2"):
        mantel_haenszel(np.ones((3, 2, 4)))


def test_few_judgments_in_a_cell_of_a_stratum_are_said() -> None:
    found = mantel_haenszel([[[9, 9], [9, 9]], [[1, 2], [9, 9]]]).delta
    assert found.warnings == ("1 cells of stratum and culture hold fewer than 5 judgments",)


def test_a_label_only_one_culture_uses_has_no_odds_ratio() -> None:
    found = mantel_haenszel([[[5, 5], [0, 10]], [[3, 7], [0, 10]]])
    assert "no finite odds" in found.delta.reason
    assert found.size is None
    assert found.p < 0.05


@pytest.mark.parametrize(
    ("used", "focal", "score", "reason"),
    [
        ([0, 1], [0, 0], [1, 2], "one culture alone"),
        ([1, 1], [0, 1], [1, 2], "always or never"),
        ([0, 1], [0, 1], [3, 3], "every score is the same"),
        ([0, 0, 0, 1, 1, 1], [0, 1, 0, 1, 0, 1], [1, 2, 3, 4, 5, 6], "without exception"),
        ([0, 1, 0, 1], [0, 0, 1, 1], [1, 2, 1, 1], "too few different scores"),
    ],
)
def test_a_regression_that_cannot_be_made_says_why(
    used: list[int], focal: list[int], score: list[int], reason: str
) -> None:
    found = logistic_dif(used, focal, score)
    assert reason in found.uniform.reason


def test_codes_other_than_0_and_1_are_refused() -> None:
    with pytest.raises(ValueError, match="coded 0 and 1"):
        logistic_dif([0, 2], [0, 1], [1, 2])


def test_a_negative_component_stays_visible_and_counts_as_zero() -> None:
    table = np.array([[1.0, 2.0], [2.0, 1.0], [1.1, 1.9], [1.8, 1.2]])
    found = g_study(table)
    assert found.components["target"].value < 0
    assert any("target is below zero" in warning for warning in found.warnings)
    assert found.sizes[0].g.value == 0


def test_a_target_with_a_missing_cell_is_left_out_with_the_count() -> None:
    table = np.array([[1.0, 2.0], [nan, 1.0], [4.0, 6.0], [7.0, 9.0]])
    found = g_study(table)
    assert found.warnings[0] == "1 targets lack a scene or language and are left out"
    assert found.sizes[0].g.n["target"] == 3


def test_one_scene_and_equal_scores_have_their_reasons() -> None:
    assert "1 scene(s)" in g_study([[1.0], [2.0]]).sizes[0].g.reason
    assert "every score is the same" in g_study(np.ones((3, 3))).components["target"].reason


def test_sizes_and_facets_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="sizes are 1 or more"):
        g_study(np.eye(3), sizes=[(0, 1)])
    with pytest.raises(ValueError, match="fixed facets are facets of the table"):
        g_study(np.eye(3), fixed=("language",))


def test_an_anchor_that_is_no_scene_and_a_bound_of_zero_are_refused() -> None:
    with pytest.raises(ValueError, match="anchor 'points'"):
        scenes_against_anchor(np.ones((2, 2)), ["food", "time"], "points")
    with pytest.raises(ValueError, match="above 0"):
        scenes_against_anchor(np.ones((2, 2)), ["food", "time"], "food", bound=0)


def test_a_scene_with_one_target_is_neither_equivalent_nor_not() -> None:
    found = scenes_against_anchor([[1.0, 2.0], [nan, 3.0]], ["a", "b"], "b")["a"]
    assert found.equivalent is None
    assert "fewer than two targets" in found.difference.reason
