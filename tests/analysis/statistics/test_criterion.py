"""The metric against humans: confusion, consensus, alternative annotator test, limits, PPI."""

import numpy as np
import pytest

from analysis.statistics.agreement.alt_test import agreement_gap, alt_test, benjamini_yekutieli
from analysis.statistics.agreement.confusion import classification
from analysis.statistics.agreement.dawid_skene import dawid_skene, dawid_skene_repeated
from analysis.statistics.core.clustered import share_interval, wilson_interval
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.numbers.agreement_limits import (
    limits_of_agreement,
    repeated_limits_of_agreement,
)
from analysis.statistics.numbers.concordance import concordance
from analysis.statistics.numbers.contrasts import holm, paired_contrasts
from analysis.statistics.ppi import ppi_mean
from tests.analysis.statistics.support import noisy_labels

TRUTH = np.array([0, 0, 0, 0, 1, 1, 1, 2, 2, 2], float)
GUESS = np.array([0, 0, 0, 1, 1, 1, 0, 2, 2, 1], float)


def test_confusion_rows_are_the_truth() -> None:
    expected = [[3, 1, 0, 0], [1, 2, 0, 0], [0, 1, 2, 0], [0, 0, 0, 0]]
    assert classification(TRUTH, GUESS, 4).table.tolist() == expected


def test_scores_are_those_of_the_table() -> None:
    scores = classification(TRUTH, GUESS, 4)
    assert [row.recall.value for row in scores.classes[:3]] == pytest.approx([3 / 4, 2 / 3, 2 / 3])
    assert [row.precision.value for row in scores.classes[:3]] == pytest.approx([3 / 4, 1 / 2, 1])
    f1 = [3 / 4, 4 / 7, 4 / 5]
    assert [row.f1.value for row in scores.classes[:3]] == pytest.approx(f1)
    assert scores.macro_f1.value == pytest.approx(np.mean(f1))
    assert scores.balanced_accuracy.value == pytest.approx((3 / 4 + 2 / 3 + 2 / 3) / 3)
    assert scores.accuracy.value == pytest.approx(0.7)


def test_scores_are_those_of_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    truth, said = noisy_labels(80, 2, keep=0.7, seed=3).T
    scores = classification(truth, said, 4, replicates=20)
    known = metrics.precision_recall_fscore_support(truth, said)
    found = [[getattr(row, name).value for row in scores.classes] for name in SCORES]
    assert np.array(found) == pytest.approx(np.array(known[:3]))
    assert scores.macro_f1.value == pytest.approx(metrics.f1_score(truth, said, average="macro"))
    balanced = metrics.balanced_accuracy_score(truth, said)
    assert scores.balanced_accuracy.value == pytest.approx(balanced)


SCORES = ("precision", "recall", "f1")


def test_a_class_that_never_occurs_has_reasons_and_stays_out_of_the_means() -> None:
    scores = classification(TRUTH, GUESS, 4, names=["a", "b", "c", "competitive"])
    absent = scores.classes[3]
    assert absent.recall.reason == "no unit belongs to 'competitive' according to the criterion"
    assert absent.precision.reason == "no unit was classified as 'competitive'"
    assert not absent.f1.defined
    left_out = "'competitive' does not occur and is left out of the mean F1"
    assert left_out in scores.macro_f1.warnings


def test_a_class_never_predicted_has_f1_zero_and_no_precision() -> None:
    scores = classification([0, 0, 1, 1], [0, 0, 0, 0], 2)
    assert scores.classes[1].f1.value == 0.0
    assert not scores.classes[1].precision.defined


def test_clusters_change_intervals_and_not_values() -> None:
    truth, guess = noisy_labels(120, 2).T
    plain = classification(truth, guess, 4)
    clustered = classification(truth, guess, 4, clusters=np.arange(120) % 6)
    assert clustered.macro_f1.value == pytest.approx(plain.macro_f1.value)
    assert clustered.accuracy.interval.method == "t on 6 clusters"
    assert plain.accuracy.interval.method == "Wilson"
    few = classification(truth, guess, 4, clusters=np.arange(120) % 3)
    assert few.accuracy.interval == plain.accuracy.interval
    assert "3 cluster(s)" in few.accuracy.warnings[0]


def test_wilson_limits_are_the_published_ones() -> None:
    # Newcombe 1998, table I: 81/263 gives .2553 to .3662, 0/20 gives 0 to .1611.
    interval = wilson_interval(81, 263, 0.95)
    assert (interval.low, interval.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(0, 20, 0.95).high == pytest.approx(0.1611, abs=5e-5)


def test_an_interval_of_a_share_over_independent_units_is_nearly_wilsons() -> None:
    own = np.r_[np.ones(36), np.zeros(4)]
    found, _, _ = share_interval(0.9, (own - 0.9) / 40, 0.95)
    expected = wilson_interval(36, 40, 0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.01)


def test_a_share_of_one_has_a_lower_limit() -> None:
    found, _, _ = share_interval(1.0, np.zeros(40), 0.95)
    assert (found.low, found.high) == (pytest.approx(0.912, abs=0.001), 1.0)


def test_codes_of_the_two_columns_come_from_one_list() -> None:
    with pytest.raises(ValueError, match="second column holds 4"):
        classification([0, 1], [0, 4], 4)


def test_dawid_skene_trusts_the_raters_who_agree_with_others() -> None:
    truth = np.random.default_rng(0).integers(0, 3, 200)
    rng = np.random.default_rng(1)
    good = [np.where(rng.random(200) < 0.9, truth, rng.integers(0, 3, 200)) for _ in range(3)]
    spam = [rng.integers(0, 3, 200) for _ in range(3)]
    table = np.column_stack(good + spam).astype(float)
    model = dawid_skene(table, 3)
    majority = Ratings.from_matrix(table).category_counts(3).argmax(axis=1)
    assert np.mean(model.labels == truth) > np.mean(majority == truth)
    trust = [np.trace(model.confusion[rater]) for rater in range(6)]
    assert min(trust[:3]) > max(trust[3:])


def test_dawid_skene_takes_repeats_only_where_they_are_declared() -> None:
    unit, rater, value = [0, 0, 0, 1, 1], [0, 0, 1, 0, 1], [0, 0, 0, 1, 1]
    model = dawid_skene_repeated(unit, rater, value, 2)
    assert model.labels.tolist() == [0, 1]


def test_dawid_skene_without_a_second_judgment_is_undefined() -> None:
    assert "judged twice" in dawid_skene([[0.0], [1.0]], 2).reason


def crowd(units: int = 80, raters: int = 4) -> np.ndarray:
    return noisy_labels(units, raters, keep=0.7, seed=2)


def test_a_metric_that_knows_the_truth_beats_single_humans() -> None:
    humans = crowd()
    truth = np.random.default_rng(2).integers(0, 4, (80, 1))[:, 0].astype(float)
    result = alt_test(truth, humans, epsilon=0.1)
    assert result.passes
    assert result.winning_rate.value == result.advantage.value == 1.0
    assert all(row.human_advantage < 0.9 for row in result.humans)


def test_a_metric_that_guesses_is_beaten() -> None:
    noise = np.random.default_rng(3).integers(0, 4, 80).astype(float)
    result = alt_test(noise, crowd(), epsilon=0.1)
    assert result.passes is False
    assert result.advantage.interval.contains(result.advantage.value)
    assert agreement_gap(noise, crowd()).interval.high < 0


def test_humans_with_too_few_items_are_listed_and_too_few_humans_win_nothing() -> None:
    humans = crowd()
    humans[20:, 3] = np.nan
    humans[20:, 2] = np.nan
    result = alt_test(humans[:, 0], humans, epsilon=0.1)
    assert result.skipped == (2, 3)
    assert [row.rater for row in result.humans] == [0, 1]
    assert "asks for 3 with 30 shared items each, and 2 raters" in result.winning_rate.reason
    assert result.passes is None
    assert result.advantage.defined


def test_a_metric_equal_to_a_human_ties_with_that_human() -> None:
    humans = crowd()
    own = alt_test(humans[:, 0], humans, epsilon=0.1).humans[0]
    assert own.advantage == own.human_advantage == 1.0
    assert own.beaten


def test_degrees_score_by_distance_to_the_other_humans() -> None:
    humans = np.array([[0.0, 10.0, 20.0]] * 40)
    near = alt_test(np.full(40, 10.0), humans, epsilon=0.1, scale="number")
    assert [row.advantage for row in near.humans] == [1.0, 1.0, 1.0]
    assert [row.human_advantage for row in near.humans] == [0.0, 1.0, 0.0]


def test_the_gap_in_degrees_is_that_of_mean_absolute_differences() -> None:
    humans = np.array([[0.0, 6.0, np.nan], [1.0, 2.0, 6.0], [4.0, np.nan, np.nan]])
    gap = agreement_gap([3.0, 2.0, 9.0], humans, scale="number", replicates=50)
    human = np.mean([6.0, (1 + 5 + 4) / 3])
    machine = np.mean([3.0, (1 + 0 + 4) / 3])
    assert gap.details["human_human"] == pytest.approx(-human)
    assert gap.details["automated_human"] == pytest.approx(-machine)
    assert gap.value == pytest.approx(human - machine)


def test_the_gap_between_classes_counts_agreeing_pairs() -> None:
    humans = np.array([[0, 0, 1], [2, 2, 2], [1, 3, np.nan]])
    gap = agreement_gap([0.0, 1.0, 3.0], humans, replicates=50)
    assert gap.details["human_human"] == pytest.approx((1 / 3 + 1 + 0) / 3)
    assert gap.details["automated_human"] == pytest.approx((2 / 3 + 0 + 1 / 2) / 3)


def test_benjamini_yekutieli_steps_up() -> None:
    # With m = 3 the limits are .05/3/(11/6), twice and three times that: .00909, .01818, .02727.
    assert benjamini_yekutieli([0.02, 0.5, 0.009], 0.05) == [False, False, True]
    assert benjamini_yekutieli([0.02, 0.027, 0.018], 0.05) == [True, True, True]
    assert benjamini_yekutieli([], 0.05) == []


def test_limits_cover_most_differences_and_slope_finds_proportional_bias() -> None:
    rng = np.random.default_rng(0)
    truth = rng.uniform(-16, 61, 300)
    plain = limits_of_agreement(truth + rng.normal(0, 3, 300), truth + rng.normal(0, 3, 300))
    assert plain.lower.value == pytest.approx(-1.96 * np.sqrt(18), rel=0.15)
    assert not plain.warnings
    steep = limits_of_agreement(1.3 * truth + rng.normal(0, 3, 300), truth)
    assert "proportional bias" in steep.warnings[0]


def test_exact_and_mover_limits_agree_in_large_samples() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 1001))
    exact, mover = limits_of_agreement(x[:1000], y[:1000]), limits_of_agreement(x, y)
    assert "exact" in exact.upper.interval.method
    assert mover.upper.interval.method == "MOVER"
    assert exact.upper.interval.width == pytest.approx(mover.upper.interval.width, rel=0.02)


def test_exact_limits_are_those_of_carkeet() -> None:
    # Carkeet 2015, table: n = 10, coefficient of SD from 1.0924 to 3.0263 outward of the mean
    # is the two-sided 95 % tolerance range of mean + 1.96 SD (noncentral t over sqrt n).
    from scipy.stats import nct

    d = np.random.default_rng(4).normal(size=10)
    limits = limits_of_agreement(d, np.zeros(10))
    high = limits.bias.value + nct.ppf(0.975, 9, 1.96 * np.sqrt(10)) / np.sqrt(10) * d.std(ddof=1)
    assert limits.upper.interval.high == pytest.approx(high)


def test_a_bounded_scale_is_warned_about() -> None:
    x = np.r_[np.full(30, 61.39), np.linspace(0, 50, 70)]
    limits = limits_of_agreement(x, x[::-1], bounds=(-16.26, 61.39))
    assert any("bounded scale" in warning for warning in limits.warnings)


def test_repeated_limits_need_a_repeat() -> None:
    found = repeated_limits_of_agreement([1.0, 2.0, 3.0], [1.0, 1.0, 2.0], ["a", "b", "c"])
    assert "plain limits" in found.bias.reason


def test_concordance_over_clusters_takes_t_on_clusters() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=60)
    result = concordance(x, x + rng.normal(0, 0.5, 60), clusters=np.arange(60) % 6)
    assert result.interval.method == "t on 6 clusters"


def labelled(n: int, rest: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.normal(30, 14, n + rest)
    predicted = truth + 5 + rng.normal(0, 6, n + rest)
    return truth[:n], predicted[:n], predicted[n:]


def test_correction_removes_the_bias_of_the_metric_and_narrows_the_interval() -> None:
    result = ppi_mean(*labelled(200, 3000))
    assert result.details["uncorrected"] == pytest.approx(35, abs=1)
    assert result.interval.contains(30)
    classical = result.details["human_high"] - result.details["human_low"]
    assert result.interval.width < 0.7 * classical


def test_a_metric_that_knows_nothing_gets_no_weight() -> None:
    y, _, rest = labelled(200, 1000)
    flat = ppi_mean(y, np.full(200, 3.0), np.full(len(rest), 3.0))
    assert flat.details["lam"] == 0.0
    assert flat.value == pytest.approx(y.mean())


def test_small_or_chosen_samples_are_warned_about() -> None:
    result = ppi_mean(*labelled(30, 300), random_sample=False)
    assert "only 30 trials" in result.warnings[0]
    assert "not drawn at random" in result.warnings[1]


def test_below_fifty_judged_trials_the_interval_is_t() -> None:
    few, many = ppi_mean(*labelled(30, 300)), ppi_mean(*labelled(50, 300))
    assert few.interval.method == "PPI, t on 30 trials"
    assert many.interval.method == "PPI, asymptotic"
    assert few.interval.width > 2 * 2.048 * few.details["se"] * 0.999


def test_models_as_clusters_widen_the_corrected_interval() -> None:
    rng = np.random.default_rng(0)
    model = np.arange(600) % 6
    shift = rng.normal(0, 8, 6)[model]
    truth = 30 + shift + rng.normal(0, 2, 600)
    predicted = truth + rng.normal(0, 2, 600)
    parts = truth[:200], predicted[:200], predicted[200:]
    plain = ppi_mean(*parts)
    clustered = ppi_mean(*parts, clusters=(model[:200], model[200:]))
    assert clustered.value == plain.value
    assert clustered.interval.width > 3 * plain.interval.width


def test_the_ppi_interval_covers() -> None:
    hits = sum(ppi_mean(*labelled(60, 600, seed)).interval.contains(30) for seed in range(200))
    assert 180 <= hits <= 199


def test_holm_is_the_worked_example() -> None:
    # Holm 1979 with p .01 .04 .03: .01 x 3, then the larger of .03 x 2 and .04.
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def test_contrasts_are_paired_and_counted() -> None:
    rng = np.random.default_rng(2)
    block = rng.normal(0, 20, (40, 1))
    values = block + np.array([0.0, 0.0, 5.0]) + rng.normal(0, 2, (40, 3))
    values[3, 0] = np.nan
    table = paired_contrasts(values, ["a", "b", "c"])
    assert table.tests == 3
    rows = {(row.first, row.second): row for row in table.rows}
    assert rows["a", "c"].difference.n == {"blocks": 39}
    assert rows["b", "c"].p_holm < 0.001
    assert rows["b", "c"].difference.interval.contains(-5)
    assert rows["a", "b"].p_holm >= rows["a", "b"].p


def test_a_contrast_is_the_paired_t_test() -> None:
    from scipy.stats import ttest_rel

    first, second = np.random.default_rng(0).normal(size=(2, 25))
    row = paired_contrasts(np.column_stack([first, second]), ["a", "b"]).rows[0]
    assert row.p == pytest.approx(ttest_rel(first, second).pvalue)


def test_equal_columns_have_no_p_value() -> None:
    table = paired_contrasts(np.ones((5, 2)), ["a", "b"])
    assert (table.tests, table.rows[0].p) == (0, None)
