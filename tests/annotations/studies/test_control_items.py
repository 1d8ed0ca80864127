"""Items with a known answer come by hand or by file, all or none, and go while nobody met them."""

import pytest

from accounts.models import AuditEvent
from annotations.exchange.assignment import current_or_next
from annotations.files.item_files import ControlRow, read_controls, read_texts
from annotations.models import Assignment, Item
from annotations.studies.control_items import (
    ControlsRefused,
    add_controls,
    controls_of,
    remove_control,
)
from evaluations.text.table_reader import RejectedFile
from tests.annotations.conftest import make_rater, make_study, make_text_study, make_trial

pytestmark = pytest.mark.django_db


@pytest.fixture
def study(cast, cell):
    return make_study(cast.project, [make_trial(cell) for _ in range(2)])


def test_controls_are_added_behind_the_items_and_take_no_place(cast, study, cell):
    rows = [
        ControlRow("gold", "prosocial|altruistic", "It shares.", trial=make_trial(cell).pk),
        ControlRow("attention", "unclear", text="Choose 'unclear' here."),
    ]
    add_controls(study, cast.researcher, rows)
    gold, attention = controls_of(study)
    assert (gold.kind, gold.position, gold.places) == ("gold", 3, 0)
    assert (gold.expected, gold.feedback) == ("prosocial|altruistic", "It shares.")
    assert (attention.text, attention.trial) == ("Choose 'unclear' here.", None)
    event = AuditEvent.objects.get(verb="control items added")
    assert event.detail == {"after": {"control items": "1 gold, 1 attention"}}


def refusals(study, *rows: ControlRow) -> list[str]:
    with pytest.raises(ControlsRefused) as refused:
        add_controls(study, None, rows)
    assert not controls_of(study).exists()
    return [str(problem) for problem in refused.value.problems]


def test_what_cannot_be_shown_or_answered_is_refused_row_by_row(cast, study, cell):
    good = make_trial(cell).pk
    found = refusals(
        study,
        ControlRow("gold", "kind", trial=good, line=2),
        ControlRow("gold", "prosocial", trial=999_999, line=3),
        ControlRow("gold", "prosocial", trial=study.items.first().trial_id, line=4),
        ControlRow("gold", "prosocial", trial=good, answer_number=1, line=5),
        ControlRow("gold", "prosocial", trial=good, line=6),
        ControlRow("gold", "prosocial", trial=good, line=7),
    )
    assert [words.partition(":")[0] for words in found] == [f"line {n}" for n in (2, 3, 4, 5, 7)]
    for words, part in zip(
        found,
        [
            "is none of",
            "no complete trial 999999",
            "is an item of this study",
            "leave the answer",
            "is an item of this study",
        ],
        strict=True,
    ):
        assert part in words


@pytest.mark.parametrize(
    ("kind", "expected", "words"),
    [
        ("orientation", "kind", "'kind' is none of: altruistic, prosocial, "),
        ("angle", "90", "'90': The angle is a number of degrees from -17 to 62"),
    ],
)
def test_an_expectation_that_nobody_could_meet_is_named_once(cast, kind, expected, words):
    categories = {} if kind == "orientation" else {"categories": []}
    study = make_text_study(cast.project, 1, kind=kind, **categories)
    (said,) = refusals(study, ControlRow("gold", expected, text="words"))
    assert said.startswith(words)
    assert said.count(expected) == 1
    assert not said.endswith(".")


def test_a_study_of_texts_takes_texts_only(cast, cell):
    study = make_text_study(cast.project, 1, unit="text")
    (words,) = refusals(study, ControlRow("gold", "prosocial", trial=make_trial(cell).pk))
    assert words == "this study is about texts: give a text"


def test_a_closed_study_takes_none(cast):
    study = make_text_study(cast.project, 1, state="closed")
    (words,) = refusals(study, ControlRow("gold", "prosocial", text="x"))
    assert "it is closed" in words


def test_a_control_goes_while_nobody_met_it(cast, study):
    first, second = add_controls(
        study, cast.researcher, [ControlRow("gold", "prosocial", text=t) for t in "ab"]
    )
    rater = make_rater(study)
    held = current_or_next(rater)
    Assignment.objects.create(
        item=second,
        rater=make_rater(study),
        is_regular=False,
        reserved_at=held.reserved_at,
        expires_at=held.expires_at,
    )
    remove_control(first, cast.researcher)
    with pytest.raises(ControlsRefused, match="have met this item already"):
        remove_control(second, cast.researcher)
    with pytest.raises(ControlsRefused, match="Only items with a known answer"):
        remove_control(study.items.get(position=1), cast.researcher)
    assert Item.objects.filter(study=study).count() == 3


def check(expected: str) -> None:
    if expected == "wrong":
        raise ValueError("'wrong' is none of: a, b")


def test_a_control_file_is_read():
    lines = [
        "kind,trial,answer,text,expected,feedback",
        "gold,12,3,,a|b,Because.",
        'attention,,,"A, b",b,',
    ]
    assert read_controls(lines, check) == [
        ControlRow("gold", "a|b", "Because.", trial=12, answer_number=3, line=2),
        ControlRow("attention", "b", text="A, b", line=3),
    ]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("silver,1,,,a,", "line 2: the kind 'silver' is none of: practice, qualification, gold"),
        ("gold,,,,a,", "line 2: give a trial or a text"),
        ("gold,1,,x,a,", "line 2: give a trial or a text"),
        ("gold,,2,x,a,", "line 2: an answer is an answer of a trial"),
        ("gold,one,,,a,", "line 2: the trial 'one' is no number"),
        ("gold,1,,,,", "line 2: the expected answer is empty"),
        ("gold,1,,,wrong,", "line 2: 'wrong' is none of: a, b"),
        ("", "holds no control item"),
    ],
)
def test_a_control_file_says_what_is_wrong(row, words):
    with pytest.raises(RejectedFile) as refused:
        read_controls(["kind,trial,answer,text,expected,feedback", row], check)
    assert words in str(refused.value)


def test_a_text_file_is_read():
    (row,) = read_texts(["id,text,language", "a,Hello,en"])
    assert (row.key, row.text, row.language) == ("a", "Hello", "en")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["id,words"], "the header lacks text"),
        (["id,text", "a,"], "line 2: the text is empty"),
        (["id,text", "a,x", "a,y"], "line 3: the id 'a' stands in an earlier line already"),
        (["id,text,language", "a,x," + "y" * 21], "line 2: the language is a tag"),
        (["id,text,language", "a,x,in English"], "line 2: the language is a tag"),
        (["id,text"], "the file holds no text"),
    ],
)
def test_a_text_file_says_what_is_wrong(lines, words):
    with pytest.raises(RejectedFile) as refused:
        read_texts(lines)
    assert words in str(refused.value)
