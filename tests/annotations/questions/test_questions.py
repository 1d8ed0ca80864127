"""What each kind of question allows, and how a study's questions are read."""

import pytest

from annotations.models import Study
from annotations.questions.answers import label_and_number, words_for
from annotations.questions.of_study import further_question, questions_of
from annotations.questions.question import InvalidJudgment, Question
from annotations.svo.questions import OPTION_CHOICES, ORIENTATION_CHOICES

KINDS = {
    "orientation": tuple(ORIENTATION_CHOICES),
    "option": tuple(OPTION_CHOICES),
    "nominal": ("red", "green"),
    "ordinal": ("low", "middle", "high"),
    "vector": ("power", "security", "hedonism"),
}


def question(kind: str, required: bool = True) -> Question:
    return Question("asked", kind, "What?", KINDS.get(kind, ()), required)


@pytest.mark.parametrize(
    ("kind", "raw", "kept"),
    [
        ("orientation", "prosocial", "prosocial"),
        ("option", "I", "I"),
        ("option", "several", "several"),
        ("nominal", " red ", "red"),
        ("ordinal", "high", "high"),
        ("interval", "-1.5", -1.5),
        ("angle", "61.39", 61.39),
        ("angle", "-17", -17.0),
        ("vector", "1,0,-1", "1,0,-1"),
        ("vector", "+1, 0,-1", "1,0,-1"),
        ("confidence", "5", 5),
        ("reason", "  it shares\n", "it shares"),
        ("reason", "nul\x00", "nul"),
    ],
)
def test_an_allowed_answer_is_kept(kind, raw, kept):
    assert question(kind).checked(raw) == kept


@pytest.mark.parametrize(
    ("kind", "raw", "why"),
    [
        ("orientation", "", "Choose an answer first."),
        ("orientation", "kind", "is none of"),
        ("option", "a", "is none of"),
        ("nominal", "blue", "is none of"),
        ("interval", "nan", "is not a number"),
        ("interval", "1_0", "is not a number"),
        ("angle", "62.1", "from -17 to 62"),
        ("angle", "up", "is not a number"),
        ("vector", "1,0", "in each row"),
        ("vector", "1,,0", "in each row"),
        ("vector", "2,0,0", "in each row"),
        ("confidence", "6", "from 1 to 5"),
        ("reason", "x" * 4001, "shorten it"),
    ],
)
def test_another_is_refused_and_the_field_is_named(kind, raw, why):
    with pytest.raises(InvalidJudgment) as refused:
        question(kind).checked(raw)
    assert why in refused.value.errors["asked"]


@pytest.mark.parametrize(("kind", "nothing"), [("nominal", None), ("angle", None), ("reason", "")])
def test_what_need_not_be_answered_may_be_left_out(kind, nothing):
    assert question(kind, required=False).checked("  ") == nothing


def test_a_vector_is_read_from_its_rows():
    vector = question("vector")
    assert vector.raw({"q-asked-0": "1", "q-asked-1": "0", "q-asked-2": "-1"}) == "1,0,-1"
    assert vector.raw({"q-asked-1": "0"}) == ",0,"
    assert vector.raw({}) == ""
    assert vector.raw({"q-asked": "1,1,1"}) == "1,1,1"


def test_choices_can_be_reversed_and_the_ways_out_stay_last():
    shown = question("orientation").choices(reverse=True)
    assert [choice.value for choice in shown] == [
        *("competitive", "individualistic", "prosocial", "altruistic"),
        *("unclear", "refusal"),
    ]
    assert [choice.key for choice in shown] == list("123456")


def test_option_letters_keep_the_order_of_their_table():
    shown = question("option").choices(reverse=True)
    assert [choice.value for choice in shown] == [*"ABCDEFGHI", "none", "several"]
    assert [choice.key for choice in shown] == [*"123456789", "0", "-"]


def test_an_ordinal_scale_is_reversed_as_a_whole():
    shown = question("ordinal").choices(reverse=True)
    assert [choice.value for choice in shown] == ["high", "middle", "low"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"key": "Not a key"}, "must begin with a letter"),
        ({"kind": "mood"}, "unknown kind"),
        ({"prompt": ""}, "needs 1 to 300"),
        ({"categories": ("one",)}, "2 to 200"),
        ({"categories": ("one", "one")}, "the same name"),
        ({"categories": ("one", " ")}, "1 to 80"),
        ({"kind": "interval"}, "has no categories"),
        ({"kind": "vector", "categories": ()}, "1 to 20 dimensions"),
    ],
)
def test_a_question_that_does_not_fit_together_is_refused(fields, why):
    values = {"key": "k", "kind": "nominal", "prompt": "What?", "categories": ("a", "b")} | fields
    with pytest.raises(ValueError, match=why):
        Question(**values)


def test_a_study_asks_its_own_questions_then_confidence_and_comment():
    study = Study(
        kind="option",
        question="Which?",
        categories=list(OPTION_CHOICES),
        further_questions=[
            {"key": "tone", "kind": "declared", "scale": "ordinal", "prompt": "Tone?"}
            | {"categories": ["cold", "warm"], "required": True},
            {"kind": "reason", "prompt": "Why?", "required": True},
        ],
    )
    asked = questions_of(study)
    assert [(question.key, question.kind) for question in asked] == [
        ("label", "option"),
        ("tone", "ordinal"),
        ("confidence", "confidence"),
        ("comment", "reason"),
    ]
    assert (asked[-1].prompt, asked[-1].required) == ("Why?", True)


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([{"key": "a", "kind": "angle", "prompt": "?"}] * 2, "the same key"),
        ([{"key": "label", "kind": "angle", "prompt": "?"}], "the platform's own"),
        (
            [{"key": f"k{n}", "kind": "interval", "prompt": "?"} for n in range(13)],
            "12 at most",
        ),
    ],
)
def test_questions_that_do_not_go_together_are_refused(entries, why):
    with pytest.raises(ValueError, match=why):
        questions_of(Study(kind="angle", question="?", further_questions=entries))


@pytest.mark.parametrize("kind", ["orientation", "angle", "option", "vector", "confidence"])
def test_a_question_reads_back_as_it_was_written(kind):
    written = Question(
        "confidence" if kind == "confidence" else "k", kind, "What?", KINDS.get(kind, ())
    )
    assert further_question(written.as_dict()) == written


def test_a_null_character_comes_into_no_number():
    assert label_and_number(question("interval"), " 4\x005 ") == ("45", 45.0)


def test_answers_are_shown_in_words():
    assert words_for(question("angle"), 42) == "42°"
    assert words_for(question("vector"), "1,0,-1") == "power +1, security 0, hedonism -1"
    assert words_for(question("nominal"), "red") == "red"
