"""What raters settle on, and why a reviewer is asked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.consensus import (
    AMBIGUOUS,
    AUTOMATED_DIFFERS,
    BOUNDARY_CASE,
    FLAGGED,
    RATERS_SPLIT,
    REASONS,
    Automated,
    consensus,
    dispute_reasons,
    enough_to_dispute,
)

LABELS = st.lists(st.sampled_from(["altruistic", "prosocial", "unclear", "refusal"]), max_size=9)
ORDER = ("1", "2", "3", "4", "5")


def test_the_label_of_more_than_half_is_the_consensus():
    found = consensus(["prosocial", "prosocial", "unclear"])
    assert (found.label, found.share) == ("prosocial", pytest.approx(2 / 3))
    assert found.counts == {"prosocial": 2, "unclear": 1}


@pytest.mark.parametrize(
    "labels", [["a", "b"], ["a", "a", "b", "b"], ["a", "b", "c"], ["a", "b"] * 3]
)
def test_half_is_not_more_than_half(labels):
    found = consensus(labels)
    assert (found.label, found.share) == (None, 0.0)
    assert found.rule == "no label has more than half of the judgments"


@pytest.mark.parametrize("label", ["unclear", "refusal"])
def test_unclear_and_refusal_are_labels_as_any_other(label):
    assert consensus([label, label, "prosocial"]).label == label


def test_no_judgment_is_no_consensus():
    found = consensus([])
    assert (found.label, found.judgments, found.rule) == (None, 0, "no judgment yet")


@given(LABELS)
@settings(max_examples=100)
def test_a_consensus_has_more_than_half_and_is_the_only_such_label(labels):
    found = consensus(labels)
    majorities = [label for label in set(labels) if labels.count(label) * 2 > len(labels)]
    assert majorities == ([] if found.label is None else [found.label])
    assert sum(found.counts.values()) == len(labels)


@given(LABELS, st.randoms())
@settings(max_examples=50)
def test_the_order_of_the_judgments_does_not_matter(labels, chance):
    shuffled = labels.copy()
    chance.shuffle(shuffled)
    assert consensus(labels).label == consensus(shuffled).label


def test_the_median_follows_the_declared_order_not_the_alphabet():
    found = consensus(["low", "high", "middle"], "ordinal", ["low", "middle", "high"])
    assert found.label == "middle"


def test_a_median_between_two_categories_is_a_split():
    found = consensus(["1", "5"], "ordinal", ORDER)
    assert (found.label, found.rule) == (None, "the median falls between 1 and 5")


def test_an_even_number_may_have_a_median():
    assert consensus(["1", "3", "3", "5"], "ordinal", ORDER).label == "3"


def test_an_ordinal_label_outside_the_categories_is_an_error():
    with pytest.raises(ValueError, match="'6' is none of the categories"):
        consensus(["6"], "ordinal", ORDER)


def test_on_an_interval_scale_the_mean_is_the_consensus():
    found = consensus(["1", "2", "6"], "interval")
    assert (found.number, found.label, found.spread) == (3.0, "3", (1.0, 6.0))


@pytest.mark.parametrize("label", ["nan", "inf"])
def test_what_is_not_finite_has_no_mean(label):
    with pytest.raises(ValueError, match="finite"):
        consensus([label], "interval")


def test_an_unknown_scale_is_an_error():
    with pytest.raises(ValueError, match="unknown scale"):
        consensus(["a"], "ratio")


def test_a_split_is_disputed_whatever_the_automated_label():
    split = consensus(["a", "b", "c"])
    assert (
        dispute_reasons(split, Automated("a"), 3)
        == dispute_reasons(split, Automated(), 3)
        == [RATERS_SPLIT]
    )


def test_an_automated_label_that_differs_is_disputed():
    found = consensus(["a", "a", "b"])
    assert dispute_reasons(found, Automated("b"), 3) == [AUTOMATED_DIFFERS]
    assert dispute_reasons(found, Automated("a"), 3) == []


def test_a_metric_that_gave_no_label_differs_from_nothing():
    assert dispute_reasons(consensus(["a", "a", "a"]), Automated(), 3) == []


def test_the_automated_label_takes_no_part_in_the_consensus():
    assert dispute_reasons(consensus(["a", "a", "b", "b"]), Automated("a"), 4) == [RATERS_SPLIT]


@pytest.mark.parametrize(("places", "enough"), [(1, 1), (2, 2), (3, 3), (7, 3)])
def test_nothing_is_disputed_before_there_are_enough_judgments(places, enough):
    assert enough_to_dispute(places) == enough
    few = consensus([f"label {n}" for n in range(enough - 1)])
    assert dispute_reasons(few, Automated("other"), places) == []


def test_an_automated_number_within_the_range_of_the_raters_does_not_differ():
    found = consensus(["1", "2", "6"], "interval")
    assert dispute_reasons(found, Automated("5.5"), 3) == []
    assert dispute_reasons(found, Automated("6.1"), 3) == [AUTOMATED_DIFFERS]


def test_every_reason_is_said_in_words():
    assert set(REASONS) == {
        *(RATERS_SPLIT, AUTOMATED_DIFFERS, BOUNDARY_CASE, AMBIGUOUS, FLAGGED),
    }
    assert all(words.endswith(".") for words in REASONS.values())


def test_values_further_apart_than_the_tolerance_have_no_consensus():
    near = consensus(["10", "20", "24"], "interval", tolerance=15)
    assert (near.label, near.spread) == ("18", (10, 24))
    far = consensus(["10", "20", "25.5"], "interval", tolerance=15)
    assert (far.label, far.number) == (None, None)
    assert far.rule == "the values lie 15.5 apart, more than 15"
    assert dispute_reasons(far, Automated("10"), 3) == [RATERS_SPLIT]


def test_a_vector_settles_dimension_by_dimension():
    labels = ["1,0,-1", "1,1,-1", "0,1,-1"]
    found = consensus(labels, "vector", ["kind", "fair", "bold"])
    assert (found.label, found.share) == ("1,1,-1", pytest.approx(1 / 3))


def test_one_dimension_without_a_majority_splits_a_vector():
    found = consensus(["1,0", "1,1", "1,-1"], "vector", ["kind", "fair"])
    assert found.label is None
    assert found.rule == "no value has more than half of the judgments of fair"


def test_a_vector_of_another_length_is_refused():
    with pytest.raises(ValueError, match="has not one value for each of kind, fair"):
        consensus(["1,0,1"], "vector", ["kind", "fair"])


def test_what_makes_the_automated_label_uncertain_is_a_reason_once_enough_have_judged():
    doubtful = Automated("a", is_boundary_case=True, is_ambiguous=True)
    assert dispute_reasons(consensus(["a", "a"]), doubtful, 3) == []
    agreed = consensus(["a", "a", "a"])
    assert dispute_reasons(agreed, doubtful, 3) == [BOUNDARY_CASE, AMBIGUOUS]


def test_a_reported_problem_is_a_reason_at_once_and_stands_with_the_others():
    assert dispute_reasons(consensus([]), Automated(), 3, flagged=True) == [FLAGGED]
    split = consensus(["a", "b", "c"])
    assert dispute_reasons(split, Automated(), 3, flagged=True) == [RATERS_SPLIT, FLAGGED]
