"""Why a reviewer is asked."""

import pytest

from annotations.disputes.why_disputed import (
    AMBIGUOUS,
    AUTOMATED_DIFFERS,
    FLAGGED,
    RATERS_SPLIT,
    Automated,
    dispute_reasons,
    enough_to_dispute,
    reasons_there_are,
)
from annotations.kinds import doubts, grounds
from annotations.scales.categories import Category
from annotations.scales.numbers import Number

WORDS = Category()
BOUNDARY_CASE = "boundary_case"


def reasons(said, automated, places=3, scale=WORDS, **options):
    return dispute_reasons(scale, scale.consensus(said), automated, places, **options)


def test_a_split_is_disputed_whatever_the_automated_label():
    split = ["a", "b", "c"]
    assert reasons(split, Automated("a")) == reasons(split, Automated()) == [RATERS_SPLIT]


def test_an_automated_label_that_differs_is_disputed():
    assert reasons(["a", "a", "b"], Automated("b")) == [AUTOMATED_DIFFERS]
    assert reasons(["a", "a", "b"], Automated("a")) == []


def test_a_metric_that_gave_no_label_differs_from_nothing():
    assert reasons(["a", "a", "a"], Automated()) == []


def test_the_automated_label_takes_no_part_in_the_consensus():
    assert reasons(["a", "a", "b", "b"], Automated("a"), 4) == [RATERS_SPLIT]


@pytest.mark.parametrize(("places", "enough"), [(1, 1), (2, 2), (3, 3), (7, 3)])
def test_nothing_is_disputed_before_there_are_enough_judgments(places, enough):
    assert enough_to_dispute(places) == enough
    few = [f"label {n}" for n in range(enough - 1)]
    assert reasons(few, Automated("other"), places) == []


def test_an_automated_number_within_the_range_of_the_raters_does_not_differ():
    said = ["1", "2", "6"]
    for inside in ("1", "5.5", "6"):
        assert reasons(said, Automated(inside), scale=Number()) == []
    for outside in ("0.9", "6.1"):
        assert reasons(said, Automated(outside), scale=Number()) == [AUTOMATED_DIFFERS]


def test_numbers_further_apart_than_the_tolerance_are_disputed():
    assert reasons(["10", "20", "25.5"], Automated("10"), scale=Number(15)) == [RATERS_SPLIT]


def test_every_reason_is_said_in_words():
    known = reasons_there_are()
    first, last = [RATERS_SPLIT, AUTOMATED_DIFFERS], [AMBIGUOUS, FLAGGED]
    assert list(known) == [*first, *grounds(), *doubts(), *last]
    assert all(why.sentence.endswith(".") and why.words for why in known.values())


def test_what_makes_the_automated_label_uncertain_is_a_reason_once_enough_have_judged():
    doubtful = Automated("a", doubts=(BOUNDARY_CASE,), is_ambiguous=True)
    assert reasons(["a", "a"], doubtful) == []
    assert reasons(["a", "a", "a"], doubtful) == [BOUNDARY_CASE, AMBIGUOUS]


def test_a_reported_problem_is_a_reason_at_once_and_stands_with_the_others():
    assert reasons([], Automated(), flagged=True) == [FLAGGED]
    assert reasons(["a", "b", "c"], Automated(), flagged=True) == [RATERS_SPLIT, FLAGGED]


def test_an_item_without_places_and_judgments_has_nothing_to_settle():
    assert reasons([], Automated("a", doubts=(BOUNDARY_CASE,)), places=0) == []
