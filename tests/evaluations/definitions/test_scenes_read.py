"""Every scene in every language, from the induction to the score."""

from random import Random

import pytest

from evaluations.instruments.conditions import Condition
from evaluations.instruments.conversation import Said
from evaluations.instruments.svo import score
from evaluations.instruments.svo.conditions import SliderCondition
from evaluations.instruments.svo.conversation import scaled
from evaluations.instruments.svo.measure.shown_options import shown
from evaluations.instruments.svo.reading.reader import read_answer
from evaluations.instruments.svo.simulated.in_languages import STYLES
from evaluations.instruments.svo.simulated.prose import phrase
from tests.evaluations.definitions.shipped_scenes import (
    KEYS,
    LANGUAGES,
    frame,
    instrument,
    pack,
)

ASKED = instrument()
SHOWN = SliderCondition(option_order="shuffled", item_set="all")


def conversation(key, language, condition, seed=7):
    scene = frame(key, language)
    return ASKED.dialogue(ASKED.in_scene(condition, scene), pack(language), seed, frame=scene)


def asked_of(talk, answer):
    """Every item of a conversation with the question, answered by *answer* of what is asked."""
    said = []
    while ask := talk.next(said):
        said += ask.messages
        if ask.item_number is not None:
            yield ask, said[-1].text
        said.append(Said("assistant", ask.step, answer(ask), ask.item_number))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_every_option_line_is_read_back_as_its_option(key, language):
    baseline = Condition("", False, "none", "dialogue", SHOWN)
    talk = conversation(key, language, baseline)
    measure = scaled(ASKED.measure, talk.own.payoff_scale)
    seen = 0
    for ask, question in asked_of(talk, lambda ask: "A"):
        lines = question.splitlines()[-1 - len(ask.options) : -1]
        for option, line in zip(ask.options, lines, strict=True):
            read = read_answer(line, measure, ask.item_number, tuple(ask.shown))
            assert read.value == option.number, (line, read.note)
            seen += 1
    assert seen == 15 * 9


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_amounts_are_the_factor_times_the_published_ones_in_own_digits(key, language):
    talk = conversation(key, language, Condition("", False, "none", "dialogue", SliderCondition()))
    scene = frame(key, language)
    _, question = next(asked_of(talk, lambda ask: "A"))
    lines = question.splitlines()[-10:-1]
    for pair, line in zip(ASKED.measure.item(1).options, lines, strict=True):
        digits = scene.in_numerals("|".join(f"{amount * scene.factor:.0f}" for amount in pair))
        own, other = digits.split("|")
        assert own in line and other in line and line.index(own) <= line.rindex(other)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_a_conversation_goes_from_the_induction_to_the_angle_put_in(key, language):
    """In words of the language: what the simulated respondent chose is what is read."""
    choices, chosen = {}, {}
    person = ASKED.simulated({"angle": 35, "noise": 2})
    condition = Condition("prosocial", True, "definition", "dialogue", SHOWN)
    talk = conversation(key, language, condition)
    measure = scaled(ASKED.measure, talk.own.payoff_scale)
    said = []
    while ask := talk.next(said):
        said += ask.messages
        words = person.answer(ask, "prosocial", 11)
        said.append(Said("assistant", ask.step, words, ask.item_number))
        if ask.item_number is None:
            continue
        read = read_answer(words, measure, ask.item_number, tuple(ask.shown))
        choices[ask.item_number] = read.value
        chosen[ask.item_number] = answer_of(person, ask)
    assert [turn.step for turn in said[:6:2]] == ["induction", "task", "goal"]
    assert choices == chosen
    assert score(choices).angle == pytest.approx(score(chosen, measure=measure).angle, abs=1e-9)


def answer_of(person, ask):
    """What it chose, whatever it said."""
    lot = Random(f"choice/0/11/{ask.item_number}")
    return person.choosers["prosocial"].choose(ask.item_number, lot)


def test_every_style_of_every_language_is_read():
    for language, styles in STYLES.items():
        for style in styles:
            for index in range(9):
                options = shown(4)
                words = phrase(options, index, style, Random(1), language)
                read = read_answer(words, ASKED.measure, 4, tuple(range(1, 10)))
                assert read.value == index + 1, (language, style, words, read.note)


@pytest.mark.parametrize(
    "words",
    [
        "B: 8,500 for me and 7,600 for them",
        "Elijo la B: 8.500 para mí y 7.600 para la otra persona",
        "Opción B: 8 500 para mí",
        "الخيار B: ٨٬٥٠٠ لي",
        "我选择B：我得到8,500，对方得到7,600",
    ],
)
def test_digits_in_groups_are_read_where_they_give_an_amount_that_was_shown(words):
    order = tuple(range(1, 10))
    assert read_answer(words, scaled(ASKED.measure, 100), 1, order).value == 2
    contradicting = words.replace("8", "9").replace("٨", "٩")
    assert read_answer(contradicting, scaled(ASKED.measure, 100), 1, order).value is None


@pytest.mark.parametrize("words", ["Elijo la B: 8,5 para mí", "الخيار B: ٨٫٥ لي", "B: 8.5 for me"])
def test_decimals_are_read_in_the_marks_of_their_language(words):
    order = tuple(range(1, 10))
    assert read_answer(words, scaled(ASKED.measure, 0.1), 1, order).value == 2
    contradicting = words.replace("5", "9").replace("٥", "٩")
    assert read_answer(contradicting, scaled(ASKED.measure, 0.1), 1, order).value is None
