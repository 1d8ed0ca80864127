import csv

import pytest

from evaluations.instruments.svo import (
    LETTERS,
    SLIDER,
    Allocation,
    Item,
    Measure,
    letter_of,
    option_of,
    shown,
)

# The nine secondary items as printed: self | other.
SECONDARY_TABLE = """
7  | 100 96 93 89 85 81 78 74 70  | 50 56 63 69 75 81 88 94 100
8  | 90 91 93 94 95 96 98 99 100  | 100 99 98 96 95 94 93 91 90
9  | 100 94 88 81 75 69 63 56 50  | 70 74 78 81 85 89 93 96 100
10 | 100 99 98 96 95 94 93 91 90  | 70 74 78 81 85 89 93 96 100
11 | 70 74 78 81 85 89 93 96 100  | 100 96 93 89 85 81 78 74 70
12 | 50 56 63 69 75 81 88 94 100  | 100 99 98 96 95 94 93 91 90
13 | 50 56 63 69 75 81 88 94 100  | 100 94 88 81 75 69 63 56 50
14 | 100 96 93 89 85 81 78 74 70  | 90 91 93 94 95 96 98 99 100
15 | 90 91 93 94 95 96 98 99 100  | 100 94 88 81 75 69 63 56 50
"""


@pytest.mark.shared_data
def test_primary_items_are_the_published_ones(shared_data):
    with (shared_data / "svo_primary_items.csv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    assert len(rows) == 54
    for row in rows:
        expected = Allocation(int(row["self"]), int(row["other"]))
        assert SLIDER.item(int(row["item"])).allocation(int(row["option"])) == expected
        assert letter_of(int(row["option"])) == row["letter"]


@pytest.mark.parametrize("line", SECONDARY_TABLE.strip().splitlines())
def test_secondary_items_are_the_published_ones(line):
    number, own, other = line.split("|")
    pairs = zip(map(int, own.split()), map(int, other.split()), strict=True)
    assert SLIDER.item(int(number)).options == tuple(Allocation(*pair) for pair in pairs)


def test_letters_and_options_convert_both_ways():
    assert [option_of(letter_of(option)) for option in range(1, 10)] == list(range(1, 10))
    assert option_of(" c ") == 3
    assert letter_of(2, ("black", "brown")) == "brown"


@pytest.mark.parametrize("letter", ["J", "", "AB"])
def test_an_unknown_letter_is_refused_by_name(letter):
    with pytest.raises(ValueError, match="none of the option labels A, B"):
        option_of(letter)


@pytest.mark.parametrize("option", [0, 10, -1])
def test_an_unknown_option_is_refused(option):
    with pytest.raises(ValueError, match="give 1 to 9"):
        letter_of(option)
    with pytest.raises(ValueError, match="item 1 has no option"):
        SLIDER.item(1).allocation(option)


def test_shown_options_move_payoffs_and_keep_labels():
    reversed_order = tuple(range(9, 0, -1))
    options = shown(1, reversed_order)
    assert options.labels == tuple(LETTERS)
    assert options.allocations[0] == SLIDER.item(1).allocation(9)
    assert reversed_order[8] == 1


@pytest.mark.parametrize("order", [(1, 2), (1,) * 9, (0, *range(1, 9))])
def test_an_order_must_show_each_option_once(order):
    with pytest.raises(ValueError) as refused:
        shown(1, order)
    said = f"the shown order {list(order)} must hold each option number 1 to 9 once"
    assert str(refused.value) == said


def test_a_rescaled_measure_moves_payoffs_centre_and_unit():
    doubled = SLIDER.rescaled(2, shift=10)
    assert doubled.item(1).allocation(9) == Allocation(180, 40)
    assert (doubled.centre, doubled.unit) == (110, 2)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"primary": ()}, "no primary item"),
        ({"labels": ("A", "a")}, "differ in more than case"),
        ({"labels": ("A", " ")}, "blank"),
        ({"labels": ("A", "B", "C")}, "item 1: 2 options for 3 labels"),
        ({"unit": 0}, "unit is 0"),
        ({"secondary": (Item(1, (Allocation(1, 2), Allocation(2, 1))),)}, "item 1 appears twice"),
    ],
)
def test_a_malformed_measure_is_refused_with_the_place(changes, message):
    valid = {
        "name": "two options",
        "primary": (Item(1, (Allocation(1, 2), Allocation(2, 1))),),
        "labels": ("A", "B"),
    }
    with pytest.raises(ValueError, match=message):
        Measure(**{**valid, **changes})


def test_an_item_needs_two_options():
    with pytest.raises(ValueError, match="at least two"):
        Item(3, (Allocation(1, 1),))


def test_an_unknown_item_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"has no item 16: it has 1, 2"):
        SLIDER.item(16)


@pytest.mark.parametrize("factor", [0, -1])
def test_a_factor_that_would_turn_the_ring_is_refused(factor):
    with pytest.raises(ValueError, match="factor must be above 0"):
        SLIDER.rescaled(factor)
