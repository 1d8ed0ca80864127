"""Numbers in words."""

import pytest

from analysis.data.canonical import plain_numbers
from analysis.words import wording

INTERVAL = {"low": -0.1234, "high": 0.5, "level": 0.95, "method": "t"}


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.5, "0.50"), (-0.123, "−0.12"), (-0.001, "−0.001"), (12345.678, "12,345.68")],
)
def test_number(value, text):
    assert wording.number(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.4, "40 %"), (0.9749, "97.5 %"), (1.0, "100 %")])
def test_share(value, text):
    assert wording.share(value) == text


def test_estimate_with_interval():
    statistic = {"defined": True, "value": 0.25, "interval": INTERVAL}
    assert wording.estimate(statistic) == "0.25 (95 % interval −0.12 to 0.50)"


def test_estimate_without_interval():
    statistic = {"defined": True, "value": 1.0, "interval": None, "interval_reason": "no spread"}
    assert wording.estimate(statistic) == "1.00 (no interval: no spread)"


def test_undefined_gives_its_reason():
    assert wording.estimate({"defined": False, "reason": "one rater"}) == "undefined (one rater)"


@pytest.mark.parametrize(
    ("words", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")],
)
def test_listed(words, text):
    assert wording.listed(words) == text


@pytest.mark.parametrize(("n", "text"), [(1, "1 item"), (0, "0 items"), (1200, "1,200 items")])
def test_count(n, text):
    assert wording.count(n, "item") == text


def test_plain_numbers_survive_a_decimal_column():
    found = plain_numbers({"a": [-0.0, 1e20, 0.1], "b": (2, True, None)})
    assert found == {"a": [0.0, 10**20, 0.1], "b": [2, True, None]}
    assert str(found["a"][0]) == "0.0"
    assert isinstance(found["a"][1], int)


def test_a_coefficient_has_three_decimals_and_what_goes_beyond_1_has_two():
    inside = {"low": -1.0, "high": 0.9}
    assert wording.digits_of({"value": 0.5, "interval": None}) == 3
    assert wording.digits_of({"value": 0.5, "interval": inside}) == 3
    assert wording.digits_of({"value": 0.5, "interval": inside | {"low": -1.1}}) == 2
    assert wording.digits_of({"value": 0.5, "interval": inside | {"high": 1.1}}) == 2
    assert wording.digits_of({"value": 1.5, "interval": None}) == 2
    assert wording.digits_of({"value": 0.5, "interval": inside}, 1) == 1


def test_an_interval_has_two_decimals_unless_more_are_asked_for():
    assert wording.interval({"interval": INTERVAL}) == "95 % interval −0.12 to 0.50"
    assert wording.interval({"interval": INTERVAL}, 3) == "95 % interval −0.123 to 0.500"


def test_a_scale_has_its_article():
    scales = ("nominal", "ordinal", "interval")
    assert [wording.on_scale({"scale": scale}) for scale in scales] == [
        *("on a nominal scale", "on an ordinal scale", "on an interval scale"),
    ]
