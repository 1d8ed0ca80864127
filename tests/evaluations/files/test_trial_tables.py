"""Trials as CSV, a row for each message."""

import csv
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evaluations.definitions.catalogue import SHIPPED, instrument
from evaluations.files.importing import import_trials
from evaluations.files.trial_tables import columns, conversations, csv_line, rows_of
from evaluations.formats.lines import LineError
from evaluations.instruments.kinds import KINDS
from evaluations.models import Run, Trial
from evaluations.text.table_reader import RejectedFile

LINES = (SHIPPED / "smollm2" / "smollm2_trials_free.jsonl").read_text().splitlines()
ODD = ["=1+1", "'=1", "'tis", "-5", '"C",\nthe 2nd', "a\r\nb", "@x", "\tx"]


def shipped(number=0):
    """A shipped trial as its exported object has it."""
    line = json.loads(LINES[number])
    return {**line, "parameters": {"temperature": 0.1}}


COLUMNS = columns(KINDS.values())


def table(*lines, columns=COLUMNS):
    rows = (
        row for number, line in enumerate(lines) for row in rows_of(number, line, KINDS.values())
    )
    return "".join([csv_line(columns), *rows])


def read(text):
    return [found.described() for found in conversations(StringIO(text, newline=""))]


def load(project, text, **options):
    return import_trials(
        project,
        StringIO(text, newline=""),
        file_format="csv",
        run_name="run",
        instrument=instrument(),
        **options,
    )


def test_texts_come_back_as_they_were_and_no_spreadsheet_runs_them():
    line = shipped()
    for message, text in zip(line["messages"], ODD, strict=False):
        message["content"] = text
    text = table(line)
    (again,) = read(text)
    assert [m["content"] for m in again["messages"]] == [m["content"] for m in line["messages"]]
    cells = [row["content"] for row in csv.DictReader(StringIO(text, newline=""))]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert again["trial"] == line["trial"] and again["parameters"] == line["parameters"]


def test_a_long_answer_is_read_whole():
    line = shipped()
    line["messages"][1]["content"] = "x" * 200_000
    assert read(table(line))[0]["messages"][1]["content"] == "x" * 200_000


@pytest.mark.django_db
def test_a_table_by_hand_needs_few_columns_and_says_the_trial_once(project):
    line = shipped()
    columns = ("conversation", "model", "target_value", "trial", "role", "step", "content")
    steps = {0: "induction", 2: "task", 4: "goal"}
    rows = [("c1", "m", "altruistic", "1") if n == 0 else ("c1", "", "", "") for n in range(99)]
    cells = [
        (*row, message["role"], steps.get(at, ""), message["content"])
        for at, (row, message) in enumerate(zip(rows, line["messages"], strict=False))
    ]
    report = load(project, "".join(csv_line(row) for row in (columns, *cells)))
    assert report.rejected == []
    trial = Trial.objects.get()
    assert (trial.number, trial.cell.target, trial.cell.endpoint.model) == (
        1,
        "altruistic",
        "m",
    )
    assert trial.answers.count() == 6


@pytest.mark.django_db
def test_every_bad_conversation_is_named_by_its_first_line(project):
    bad = [shipped(1) | {"trial": "two"}, shipped(2) | {"target_value": "kind"}]
    report = load(project, table(shipped(0), *bad))
    assert [(found.line > 1, found.reason[:24]) for found in report.rejected] == [
        (True, "trial is 'two', must be "),
        (True, "target_value is 'kind', "),
    ]
    assert report.run is None and not Run.objects.exists()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda row: {**row, "simulated": "maybe"}, "must be true or false"),
        (lambda row: {**row, "payoff_scale": "much"}, "must be a number"),
        (lambda row: {**row, "parameters": "{"}, "parameters is not JSON"),
        (
            lambda row: {**row, "parameters": '{"a": 1, "a": 2}'},
            "has the field 'a' twice",
        ),
        (lambda row: {**row, "parameters": '{"a": NaN}'}, "parameters is not JSON"),
        (lambda row: {**row, "item": "first"}, "item is 'first', must be a whole number"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(change, problem):
    (found,) = conversations(StringIO(table(shipped()), newline=""))
    found.rows[0] = change(found.rows[0])
    with pytest.raises(LineError, match=problem):
        found.described()


def test_what_differs_between_rows_of_one_conversation_is_named():
    (found,) = conversations(StringIO(table(shipped()), newline=""))
    found.rows[3]["model"] = "another"
    with pytest.raises(LineError, match="model differs between the rows of conversation '0'"):
        found.described()


@pytest.mark.parametrize("row", ["0,x\n", f"{','.join('0' * len(COLUMNS))},one more\n"])
def test_a_row_of_too_few_or_many_cells_is_handed_back_as_it_stands(row):
    """Otherwise what an unquoted comma cut off would be lost, and the rest imported."""
    text = table(shipped())
    (found,) = conversations(StringIO(text + row, newline=""))
    assert f"the header has {len(COLUMNS)}" in found.problem
    assert f"{csv_line(COLUMNS)}{found.raw}\n" == text + row


def test_rows_of_a_conversation_must_stand_together():
    first, second = shipped(0), shipped(1)
    text = table(first, second) + "".join(rows_of(0, first, KINDS.values()))
    *good, again = conversations(StringIO(text, newline=""))
    assert not [found.problem for found in good if found.problem]
    assert "'0' has rows further up" in again.problem


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "the header lacks conversation"),
        ("a,b\n", 1, "the header lacks conversation"),
        (csv_line([*COLUMNS, "note"]), 1, "names the unknown column 'note'"),
        (csv_line([*COLUMNS, "model"]), 1, "names 'model' twice"),
        (csv_line(COLUMNS) + '"open', 2, "is no CSV"),
    ],
)
def test_a_file_that_is_no_table_is_one_problem(text, line, problem):
    with pytest.raises(RejectedFile, match=problem) as error:
        list(conversations(StringIO(text, newline="")))
    assert [found.line for found in error.value.problems] == [line]


def test_bytes_that_are_no_utf8_are_named_by_their_line():
    with pytest.raises(RejectedFile, match="line 2: is not UTF-8 text"):
        list(conversations([csv_line(COLUMNS).encode(), b"\xff\n"]))


@pytest.mark.django_db
def test_semicolons_decimal_commas_and_names_of_columns_as_a_spreadsheet_writes_them(project):
    """Blanks within what was said are kept: only those around short cells are cut off."""
    line = shipped()
    line["messages"][0]["content"] = "  two blanks before"
    text = table(line | {"payoff_scale": 1.0})
    rows = list(csv.reader(StringIO(text, newline="")))
    rows[0] = [f" {name.title().replace('_', ' ')} " for name in rows[0]]
    scale = COLUMNS.index("payoff_scale")
    rows[1][scale] = "1,0"
    written = StringIO()
    csv.writer(written, delimiter=";").writerows(rows)
    report = load(project, written.getvalue())
    assert report.rejected == []
    assert Trial.objects.get().turns.get(position=0).text == "  two blanks before"
    notes = list(report.notes)
    assert "Columns are separated by semicolons." in notes
    assert "A decimal comma is read as a point: 1 cell, in line 2, '1,0' is 1.0." in notes


@pytest.mark.django_db
def test_the_command_reads_a_table_and_hands_back_what_it_refused(project, tmp_path):
    file = tmp_path / "trials.csv"
    file.write_text(table(shipped(0), shipped(1) | {"trial": "two"}), newline="")
    with pytest.raises(CommandError, match=r"1 trial rejected; they are in .*rejects.csv"):
        call_command("import_trials", str(file), "--partial", stdout=StringIO(), stderr=StringIO())
    assert Run.objects.get().name == "trials" and Trial.objects.count() == 1
    rejects = tmp_path / "trials.rejects.csv"
    mended = rejects.read_text().replace(",two,", ",2,")
    rejects.write_text(mended)
    call_command("import_trials", str(rejects), "--run", "trials", stdout=StringIO())
    assert Trial.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"SQLite format 3\0" + bytes(range(256)) * 50, "is no text"),
        (b"PK\x03\x04" + b"\n" * 50, "the archive is damaged"),
        ("{}\n".encode("utf-32"), "is UTF-32"),
    ],
)
def test_a_file_that_is_no_text_is_one_error(project, tmp_path, content, problem):
    file = tmp_path / "trials.jsonl"
    file.write_bytes(content)
    problems = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("import_trials", str(file), stderr=problems)
    assert len(problems.getvalue().splitlines()) <= 1
    assert problem in problems.getvalue() + str(refused.value)
    assert Trial.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_utf16_is_read_as_what_it_is(project, tmp_path, suffix):
    text = LINES[0] + "\n" if suffix == "jsonl" else table(shipped())
    file = tmp_path / f"trials.{suffix}"
    file.write_bytes(text.encode("utf-16"))
    out = StringIO()
    call_command("import_trials", str(file), stdout=out)
    assert Trial.objects.count() == 1
    assert f"trials.{suffix}: The file is read as UTF-16." in out.getvalue()
