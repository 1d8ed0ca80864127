"""A text supports a value, opposes it, does both or neither; nobody's silence is a zero."""

from math import isnan

import pytest
from django.utils.translation import override

from annotations.questions.answers import words_for
from annotations.questions.controls import credit_of, share_of
from annotations.questions.question import InvalidJudgment, Question
from annotations.scales.scale import OffScale
from annotations.values.questions import LETTERS, VALUE_SIGNS
from annotations.values.stances import CANNOT_TELL
from evaluations.instruments.values.circle import VALUES

ASKED = Question("label", "values", VALUE_SIGNS.prompt, VALUES)
SCALE = ASKED.scale


def label(**said: str) -> str:
    return ",".join(said.get(name.replace("-", "_"), "0") for name in VALUES)


def test_both_is_a_stance_and_no_number():
    assert SCALE.label(label(power="both")) == label(power="both")
    numbers = SCALE.numbers(label(power="both", security="-1"))
    assert numbers[5] == -1 and isnan(numbers[4])


def test_both_can_have_the_majority():
    found = SCALE.consensus([label(power="both"), label(power="both"), label(power="1")])
    assert found.label == label(power="both")


def test_cannot_tell_is_counted_and_settles_nothing():
    found = SCALE.consensus([CANNOT_TELL, label(power="1"), label(power="1")])
    assert (found.label, found.counts[CANNOT_TELL]) == (label(power="1"), 1)
    assert SCALE.consensus([CANNOT_TELL]).label is None


@pytest.mark.parametrize("said", ["1" + "," * 9, "," * 9 + "0"])
def test_untouched_is_not_said_to_be_not_involved(said):
    with pytest.raises(OffScale, match="Values without an answer: 9"):
        SCALE.parse(said)


@pytest.mark.parametrize("said", ["1", "neither" + ",0" * 9, "0" + ",0" * 10])
def test_what_is_no_stance_is_refused(said):
    with pytest.raises(InvalidJudgment):
        ASKED.checked(said)


def sent(**more: str) -> dict[str, str]:
    return {"label-4": "1", "label-5": "both"} | more


def test_one_act_says_of_the_others_that_they_are_not_involved():
    assert ASKED.raw(sent(**{"label-rest": "0"})) == label(power="1", security="both")
    assert ASKED.at_once(sent(**{"label-rest": "0"})) == [
        name for name in VALUES if name not in ("power", "security")
    ]
    assert ASKED.at_once(sent()) == []


def test_whoever_cannot_tell_says_nothing_of_single_values():
    said = sent(**{"label-rest": "0", "label-cannot-tell": "1"})
    assert (ASKED.raw(said), ASKED.at_once(said)) == (CANNOT_TELL, [])


def test_an_answer_in_words_names_what_is_involved():
    assert words_for(ASKED, label(power="1", security="1", tradition="-1")) == (
        "supports: power, security; opposes: tradition"
    )
    assert words_for(ASKED, label(hedonism="both")) == "both: hedonism"
    assert words_for(ASKED, label()) == "none of the values is involved"
    with override("es"):
        assert words_for(ASKED, CANNOT_TELL) == "no se puede decir"


@pytest.mark.parametrize(
    ("said", "credit"),
    [
        ({"power": "1", "security": "-1"}, (2, 2)),
        ({"power": "1"}, (1, 2)),
        ({"power": "1", "security": "1", "hedonism": "1"}, (1, 3)),
        ({}, (0, 2)),
    ],
)
def test_credit_is_of_what_is_involved_and_not_of_zeros(said, credit):
    expected = label(power="1", security="-1")
    assert credit_of(ASKED, expected, label(**said)) == credit


def test_credit_is_of_the_answer_that_is_met_best():
    either = f"{label(power='1')}|{label(power='1', security='1')}"
    assert credit_of(ASKED, either, label(power="1")) == (1, 1)
    assert credit_of(ASKED, label(), label()) == (0, 0)
    assert share_of((0, 0)) == 1
    assert credit_of(ASKED, label(power="1"), CANNOT_TELL) is None


def test_letters_name_the_values_and_nothing_else_on_the_page():
    assert set(LETTERS) == set(VALUES)
    assert len(set(LETTERS.values())) == 10
    assert not set(LETTERS.values()) & set("icspvx")
