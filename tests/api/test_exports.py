"""Judgments leave in any number: as lines of JSON and as a typed table, a piece at a time."""

import io
import json

import pytest
from pyarrow import parquet

from annotations.files import judgment_lines, judgment_parquet
from annotations.models import Judgment, Rater, Study

EXPORT = "studies/study/judgments/export/?as="
ODD = 'says "no"\\ \n\t\x07 \u2028 ä 漢 🙂'


@pytest.fixture
def odd(world):
    """The world, in which one judgment says what is hard to write."""
    said = Judgment.objects.filter(is_current=True).first()
    said.pk, said.revision, said.is_current = None, 9, False
    said.comment, said.answers, said.number = ODD, {"why": [ODD, 1.5, None, True]}, 1e-9
    said._state.adding = True
    said.save()
    return said


def exported(program, form):
    answer = program("researcher").get(f"{EXPORT}{form}")
    assert answer.status_code == 200
    return answer.getvalue()


def test_every_line_is_json_and_says_what_was_said(program, odd):
    lines = [json.loads(line) for line in exported(program, "ndjson").split(b"\n")[:-1]]
    (line,) = [line for line in lines if line["id"] == odd.pk]
    assert (line["comment"], line["answers"], line["number"]) == (ODD, odd.answers, odd.number)
    assert (line["is_current"], line["is_counted"], line["trial"]) == (
        False,
        False,
        odd.item.trial_id,
    )


def test_the_table_holds_what_the_lines_do(program, odd):
    table = parquet.read_table(io.BytesIO(exported(program, "parquet"))).to_pylist()
    lines = [json.loads(line) for line in exported(program, "ndjson").split(b"\n")[:-1]]
    for row in table:
        row["answers"] = json.loads(row["answers"])
        row["created_at"] = row["created_at"].isoformat()
    assert table == lines


def test_pieces_leave_before_all_is_read(world, monkeypatch):
    monkeypatch.setattr(judgment_parquet, "ROWS", 2)
    pieces = judgment_parquet.judgment_parquet(world.study)
    first = next(pieces)
    assert first.startswith(b"PAR1")
    found = parquet.read_table(io.BytesIO(first + b"".join(pieces)))
    assert found.num_rows == Judgment.objects.filter(item__study=world.study).count()


def test_a_study_without_judgments_is_an_empty_table(world):
    empty = Study.objects.create(project=world.study.project, name="Empty", slug="empty")
    found = parquet.read_table(io.BytesIO(b"".join(judgment_parquet.judgment_parquet(empty))))
    assert (found.num_rows, found.column_names) == (0, list(judgment_lines.NAMES))


def test_the_words_of_whoever_withdrew_are_gone(odd):
    Rater.objects.filter(pk=odd.rater_id).update(kind="person", stage="withdrawn")
    rows = judgment_lines.judgment_rows(odd.item.study)
    said = {row[0]: dict(zip(judgment_lines.NAMES, row, strict=True)) for row in rows}[odd.pk]
    assert (said["comment"], said["label"]) == ("", odd.label)
