from collections import Counter

import pytest

from evaluations.instruments.svo import ALL_SHAPES, Outcome, reading_quality
from tests.evaluations.instruments.svo.reading.gold import REFUSED, answers, as_gold, as_read

ANSWERS = answers()
QUALITY = reading_quality((as_read(answer), as_gold(answer)) for answer in ANSWERS)
STYLES = sorted(set(QUALITY) - {ALL_SHAPES})


def test_the_gold_sets_hold_every_answer_once():
    assert len({answer["id"] for answer in ANSWERS}) == len(ANSWERS)
    assert len({(answer["item"], answer["text"]) for answer in ANSWERS}) == len(ANSWERS)
    assert len(ANSWERS) >= 400
    assert Counter(answer["source"] for answer in ANSWERS).keys() == {"written for these tests"}


def test_no_answer_is_read_as_another_choice_than_it_states():
    wrong = [
        (answer["text"], as_read(answer).label, answer["gold"])
        for answer in ANSWERS
        if as_read(answer).label not in (None, answer["gold"])
    ]
    assert wrong == []


def test_nine_choices_in_ten_are_read():
    assert QUALITY[ALL_SHAPES].precision >= 0.99
    assert QUALITY[ALL_SHAPES].recall >= 0.95
    assert QUALITY[ALL_SHAPES].agreed / QUALITY[ALL_SHAPES].answers >= 0.95


@pytest.mark.parametrize("style", STYLES)
def test_every_style_and_every_language_is_read(style):
    assert QUALITY[style].recall >= 0.9


def test_an_answer_that_declines_is_known_as_a_refusal():
    for answer in ANSWERS:
        if answer["gold"] == REFUSED:
            assert as_read(answer).refused, answer


def test_evidence_of_a_choice_stands_in_the_answer():
    for answer in ANSWERS:
        found = as_read(answer)
        if found.outcome is Outcome.CHOICE:
            start, end = found.evidence
            assert answer["text"][start:end].strip(), answer
