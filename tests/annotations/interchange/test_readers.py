"""Judgments out of the files of other programs: what is read, and what is named that is not."""

import json
import shutil
import zipfile

import pytest

from annotations.interchange.formats import LABEL_FORMATS
from evaluations.interchange.formats import recognised
from evaluations.interchange.looked_at import look_at
from evaluations.text.table_words import RejectedFile
from tests.annotations.interchange.fixtures import (
    ALL,
    MADE,
    formats_of,
    labels_in,
    read,
    table_of,
)
from tests.annotations.interchange.made.scripts.words import LABELS, RATERS, TEXTS
from tests.evaluations.interchange import fixtures as of_trials

SKIPPED = ("cem", 5)


def expected(item, rater):
    """What the three raters said, by the names that a program gave to items and raters."""
    return {
        (item(number), rater(name), LABELS[code])
        for name, codes in RATERS.items()
        for number, code in enumerate(codes)
        if (name, number) != SKIPPED
    }


@pytest.mark.parametrize(("key", "file"), ALL.items())
def test_a_file_is_recognised_by_its_content_whatever_its_name(key, file, tmp_path):
    other = tmp_path / "data.bin"
    (shutil.copytree if (MADE / file).is_dir() else shutil.copy)(MADE / file, other)
    assert formats_of(other) == [key]


@pytest.mark.parametrize(
    "file",
    ["potato", "saved", "splits", "doccano-all.json", "label-studio-snapshot.json"],
)
def test_other_forms_of_a_program_are_recognised(file):
    keys = {"potato": "potato", "saved": "parquet", "splits": "parquet"}
    expected_key = keys.get(file) or file.rpartition("-")[0]
    assert formats_of(MADE / file) == [expected_key]


def table_words(path):
    from annotations.interchange.formats import JUDGMENT_FORMATS

    return recognised(look_at(path), JUDGMENT_FORMATS).why_none


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\n1,2\n", b"item,rater,value\n1,a,b\n", b"[]", b"[[]]", b"{}", b"[{", b"\xff\x00"],
)
def test_another_file_is_none_of_them(content, tmp_path):
    file = tmp_path / "export.json"
    file.write_bytes(content)
    assert formats_of(file) == [] and formats_of(file, LABEL_FORMATS) == []


# --- Label Studio ---------------------------------------------------------------------------------


def test_annotations_of_label_studio_are_judgments():
    found, notes, judgments = read(MADE / "label-studio.json", "stance")
    users = {"ann": "2", "bob": "3", "cem": "4"}
    assert found == expected(lambda n: str(n + 7), users.get)
    assert judgments.texts == dict(enumerate(TEXTS))
    assert judgments.details.of_judgment["seconds"][0] == 3.5
    assert set(judgments.details.of_judgment["comment"]) == {None, "because, well"}
    assert "Left out: task 12, annotation 36: its rater skipped the task." in notes
    assert "Left out: task 13: nobody annotated it." in notes
    assert "Ignored columns: answer.sure." in notes


def test_several_questions_are_named_and_one_is_asked_for():
    with pytest.raises(RejectedFile, match="has the questions stance, sure: --value-from says"):
        table_of(MADE / "label-studio.json")
    with pytest.raises(RejectedFile, match="no question 'tone'; there are: stance, sure"):
        table_of(MADE / "label-studio.json", "tone")
    with pytest.raises(RejectedFile, match="one question gives the value"):
        table_of(MADE / "label-studio.json", "stance", "sure")


def changed(tmp_path, change, name="label-studio.json"):
    content = json.loads((MADE / name).read_text("utf-8"))
    change(content)
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(content), "utf-8")
    return file


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda one: one[1].update(data=None), "element 2: is no task with data"),
        (lambda one: one.insert(1, 7), "element 2: is no task with data"),
        (
            lambda one: one[0]["annotations"][1].update(result=None),
            "task 7, annotation 2: holds no result",
        ),
        (
            lambda one: one[0]["annotations"][0]["result"][0]["value"].update(choices=["maybe"]),
            "task 7, annotation 19: the value 'maybe' is none of: agree, disagree, other",
        ),
        (
            lambda one: one[0]["annotations"][1].update(completed_by=2),
            "task 7, annotation 20: this rater judged this item already in task 7, annotation 19",
        ),
        (
            lambda one: one[0]["annotations"][0].update(completed_by=None),
            "task 7, annotation 19: the rater is empty",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_place(tmp_path, change, reason):
    with pytest.raises(RejectedFile) as refused:
        read(changed(tmp_path, change), "stance")
    assert reason in str(refused.value)


def test_a_mail_address_becomes_no_pseudonym():
    _, _, judgments = read(MADE / "label-studio-snapshot.json", "stance")
    assert list(judgments.raters) == ["2", "3", "4"]


def test_an_annotation_without_the_value_is_left_out_by_name(tmp_path):
    file = changed(tmp_path, lambda one: one[0]["annotations"][0]["result"].pop(0))
    found, notes, _ = read(file, "stance")
    assert len(found) == 16
    assert "Left out: task 7, annotation 19: says nothing to stance." in notes


def test_two_choices_for_one_value_are_refused(tmp_path):
    def change(tasks):
        value = tasks[0]["annotations"][0]["result"][0]["value"]
        value["choices"] = ["agree", "other"]

    with pytest.raises(RejectedFile, match="'agree; other' is none of"):
        read(changed(tmp_path, change), "stance")


def test_parts_of_a_text_are_named_and_not_taken(tmp_path):
    def change(tasks):
        tasks[0]["annotations"][0]["result"].append(
            {"from_name": "span", "type": "labels", "value": {"start": 1, "labels": ["x"]}}
        )

    _, notes, _ = read(changed(tmp_path, change), "stance")
    assert any("answer to 'span' is of the kind labels" in note for note in notes)


def test_predictions_are_labels_of_their_model():
    lines = list(labels_in(MADE / "label-studio-snapshot.json", "stance").lines())
    assert lines[0].startswith("item,scorer,value,") and lines[1].startswith("7,words-1,agree,")
    assert len(lines) == 7


def test_a_prediction_by_its_number_alone_is_named():
    with pytest.raises(RejectedFile, match="task 7, prediction 1: stands in the file by its num"):
        labels_in(MADE / "label-studio.json")


def test_predictions_need_no_annotations(tmp_path):
    def change(tasks):
        for task in tasks:
            del task["annotations"]

    file = changed(tmp_path, change, "label-studio-snapshot.json")
    assert len(list(labels_in(file, "stance").lines())) == 7


def test_a_file_of_labels_of_parts_alone_says_so(tmp_path):
    def change(tasks):
        tasks[:] = tasks[:1]
        for one in tasks[0]["annotations"]:
            one["result"] = [{"from_name": "box", "type": "rectanglelabels", "value": {"x": 1}}]

    with pytest.raises(RejectedFile, match=r"nothing that can be taken; task 7.*rectanglelabels"):
        table_of(changed(tmp_path, change))


@pytest.mark.parametrize("cut", [100, 9000])
def test_a_truncated_list_is_refused_with_its_place(tmp_path, cut):
    file = tmp_path / "cut.json"
    file.write_bytes((MADE / "label-studio.json").read_bytes()[:cut])
    if formats_of(file):
        with pytest.raises(RejectedFile, match="is no JSON from character"):
            table_of(file, "stance")
    else:
        assert "is no JSON from character" in table_words(file)


def test_a_list_in_another_encoding_is_refused(tmp_path):
    file = tmp_path / "latin.json"
    text = (MADE / "label-studio.json").read_text("utf-8").replace("own-words", "größer")
    file.write_bytes(text.encode("latin-1"))
    assert "is not UTF-8 text" in table_words(file)


def test_a_text_of_ten_megabytes_is_a_text(tmp_path):
    file = changed(tmp_path, lambda one: one[0]["data"].update(text="a" * 10_000_000))
    _, _, judgments = read(file, "stance")
    assert len(judgments.texts[0]) == 10_000_000


@pytest.mark.parametrize("text", ["=1+1", "'=x", '"', "a\r\nb", "ü\u202e", "a,b;c\td", "sep=;"])
def test_a_text_comes_as_it_is(tmp_path, text):
    file = changed(tmp_path, lambda one: one[0]["data"].update(text=text))
    assert read(file, "stance")[2].texts[0] == text


# --- Argilla --------------------------------------------------------------------------------------


def test_responses_of_argilla_are_judgments():
    content = json.loads((MADE / "argilla/nested.json").read_text("utf-8"))
    users = [one["user_id"] for one in content[0]["responses"]["stance"]]
    found, notes, judgments = read(MADE / "argilla/nested.json", "stance")
    names = dict(zip(RATERS, users, strict=True))
    assert found - expected(lambda n: f"t{n}", names.get) == {("t5", names["cem"], "other")}
    assert judgments.facts.names == ["model"]
    assert "Left out: record t6: nobody answered it." in notes


def test_suggestions_of_argilla_are_labels_of_their_agent():
    lines = list(labels_in(MADE / "argilla/nested.json").lines())
    assert len(lines) == 7 and lines[1].startswith("t0,words-1,agree,")


def test_discarded_answers_are_left_out_where_the_file_says_so(tmp_path):
    def change(records):
        for responses in records[0]["responses"].values():
            responses[0]["status"] = "discarded"

    found, notes, _ = read(changed(tmp_path, change, "argilla/nested.json"), "stance")
    assert len(found) == 17 and any("the answers are discarded" in note for note in notes)


# --- doccano --------------------------------------------------------------------------------------


def test_the_files_of_an_archive_of_doccano_are_its_raters():
    found, notes, judgments = read(MADE / "doccano.zip")
    assert found == expected(lambda n: str(n + 1), lambda name: name)
    assert judgments.texts == dict(enumerate(TEXTS))
    assert notes == ["Left out: cem.jsonl, record 6: cem gave no label."]


def test_one_file_of_doccano_is_of_the_rater_it_is_named_after(tmp_path):
    file = tmp_path / "ann.json"
    shutil.copy(MADE / "doccano-all.json", file)
    found, _, _ = read(file)
    assert {rater for _, rater, _ in found} == {"ann"} and len(found) == 6


def archive_of(tmp_path, **files):
    path = tmp_path / "doccano.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.jsonl", content)
    return path


def test_broken_lines_of_an_archive_are_named(tmp_path):
    good = '{"id": 1, "text": "a", "label": ["agree"]}\n'
    file = archive_of(tmp_path, ann=good, bob=good + '{"id": 2\n[1]\n{"id": 3, "text": "c"}\n')
    with pytest.raises(RejectedFile) as refused:
        read(file)
    words = str(refused.value)
    assert "bob.jsonl, record 2: is not JSON" in words
    assert "bob.jsonl, record 3: is no record with an id" in words
    assert "bob.jsonl, record 4: has no list of labels" in words


def test_labels_of_parts_of_a_text_are_left_out(tmp_path):
    good = '{"id": 1, "text": "a", "label": ["agree"]}\n'
    file = archive_of(tmp_path, ann=good + '{"id": 2, "text": "b", "label": [[0, 1, "x"]]}\n')
    _, notes, _ = read(file)
    assert "Left out: ann.jsonl, record 2: labels parts of the text, which is not taken." in notes


def test_a_truncated_archive_says_so(tmp_path):
    file = tmp_path / "doccano.zip"
    file.write_bytes((MADE / "doccano.zip").read_bytes()[:700])
    assert formats_of(file) == [] and "damaged or cut off" in table_words(file)


# --- Potato ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["potato_exports/potato.jsonl", "potato"])
def test_states_and_export_of_potato_say_the_same(file):
    found, _, judgments = read(MADE / file)
    assert found == expected(lambda n: f"t{n}", lambda name: name)
    assert set(judgments.details.of_judgment["comment"]) == {None, "because, well"}


def test_a_broken_state_is_named(tmp_path):
    folder = tmp_path / "potato"
    shutil.copytree(MADE / "potato", folder)
    (folder / "bob" / "user_state.json").write_text('{"user_id": "bob"')
    with pytest.raises(RejectedFile, match=r"bob/user_state\.json: is no state of a rater"):
        table_of(folder)


# --- rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["hub", "saved", "splits"])
def test_rows_of_datasets_are_judgments_and_classes_have_their_names(folder):
    found, notes, judgments = read(MADE / folder)
    assert found - expected(lambda n: f"t{n}", lambda name: name) == {("t5", "cem", "other")}
    assert judgments.details.of_judgment["confidence"][0] == 1 and notes == []


def test_a_folder_of_several_splits_asks_for_one(tmp_path):
    folder = tmp_path / "splits"
    shutil.copytree(MADE / "splits", folder)
    shutil.copytree(folder / "train", folder / "test")
    assert "holds the splits test, train" in table_words(folder)
    assert formats_of(folder / "test") == ["parquet"]


@pytest.mark.parametrize("cut", [4, 1500, 3000])
def test_a_truncated_parquet_file_is_refused(tmp_path, cut):
    (source,) = (MADE / "hub" / "data").iterdir()
    file = tmp_path / "cut.parquet"
    file.write_bytes(source.read_bytes()[:cut])
    assert "cut.parquet cannot be read" in table_words(file)


# --- Qualtrics ------------------------------------------------------------------------------------


def test_questions_of_a_survey_are_items_and_its_respondents_raters():
    found, notes, judgments = read(MADE / "qualtrics.csv")
    assert found == expected(lambda n: f"Q{n + 1}", lambda name: f"R_{name}")
    assert judgments.texts == dict(enumerate(TEXTS))
    assert notes == ["Left out: line 5: is a preview of the survey."]
    assert {one["language"] for one in judgments.details.of_rater.values()} == {"EN"}


def test_some_questions_of_a_survey_can_be_asked_for():
    found, _, _ = read(MADE / "qualtrics.csv", "Q1", "Q3")
    assert {item for item, _, _ in found} == {"Q1", "Q3"}


def test_a_survey_with_tabs_and_utf_16_is_read(tmp_path):
    import csv

    with (MADE / "qualtrics.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    other = tmp_path / "survey.tsv"
    with other.open("w", encoding="utf-16", newline="") as file:
        csv.writer(file, delimiter="\t").writerows(rows)
    assert read(other)[0] == read(MADE / "qualtrics.csv")[0]


def test_a_row_with_missing_cells_is_named(tmp_path):
    file = tmp_path / "survey.csv"
    file.write_bytes((MADE / "qualtrics.csv").read_bytes() + b"a,b\n")
    with pytest.raises(RejectedFile, match=r"line 9: has 2 cells, the header has 21"):
        table_of(file)


def test_many_wrong_rows_are_named_without_reading_the_file_for_each(tmp_path, monkeypatch):
    file = tmp_path / "many.jsonl"
    rows = [{"id": n, "text": f"t{n}", "label": ["a"], "Comments": []} for n in range(400)]
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    table = table_of(file)
    reads = []
    whole = table._rows
    monkeypatch.setattr(table, "_rows", lambda: (reads.append(1), whole())[1])
    lines = list(table.lines())
    places = [table.named([f"line {number} is wrong"])[0] for number in range(2, len(lines) + 1)]
    assert len(set(places)) == 400 and not places[0].startswith("line 2 ")
    assert len(reads) == 1


# --- scores ---------------------------------------------------------------------------------------


def test_scores_of_a_log_are_labels_by_scorer():
    lines = list(labels_in(of_trials.EVAL).lines())
    assert lines[:3] == ["item,scorer,value\n", "s1#1,caring,prosocial\n", "s1#1,match,I\n"]
    assert list(labels_in(of_trials.LOG).lines())[1] == "s1,caring,prosocial\n"


def test_metrics_of_the_harness_are_labels():
    assert list(labels_in(of_trials.SAMPLES).lines())[1:] == [
        "0,exact_match,1.0\n",
        "1,exact_match,0.0\n",
        "2,exact_match,1.0\n",
    ]
