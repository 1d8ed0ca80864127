import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.definitions.catalogue import SHIPPED
from evaluations.instruments.conversation import ProtocolError, Said
from evaluations.instruments.frames import parse_frame
from evaluations.instruments.kinds import parse_instrument, parse_pack
from evaluations.instruments.svo.conversation import Conversation, shown_order
from tests.evaluations.definitions.scenes import HARVEST
from tests.evaluations.definitions.scenes import PACK as SCENE_PACK
from tests.evaluations.instruments.svo.conditions import slider
from tests.evaluations.shipped_copies import shipped
from tests.support.examples import examples

MEASURE = parse_instrument(*shipped(SHIPPED / "instruments" / "svo-slider.json")).measure
PACK = parse_pack(*shipped(SHIPPED / "prompt_packs" / "plain-en.json"))


@st.composite
def conditions(draw):
    induction = draw(st.sampled_from(["name", "definition", "none"]))
    values = ["altruistic", "prosocial", "individualistic", "competitive"]
    return slider(
        target="" if induction == "none" else draw(st.sampled_from(values)),
        with_goal=draw(st.booleans()),
        induction=induction,
        value_place="dialogue"
        if induction == "none"
        else draw(st.sampled_from(["dialogue", "system"])),
        option_order=draw(st.sampled_from(["printed", "reversed", "shuffled"])),
        answer_format=draw(st.sampled_from(["free", "constrained"])),
        item_set=draw(st.sampled_from(["primary", "all"])),
    )


def hold(conversation: Conversation, said: list[Said], answers=lambda step: f"words on {step}"):
    """Go on from *said* to the end; return all turns and every Ask on the way."""
    said, asks = list(said), []
    while ask := conversation.next(said):
        asks.append(ask)
        said += ask.messages
        said.append(Said("assistant", ask.step, answers(ask.step), ask.item_number))
    return said, asks


@settings(max_examples=examples(60))
@given(conditions(), st.integers(0, 2**31), st.data())
def test_a_conversation_continues_the_same_from_any_stored_prefix(condition, seed, data):
    conversation = Conversation(condition, MEASURE, PACK, seed)
    whole, _ = hold(conversation, [])
    cut = data.draw(st.integers(0, len(whole)))
    again, _ = hold(Conversation(condition, MEASURE, PACK, seed), whole[:cut])
    assert again == whole


@settings(max_examples=examples(60))
@given(conditions(), st.integers(0, 2**31))
def test_turns_alternate_and_every_item_is_asked_once_in_order(condition, seed):
    conversation = Conversation(condition, MEASURE, PACK, seed)
    turns, asks = hold(conversation, [])
    spoken = [turn for turn in turns if turn.role != "system"]
    assert [turn.role for turn in spoken] == ["user", "assistant"] * conversation.calls
    asked = [ask.item_number for ask in asks if ask.item_number]
    assert asked == list(range(1, 7 if condition.own.item_set == "primary" else 16))


@settings(max_examples=examples(60))
@given(conditions(), st.integers(0, 2**31))
def test_the_options_said_to_be_shown_are_those_in_the_words(condition, seed):
    _, asks = hold(Conversation(condition, MEASURE, PACK, seed), [])
    for ask in asks:
        if ask.item_number is None:
            continue
        options = MEASURE.item(ask.item_number).options
        lines = [line for line in ask.messages[-1].text.split("\n") if ": you get " in line]
        expected = [
            f"{letter}: you get {options[number - 1].self_}, "
            f"the other person gets {options[number - 1].other}"
            for letter, number in ((option.label, option.number) for option in ask.options)
        ]
        assert lines == expected


@given(st.integers(0, 2**31), st.integers(1, 15))
def test_a_shuffled_order_shows_every_option_once(seed, item):
    assert sorted(shown_order("shuffled", seed, item, 9)) == list(range(1, 10))


def test_shuffled_orders_differ_between_trials_and_items():
    orders = {shown_order("shuffled", seed, item, 9) for seed in range(20) for item in range(1, 7)}
    assert len(orders) > 100


def test_a_shuffled_order_stays_what_it_was():
    assert shown_order("shuffled", 1, 1, 9) == (3, 2, 4, 6, 1, 5, 7, 8, 9)


def test_the_steps_with_and_without_goal():
    def steps(**condition):
        conversation = Conversation(slider("prosocial", **condition), MEASURE, PACK, 0)
        return [step for step, number in conversation.steps if number is None]

    assert steps(with_goal=True) == ["induction", "task", "goal"]
    assert steps(with_goal=False) == ["induction", "task"]
    assert steps(with_goal=True, value_place="system") == ["goal"]


def test_the_goal_is_restated_at_every_item():
    conversation = Conversation(slider("prosocial"), MEASURE, PACK, 0)
    _, asks = hold(
        conversation, [], lambda step: "I share.\nAlways.\n\nMore talk." if step == "goal" else "A"
    )
    texts = [ask.messages[-1].text for ask in asks if ask.item_number]
    assert all("Your goal, in your own words: I share. Always.\n" in text for text in texts)
    assert not any("More talk" in text for text in texts)


def test_without_goal_a_fixed_sentence_stands_in_its_place():
    conversation = Conversation(slider("altruistic", with_goal=False), MEASURE, PACK, 0)
    _, asks = hold(conversation, [])
    item = asks[-1].messages[-1].text
    assert item.startswith("Keep in mind that you live by altruistic values.\n")


def test_competitive_by_name_asks_for_hyper_competitive():
    first = Conversation(slider("competitive"), MEASURE, PACK, 0).next([])
    assert first and "hyper-competitive values" in first.messages[0].text


def test_by_definition_the_name_of_the_value_is_never_said():
    for value in PACK.values:
        condition = slider(value, induction="definition")
        turns, _ = hold(Conversation(condition, MEASURE, PACK, 0), [], lambda step: "A")
        assert not any(PACK.values[value].name in turn.text for turn in turns)


def test_in_the_system_message_the_value_is_named_nowhere_else():
    condition = slider("prosocial", value_place="system", with_goal=False)
    turns, _ = hold(Conversation(condition, MEASURE, PACK, 0), [], lambda step: "A")
    assert [turn.role for turn in turns if "prosocial" in turn.text] == ["system"]


def test_the_baseline_names_no_value():
    condition = slider("", induction="none")
    turns, _ = hold(Conversation(condition, MEASURE, PACK, 0), [], lambda step: "A")
    assert not any(words.name in turn.text for words in PACK.values.values() for turn in turns)


def test_a_stored_question_is_not_asked_again():
    conversation = Conversation(slider("prosocial"), MEASURE, PACK, 0)
    first = conversation.next([])
    assert first is not None
    again = conversation.next(first.messages)
    assert again == dataclasses.replace(first, messages=())


def test_turns_of_another_conversation_are_refused():
    said, _ = hold(Conversation(slider("prosocial"), MEASURE, PACK, 0), [])
    with pytest.raises(ProtocolError, match="turn 0 was put in other words"):
        Conversation(slider("altruistic"), MEASURE, PACK, 0).next(said[:2])


def test_turns_out_of_order_are_refused():
    said, _ = hold(Conversation(slider("prosocial"), MEASURE, PACK, 0), [])
    with pytest.raises(ProtocolError, match="turn 0"):
        Conversation(slider("prosocial"), MEASURE, PACK, 0).next(said[1:])


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"target": "", "induction": "name"}, "needs a target value"),
        ({"target": "prosocial", "induction": "none"}, "induces no value"),
        ({"target": "", "induction": "none", "value_place": "system"}, "no value to put"),
        ({"target": "prosocial", "option_order": "random"}, "option_order is 'random'"),
    ],
)
def test_a_condition_that_cannot_be_put_into_words_is_refused(fields, reason):
    with pytest.raises(ValueError, match=reason):
        slider(**fields)


def test_a_frame_fills_the_placeholders_of_a_pack():
    framed = parse_pack(SCENE_PACK, "pack")
    conversation = Conversation(
        slider("prosocial", with_goal=False), MEASURE, framed, 0, parse_frame(HARVEST, "frame")
    )
    text = hold(conversation, [])[1][-1].messages[-1].text
    assert text.startswith("Two neighbours share a field.")
    assert "A: 100 kilos of rice for you, 50 for your neighbour" in text
    assert framed.needs_frame
    assert not PACK.needs_frame


# --- what a pack says beside its words ------------------------------------------------------------


def said_with(definition, condition=None, answers=lambda step: f"words on {step}"):
    """The user's messages of a whole conversation with plain-en changed so."""
    found, source = shipped(SHIPPED / "prompt_packs" / "plain-en.json")
    for step, entries in definition.items():
        found[step] = {**found[step], **entries}
    pack = parse_pack(found, source)
    turns, _ = hold(Conversation(condition or slider("prosocial"), MEASURE, pack, 1), [], answers)
    return [turn.text for turn in turns if turn.role == "user"]


def test_items_are_called_what_the_pack_calls_them():
    numbers = ["first", "second", "third", "fourth", "fifth", "sixth"]
    said = said_with({"item": {"numbers": numbers}})
    asked = [text for text in said if "Question " in text]
    assert [text.split("Question ")[1].split(" of")[0] for text in asked] == numbers


def test_a_pack_that_names_too_few_items_is_refused_with_what_to_do():
    pack = {"item": {"numbers": ["first", "second"]}}
    with pytest.raises(ValueError, match="names 2 items, and 6 are asked: name as many"):
        said_with(pack)


def test_options_are_parted_by_what_the_pack_says():
    item = said_with({"item": {"separator": "; "}})[-1]
    assert "the other person gets 50; B: you get" in item


def test_a_goal_of_several_paragraphs_is_restated_as_it_stands_where_the_pack_says_all():
    def answers(step):
        return "To be fair.\n\nAnd kind." if step == "goal" else "A"

    whole = said_with({"goal": {"paragraphs": "all"}}, answers=answers)[-1]
    assert "in your own words: To be fair.\n\nAnd kind.\n" in whole
    assert "And kind" not in said_with({}, answers=answers)[-1]


def test_a_step_is_worded_for_each_value_where_the_pack_does_so():
    words = {value: f"Be {value}, and nothing else." for value in PACK.values}
    said = said_with({"task": {"name": words}}, slider("competitive"))
    assert said[1] == "Be competitive, and nothing else."
