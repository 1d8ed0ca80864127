import pytest

from evaluations.instruments.svo.figures.radar import AXES, CENTRE, RADIUS, radar

FULL = dict.fromkeys(AXES, 1.0)


def test_the_first_axis_points_up_and_the_second_right():
    shape = radar({"with goal": FULL}).shapes[0]
    assert shape.outline.startswith(
        f"M{CENTRE:g} {CENTRE - RADIUS:g}L{CENTRE + RADIUS:g} {CENTRE:g}"
    )


def test_a_zero_stands_at_the_centre():
    shape = radar({"without goal": {"prosocial": 0.0}}).shapes[0]
    assert shape.marks == (f"M{CENTRE - 3.6:g} {CENTRE - 3.6:g}h7.2v7.2h-7.2Z",)


def test_a_gap_leaves_the_outline_open_and_the_other_marks_in_place():
    shape = radar({"with goal": {"prosocial": 0.5, "altruistic": 1.0}}).shapes[0]
    assert shape.outline == "" and len(shape.marks) == 2


def test_the_series_differ_in_shape():
    drawn = radar({"with goal": FULL, "without goal": FULL})
    assert drawn.shapes[0].marks[0] != drawn.shapes[1].marks[0]


@pytest.mark.parametrize(
    ("series", "problem"),
    [
        ({"with goal": {"kind": 1.0}}, "no axis 'kind'"),
        ({"with goal": {"prosocial": 1.1}}, "must be from 0 to 1"),
        ({"with goal": {"prosocial": float("nan")}}, "must be from 0 to 1"),
    ],
)
def test_what_cannot_be_drawn_is_named(series, problem):
    with pytest.raises(ValueError, match=problem):
        radar(series)
