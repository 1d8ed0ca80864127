"""Judgments leave in any number: as lines of JSON and as a typed table, a piece at a time."""

import io
import json
from dataclasses import asdict

import pytest
from django.core.management import call_command
from django.db.models import QuerySet
from pyarrow import parquet

from annotations.exchange.bulk import More, Said, store_judgments
from annotations.files import judgment_chunks
from annotations.files.judgment_chunks import COLUMNS
from annotations.files.judgment_lines import judgment_lines
from annotations.files.judgment_parquet import judgment_parquet
from annotations.models import Judgment, Rater, Study
from evaluations.instruments.values.circle import VALUES
from evaluations.text.passages.spans import Span, digest
from tests.annotations.conftest import make_rater, make_text_study

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


def test_lines_hold_what_the_rows_of_the_database_do(program, odd):
    said = {line["id"]: line for line in map(json.loads, exported(program, "ndjson").splitlines())}
    rows = Judgment.objects.filter(item__study=odd.item.study).with_counted()
    assert len(said) == rows.count() > 1
    for row in rows.select_related("item", "rater"):
        line = said[row.pk]
        sources = {column.name: column.source.split("__")[-1] for column in COLUMNS}
        for name in ("label", "number", "confidence", "seconds", "revision", "is_counted"):
            assert line[name] == getattr(row, name)
        for name in ("item", "item_key", "trial"):
            assert line[name] == getattr(row.item, sources[name])
        assert line["rater"] == row.rater.pseudonym
        assert line["created_at"] == row.created_at.isoformat()


@pytest.mark.parametrize("micro", [0, 120_000, 7])
def test_a_time_is_written_as_python_writes_it(program, world, micro):
    (said, *_) = Judgment.objects.filter(item__study=world.study)
    moment = said.created_at.replace(microsecond=micro)
    QuerySet.update(Judgment.objects.filter(pk=said.pk), created_at=moment)
    lines = map(json.loads, exported(program, "ndjson").splitlines())
    assert [line["created_at"] for line in lines if line["id"] == said.pk] == [moment.isoformat()]
    table = parquet.read_table(io.BytesIO(exported(program, "parquet"))).to_pylist()
    assert [row["created_at"] for row in table if row["id"] == said.pk] == [moment]


def test_pieces_leave_before_all_is_read(world, monkeypatch):
    monkeypatch.setattr(judgment_chunks, "CHUNK", 2)
    pieces = judgment_parquet(world.study)
    first = next(pieces)
    assert first.startswith(b"PAR1")
    found = parquet.read_table(io.BytesIO(first + b"".join(pieces)))
    number = Judgment.objects.filter(item__study=world.study).count()
    assert found.num_rows == number
    assert next(judgment_lines(world.study)).count(b"\n") == 2
    assert b"".join(judgment_lines(world.study)).count(b"\n") == number


def test_a_study_without_judgments_is_an_empty_table(world):
    empty = Study.objects.create(project=world.study.project, name="Empty", slug="empty")
    found = parquet.read_table(io.BytesIO(b"".join(judgment_parquet(empty))))
    assert (found.num_rows, found.column_names) == (0, [column.name for column in COLUMNS])
    assert list(judgment_lines(empty)) == []


def test_the_words_of_whoever_withdrew_are_gone(odd):
    Rater.objects.filter(pk=odd.rater_id).update(kind="person", stage="withdrawn")
    lines = map(json.loads, b"".join(judgment_lines(odd.item.study)).splitlines())
    said = {line["id"]: line for line in lines}[odd.pk]
    assert (said["comment"], said["label"]) == ("", odd.label)


def test_passages_leave_with_their_judgments(cast, monkeypatch):
    monkeypatch.setattr(judgment_chunks, "CHUNK", 2)
    study = make_text_study(cast.project, 3, kind="values", categories=list(VALUES))
    study.items.update(text="Be kind. Win!")
    rater = make_rater(study, "ada")
    kind = Span(0, 8, "benevolence", "1", "Be kind.", digest("Be kind. Win!"))
    win = Span(9, 13, "power", "-1", "Win!", digest("Be kind. Win!"))
    said = "0,0,0,0,-1,0,0,0,1,0"
    mores = [More(), More(marks=[win, kind], at_once=["hedonism"]), More(marks=[kind])]
    pairs = zip(study.items.values_list("pk", flat=True), mores, strict=True)
    store_judgments([Said(pk, rater.pk, said, more=more) for pk, more in pairs], in_detail=True)
    lines = [json.loads(line) for line in b"".join(judgment_lines(study)).splitlines()]
    both, one = [asdict(kind), asdict(win)], [asdict(kind)]
    assert [line["marks"] for line in lines] == [[], both, one]
    assert [line["at_once"] for line in lines] == [[], ["hedonism"], []]
    table = parquet.read_table(io.BytesIO(b"".join(judgment_parquet(study)))).to_pylist()
    assert [json.loads(row["marks"]) for row in table] == [[], both, one]


@pytest.mark.parametrize("form", ["ndjson", "parquet"])
def test_the_page_sends_the_same_file(program, world, cast, client, form):
    client.force_login(cast.researcher)
    study = world.study
    sent = client.get(f"/p/{study.project.slug}/studies/{study.slug}/judgments.{form}")
    assert sent.getvalue() == exported(program, form)
    other = client.get(f"/p/{study.project.slug}/studies/{study.slug}/judgments.doc")
    assert other.status_code == 404


def test_the_command_writes_the_same_lines(program, world, tmp_path):
    out, said = tmp_path / "lines.ndjson", io.StringIO()
    call_command("export_judgments", study=world.study.slug, format="ndjson", out=out, stdout=said)
    assert out.read_bytes() == exported(program, "ndjson")
    assert "Read again" not in said.getvalue()
