"""The cut-offs of a report: the customary ones, or those that were chosen for it."""

import pytest

from analysis.words.thresholds import CONVENTIONS, ThresholdError, checked, in_force


def test_a_cut_off_is_in_force_with_its_source_and_the_customary_one():
    customary, chosen = in_force({}), in_force({"reliable": 0.9})
    assert [row["value"] for row in customary] == [row.value for row in CONVENTIONS]
    assert [row["source"] for row in customary] == [row.source for row in CONVENTIONS]
    assert (chosen[0]["value"], chosen[0]["customary"]) == (0.9, 0.8)
    assert chosen[0]["source"] == "chosen for this report"
    assert chosen[0]["convention"] == CONVENTIONS[0].source
    assert chosen[1] == customary[1]


def test_only_what_differs_from_the_convention_is_kept():
    assert checked({"reliable": 0.8, "tentative": 0.5}) == (("tentative", 0.5),)
    assert checked({"reliable": 1.0, "tentative": 0.0}) == (("reliable", 1.0), ("tentative", 0.0))
    assert checked({"reliable": 0.667}) == (("reliable", 0.667),)


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({"good": 0.5}, "There is no threshold good. There are: reliable, tentative."),
        ({"reliable": 1.01}, "threshold reliable 1.01: use a number from 0 to 1."),
        ({"tentative": -0.01}, "threshold tentative -0.01: use a number from 0 to 1."),
        ({"reliable": 0.6}, "threshold reliable .0.6. must not be below tentative .0.667.."),
    ],
)
def test_a_cut_off_that_cannot_be_is_refused(chosen, why):
    with pytest.raises(ThresholdError, match=why):
        checked(chosen)
