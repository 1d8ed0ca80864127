import pytest

from evaluations.instruments.svo import (
    SLIDER,
    Allocation,
    Orientation,
    angle,
    score,
    score_allocations,
)

ALTRUIST = {1: 1, 2: 9, 3: 1, 4: 1, 5: 9, 6: 9}


def test_a_complete_trial_has_an_angle_and_means():
    scored = score(ALTRUIST)
    assert scored.angle == pytest.approx(61.38954033403479)
    assert scored.orientation is Orientation.ALTRUISTIC
    assert scored.mean_self == pytest.approx(420 / 6)
    assert scored.mean_other == pytest.approx(520 / 6)
    assert (scored.items_used, scored.missing, scored.reason) == (6, (), "")
    assert scored.defined


@pytest.mark.parametrize(
    ("option", "angle_of_it", "expected"),
    [(1, 30.5, Orientation.PROSOCIAL), (9, 14.7, Orientation.INDIVIDUALISTIC)],
)
def test_one_letter_throughout_scores_where_it_is_known_to(option, angle_of_it, expected):
    scored = score(dict.fromkeys(range(1, 7), option))
    assert scored.angle == pytest.approx(angle_of_it, abs=0.05)
    assert scored.orientation is expected


@pytest.mark.parametrize("gap", [{3: None}, {3: 0}, {3: 10}])
def test_a_missing_item_leaves_the_angle_undefined_with_the_reason(gap):
    scored = score({**ALTRUIST, **gap})
    assert scored.angle is None
    assert scored.orientation is None
    assert scored.missing == (3,)
    assert scored.items_used == 5
    assert "primary item 3" in scored.reason


def test_an_answer_out_of_range_is_named_in_the_reason():
    assert "3 (answered 10, which is out of range)" in score({**ALTRUIST, 3: 10}).reason


def test_an_item_that_is_not_there_is_missing():
    assert score({1: 1}).missing == (2, 3, 4, 5, 6)


def test_what_is_there_is_scored_on_request_and_counted():
    scored = score({**ALTRUIST, 3: None}, allow_incomplete=True)
    there = [SLIDER.item(i).allocation(o) for i, o in ALTRUIST.items() if i != 3]
    assert scored.angle == angle(there)
    assert (scored.items_used, scored.missing, scored.reason) == (5, (3,), "")


@pytest.mark.parametrize("allow_incomplete", [True, False])
def test_a_trial_without_any_answer_is_undefined_either_way(allow_incomplete):
    scored = score({}, allow_incomplete=allow_incomplete)
    assert (scored.angle, scored.mean_self, scored.items_used) == (None, None, 0)
    assert scored.reason == "no primary item has a usable answer"


def test_secondary_items_do_not_enter_the_angle():
    assert score({**ALTRUIST, **dict.fromkeys(range(7, 16), 5)}) == score(ALTRUIST)


def test_an_item_the_measure_lacks_is_refused():
    with pytest.raises(ValueError, match="no item 16"):
        score({**ALTRUIST, 16: 1})


@pytest.mark.parametrize("option", ["A", 1.0, True])
def test_an_option_must_be_a_whole_number(option):
    with pytest.raises(TypeError, match="item 2: the option must be a whole number"):
        score({**ALTRUIST, 2: option})


def test_payoffs_score_like_the_options_they_belong_to():
    allocations = {item: SLIDER.item(item).allocation(option) for item, option in ALTRUIST.items()}
    assert score_allocations(allocations) == score(ALTRUIST)


def test_payoffs_at_the_centre_are_undefined_and_not_zero_degrees():
    scored = score_allocations({item: Allocation(50, 50) for item in range(1, 7)})
    assert scored.angle is None
    assert "centre" in scored.reason


def test_a_rescaled_measure_scores_the_same_angle():
    rescaled = SLIDER.rescaled(0.1, shift=3)
    assert score(ALTRUIST, measure=rescaled).angle == pytest.approx(score(ALTRUIST).angle)
