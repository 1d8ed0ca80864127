import csv
import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.instruments.svo import (
    SLIDER,
    Allocation,
    Orientation,
    UndefinedAngle,
    angle,
    orientation,
    reachable_angles,
    score,
)
from tests.evaluations.instruments.svo.helpers import svo_oracles
from tests.support.examples import examples

PATTERNS = st.tuples(*[st.integers(1, 9)] * 6)
CATEGORIES = [
    name
    for name, entry in svo_oracles().items()
    if entry["data"] and "category" in entry["expected"]
]


def of_pattern(pattern, measure=SLIDER):
    return angle(
        (item.allocation(option) for item, option in zip(measure.primary, pattern, strict=True)),
        measure.centre,
    )


@pytest.mark.parametrize("name", CATEGORIES)
def test_prototype_agrees_with_the_oracle(name):
    oracle = svo_oracles()[name]
    degrees = angle(Allocation(*pair) for pair in oracle["data"])
    assert degrees == pytest.approx(oracle["expected"]["angle"], abs=oracle["tolerance"])
    assert orientation(degrees) == oracle["expected"]["category"]


@pytest.mark.shared_data
def test_all_757_people_get_their_published_angle(shared_data):
    with (shared_data / "svo_human_757.csv").open(encoding="utf-8") as source:
        people = list(csv.DictReader(source))
    assert len(people) == 757
    counts = Counter()
    for person in people:
        scored = score({item: int(person[f"svo_{item}"]) for item in range(1, 7)})
        assert scored.angle == pytest.approx(float(person["svo_angle"]), abs=1e-12)
        counts[scored.orientation] += 1
    assert counts == {
        Orientation.PROSOCIAL: 595,
        Orientation.INDIVIDUALISTIC: 144,
        Orientation.ALTRUISTIC: 11,
        Orientation.COMPETITIVE: 7,
    }


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        (57.152457, Orientation.ALTRUISTIC),
        (57.15, Orientation.PROSOCIAL),
        (57.149092, Orientation.PROSOCIAL),
        (22.453610, Orientation.PROSOCIAL),
        (22.45, Orientation.INDIVIDUALISTIC),
        (22.449125, Orientation.INDIVIDUALISTIC),
        (-12.030596, Orientation.INDIVIDUALISTIC),
        (-12.04, Orientation.COMPETITIVE),
        (180, Orientation.ALTRUISTIC),
        (-179, Orientation.COMPETITIVE),
    ],
)
def test_cut_offs_are_open_above_and_read_unrounded(degrees, expected):
    assert orientation(degrees) is expected


@pytest.mark.parametrize("degrees", [math.nan, math.inf, -math.inf])
def test_an_angle_that_is_no_number_has_no_orientation(degrees):
    with pytest.raises(ValueError, match="finite"):
        orientation(degrees)


def test_no_allocation_has_no_angle():
    with pytest.raises(UndefinedAngle, match="no allocation"):
        angle([])


def test_the_centre_has_no_angle_rather_than_zero():
    with pytest.raises(UndefinedAngle, match="centre"):
        angle([Allocation(40, 60), Allocation(60, 40)])


@settings(max_examples=examples(60))
@given(PATTERNS, st.randoms(use_true_random=False))
def test_the_order_of_items_changes_nothing(pattern, random):
    allocations = [
        item.allocation(option) for item, option in zip(SLIDER.primary, pattern, strict=True)
    ]
    shuffled = random.sample(allocations, len(allocations))
    assert angle(shuffled) == angle(allocations)


@settings(max_examples=examples(60))
@given(PATTERNS)
def test_every_pattern_lies_in_the_reachable_range(pattern):
    low, high = reachable_angles()
    assert low <= of_pattern(pattern) <= high


@settings(max_examples=examples(60))
@given(PATTERNS, st.floats(0.1, 50), st.floats(-100, 100))
def test_rescaled_payoffs_keep_the_angle(pattern, factor, shift):
    rescaled = SLIDER.rescaled(factor, shift)
    assert of_pattern(pattern, rescaled) == pytest.approx(of_pattern(pattern), abs=1e-6)


@settings(max_examples=examples(60))
@given(PATTERNS)
def test_giving_the_other_more_raises_the_angle(pattern):
    own = [item.allocation(option) for item, option in zip(SLIDER.primary, pattern, strict=True)]
    kinder = [Allocation(p.self_, p.other + 1) for p in own]
    assert angle(kinder) > angle(own)
