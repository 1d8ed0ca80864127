"""What an answer is on each scale: read, compared, settled and said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotations.kinds import scale_of_study
from annotations.models import Study
from annotations.scales.categories import Category, Ordinal
from annotations.scales.named import scale_of
from annotations.scales.numbers import Angle, Number, bounded
from annotations.scales.scale import OffScale
from annotations.scales.vectors import Vector
from tests.support.examples import examples

LABELS = st.lists(st.sampled_from(["altruistic", "prosocial", "unclear", "refusal"]), max_size=9)
STEPS = Ordinal(("1", "2", "3", "4", "5"))
TWO = Vector(("kind", "fair"))
NUMBERS = st.floats(-1e6, 1e6).filter(lambda number: number == 0 or abs(number) > 1e-50)
SCALES = {
    "nominal": (Category(("a", "b", "c")), st.sampled_from(["a", "b", "c"])),
    "ordinal": (STEPS, st.sampled_from(["1", "2", "3", "4", "5"])),
    "interval": (Number(), NUMBERS.map(repr)),
    "angle": (Angle(15.0), st.floats(1e-9, 62).map(repr)),
    "vector": (TWO, st.sampled_from(["1,0", "-1,1", "0,0", "1,1"])),
}


@pytest.mark.parametrize(
    ("scale", "said", "value", "label"),
    [
        (Category(("a", "b")), " a ", "a", "a"),
        (Category(("1", "2")), "1.0", "1", "1"),
        (Category(()), "anything", "anything", "anything"),
        (STEPS, "5.0", "5", "5"),
        (Number(), "3", 3.0, "3"),
        (Number(), "3.0", 3.0, "3"),
        (Number(), "+15.50", 15.5, "15.5"),
        (Number(), "-0", 0.0, "0"),
        (Number(), "1234567.25", 1234567.25, "1234567.25"),
        (Number(), "2e3", 2000.0, "2000"),
        (Number(), "0" * 79 + "3", 3.0, "3"),
        (Angle(), "45.0", 45.0, "45"),
        (TWO, "+1, 0", ("1", "0"), "1,0"),
        (TWO, "1.0,-1", ("1", "-1"), "1,-1"),
        (Vector(("kind",)), "-1", ("-1",), "-1"),
        (Number(ways_out=("unclear",)), "unclear", "unclear", "unclear"),
    ],
)
def test_an_answer_has_one_value_and_one_text(scale, said, value, label):
    assert scale.parse(said) == value
    assert scale.parse(value) == value
    assert scale.label(said) == scale.label(value) == label


@pytest.mark.parametrize(
    ("scale", "said", "why"),
    [
        (Category(("a", "b")), "c", "'c' is none of: a, b."),
        (Category(("1", "1.0")), "1.00", "'1.00' is none of: 1, 1.0."),
        (Ordinal(("low", "high")), "middle", "'middle' is none of: low, high."),
        (Number(), "nan", "'nan' is not a number"),
        (Number(), float("inf"), "'inf' is not a number"),
        (Number(), "1" * 81, "is not a number"),
        (Number(), "unclear", "'unclear' is not a number"),
        (Angle(low=-17, high=62), "62.5", "from -17 to 62"),
        (Angle(low=-17, high=62), "-18", "from -17 to 62"),
        (TWO, "1,0,1", "Choose -1, 0 or \\+1 in each row."),
        (TWO, "1,", "Choose -1, 0 or \\+1 in each row."),
        (TWO, "2,0", "Choose -1, 0 or \\+1 in each row."),
        (TWO, "", "Choose -1, 0 or \\+1 in each row."),
    ],
)
def test_what_is_no_value_is_refused_with_the_reason(scale, said, why):
    with pytest.raises(OffScale, match=why):
        scale.parse(said)
    assert scale.place(said) is None or isinstance(scale, Category)


@pytest.mark.parametrize("scale", [Category(("a", "b")), Number(), Angle()])
def test_of_a_long_answer_the_reason_quotes_the_beginning(scale):
    with pytest.raises(OffScale, match=f"'{'x' * 40}' is"):
        scale.parse("x" * 50)


@pytest.mark.parametrize(
    ("scale", "one", "other", "same"),
    [
        (Number(), "15", "15.0", True),
        (Number(), "15", "15.1", False),
        (Number(), (0.1 + 0.2 + 0.3) / 3, "0.2", True),
        (Number(), "1e-6", "2e-6", False),
        (Number(), "0", 1e-13, True),
        (Angle(), "15", "15.0", True),
        (Angle(), "999", "999", True),
        (TWO, "1,0", "+1, 0", True),
        (TWO, "1,0", "0,1", False),
        (STEPS, "5", "5.0", True),
        (Category(("a",)), "a", "b", False),
        (Number(ways_out=("unclear",)), "unclear", "3", False),
    ],
)
def test_what_is_the_same_is_a_matter_of_values_not_of_text(scale, one, other, same):
    assert scale.same(one, other) is scale.same(other, one) is same


@pytest.mark.parametrize(
    ("scale", "said", "words"),
    [
        (Number(), 10 / 3, "3.3333"),
        (Number(), "1234567.25", "1234567.25"),
        (Number(), 1 / 3000, "0.0003333"),
        (Angle(), 10 / 3, "3.3333°"),
        (TWO, "1,-1", "kind +1, fair -1"),
        (Category(("a",)), "a", "a"),
        (Number(ways_out=("unclear",)), "unclear", "unclear"),
        (Vector(("kind", "fair"), ("unclear",)), "unclear", "unclear"),
    ],
)
def test_only_an_angle_is_said_in_degrees(scale, said, words):
    assert scale.words(said) == words


def test_the_label_of_more_than_half_is_the_consensus():
    found = Category().consensus(["prosocial", "prosocial", "unclear"])
    assert (found.label, found.share) == ("prosocial", pytest.approx(2 / 3))
    assert found.counts == {"prosocial": 2, "unclear": 1}


@pytest.mark.parametrize(
    "labels", [["a", "b"], ["a", "a", "b", "b"], ["a", "b", "c"], ["a", "b"] * 3]
)
def test_half_is_not_more_than_half(labels):
    found = Category().consensus(labels)
    assert (found.label, found.share) == (None, 0.0)
    assert found.rule == "no label has more than half of the judgments"


@pytest.mark.parametrize("label", ["unclear", "refusal"])
def test_among_categories_a_way_out_is_a_label_as_any_other(label):
    scale = Category(("prosocial", label), (label,))
    assert scale.consensus([label, label, "prosocial"]).label == label


@pytest.mark.parametrize("scale", [scale for scale, _ in SCALES.values()])
def test_no_judgment_is_no_consensus(scale):
    found = scale.consensus([])
    assert (found.label, found.judgments, found.rule) == (None, 0, "no judgment yet")


@given(LABELS)
@settings(max_examples=examples(100))
def test_a_consensus_has_more_than_half_and_is_the_only_such_label(labels):
    found = Category().consensus(labels)
    majorities = [label for label in set(labels) if labels.count(label) * 2 > len(labels)]
    assert majorities == ([] if found.label is None else [found.label])
    assert sum(found.counts.values()) == len(labels)


@pytest.mark.parametrize("name", SCALES)
@settings(max_examples=examples(60))
@given(data=st.data(), chance=st.randoms())
def test_neither_the_order_nor_the_way_of_writing_matters(name, data, chance):
    scale, answers = SCALES[name]
    said = data.draw(st.lists(answers, max_size=7))
    shuffled = [f" {one} " for one in said]
    chance.shuffle(shuffled)
    found, again = scale.consensus(said), scale.consensus(shuffled)
    assert (found.label, found.value, found.spread) == (again.label, again.value, again.spread)
    assert scale.consensus(map(scale.parse, said)) == found


@pytest.mark.parametrize("name", SCALES)
@settings(max_examples=examples(60))
@given(data=st.data())
def test_the_consensus_is_a_value_of_the_scale_from_which_it_does_not_differ(name, data):
    scale, answers = SCALES[name]
    found = scale.consensus(data.draw(st.lists(answers, min_size=1, max_size=7)))
    if found.label is not None:
        assert scale.same(found.label, found.value)
        assert not scale.differs(found, found.label)


def test_the_median_follows_the_declared_order_not_the_alphabet():
    scale = Ordinal(("low", "middle", "high"))
    assert scale.consensus(["low", "high", "middle"]).label == "middle"


def test_a_median_between_two_categories_is_a_split():
    found = STEPS.consensus(["1", "5"])
    assert (found.label, found.rule) == (None, "the median falls between 1 and 5")


def test_an_even_number_may_have_a_median():
    assert STEPS.consensus(["1", "3", "3", "5"]).label == "3"


@pytest.mark.parametrize(
    ("scale", "said", "label", "share"),
    [
        (Ordinal(("1", "2", "3", "unclear"), ("unclear",)), ["1", "3", "3", "unclear"], "3", 0.5),
        (STEPS, ["6", "2", "2"], "2", 2 / 3),
        (Number(None, ("unclear",)), ["unclear", "2", "4"], "3", 2 / 3),
        (Number(), ["nan", "5"], "5", 0.5),
        (Vector(("kind",), ("unclear",)), ["unclear", "unclear", "1"], "1", 1 / 3),
    ],
)
def test_what_has_no_place_is_counted_and_settles_nothing(scale, said, label, share):
    found = scale.consensus(said)
    assert (found.label, found.share) == (label, pytest.approx(share))
    assert found.judgments == len(said)


def test_ways_out_alone_settle_no_number():
    found = Number(None, ("unclear",)).consensus(["unclear", "unclear"])
    assert (found.label, found.rule) == (None, "no judgment lies on the scale")


def test_on_a_scale_of_numbers_the_mean_is_the_consensus():
    found = Number().consensus(["1", "2", "6"])
    assert (found.value, found.label, found.spread) == (3.0, "3", (1.0, 6.0))


def test_one_number_written_two_ways_is_counted_once():
    assert Number().consensus(["3", "3.0", "4"]).counts == {"3": 2, "4": 1}


def test_values_further_apart_than_the_tolerance_have_no_consensus():
    near = Number(15).consensus(["10", "20", "24"])
    assert (near.label, near.spread) == ("18", (10, 24))
    at_most = Number(15).consensus(["10", "25"])
    assert at_most.label == "17.5"
    far = Number(15).consensus(["10", "20", "25.5"])
    assert (far.label, far.value) == (None, None)
    assert far.rule == "the values lie 15.5 apart, more than 15"


def test_a_number_differs_outside_the_range_of_the_raters_own():
    scale, found = Number(), Number().consensus(["1", "2", "6"])
    said = {one: scale.differs(found, one) for one in ("1.0", "5.5", "6", "6.1", "0.9", "none")}
    assert said == {"1.0": False, "5.5": False, "6": False, "6.1": True, "0.9": True, "none": True}


def test_any_number_differs_from_raters_who_gave_none():
    scale = Number(ways_out=("unclear",))
    assert scale.differs(scale.consensus(["unclear", "unclear"]), "3")


def test_a_vector_settles_dimension_by_dimension():
    scale = Vector(("kind", "fair", "bold"))
    found = scale.consensus(["1,0,-1", "1,1,-1", "0,1,-1"])
    assert (found.label, found.share) == ("1,1,-1", pytest.approx(1 / 3))
    nobody = scale.consensus(["1,1,0", "1,0,1", "0,1,1"])
    assert (nobody.label, nobody.share) == ("1,1,1", 0.0)


def test_one_dimension_without_a_majority_splits_a_vector():
    found = TWO.consensus(["1,0", "1,1", "1,-1"])
    assert found.label is None
    assert found.rule == "no value has more than half of the judgments of fair"


def test_a_vector_of_another_length_has_no_place():
    assert TWO.consensus(["1,0,1", "1,0"]).label == "1,0"


def test_a_vector_as_numbers_and_with_its_names():
    assert TWO.numbers("+1,-1") == (1.0, -1.0)
    assert TWO.numbers("1") is None
    assert TWO.named("1,0") == [("kind", "+1"), ("fair", "0")]


@pytest.mark.parametrize(
    ("kind", "scale", "made"),
    [
        ("orientation", "nominal", Category),
        ("option", "nominal", Category),
        ("angle", "interval", Angle),
        ("declared", "nominal", Category),
        ("declared", "ordinal", Ordinal),
        ("declared", "interval", Number),
        ("declared", "vector", Vector),
    ],
)
def test_what_a_study_asks_for_says_its_scale(kind, scale, made):
    study = Study(kind=kind, scale=scale, categories=["a", "b"], tolerance=2.0)
    found = scale_of_study(study)
    assert type(found) is made
    assert getattr(found, "tolerance", 2.0) == 2.0


def test_an_unknown_scale_is_an_error():
    with pytest.raises(ValueError, match="unknown scale 'ratio'"):
        scale_of("ratio")


def test_a_scale_with_ends_takes_them_and_nothing_beyond():
    scale = bounded(Number(), (0.0, 10.0))
    assert [scale.parse(said) for said in ("0", "10", 3)] == [0.0, 10.0, 3.0]
    for said in ("10.01", "-1", 11):
        with pytest.raises(OffScale, match=r"A number from 0 to 10 is needed\."):
            scale.parse(said)
    assert bounded(Number(), None) == Number() and bounded(Angle(), (0.0, 1.0)) == Angle()
