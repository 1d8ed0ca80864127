"""Mean vectors, their concordance with a target, and how often the intervals hold the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.statistics.numbers.profiles import (
    Judged,
    Resampled,
    alignment_of,
    concordance_across,
    corrected_profile,
    gain,
    mean_profile,
)
from analysis.statistics.ppi import ppi_mean
from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.distances import alignment
from evaluations.instruments.values.targets import PUBLISHED

TARGET = np.array([PUBLISHED[0].vector[value] for value in VALUES], dtype=float)
HOW = Resampled(replicates=400, level=0.95, seed=1)
SUPPORTS = np.array([157, 17, 2, 192, 25, 420, 29, 483, 877, 578]) / 1199
OPPOSES = np.array([8, 0, 0, 3, 13, 44, 3, 53, 58, 75]) / 1199
"""How often each value is supported and opposed in the 1,199 published rows."""

signs = st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=10, max_size=10)


@given(signs, st.sampled_from(PUBLISHED))
def test_it_is_the_concordance_of_a_single_vector(row, target):
    vector = dict(zip(VALUES, row, strict=True))
    numbers = np.array([target.vector[value] for value in VALUES], dtype=float)
    found = float(concordance_across(np.array(row), numbers))
    assert found == pytest.approx(alignment(vector, target.vector).concordance, abs=1e-12)


def test_a_flat_vector_is_no_nearer_than_any_pairing():
    assert concordance_across(np.zeros((3, 10)), TARGET).tolist() == [0, 0, 0]


def test_what_is_nan_is_left_out_of_the_mean_of_its_dimension():
    vectors = np.array([[1.0, np.nan], [0.0, -1.0]])
    found = mean_profile(vectors, np.arange(2), HOW)
    assert found.value.tolist() == [0.5, -1.0]
    nobody = mean_profile(vectors[:1], np.arange(1), HOW)
    assert np.isnan(concordance_across(nobody.value, np.array([0.0, 1.0])))


def test_where_people_say_what_the_metric_says_the_correction_is_the_metric():
    vectors, clusters = draw(np.random.default_rng(3), 200), np.arange(200)
    at = np.arange(50)
    judged = Judged(vectors[at], vectors[at], at, np.ones(50))
    found = corrected_profile(vectors, clusters, judged, np.ones(10), HOW)
    assert found.value == pytest.approx(vectors.mean(axis=0))


def test_the_corrected_mean_is_that_of_ppi():
    rng = np.random.default_rng(4)
    truth = draw(rng, 300)
    metric, at = garbled(rng, truth), np.arange(60)
    judged = Judged(truth[at], metric[at], at, np.ones(60))
    found = corrected_profile(metric, np.arange(300), judged, np.full(10, 0.6), HOW)
    rest = metric[60:]
    for which in range(10):
        moved = rest[:, which] + metric[:, which].mean() - rest[:, which].mean()
        one = ppi_mean(truth[at, which], metric[at, which], moved, lam=0.6)
        assert found.value[which] == pytest.approx(one.value)


def test_few_prompts_have_no_interval_and_say_so():
    vectors = draw(np.random.default_rng(5), 40)
    found = alignment_of(mean_profile(vectors, np.arange(40) % 9, HOW), TARGET, HOW)
    assert found.interval is None
    assert found.interval_reason == "9 prompts tell too little of others like them"


def test_a_gain_needs_the_same_prompts():
    vectors = draw(np.random.default_rng(6), 40)
    one, other = (mean_profile(vectors[:n], np.arange(n), HOW) for n in (40, 30))
    assert "the same prompts" in gain(one, other, TARGET, HOW).reason


def test_a_gain_over_the_same_prompts_is_surer_than_two_alignments():
    rng = np.random.default_rng(7)
    without = draw(rng, 200)
    held = np.where(rng.random((200, 10)) < 0.3, TARGET, without)
    one, other = (mean_profile(vectors, np.arange(200), HOW) for vectors in (held, without))
    found = gain(one, other, TARGET, HOW)
    assert found.interval.low > 0
    alone = [alignment_of(profile, TARGET, HOW).interval.width for profile in (one, other)]
    assert found.interval.width < np.hypot(*alone)


@pytest.mark.parametrize(
    ("trials", "judged", "repeats"), [(200, 60, 1), (300, 30, 1), (400, 100, 4)]
)
def test_the_corrected_alignment_holds_the_truth(trials, judged, repeats):
    truth = float(concordance_across(SUPPORTS - OPPOSES, TARGET))
    studies = [study(seed, trials, judged, repeats) for seed in range(150)]
    held = [found.interval.contains(truth) for found in studies]
    assert 0.90 <= np.mean(held) <= 0.99


def draw(rng, rows):
    """Vectors of signs as often as in the published rows."""
    chance = rng.random((rows, 10))
    return np.where(chance < SUPPORTS, 1.0, np.where(chance > 1 - OPPOSES, -1.0, 0.0))


def garbled(rng, truth, share=0.2):
    return np.where(rng.random(truth.shape) < share, draw(rng, len(truth)), truth)


def study(seed, trials, judged, repeats):
    """The corrected alignment of a simulated study: answers to one prompt resemble each other,
    three raters err on 15 in 100 labels, the metric on 20."""
    rng = np.random.default_rng(seed)
    truth = garbled(rng, np.repeat(draw(rng, trials // repeats), repeats, axis=0), 0.15)
    clusters = np.repeat(np.arange(trials // repeats), repeats)
    metric, at = garbled(rng, truth), rng.choice(trials, judged, replace=False)
    human = np.mean([garbled(rng, truth[at], 0.15) for _ in range(3)], axis=0)
    rest = np.setdiff1d(np.arange(trials), at)
    lam = [
        ppi_mean(human[:, which], metric[at, which], metric[rest, which]).details["lam"]
        for which in range(10)
    ]
    people = Judged(human, metric[at], clusters[at], np.ones(judged))
    found = corrected_profile(metric, clusters, people, np.array(lam), HOW)
    return alignment_of(found, TARGET, HOW)
