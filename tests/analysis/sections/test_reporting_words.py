"""The checklist and the methods paragraph say what decides the numbers, and what is not known."""

import pytest

from analysis.report.grras import Fact, missing, status
from analysis.report.methods import methods
from tests.analysis.contents import content_of, labelled, report_of

TRUTH = ["yes", "no"] * 30


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([Fact("a")], "recorded"),
        ([Fact("a"), missing("b")], "partly recorded"),
        ([missing(), missing("b")], "not recorded"),
    ],
)
def test_the_status_of_an_item_follows_from_its_facts(facts, words):
    assert status(facts) == words


def test_what_an_import_does_not_tell_is_not_recorded():
    rows = [(f"i{at:02}", rater, x) for at, x in enumerate(TRUTH) for rater in "abc"]
    content = content_of(rows, categories=["yes", "no"], question="")
    found = {row["number"]: row for row in report_of(content)["grras"]["rows"]}
    assert [found[at]["status"] for at in (2, 9, 12, 14)] == [
        *("partly recorded", "not recorded"),
        *("partly recorded", "partly recorded"),
    ]
    assert not any(found[at]["recorded"] for at in (2, 9, 12, 14))
    assert found[9]["text"].endswith("is not known here.")


def test_a_question_that_is_recorded_is():
    rows = labelled(TRUTH, None)["grras"]["rows"]
    assert rows[1]["status"] == "recorded"


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"raters_are": "expert"}, "at an epsilon of 0.2 (the one for expert raters, which the"),
        ({}, "at an epsilon of 0.1 (the most demanding one, since no kind of raters was"),
    ],
)
def test_the_methods_name_epsilon_the_rate_and_the_least_items(declared, words):
    made = methods(labelled(TRUTH, TRUTH, errs={"c": 10}, **declared))
    assert words in made["paragraph"]
    assert "of raters with at least 30 items that another rater judged too" in made["paragraph"]
    assert "at a false discovery rate of 0.05 over 3 tests of 1 metric" in made["paragraph"]
    assert any("Yekutieli D (2001)" in text for text in made["references"])


def test_a_test_that_was_not_made_is_no_method():
    made = methods(labelled(TRUTH[:20], TRUTH[:20]))
    assert "alternative annotator" not in made["paragraph"]
    assert not any("Yekutieli" in text for text in made["references"])
