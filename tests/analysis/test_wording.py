"""Numbers in words."""

import pytest

from analysis import wording
from analysis.canonical import plain_numbers

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
