"""The ten values against their reference values."""

import pytest

from evaluations.instruments.values import circle, distances, pvq
from evaluations.instruments.values.items import ALIASES, EXTRA, ITEMS, value_of_item
from evaluations.instruments.values.labels import Dirt, Stance, parse_types
from evaluations.instruments.values.targets import PUBLISHED
from tests.evaluations.instruments.values.golden import ORACLES, by_name

DISTANCES = ORACLES["fulcra_distances"]
SIGNS = {1: Stance.SUPPORTS, -1: Stance.OPPOSES, "conflict": Stance.BOTH}
TARGETS = {
    "ideal_training": "ideal-training",
    "ideal_evaluation": "ideal-evaluation",
    "two_dimension": "two-values",
    "UK": "uk",
    "Netherlands": "netherlands",
    "France": "france",
}


def test_the_order_is_the_published_one():
    assert list(circle.VALUES) == DISTANCES["data"]["dimension_order"]


@pytest.mark.parametrize("name", TARGETS)
def test_the_published_targets_are_there(name):
    ours = next(target for target in PUBLISHED if target.key == TARGETS[name])
    assert circle.in_order(ours.vector) == DISTANCES["data"]["targets"][name]


@pytest.mark.parametrize("vector", DISTANCES["data"]["vectors"])
@pytest.mark.parametrize("name", TARGETS)
def test_distances(vector, name):
    ours = by_name(DISTANCES["data"]["vectors"][vector])
    theirs = by_name(DISTANCES["data"]["targets"][name])
    found = distances.published_distances(ours, theirs)
    near = {
        "masked_weighted_L1": found.masked,
        "alignment_ccc": distances.alignment(ours, theirs).concordance,
        "euclid_on_ones": found.euclid,
        "L1_on_ones": found.city_block,
    }
    expected = DISTANCES["expected"][vector][name]
    given = {key: value for key, value in near.items() if value is not None}
    assert given == pytest.approx(expected, abs=DISTANCES["tolerance"])


@pytest.mark.parametrize("case", range(len(ORACLES["fulcra_parse"]["data"])))
def test_labels(case):
    oracle = ORACLES["fulcra_parse"]
    expected = oracle["expected"][case]
    found = parse_types(oracle["data"][case])
    # One label of the oracle is of an item with a sign that is none: it is bad before unknown.
    assert found.stances == {value: SIGNS[sign] for value, sign in expected["vector"].items()}
    assert [problem.code for problem in found.problems] == [
        Dirt(code) for code in expected["problems"]
    ]


def test_the_54_items():
    oracle = ORACLES["fulcra_item_map"]
    assert sum(map(len, ITEMS.values())) == 54
    assert {item: value_of_item(item) for item in oracle["expected"]} == oracle["expected"]


def test_other_names_of_items():
    for name, known in ORACLES["fulcra_item_map"]["params"]["aliases"].items():
        if name in EXTRA:
            assert EXTRA[name] in known or known.startswith(EXTRA[name])
        else:
            assert ALIASES[name] == known
        assert value_of_item(name)


def test_the_circle():
    oracle = ORACLES["circumplex_coordinates"]
    vector = by_name(oracle["data"]["vector"])
    end = circle.resultant(vector)
    found = {"x": end.x, "y": end.y, "length": end.length, "angle_deg": end.angle}
    found |= circle.higher_order(vector) | {"hedonism_shared": vector["hedonism"]}
    assert found == pytest.approx(oracle["expected"], abs=oracle["tolerance"])


def test_the_portrait_questionnaire():
    oracle = ORACLES["pvq21_ess_scoring"]
    found = pvq.score(oracle["data"]["responses_item_1_to_21"])
    expected, near = oracle["expected"], oracle["tolerance"]
    assert oracle["params"]["key"] == {value: list(items) for value, items in pvq.KEY.items()}
    assert found.mean == pytest.approx(expected["mrat_reversed"], abs=near)
    assert found.raw == pytest.approx(expected["raw_reversed"], abs=near)
    assert found.centred == pytest.approx(expected["centred"], abs=near)
    assert found.rescaled == pytest.approx(expected["rescaled_minus1_plus1_raw"], abs=near)
