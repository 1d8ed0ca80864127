"""Results that an earlier release stored are shown with what they could not say yet."""

import pytest

from analysis.words.earlier import with_later_parts
from tests.analysis.contents import labelled


@pytest.fixture(scope="module")
def result():
    return labelled(["yes", "no"] * 20, ["yes"] * 40)


def earlier(result):
    """As the first release would have stored it, without the parts that came later."""
    later = ("ways_out", "properties", "unjudged", "clusters")
    overview = {name: part for name, part in result["overview"].items() if name not in later}
    automated = [
        {name: part for name, part in section.items() if name != "ends"}
        for section in result["automated"]
    ]
    return result | {"overview": overview, "automated": automated}


def test_a_result_of_today_is_shown_as_it_is(result):
    assert with_later_parts(result) == result


def test_nothing_was_declared_in_a_result_that_knew_no_declarations(result):
    shown = with_later_parts(earlier(result))["overview"]
    assert (shown["ways_out"], shown["properties"], shown["unjudged"]) == ([], [], 0)
    assert shown["clusters"] == {"by": "", "number": 0, "text": ""}


def test_four_models_were_taken_for_sampled_by_the_first_release(result):
    stored = earlier(result)
    stored["overview"]["counts"] = stored["overview"]["counts"] | {"models": 4}
    assert with_later_parts(stored)["overview"]["clusters"]["by"] == "model"
    assert with_later_parts(stored)["overview"]["clusters"]["number"] == 4


def test_labels_were_no_values_by_their_names(result):
    (section,) = with_later_parts(earlier(result))["automated"]
    assert section["ends"] == ["unscorable", "unclear", "refusal"]


def test_what_is_stored_is_left_as_it_was(result):
    stored = earlier(result)
    with_later_parts(stored)
    assert "ways_out" not in stored["overview"]
