"""Lines of dialogues: both layouts, and everything that is wrong with one by name."""

import json

import pytest

from evaluations.formats.lines import LineError
from evaluations.instruments.values.dialogues import parse_dialogue
from evaluations.instruments.values.labels import Stance

PLAIN = {"id": "q1", "prompt": "Why?", "answer": "Be kind.", "model": "m"}
FULCRA = {
    "dialogue": "Human: Why?\nBob: Be kind.",
    "value_items": ["be helpful: +1"],
    "value_types": ["benevolence: +1"],
    "query_source": "trustworthy",
    "response_source": "m",
}


def test_both_layouts_say_the_same():
    plain, fulcra = parse_dialogue(json.dumps(PLAIN)), parse_dialogue(json.dumps(FULCRA))
    for found in (plain, fulcra):
        assert (found.prompt, found.answer, found.model) == ("Why?", "Be kind.", "m")
    assert (plain.labels, plain.id) == (None, "q1")
    assert fulcra.labels.stances == {"benevolence": Stance.SUPPORTS} and fulcra.remarks == ()
    assert fulcra.facts == {"source": "trustworthy"}


def test_a_prompt_without_an_id_has_the_same_name_each_time():
    other = FULCRA | {"response_source": "another"}
    assert parse_dialogue(json.dumps(FULCRA)).id == parse_dialogue(json.dumps(other)).id


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "is not JSON"),
        ("[]", "is not a JSON object"),
        (json.dumps({"id": 1}), "has neither 'dialogue' nor 'prompt'"),
        (json.dumps(PLAIN | {"id": None}), "id is None"),
        (json.dumps(PLAIN | {"id": "x" * 61}), "at most 60 characters"),
        (json.dumps(PLAIN | {"prompt": " "}), "prompt is blank"),
        (json.dumps(PLAIN | {"answer": 5}), "answer is 5, must be a text"),
        (json.dumps({**PLAIN, "model": ""}), "model is blank"),
        (json.dumps({k: v for k, v in PLAIN.items() if k != "model"}), "lacks model"),
        (json.dumps(PLAIN | {"value_types": "power: +1"}), "value_types must be a list"),
        (json.dumps(FULCRA | {"dialogue": "Why?"}), "must begin with 'Human:'"),
        (json.dumps(FULCRA | {"dialogue": "Human: Why?"}), "has no answer"),
        (json.dumps(FULCRA | {"dialogue": "Human: a\nBob: b\nBob: c"}), "has 2 answers"),
        (json.dumps(FULCRA | {"dialogue": "Human: \nBob: b"}), "the prompt is blank"),
    ],
)
def test_a_line_that_cannot_be_read_says_why(line, says):
    with pytest.raises(LineError, match=says):
        parse_dialogue(line)


def test_labels_that_cannot_be_read_are_remarks_and_the_others_count():
    labels = ["humility: +1", "conformity: 1+", "power: -1"]
    found = parse_dialogue(json.dumps(PLAIN | {"value_types": labels}))
    assert found.labels.stances == {"power": Stance.OPPOSES}
    assert [remark.split(":")[0] for remark in found.remarks] == ["value_types", "value_types"]


@pytest.mark.parametrize("labels", [[], ["humility: +1"]])
def test_labels_that_say_nothing_are_none(labels):
    found = parse_dialogue(json.dumps(PLAIN | {"value_types": labels}))
    assert found.labels is None and len(found.remarks) == 1


def test_items_count_where_there_are_no_types():
    found = parse_dialogue(json.dumps(PLAIN | {"value_items": ["be honest: -1"]}))
    assert found.labels.stances == {"benevolence": Stance.OPPOSES}


def test_types_that_do_not_follow_from_their_items_are_a_remark():
    line = FULCRA | {"value_types": ["power: +1"]}
    assert len(parse_dialogue(json.dumps(line)).remarks) == 2
