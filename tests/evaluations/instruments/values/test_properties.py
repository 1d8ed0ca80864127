"""What must hold of any labels, vectors and targets."""

import json
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.formats.definitions import DefinitionError
from evaluations.instruments.values import circle, distances, pvq
from evaluations.instruments.values.circle import VALUES
from evaluations.instruments.values.labels import (
    Dirt,
    Stance,
    disagreements,
    parse_items,
    parse_types,
)
from evaluations.instruments.values.targets import TARGET_FORMAT, check_vector, parse_target

NUMBERS = st.floats(-100, 100, allow_nan=False)
VECTORS = st.fixed_dictionaries(dict.fromkeys(VALUES, NUMBERS))
STANCES = st.dictionaries(st.sampled_from(VALUES), st.sampled_from([-1, 1]))
TARGET = {
    "format": TARGET_FORMAT,
    "key": "ours",
    "version": "1",
    "name": "Ours",
    "source": "Made for tests",
    "year": 2026,
    "scaling": "signs",
    "licence": "CC0",
    "vector": dict.fromkeys(VALUES, 0) | {"power": -1},
}


@given(VECTORS, VECTORS)
def test_concordance_is_within_its_bounds_and_the_same_both_ways(one, other):
    there, back = distances.alignment(one, other), distances.alignment(other, one)
    assert -1 <= there.concordance <= 1
    assert there.concordance == pytest.approx(back.concordance, abs=1e-9)


@given(VECTORS, NUMBERS)
def test_a_flat_vector_has_no_alignment(vector, level):
    found = distances.alignment(dict.fromkeys(VALUES, level), vector)
    assert (found.concordance, found.shape) == (0.0, None)


@given(VECTORS)
def test_a_vector_is_aligned_with_itself_wherever_it_is_not_flat(vector):
    found = distances.alignment(vector, vector)
    assert found.concordance == (0.0 if found.shape is None else pytest.approx(1))


@given(VECTORS, st.permutations(VALUES))
def test_the_order_of_keys_means_nothing(vector, order):
    other = {value: vector[value] for value in order}
    assert circle.resultant(vector) == circle.resultant(other)


@given(STANCES, st.permutations(VALUES))
def test_labels_say_the_same_in_any_order_case_and_spacing(stances, order):
    labels = [f"  {v.upper()} :  {stances[v]:+d} " for v in order if v in stances]
    found = parse_types(labels)
    assert {value: found.vector[value] for value in stances} == stances
    assert sum(map(abs, found.vector.values())) == len(stances)
    assert [problem.code for problem in found.problems] == ([] if labels else [Dirt.NONE])


@pytest.mark.parametrize(
    "label", ["power", "power: 2", "power: +", "power: ++1", "power 1", 7, None]
)
def test_what_is_no_label_is_never_guessed(label):
    found = parse_types([label])
    assert (found.stances, [problem.code for problem in found.problems]) == ({}, [Dirt.BAD])


def test_items_that_differ_leave_both_and_that_is_no_problem():
    found = parse_items(["be honest: +1", "be helpful: -1", "Have Equality: +1"])
    assert found.stances == {"benevolence": Stance.BOTH, "universalism": Stance.SUPPORTS}
    assert found.problems == ()


def test_types_that_are_not_the_union_of_their_items_are_named():
    items = parse_items(["be honest: +1", "be helpful: -1"])
    (problem,) = disagreements(parse_types(["benevolence: +1"]), items)
    assert problem.code == Dirt.ROLLED and "benevolence: its items say both" in problem.words


def test_spokes_that_cancel_have_no_direction():
    end = circle.resultant(dict.fromkeys(VALUES, 1))
    assert end.angle is None and end.length == pytest.approx(0)


@pytest.mark.parametrize(
    ("vector", "says"),
    [
        (dict.fromkeys(VALUES[:9], 1), "has no universalism"),
        (dict.fromkeys([*VALUES, "humility"], 1), "'humility' is none of the ten"),
        (dict.fromkeys(VALUES, 0), "all ten values are 0"),
        (dict.fromkeys(VALUES, 0) | {"power": 1.2}, "power is 1.2: it must be from -1 to 1"),
        (dict.fromkeys(VALUES, 0) | {"power": nan}, "power is nan"),
        (dict.fromkeys(VALUES, 0) | {"power": inf}, "power is inf"),
    ],
)
def test_what_can_be_no_target_is_refused(vector, says):
    with pytest.raises(ValueError, match=says):
        check_vector(vector)


def test_a_target_is_read_by_name():
    definition = json.loads(json.dumps(TARGET))
    definition["vector"] = dict(reversed(TARGET["vector"].items()))
    assert parse_target(definition, "file").vector["power"] == -1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"vector": [0] * 10}, "vector: must be an object of the ten values by name"),
        ({"vector": {"power": 1}}, "vector: lacks self-direction"),
        ({"vector": dict.fromkeys(VALUES, 0.5)}, "vector: all ten values are 0.5"),
        ({"year": 20.5}, "year: must be a year"),
        ({"format": "x"}, "format: is 'x'"),
    ],
)
def test_a_target_that_is_none_is_refused_with_its_place(change, says):
    with pytest.raises(DefinitionError, match=says):
        parse_target(TARGET | change, "file")


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ([1] * 20, "there are 20 answers"),
        ([7] + [1] * 20, "item 1 is 7"),
        ([None] * 6 + [1] * 15, "6 of 21 items are missing"),
    ],
)
def test_a_questionnaire_that_cannot_be_scored_says_why(answers, says):
    with pytest.raises(ValueError, match=says):
        pvq.score(answers)


def test_a_missing_answer_leaves_its_value_to_the_others():
    answers = [2] * 21
    answers[0] = None
    assert pvq.score(answers).raw["self-direction"] == 5
    answers[10] = None
    assert "self-direction" not in pvq.score(answers).raw
