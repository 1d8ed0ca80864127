"""The SVO ring: where things stand on it, and what its drawing says in words."""

import re
from itertools import pairwise
from math import dist, hypot

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.instruments.svo import CUT_OFFS, Orientation, orientation
from evaluations.instruments.svo.figures import ring as geometry
from evaluations.instruments.svo.figures.ring import (
    CENTRE,
    RADIUS,
    XY,
    arc,
    beeswarm,
    place,
    ring,
    sector_of,
    shape,
)
from tests.support.examples import examples

REACHABLE = st.floats(-16.26, 61.38)
RISING = ("competitive", "individualistic", "prosocial", "altruistic")


def point(angle=30.0, **more):
    return {"angle": angle, "radius": 0.8, "kind": "trial", "label": "", "href": None} | more


def coordinates(mark):
    return (mark.at.x, mark.at.y)


def draw(points=(), **options):
    arguments = "".join(f" {name}={name}" for name in options)
    template = Template("{% load svo.ring %}{% svo_ring points" + arguments + " %}")
    return template.render(Context({"points": list(points), **options}))


@pytest.mark.parametrize(
    ("angle", "x", "y"), [(0, CENTRE[0] + 100, CENTRE[1]), (90, CENTRE[0], CENTRE[1] - 100)]
)
def test_angles_rise_counter_clockwise_from_the_axis_for_itself(angle, x, y):
    assert place(angle, 100) == XY(x, y)


@given(REACHABLE, st.floats(0, 1))
def test_a_vector_ends_at_its_length_from_the_centre(angle, radius):
    (mark,) = ring([point(angle, radius=radius)]).marks
    assert dist(coordinates(mark), CENTRE) == pytest.approx(radius * RADIUS, abs=0.02)


def test_the_sectors_cover_the_reachable_range_without_gap_and_meet_at_the_cut_offs():
    sectors = [sector_of(Orientation(name)) for name in RISING]
    assert sectors[0][0] == pytest.approx(-16.2602, abs=1e-4)
    assert sectors[-1][1] == pytest.approx(61.3895, abs=1e-4)
    assert [(low[1], high[0]) for low, high in pairwise(sectors)] == [(c, c) for c in CUT_OFFS]


@given(REACHABLE)
def test_an_angle_lies_in_the_sector_of_its_orientation(angle):
    low, high = sector_of(orientation(angle))
    assert low - 1e-3 <= angle <= high


def test_a_rising_arc_turns_against_the_clock_and_a_falling_one_with_it():
    assert " 0 0 0 " in arc(10, 40, 100)
    assert " 0 0 1 " in arc(40, 10, 100)


@settings(max_examples=examples(60))
@given(st.lists(REACHABLE, min_size=1, max_size=80))
def test_marks_beside_the_band_stay_between_band_and_centre(angles):
    assert all(0 < distance < RADIUS - 7 for distance in beeswarm(angles, 4.5))


@settings(max_examples=examples(60))
@given(st.lists(REACHABLE, min_size=2, max_size=14))
def test_a_few_marks_beside_the_band_do_not_cover_each_other(angles):
    places = [place(a, d) for a, d in zip(angles, beeswarm(angles, 3.2), strict=True)]
    for index, one in enumerate(places):
        for other in places[index + 1 :]:
            # A row's foot is nearer to the centre than half-way down, where marks are measured.
            assert hypot(one.x - other.x, one.y - other.y) > 4.5


def test_hundreds_of_equal_angles_are_stacked_at_distinct_distances_inside_the_ring():
    distances = beeswarm([30.5] * 300, 3.2)
    assert len(set(distances)) == 300
    assert min(distances) > 0


@given(st.lists(REACHABLE, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_the_swarm_does_not_depend_on_the_order_of_the_points(angles, random):
    shuffled = list(angles)
    random.shuffle(shuffled)
    before = sorted(zip(angles, beeswarm(angles, 4), strict=True))
    after = sorted(zip(shuffled, beeswarm(shuffled, 4), strict=True))
    assert before == after


def test_points_at_one_place_are_all_visible_and_the_first_stands_exactly_there():
    marks = ring([point(30.5)] * 20).marks
    places = {coordinates(mark) for mark in marks}
    exact = place(30.5, 0.8 * RADIUS)
    assert len(places) == 20
    assert (exact.x, exact.y) in places
    assert max(dist(at, (exact.x, exact.y)) for at in places) < 4.5 * 20**0.5


def test_means_are_drawn_on_top_of_trials():
    kinds = [mark.kind for mark in ring([point(kind="mean"), point(31.0)]).marks]
    assert kinds == ["trial", "mean"]


def test_each_orientation_has_a_shape_of_its_own():
    shapes = {geometry.SHAPES[name] for name in RISING}
    assert len(shapes) == 4


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"angle": None}, "point 2 has no finite angle"),
        ({"angle": float("nan")}, "point 2 has no finite angle"),
        ({"radius": -0.1}, "point 2 has the radius -0.1"),
        ({"kind": "ghost"}, "point 2 is of kind 'ghost'"),
    ],
)
def test_a_point_that_cannot_be_drawn_is_named(wrong, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        ring([point(), point(**wrong)])


def test_an_unknown_shape_is_an_error():
    with pytest.raises(ValueError, match="'star'"):
        shape("star", XY(0, 0), 4)


def test_an_unknown_target_is_an_error():
    with pytest.raises(ValueError, match="kindness"):
        ring(target="kindness")


def test_an_ideal_interval_is_an_arc_and_an_ideal_angle_a_pointer():
    assert "A" in ring(target="prosocial").target
    assert ring(target="altruistic").target.endswith("Z")
    assert ring().target == ""


def test_the_drawing_has_a_name_and_says_in_words_what_it_shows():
    html = draw([point(40.0), point(41.0), point(3.0)], title="Angles of run 7")
    assert ">Angles of run 7</title>" in html
    assert "3 points: 2 prosocial, 1 individualistic." in html
    assert 'role="img"' in html


def test_one_point_is_described_by_its_angle():
    assert "One point at 30.5 degrees, prosocial." in draw([point(30.5255)])


def test_a_drawing_with_links_is_a_group_so_that_they_can_be_reached():
    html = draw([point(href="/p/lab/trials/3/", label="trial 3")])
    assert 'role="group"' in html
    assert '<a href="/p/lab/trials/3/" aria-label="trial 3">' in html


def test_many_links_are_no_tab_stops():
    html = draw([point(index / 2, href="/x/") for index in range(40)])
    assert html.count('tabindex="-1"') == 40


def test_two_rings_on_one_page_have_their_own_ids():
    html = Template("{% load svo.ring %}{% svo_ring %}{% svo_ring %}").render(Context())
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == 4 == len(set(ids))


def test_labels_are_escaped():
    assert "<script>" not in draw([point(label="<script>")])


def test_nothing_in_the_drawing_needs_an_inline_style():
    assert "style=" not in draw([point()], target="competitive", vector=True)


def test_the_target_is_named_and_several_kinds_get_a_legend():
    html = draw([point(), point(31.0, kind="human")], target="prosocial")
    assert "ideal of the target value, prosocial" in html
    assert "human consensus" in html


def test_coordinates_are_numbers_in_every_language():
    with translation.override("de"):
        html = draw([point(12.3)])
    assert re.search(r'<text[^>]* x="\d+\.\d+"', html)
    assert not re.search(r' [xy]="[^"]*,', html)
