"""The report's rater board on scales that know a distance."""

import pytest

from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from tests.analysis.studies import imported_study

QUICK = Parameters(replicates=200)


def board(project, rows, **scale) -> dict[str, tuple]:
    """(agreement, difference, compared) of each rater."""
    study = imported_study(project, rows, **scale)
    section = make_report(study, QUICK).result["raters"]
    return {
        row["rater"]: (row["agreement"], row["difference"], row["compared"])
        for row in section["rows"]
    }


def test_numbers_are_off_the_mean_of_the_others(project):
    rows = [("x", "a", "10"), ("x", "b", "20"), ("x", "c", "40"), ("y", "a", "3"), ("y", "b", "1")]
    found = board(project, [*rows, ("z", "c", "7")], scale="interval")
    assert found == {
        "a": (None, pytest.approx((20 + 2) / 2), 2),
        "b": (None, pytest.approx((5 + 2) / 2), 2),
        "c": (None, pytest.approx(25), 1),
    }


def test_ordered_answers_are_so_many_steps_off(project):
    rows = [("x", "a", "low"), ("x", "b", "low"), ("x", "c", "high")]
    found = board(project, rows, scale="ordinal", categories=["low", "middle", "high"])
    assert {name: row[1] for name, row in found.items()} == {"a": 1.0, "b": 1.0, "c": 2.0}
    assert (found["c"][0], found["c"][2]) == (0.0, 1)


def test_answers_without_an_order_know_no_distance(project):
    rows = [("x", "a", "low"), ("x", "b", "low")]
    found = board(project, rows, scale="nominal", categories=["low", "high"])
    assert found == {"a": (1.0, None, 1), "b": (1.0, None, 1)}
