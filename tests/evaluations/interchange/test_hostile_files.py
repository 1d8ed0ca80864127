"""Files that are made to fill a machine are refused, with the reason, before they do."""

import io
import json
import zipfile

import pyarrow as pa
import pytest
from pyarrow import parquet

from evaluations.interchange import archives, columnar
from evaluations.interchange.archives import Archive, DamagedMember
from evaluations.interchange.looked_at import look_at
from evaluations.text import file_lines, storable, table_reader
from evaluations.text.storable import FiniteDecoder, RepeatedName, each_once
from evaluations.text.table_reader import Notes, Problems, RejectedFile, Table, raw_lines


@pytest.fixture
def archive(tmp_path):
    def write(*members):
        path = tmp_path / "made.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            for name, content in members:
                made.writestr(name, content)
        return path

    return write


def test_an_archive_that_says_it_unpacks_to_too_much_is_refused(archive, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_ALL", 1000)
    path = archive(("a", b"0" * 600), ("b", b"0" * 600))
    with pytest.raises(DamagedMember, match="unpacks to 1,200 bytes, more than 1,000"):
        Archive(path)


def test_one_member_that_is_too_large_is_refused(archive, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST", 1000)
    with Archive(archive(("a", b"0" * 1001))) as made, pytest.raises(DamagedMember, match="larger"):
        made.read("a")


def test_a_member_that_is_larger_than_it_says_is_not_unpacked_further(archive):
    path = archive(("a", b"0" * 100_000))
    content = path.read_bytes()
    size = (100_000).to_bytes(4, "little")
    path.write_bytes(content.replace(size, (10).to_bytes(4, "little")))
    with Archive(path) as made, pytest.raises(DamagedMember):
        made.read("a")


def test_a_list_of_members_that_is_too_long_is_not_read(archive, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_DIRECTORY", 100)
    path = archive(*((f"member {number}", b"") for number in range(10)))
    with pytest.raises(DamagedMember, match="lists its members in"):
        Archive(path)
    assert "lists its members in" in look_at(path).damage


def test_the_list_of_a_large_archive_is_measured_by_its_own_record(tmp_path):
    path = tmp_path / "made.zip"
    with zipfile.ZipFile(path, "w") as made:
        for number in range(66_000):
            made.writestr(f"{number}", b"")
    with path.open("rb") as file:
        size = archives._directory_size(file)
    with zipfile.ZipFile(path) as made:
        assert size == sum(46 + len(name) for name in made.namelist())


@pytest.mark.parametrize(
    "content", [b"PK\x05\x06", b"PK\x03\x04" + b"\x00" * 30, b"PK\x05\x06" * 9]
)
def test_what_only_begins_as_an_archive_is_damaged(tmp_path, content):
    path = tmp_path / "made.zip"
    path.write_bytes(content)
    assert look_at(path).damage


def test_a_line_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(file_lines, "LONGEST_LINE", 100)
    with pytest.raises(RejectedFile, match=r"line 2: has more than 100 characters"):
        list(raw_lines(io.BytesIO(b"a\n" + b"x" * 10_000), Notes(), Problems()))
    with pytest.raises(RejectedFile, match=r"line 3: has more than 100 characters"):
        list(Table(io.BytesIO(b"a,b\n1,2\n" + b"x" * 10_000), ("a", "b")))


def test_lines_of_the_longest_length_are_read(monkeypatch):
    monkeypatch.setattr(file_lines, "LONGEST_LINE", 100)
    lines = b"x" * 99 + b"\n" + b"y" * 100
    assert list(raw_lines(io.BytesIO(lines), Notes(), Problems())) == [
        b"x" * 99 + b"\n",
        b"y" * 100,
    ]


def test_a_table_of_too_many_columns_is_refused(monkeypatch):
    monkeypatch.setattr(table_reader, "MOST_COLUMNS", 5)
    with pytest.raises(RejectedFile, match="line 1: the header has more than 5 columns"):
        Table(io.BytesIO(b"a,b,c,d,e,f\n"), ("a",))
    assert Table(io.BytesIO(b"a,b,c,d,e\n"), ("a",)).columns == list("abcde")


def test_json_of_too_many_entries_is_refused(monkeypatch):
    monkeypatch.setattr(storable, "MOST_VALUES", 100)
    with pytest.raises(json.JSONDecodeError, match="more than 100 entries"):
        json.loads(json.dumps([{}] * 102), cls=FiniteDecoder)
    assert len(json.loads(json.dumps([{}] * 101), cls=FiniteDecoder)) == 101


def test_a_repeated_name_is_found_among_many():
    pairs = [(str(number), 0) for number in range(200_000)] + [("199999", 0)]
    with pytest.raises(RepeatedName, match="199999"):
        each_once(pairs)


def test_parquet_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "made.parquet"
    parquet.write_table(pa.table({"item": ["x" * 1000] * 1000}), path, compression="zstd")
    monkeypatch.setattr(columnar, "LARGEST_GROUP", 100)
    with pytest.raises(RejectedFile, match="a row group unpacks to"):
        list(columnar.rows(look_at(path)))
    monkeypatch.setattr(columnar, "LARGEST_GROUP", 2**31)
    monkeypatch.setattr(columnar, "MOST_ROWS", 10)
    with pytest.raises(RejectedFile, match="1,000 rows, more than 10"):
        list(columnar.rows(look_at(path)))
