"""Simulated raters of ten values go by the words of an answer, and err at a known rate."""

from random import Random

from annotations.values.simulated import OVERLOOKED, SimulatedSigns, signs_of
from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.simulated import OPPOSED, SUPPORTED


def test_what_a_simulated_respondent_says_is_known():
    signs = dict(zip(VALUES, signs_of(f"{SUPPORTED['power']} {OPPOSED['security']}"), strict=True))
    assert signs == dict.fromkeys(VALUES, 0) | {"power": 1, "security": -1}


def test_an_answer_of_a_model_is_taken_by_its_words():
    signs = signs_of("The old custom and its ritual are sacred to us.")
    assert signs[VALUES.index("tradition")] == 1 and sum(signs) == 1
    assert not any(signs_of("It depends on the weather."))


def test_a_value_is_overlooked_as_often_as_declared():
    truth = ",".join(["1"] * len(VALUES))
    chance = Random(1)
    said = [SimulatedSigns().says(truth, chance).split(",") for _ in range(500)]
    share = sum(row.count("0") for row in said) / 5000
    assert abs(share - OVERLOOKED) < 0.02
