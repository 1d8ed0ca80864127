"""Results cannot hold a number that is not finite, and say why an interval is missing."""

import math

import numpy as np
import pytest

from analysis.statistics.core.result import (
    ANY,
    COEFFICIENT,
    SHARE,
    Estimate,
    Interval,
    Undefined,
    json_safe,
)


def test_an_estimate_refuses_nan() -> None:
    with pytest.raises(ValueError, match="finite"):
        Estimate.of(math.nan, "no interval", {}, within=ANY)


@pytest.mark.parametrize("limits", [(math.nan, 1.0), (0.0, math.inf), (1.0, 0.0)])
def test_an_interval_refuses_limits_that_are_none(limits: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="limits"):
        Interval(*limits, 0.95, "test")


def test_an_estimate_has_an_interval_or_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        Estimate(0.5, None, None, {}, within=ANY)


def test_details_that_are_not_finite_do_not_leave() -> None:
    estimate = Estimate.of(0.5, "too few units", {}, details={"se": math.inf}, within=ANY)
    with pytest.raises(ValueError, match="not finite"):
        estimate.to_dict()


def test_numpy_values_become_plain_ones() -> None:
    safe = json_safe({"a": np.float64(0.5), "b": np.arange(2), "c": np.bool_(True), "d": None})
    assert safe == {"a": 0.5, "b": [0, 1], "c": True, "d": None}


def test_undefined_tells_its_reason() -> None:
    written = Undefined("one rater alone", {"raters": 1}).to_dict()
    assert written["defined"] is False
    assert written["reason"] == "one rater alone"


def test_an_estimate_is_written_with_its_interval() -> None:
    written = Estimate.of(0.5, Interval(0.4, 0.6, 0.95, "t"), {"units": 3}, within=ANY).to_dict()
    assert written["interval"] == {"low": 0.4, "high": 0.6, "level": 0.95, "method": "t"}
    assert written["n"] == {"units": 3}


def test_an_interval_is_kept_inside_the_range_of_its_statistic() -> None:
    wide = Interval(-1.0, 1.2, 0.95, "t")
    assert Estimate.of(0.8, wide, {}, within=SHARE).interval == Interval(0.0, 1.0, 0.95, "t")
    assert Estimate.of(0.8, wide, {}, within=COEFFICIENT).interval.low == -1.0
    above = Estimate.of(1.0, Interval(1.1, 1.3, 0.95, "t"), {}, within=SHARE).interval
    assert (above.low, above.high) == (1.0, 1.0)


def test_a_value_outside_its_range_is_an_error_unless_rounding_took_it_there() -> None:
    with pytest.raises(ValueError, match="outside its range"):
        Estimate.of(1.1, "no interval", {}, within=SHARE)
    assert Estimate.of(1.0 + 1e-15, "no interval", {}, within=SHARE).value == 1.0
