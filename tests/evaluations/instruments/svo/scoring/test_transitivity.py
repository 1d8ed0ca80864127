from itertools import product
from math import prod

import pytest

from evaluations.instruments.svo import SLIDER, Orientation, TransitivityRule, transitivity
from tests.evaluations.instruments.svo.helpers import svo_oracles

EXPECTED = svo_oracles()["svo_enumeration"]["expected"]
ITEMS = range(1, 7)


def side(item, option, rule):
    """-1, 0 or 1: which end of the item a lone choice prefers, read off the preferences."""
    others = dict.fromkeys(ITEMS, 1)
    preferences = transitivity({**others, item: option}, rule).preferences
    first = transitivity({**others, item: 1}, rule).preferences
    last = transitivity({**others, item: 9}, rule).preferences
    return {first: -1, last: 1}.get(preferences, 0)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (TransitivityRule.OPTION, EXPECTED["transitive_option_rule"]),
        (TransitivityRule.PAYOFF, EXPECTED["transitive_author_rule"]),
    ],
)
def test_as_many_of_all_patterns_are_transitive_as_enumerated(rule, expected):
    # The finding depends on the side of each choice alone, so 3^6 sides stand for 9^6 patterns.
    options_by_side = [
        {
            lean: [option for option in range(1, 10) if side(item, option, rule) == lean]
            for lean in (-1, 0, 1)
        }
        for item in ITEMS
    ]
    transitive = 0
    for sides in product((-1, 0, 1), repeat=6):
        chosen = [options_by_side[i][lean] for i, lean in enumerate(sides)]
        if all(chosen):
            choices = {item: options[0] for item, options in zip(ITEMS, chosen, strict=True)}
            weight = prod(len(options) for options in chosen)
            transitive += weight * bool(transitivity(choices, rule).transitive)
    assert transitive == expected


@pytest.mark.parametrize(
    "pattern",
    [(1, 9, 1, 1, 9, 9), (1, 9, 9, 1, 1, 9), (1, 9, 9, 9, 1, 1), (9, 1, 9, 9, 1, 1)],
)
@pytest.mark.parametrize("rule", list(TransitivityRule))
def test_ideal_types_are_transitive(pattern, rule):
    finding = transitivity(dict(zip(ITEMS, pattern, strict=True)), rule)
    assert finding.transitive is True
    assert len(finding.preferences) == 6


def test_a_cycle_of_three_types_is_found():
    # Prosocial over competitive, competitive over individualistic, individualistic over prosocial.
    finding = transitivity({1: 1, 2: 1, 3: 5, 4: 5, 5: 5, 6: 1})
    assert finding.transitive is False
    assert (Orientation.INDIVIDUALISTIC, Orientation.PROSOCIAL) in finding.preferences


def test_the_middle_option_is_a_tie_by_option_number():
    finding = transitivity(dict.fromkeys(ITEMS, 5))
    assert finding.transitive is True
    assert finding.preferences == ()


def test_printed_payoffs_break_some_ties_of_the_middle():
    finding = transitivity(dict.fromkeys(ITEMS, 5), TransitivityRule.PAYOFF)
    assert len(finding.preferences) == 4


@pytest.mark.parametrize("answer", [None, 0, 10])
def test_a_missing_item_leaves_the_finding_undefined(answer):
    finding = transitivity({**dict.fromkeys(ITEMS, 1), 4: answer})
    assert finding.transitive is None
    assert "item 4" in finding.reason


def test_rescaling_changes_no_finding_by_payoffs():
    rescaled = SLIDER.rescaled(0.37, shift=2.1)
    for pattern in [(5,) * 6, (5, 5, 5, 1, 5, 9), (4, 6, 5, 5, 5, 1)]:
        choices = dict(zip(ITEMS, pattern, strict=True))
        plain = transitivity(choices, TransitivityRule.PAYOFF)
        assert transitivity(choices, TransitivityRule.PAYOFF, rescaled) == plain
