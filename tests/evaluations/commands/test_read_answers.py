import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command


@pytest.fixture
def lines(tmp_path):
    """Writes lines, each a dictionary or a text, into a file and gives its path."""

    def write(*rows):
        path = tmp_path / "answers.jsonl"
        texts = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        return path

    return write


def read(path, **options):
    """What the command writes for a file: one dictionary a line."""
    out = StringIO()
    call_command("read_answers", str(path), stdout=out, stderr=StringIO(), **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def told(path):
    """What the command says of a file it does not take."""
    said = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("read_answers", str(path), stdout=StringIO(), stderr=said)
    return f"{said.getvalue()}\n{error.value}"


def test_each_answer_comes_back_with_outcome_letter_method_span_and_reason(lines):
    found = read(lines({"id": 7, "item": 4, "text": "Well: I choose **C**."}))
    assert found == [
        {
            "id": 7,
            "outcome": "choice",
            "letter": "C",
            "method": "rule:subject_verb",
            "span": [6, 18],
            "note": "the words 'I choose C' state the choice",
        }
    ]


def test_the_four_outcomes(lines):
    said = ["C", "C or D", "Nice weather.", "I can't choose."]
    found = read(lines(*({"id": str(n), "item": 4, "text": text} for n, text in enumerate(said))))
    assert [line["outcome"] for line in found] == ["choice", "ambiguous", "none", "refused"]
    assert [line["letter"] for line in found] == ["C", None, None, None]


@pytest.mark.parametrize(
    ("shown", "letter"),
    [
        (None, "A"),
        ([9, 8, 7, 6, 5, 4, 3, 2, 1], "I"),
        ([[85, 15], [50, 100]], "B"),
        ([{"label": "X", "self": 50, "other": 100}, {"label": "Y", "self": 1, "other": 2}], "X"),
    ],
)
def test_payoffs_are_those_of_the_options_as_they_were_shown(lines, shown, letter):
    line = {"id": 1, "item": 4, "text": "50 for me and 100 for them", "shown": shown}
    assert read(lines(line))[0]["letter"] == letter


def test_an_item_is_not_needed_where_the_options_are_given(lines):
    assert read(lines({"id": 1, "text": "B", "shown": [[1, 2], [3, 4]]}))[0]["letter"] == "B"


def test_a_language_may_be_said(lines):
    line = {"id": 1, "item": 4, "text": "Je choisis C.", "language": "fr"}
    assert read(lines(line))[0]["letter"] == "C"


def test_a_cut_off_answer_is_read_as_such(lines):
    line = {"id": 1, "item": 4, "text": "My answer is I", "truncated": True}
    assert read(lines(line))[0]["outcome"] == "ambiguous"


def test_every_bad_line_is_named_and_nothing_is_written(lines, tmp_path):
    path = lines(
        {"id": 1, "item": 4, "text": "C"},
        {"id": 1, "item": 4, "text": "C"},
        {"item": 4, "text": "C"},
        {"id": 2, "item": 99, "text": "C"},
        {"id": 3, "item": 4, "text": 5},
        {"id": 4, "item": 4, "text": "C", "language": "xx"},
        {"id": 5, "text": "C"},
        {"id": 6, "item": 4, "text": "C", "shown": [1, 1]},
        {"id": 7, "item": 4, "text": "C", "shown": [[1], [2]]},
        "not JSON",
        "[1]",
    )
    out = tmp_path / "read.jsonl"
    said = StringIO()
    with pytest.raises(CommandError, match="rejected for 10 reasons, nothing was written"):
        call_command("read_answers", str(path), "--out", str(out), stderr=said)
    assert not out.exists()
    for words in (
        "line 2: id 1 is already on line 1",
        "line 3: has no id",
        "line 4:",
        "line 5: text must be the answer as a text",
        "line 6: there are no cue words for the language 'xx': give ar, de, en, es, fr, zh",
        "line 7: has no item",
        "line 8:",
        "line 9: shown must be pairs [self, other] or objects with self and other",
        "line 10: is not JSON",
        "line 11: must be an object",
    ):
        assert words in said.getvalue()


def test_fields_that_are_not_read_are_named(lines):
    said = StringIO()
    path = lines({"id": 1, "item": 4, "text": "C", "langauge": "es"})
    call_command("read_answers", str(path), stdout=StringIO(), stderr=said)
    assert "The field 'langauge' is not read." in said.getvalue()
    assert "1 answers read: 1 choice." in said.getvalue()


def test_a_file_without_an_answer_and_no_file_are_refused(lines, tmp_path):
    assert "the file holds no answer" in told(lines("", "  "))
    with pytest.raises(CommandError, match="there is no file"):
        call_command("read_answers", str(tmp_path / "none.jsonl"))


def test_the_result_goes_into_a_file(lines, tmp_path):
    out = tmp_path / "read.jsonl"
    path = lines({"id": "ä", "item": 4, "text": "我选C。"})
    call_command("read_answers", str(path), "--out", str(out), stderr=StringIO())
    assert json.loads(out.read_text(encoding="utf-8"))["letter"] == "C"
