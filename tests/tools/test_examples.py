"""Properties take how many examples they draw, and which, from one profile."""

import re
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.examples import PROFILE, TIMES, examples

TESTS = Path(__file__).resolve().parents[1]


def test_no_property_names_a_number_of_its_own() -> None:
    fixed = re.compile(r"max_examples=\d")
    found = [path.name for path in TESTS.rglob("*.py") if fixed.search(path.read_text())]
    assert not found, "write max_examples=examples(...)"


@pytest.mark.skipif(PROFILE != "suite", reason="the profile of the night draws new examples")
def test_the_suite_draws_the_same_examples_in_every_run() -> None:
    assert settings.default.derandomize
    assert examples(25) == 50


def test_the_night_draws_many_times_as_many() -> None:
    assert TIMES["many"] >= 10 * TIMES["suite"]
