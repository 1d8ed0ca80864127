"""What may change around an answer without changing its reading, on answers as models give them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.instruments.svo import Outcome, read_prose, shown
from tests.evaluations.instruments.svo.reading.gold import answers
from tests.support.examples import examples

SAID = st.sampled_from([(answer["item"], answer["text"]) for answer in answers()])
PLAIN = st.sampled_from(
    [
        (answer["item"], answer["text"])
        for answer in answers()
        if len(answer["gold"]) == 1 and not set(answer["text"]) & set("*_`>|{<~$\\[\u25c1")
    ]
)
ADDED = (
    "Let me know if you have any questions!",
    "Let me know if you need anything else.",
    "I hope this helps!",
    "Feel free to ask if you'd like more detail.",
)


def outcome(item, text):
    found = read_prose(text, shown(item))
    return found.outcome, found.label


@settings(max_examples=examples(120))
@given(SAID, st.permutations(range(1, 10)))
def test_a_choice_is_one_of_the_options_shown(said, order):
    item, text = said
    options = shown(item, order)
    found = read_prose(text, options)
    assert found.label is None or found.label == options.labels[found.index]
    assert set(found.candidates) <= set(range(len(options.labels)))


@settings(max_examples=examples(120))
@given(SAID, st.sampled_from(["\n", "  ", "\t\n", "\r\n"]), st.sampled_from(["\n", " ", "\n\n "]))
def test_blanks_around_an_answer_change_nothing(said, before, after):
    item, text = said
    assert outcome(item, before + text + after) == outcome(item, text)


@settings(max_examples=examples(120))
@given(PLAIN, st.sampled_from(["**", "*", "__", "`"]))
def test_emphasis_of_the_whole_answer_changes_nothing(said, mark):
    item, text = said
    lines = [f"{mark}{line}{mark}" if line else line for line in text.split("\n")]
    assert outcome(item, "\n".join(lines)) == outcome(item, text)


@settings(max_examples=examples(120))
@given(SAID, st.sampled_from(ADDED))
def test_a_polite_end_changes_no_choice(said, added):
    item, text = said
    before = outcome(item, text)
    if before[0] is Outcome.CHOICE and "<" not in text and "{" not in text:
        assert outcome(item, f"{text}\n\n{added}") == before


@pytest.mark.parametrize(
    "unit",
    [
        "I choose A or ",
        "((((",
        "<think>",
        '{"a": ',
        "| A | B |\n|-|-|\n",
        "> A\n",
        "the first ",
        "不选A",
        "no elijo la ",
    ],
)
def test_hostile_text_is_read_to_an_end(unit):
    # A pattern that takes more than linear time would not come back from this within the suite.
    assert read_prose(unit * (20_000 // len(unit)), shown(4)).note


def test_text_beyond_the_limit_is_not_searched():
    found = read_prose("I choose A or " * 15_000, shown(4))
    assert (found.outcome, found.method) == (Outcome.NONE, "rule:too_long")
