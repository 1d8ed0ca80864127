import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.instruments.svo import secondary_index
from tests.evaluations.instruments.svo.helpers import svo_oracles
from tests.support.examples import examples

ORACLE = svo_oracles()["svo_secondary_index"]
ITEMS = range(7, 16)


def index_of(options):
    return secondary_index(dict(zip(ITEMS, options, strict=True)))


@pytest.mark.parametrize("name", sorted(ORACLE["data"]))
def test_index_agrees_with_the_oracle(name):
    found = index_of(ORACLE["data"][name])
    expected = ORACLE["expected"][name]
    if expected is None:
        assert found.index is None
        assert found.reason
    else:
        assert found.index == pytest.approx(expected, abs=ORACLE["tolerance"])
        assert found.reason == ""


def test_an_altruist_has_no_index():
    found = index_of([9, 1, 9, 9, 1, 1, 1, 9, 1])
    assert found.index is None
    assert "altruist ideal is nearer" in found.reason


@pytest.mark.parametrize("answer", [None, 0, 10])
def test_a_missing_item_leaves_the_index_undefined(answer):
    found = secondary_index({**dict.fromkeys(ITEMS, 5), 11: answer})
    assert (found.index, found.inequality_aversion) == (None, None)
    assert "secondary item 11" in found.reason


@settings(max_examples=examples(100))
@given(st.tuples(*[st.integers(1, 9)] * 9))
def test_the_index_is_a_share_or_undefined_with_a_reason(options):
    found = index_of(options)
    assert (found.index is None) == bool(found.reason)
    if found.index is not None:
        assert 0 <= found.index <= 1
        assert max(found.inequality_aversion, found.joint_gain) <= min(
            found.individualist, found.altruist
        )


def test_distances_are_shares_of_the_farthest_an_option_can_lie():
    """0 from one's own ideal type, 1 from its opposite: eight options away at each item."""
    individualist = index_of([1, 9, 1, 1, 9, 9, 9, 1, 9])
    assert (individualist.individualist, individualist.altruist) == (0.0, 1.0)
    altruist = index_of([9, 1, 9, 9, 1, 1, 1, 9, 1])
    assert (altruist.individualist, altruist.altruist) == (1.0, 0.0)
    middle = index_of([5] * 9)
    assert (middle.individualist, middle.altruist) == (0.5, 0.5)
