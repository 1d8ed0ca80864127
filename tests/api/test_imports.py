"""Judgments made elsewhere come in by the API as by a file: all of them, or none."""

import json
from dataclasses import fields
from urllib.parse import urlencode

import pyarrow as pa
import pytest
from pyarrow import parquet

from accounts.models import AuditEvent
from annotations.models import Judgment, Study
from annotations.studies.imports.asked import Asked
from api.resources.imports import ImportBody
from evaluations.files import trial_files, trial_tables
from evaluations.instruments.values.circle import VALUES
from evaluations.text.passages.spans import digest

ADDRESS = "imports/?study=Elsewhere&scale=nominal&categories=yes&categories=no"
TABLE = "item,rater,value\n" + "".join(f"i{n},{r},yes\n" for n in range(4) for r in "pq")


@pytest.fixture
def send(program):
    """``send(table)``: the answer to it, sent as CSV."""
    ask = program("researcher")

    def sent(table, address=ADDRESS, content_type="text/csv", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return ask.client.post(
            f"{ask.root}{address}", table, content_type=content_type, headers=named
        )

    return sent


def test_a_table_becomes_a_closed_study(send, cast):
    answer = send(TABLE)
    assert answer.status_code == 201, answer.json()
    study = Study.objects.get(slug=answer.json()["slug"])
    assert (study.state, study.created_by, study.categories) == (
        "closed",
        cast.researcher,
        ["yes", "no"],
    )
    assert Judgment.objects.filter(item__study=study, label="yes").count() == 8


def test_every_wrong_row_is_named_and_nothing_is_stored(send):
    answer = send(f"{TABLE}i9,p,maybe\ni9,,yes\n")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [error["field"] for error in answer.json()["errors"]] == ["line 10", "line 11"]
    assert not Study.objects.exists()
    assert not AuditEvent.objects.filter(verb="study imported").exists()


def test_the_same_key_imports_once(send):
    first, again = (send(TABLE, Idempotency_Key="k") for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    assert Study.objects.count() == 1
    assert send(f"{TABLE}i9,p,no\n", Idempotency_Key="k").json()["code"] == "other_request"


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("imports/?scale=nominal", "study"),
        ("imports/?study=a&scale=odd", "scale"),
        (f"{ADDRESS}&colour=red", "colour"),
    ],
)
def test_a_wrong_declaration_is_named(send, address, field):
    answer = send(TABLE, address)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_a_name_that_is_taken_is_refused(send):
    send(TABLE)
    answer = send(TABLE)
    assert (answer.status_code, answer.json()["code"]) == (422, "import_refused")
    assert Study.objects.count() == 1


def test_no_body_is_no_table(send):
    answer = send("")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["file"]


def test_json_is_no_table(send):
    answer = send("{}", content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


LINES = "application/x-ndjson"


def lines_of(*rows):
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def test_lines_and_parquet_come_in_as_the_table_does(send, tmp_path):
    rows = [{"item": f"i{n}", "rater": r, "value": "yes"} for n in range(4) for r in "pq"]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    parquet.write_table(pa.table(columns), tmp_path / "table")
    answers = [
        send(TABLE),
        send(lines_of(*rows), ADDRESS.replace("Elsewhere", "Lines"), LINES),
        send(
            (tmp_path / "table").read_bytes(),
            ADDRESS.replace("Elsewhere", "Columns"),
            "application/vnd.apache.parquet",
        ),
    ]
    assert [answer.status_code for answer in answers] == [201] * 3
    said = [
        list(
            Judgment.objects.filter(item__study__slug=answer.json()["slug"])
            .order_by("item__position", "rater__pseudonym")
            .values_list("item__external_id", "rater__pseudonym", "label")
        )
        for answer in answers
    ]
    assert said[0] == said[1] == said[2]
    assert len(said[0]) == 8


def test_passages_come_in_with_lines(send):
    mark = {"dimension": "benevolence", "sign": "1", "start": 0, "end": 8, "quotation": "Be kind."}
    mark["text_sha256"] = digest("Be kind.")
    said = {"item": "i", "rater": "p", "value": "0,0,0,0,0,0,0,0,1,0", "text": "Be kind."}
    said |= {"marks": [mark], "at_once": ["power", "hedonism"]}
    address = f"imports/?study=Passages&scale=values&categories={'&categories='.join(VALUES)}"
    assert send(lines_of(said), address, LINES).status_code == 201
    (judgment,) = Judgment.objects.filter(item__study__name="Passages")
    assert judgment.at_once == ["power", "hedonism"]
    assert list(judgment.marks.values(*mark)) == [mark]
    wrong = said | {"marks": [mark | {"quotation": "Be cruel"}]}
    answer = send(lines_of(wrong), address.replace("Passages", "Wrong"), LINES)
    assert (answer.status_code, Study.objects.filter(name="Wrong").exists()) == (422, False)
    assert "row 1: “Be cruel” does not stand where it was marked" in answer.json()["detail"]


def test_every_option_of_an_import_is_one_of_the_address():
    of_labels = {"unscorable", "metric_ranges"}
    assert set(ImportBody().fields) == {one.name for one in fields(Asked)} - of_labels


def test_further_questions_properties_and_ranges_are_heard(send):
    table = "item,rater,value,tone,answer.warm\ni,p,3,calm,yes\n"
    warm = {"key": "warm", "kind": "nominal", "prompt": "Warm?", "categories": ["yes", "no"]}
    words = {"study": "Wide", "scale": "interval", "properties": "tone"}
    words["further"] = json.dumps([warm])
    query = f"{urlencode(words)}&rater_range=0&rater_range=5"
    answer = send(table, f"imports/?{query}")
    assert answer.status_code == 201, answer.json()
    (judgment,) = Judgment.objects.filter(item__study__name="Wide").select_related("item__study")
    assert judgment.answers == {"warm": "yes"}
    assert judgment.item.properties == {"tone": "calm"}
    assert judgment.item.study.ranges["raters"] == [0, 5]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("further=nothing", "further"),
        ("further={}", "further"),
        ("rater_range=1", "rater_range"),
    ],
)
def test_an_option_that_cannot_be_is_named(send, query, field):
    answer = send(TABLE, f"{ADDRESS}&{query}")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Study.objects.exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (
            lines_of(dict.fromkeys(trial_files.NEEDED, "x")),
            "The file holds trials, no judgments (JSON Lines, a trial a line)",
        ),
        (
            ",".join(trial_tables.NEEDED) + "\n",
            "The file holds trials, no judgments (a table of trials, a row for each message)",
        ),
        (lines_of({"id": 1, "item": 2, "rater": "p", "label": "yes"}), "its rows have no value"),
        ("[]", "This is a JSON list without judgments"),
    ],
)
def test_what_holds_no_judgments_is_told_for_what_it_is(send, file, words):
    answer = send(file, content_type=LINES)
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (
        422,
        ["file"],
    )
    assert words in answer.json()["detail"]


def test_all_that_is_wrong_with_a_file_of_rows_is_told(send):
    rows = [{"item": "i", "rater": r, "value": v} for r, v in (("p", "so"), ("q", "no"), ("r", ""))]
    answer = send(lines_of(*rows), content_type=LINES)
    assert [error["message"].split(":")[0] for error in answer.json()["errors"]] == [
        "row 1",
        "row 3",
    ]
