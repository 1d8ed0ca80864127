import pytest

from evaluations.instruments.readings import AnswerText
from evaluations.instruments.svo import SLIDER
from evaluations.instruments.svo.reading.reader import RuleReader
from tests.evaluations.instruments.svo.conditions import slider

AS_PRINTED = tuple(range(1, 10))


def labels(text, shown=AS_PRINTED):
    answer = AnswerText(text, 4, shown)
    return [option.label for option in RuleReader().candidates(answer, SLIDER, slider("prosocial"))]


@pytest.mark.parametrize(
    ("text", "borne"),
    [
        ("It is D, or maybe E.", ["D", "E"]),
        ("I choose D: you get 59, the other person gets 79", ["C", "D"]),
        ("D, I think?", ["D"]),
        ("I choose D.", ["D"]),
        ("I want to be kind.", []),
        ("", []),
    ],
)
def test_a_second_reader_may_name_what_the_words_name_or_quote(text, borne):
    assert labels(text) == borne


def test_candidates_are_options_as_they_were_shown():
    answer = AnswerText("It is A or B.", 4, tuple(reversed(AS_PRINTED)))
    first, second = RuleReader().candidates(answer, SLIDER, slider("prosocial"))
    assert [(option.label, option.number) for option in (first, second)] == [("A", 9), ("B", 8)]
    assert first.offers == {"self": 85, "other": 15}
