"""Files as others would try them: other encodings, several filters, one format for another."""

import csv
import io
import json
import shutil

import pytest
from django.core.management import CommandError, call_command

from annotations.interchange.formats import JUDGMENT_FORMATS, LABEL_FORMATS
from evaluations.interchange.formats import named, recognised
from evaluations.interchange.looked_at import look_at
from evaluations.text.table_words import RejectedFile
from tests.annotations.interchange.fixtures import MADE, formats_of, labels_in, read, table_of
from tests.annotations.interchange.test_readers import changed
from tests.evaluations.interchange import fixtures as of_trials

ROWS = [
    {"item": "1", "rater": "a", "value": "agree"},
    {"item": "1", "rater": "b", "value": "other"},
]


# --- one for another ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "said", "is_one"),
    [
        ("potato_exports/potato.jsonl", "label-studio", "potato, annotations of Potato"),
        ("label-studio.json", "argilla", "label-studio, export of Label Studio"),
        ("label-studio-min.json", "doccano", "label-studio, export of Label Studio"),
        ("argilla/flat.json", "label-studio", "argilla, records of Argilla"),
        ("doccano.zip", "potato", "doccano, export of doccano"),
        ("qualtrics.csv", "potato", "qualtrics, responses of Qualtrics"),
        ("hub", "potato", "parquet, rows of judgments in Parquet"),
    ],
)
def test_a_file_said_to_be_of_another_program_is_told_which_it_seems_to_be(file, said, is_one):
    with pytest.raises(RejectedFile, match=f"it seems to be of the format {is_one}"):
        named(said, look_at(MADE / file), JUDGMENT_FORMATS)


@pytest.mark.parametrize("file", [of_trials.EVAL, of_trials.LOG, of_trials.SAMPLES])
def test_trials_are_no_judgments_and_the_command_for_them_is_named(file, cast):
    words = ["--study", "s", "--scale", "nominal", "--categories", "a", "b", "--project", "lab"]
    with pytest.raises(CommandError, match=r"trials, no judgments .*: import_trials takes it"):
        call_command("import_judgments", str(file), *words, stdout=io.StringIO())


def test_the_table_of_label_studio_says_what_to_export_instead(tmp_path):
    file = tmp_path / "export.csv"
    file.write_text(
        "annotation_id,annotator,created_at,id,lead_time,stance,text\n1,2,,7,3,agree,a\n"
    )
    why = recognised(look_at(file), JUDGMENT_FORMATS).why_none
    assert "it is its table: export it as JSON" in why


# --- encodings and quoting ------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("name", ["label-studio.json", "argilla/flat.json"])
def test_json_in_another_encoding_is_read(tmp_path, encoding, name):
    text = (MADE / name).read_text("utf-8")
    mark = "\ufeff" if encoding.endswith("e") else ""
    file = tmp_path / "export.json"
    file.write_bytes(f"{mark}{text}".encode(encoding))
    assert read(file, "stance")[0] == read(MADE / name, "stance")[0]


def survey(tmp_path, *rows, **options):
    names = ("ResponseId", "Q1", "1_Q2", "2_Q2", "Q3_1")
    ids = ("_recordId", "QID1", "1_QID2", "2_QID2", "QID3_1")
    words = ("Response ID", "Do you,\nor do you not?", "Now?", "Then?", "Matrix - a")
    heads = [names, words, [json.dumps({"ImportId": one}) for one in ids]]
    file = tmp_path / "survey.csv"
    with file.open("w", newline="", encoding=options.get("encoding", "utf-8-sig")) as stream:
        csv.writer(stream, delimiter=options.get("delimiter", ",")).writerows([*heads, *rows])
    return file


@pytest.mark.parametrize("options", [{}, {"delimiter": ";"}, {"encoding": "utf-16"}])
def test_loops_and_matrices_of_a_survey_are_questions_and_newlines_stay(tmp_path, options):
    file = survey(tmp_path, ("R_1", "agree", "other", "agree", "disagree"), **options)
    found, _, judgments = read(file)
    assert found == {
        ("Q1", "R_1", "agree"),
        ("1_Q2", "R_1", "other"),
        ("2_Q2", "R_1", "agree"),
        ("Q3_1", "R_1", "disagree"),
    }
    assert judgments.texts[0] == "Do you,\nor do you not?"


def test_a_row_of_a_survey_is_named_by_the_line_it_begins_at(tmp_path):
    rows = [("R_1", "agree", "other", "a\nb", "agree"), ("R_2", "agree")]
    with pytest.raises(RejectedFile, match="line 7: has 2 cells, the header has 5"):
        table_of(survey(tmp_path, *rows))


# --- rows -----------------------------------------------------------------------------------------


def lines_of(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_rows_in_json_lines_are_judgments(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_text(lines_of([*ROWS, {"item": "2", "rater": "a", "value": "agree", "stage": ""}]))
    assert formats_of(file) == ["parquet"]
    assert read(file)[0] == {("1", "a", "agree"), ("1", "b", "other"), ("2", "a", "agree")}


def test_a_folder_of_json_lines_is_its_shards(tmp_path):
    (tmp_path / "data").mkdir()
    for number, row in enumerate(ROWS):
        (tmp_path / "data" / f"train-0000{number}-of-00002.jsonl").write_text(lines_of([row]))
    assert len(read(tmp_path)[0]) == 2


def test_a_broken_line_of_rows_is_named(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_text(lines_of(ROWS) + "[1]\n")
    with pytest.raises(RejectedFile, match=r"rows\.jsonl cannot be read: line 3 is no object"):
        read(file)


def test_a_folder_with_parquet_and_lines_of_the_same_is_read_once(tmp_path):
    shutil.copytree(MADE / "hub", tmp_path / "hub")
    (tmp_path / "hub" / "data" / "rows.jsonl").write_text(lines_of(ROWS))
    assert read(tmp_path / "hub")[0] == read(MADE / "hub")[0]


# --- what programs can hold -----------------------------------------------------------------------


def test_paths_of_a_taxonomy_are_words(tmp_path):
    def change(tasks):
        result = tasks[0]["annotations"][0]["result"]
        value = {"taxonomy": [["values", "care"], ["power"]]}
        result.append({"from_name": "kind", "type": "taxonomy", "value": value})

    table = table_of(changed(tmp_path, change), "stance")
    rows = list(csv.DictReader(table.lines()))
    assert rows[0]["answer.kind"] == "values > care; power"


def test_drafts_and_cancelled_annotations_are_left_out_by_name(tmp_path):
    def change(tasks):
        tasks[0]["annotations"][0]["was_cancelled"] = True
        tasks[0]["drafts"] = [{"result": tasks[0]["annotations"][0]["result"]}]

    told = table_of(changed(tmp_path, change), "stance").left_out
    assert told[0] == "task 7, annotation 19: its rater skipped the task"


def test_metrics_of_several_filters_are_several_and_their_answers_one(tmp_path):
    shutil.copy(of_trials.RESULTS, tmp_path / of_trials.RESULTS.name)
    file = tmp_path / of_trials.SAMPLES.name
    lines = [json.loads(line) for line in of_trials.SAMPLES.read_text("utf-8").splitlines()]
    both = [line | {"filter": name} for name in ("strict-match", "flexible") for line in lines]
    file.write_text(lines_of(both))
    labels = list(csv.DictReader(labels_in(file).lines()))
    assert {row["scorer"] for row in labels} == {"exact_match,strict-match", "exact_match,flexible"}
    assert len(of_trials.found_in(file)) == 6


def test_spans_alone_of_doccano_say_what_is_not_taken(tmp_path):
    file = tmp_path / "ann.jsonl"
    file.write_text(lines_of([{"id": 1, "text": "abc", "label": [[0, 1, "X"]]}]))
    with pytest.raises(RejectedFile, match="line 1: labels parts of the text, which is not taken"):
        table_of(file)
    assert formats_of(file, LABEL_FORMATS) == []
