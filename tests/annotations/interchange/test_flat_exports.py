"""Exports that hold an annotation in each row: what is taken of them, and what is asked for."""

import csv
import json
import shutil

import pyarrow as pa
import pytest
from pyarrow import parquet

from annotations.interchange.formats import JUDGMENT_FORMATS, LABEL_FORMATS
from evaluations.interchange.formats import recognised
from evaluations.interchange.looked_at import look_at
from evaluations.text.table_words import RejectedFile
from tests.annotations.interchange.fixtures import MADE, formats_of, labels_in, read, table_of
from tests.annotations.interchange.made.scripts.words import RATERS, TEXTS
from tests.annotations.interchange.test_readers import expected

MIN, FLAT = MADE / "label-studio-min.json", MADE / "argilla" / "flat.json"
EXPORTS = MADE / "potato_exports"
OLD = EXPORTS / "version_1"


def changed(tmp_path, file, change):
    content = json.loads(file.read_text("utf-8"))
    change(content)
    other = tmp_path / file.name
    other.write_text(json.dumps(content), "utf-8")
    return other


# --- Label Studio, JSON_MIN -----------------------------------------------------------------------


def test_annotations_alone_are_judgments_of_the_question_that_is_named():
    found, notes, judgments = read(MIN, "stance")
    users = {"ann": "2", "bob": "3", "cem": "4"}
    assert found == expected(lambda n: str(n + 7), users.get)
    assert judgments.texts == dict(enumerate(TEXTS))
    assert set(judgments.details.of_judgment["seconds"]) >= {3.5, 4.5, 5.5}
    assert any("Ignored columns: answer.sure" in note for note in notes)


def test_data_and_answers_side_by_side_are_asked_about():
    with pytest.raises(RejectedFile, match=r"the questions stance, sure, why: --value-from"):
        table_of(MIN)


def test_ratings_of_annotations_alone_are_numbers():
    rows = [line.split(",")[2] for line in table_of(MIN, "sure").lines()][1:]
    assert set(rows) <= set("12345") and len(rows) == 17


def test_several_choices_and_parts_of_a_text_are_told_apart(tmp_path):
    def change(elements):
        elements[0]["stance"] = {"choices": ["agree", "other"]}
        elements[1]["span"] = [{"start": 0, "end": 3, "text": "I w", "labels": ["x"]}]

    file = changed(tmp_path, MIN, change)
    with pytest.raises(RejectedFile, match="task 7, annotation 21: the value 'agree; other'"):
        read(file, "stance")
    told = table_of(file, "stance").left_out
    assert told[0].startswith("task 7, annotation 20: what stands at 'span' is of end, labels")


def test_annotations_alone_hold_no_predictions():
    why = recognised(look_at(MIN), LABEL_FORMATS).why_none
    assert "it is its JSON_MIN, which holds no predictions: export it as JSON" in why


def test_an_element_that_is_no_annotation_is_named(tmp_path):
    file = changed(tmp_path, MIN, lambda elements: elements.insert(2, {"text": "a"}))
    with pytest.raises(RejectedFile, match="element 3: has not both of annot"):
        table_of(file, "stance")


@pytest.mark.parametrize("name", ["label-studio.json", "label-studio-min.json"])
def test_raters_named_by_mail_addresses_are_numbered(tmp_path, name):
    def change(elements):
        for one in elements:
            for said in one.get("annotations", [one]):
                who = "completed_by" if "annotations" in one else "annotator"
                said[who] = f"person{said[who]}@example.org"

    found, notes, judgments = read(changed(tmp_path, MADE / name, change), "stance")
    assert sorted(judgments.raters) == ["rater 1", "rater 2", "rater 3"]
    assert len(found) == 17
    assert any("mail addresses are rater 1 to rater 3" in note for note in notes)


# --- Argilla, flat --------------------------------------------------------------------------------


def users():
    named = json.loads(FLAT.read_text("utf-8"))[0]["stance.responses.users"]
    return dict(zip(RATERS, named, strict=True))


def as_parquet(path):
    table = pa.Table.from_pylist(json.loads(FLAT.read_text("utf-8")))
    parquet.write_table(table, path)


def as_lines(path):
    rows = json.loads(FLAT.read_text("utf-8"))
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.mark.parametrize("write", [lambda path: shutil.copy(FLAT, path), as_lines, as_parquet])
def test_flat_records_are_judgments_and_what_was_discarded_is_named(tmp_path, write):
    file = tmp_path / "records"
    write(file)
    assert formats_of(file) == ["argilla"]
    found, notes, judgments = read(file, "stance")
    assert found == expected(lambda n: f"t{n}", users().get)
    assert judgments.texts == dict(enumerate(TEXTS)) and judgments.facts.names == ["model"]
    assert f"Left out: record t5, user {users()['cem']}: the answers are discarded." in notes
    assert "Left out: record t6: nobody answered it." in notes


def test_suggestions_of_flat_records_are_labels_of_their_agent():
    lines = list(labels_in(FLAT).lines())
    assert len(lines) == 7 and lines[1].startswith("t0,words-1,agree,")


def test_drafts_are_left_out_and_a_second_answer_of_one_user_is_refused(tmp_path):
    def draft(records):
        records[0]["stance.responses.status"][1] = "draft"
        records[0]["sure.responses.status"][1] = "draft"

    _, notes, _ = read(changed(tmp_path, FLAT, draft), "stance")
    assert f"Left out: record t0, user {users()['bob']}: the answers are draft." in notes

    def twice(records):
        names = records[0]["stance.responses.users"]
        names[1] = names[0]

    with pytest.raises(RejectedFile, match=r"record t0, user .*: answers 'stance' more than once"):
        table_of(changed(tmp_path, FLAT, twice), "stance")


def test_spans_and_rankings_are_named_by_record_and_user(tmp_path):
    def change(records):
        records[0]["sure.responses"][0] = [{"label": "x", "start": 0, "end": 2}]

    told = table_of(changed(tmp_path, FLAT, change), "stance").left_out
    assert told[0] == (
        f"record t0, user {users()['ann']}: the answer to 'sure' is no label, number or text"
    )


# --- Potato ---------------------------------------------------------------------------------------

TABLES = ["potato.csv", "version_1/annotated_instances.csv", "version_1/annotated_instances.tsv"]


@pytest.mark.parametrize("name", [*TABLES, "version_1/annotated_instances.jsonl", "version_1"])
def test_every_form_of_every_version_says_the_same(name):
    assert formats_of(EXPORTS / name) == ["potato"]
    found, _, judgments = read(EXPORTS / name)
    assert found == expected(lambda n: f"t{n}", lambda name: name)
    assert set(judgments.details.of_judgment["comment"]) == {None, "because, well"}
    if "version_1" in name:
        assert set(judgments.texts.values()) == set(TEXTS)


def test_the_file_of_one_rater_asks_for_the_folder_that_names_them():
    why = recognised(look_at(OLD / "ann" / "annotated_instances.jsonl"), JUDGMENT_FORMATS).why_none
    assert "whom it does not name: take the folder annotation_output" in why


def table(tmp_path, header, *rows):
    file = tmp_path / "potato.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([header, *rows])
    return file


def test_boxes_scales_spans_and_settled_answers_of_a_table(tmp_path):
    header = ("instance_id", "user_id", "tick.a", "tick.b", "rate.scale_3", "stance")
    header = (*header, "stance.agree", "stance.other", "ner._spans", "stance._room")
    rows = [
        ("t1", "ann", "True", "true", "3", "other", "agree", "other", "[]", "{}"),
        ("t2", "ann", "", "True", "", "", "agree", "", '[{"start": 1}]', ""),
    ]
    found = table_of(table(tmp_path, header, *rows), "stance")
    assert found.left_out == ["line 3: marks parts of the text, which is not taken"]
    named = list(csv.DictReader(found.lines()))
    assert [row["value"] for row in named] == ["other", "agree"]
    assert [row["answer.tick"] for row in named] == ["a; b", "b"]
    assert [row["answer.rate"] for row in named] == ["3", ""]


def test_rows_of_a_table_are_named_by_the_line_they_begin_at(tmp_path):
    header = ("instance_id", "user_id", "stance.agree", "why.text_box")
    rows = [("t1", "ann", "agree", "one\ntwo"), ("t2", "bob", "", ""), ("t3",)]
    with pytest.raises(RejectedFile, match="line 5: has 1 cells, the header has 4"):
        table_of(table(tmp_path, header, *rows))
    told = table_of(table(tmp_path, header, *rows[:2]))
    assert told.left_out == ["line 4: bob chose nothing"]


@pytest.mark.parametrize("spans", [[{"start": 1}], {"ner": [{"start": 1}]}])
def test_spans_of_a_line_are_named(tmp_path, spans):
    line = {"instance_id": "t1", "user_id": "ann", "labels": {"s": {"a": "a"}}, "spans": spans}
    file = tmp_path / "export.jsonl"
    file.write_text(json.dumps(line))
    assert table_of(file).left_out == ["line 1: marks parts of the text, which is not taken"]
