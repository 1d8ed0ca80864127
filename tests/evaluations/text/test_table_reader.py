"""One reader for all tables: encodings, delimiters, headers, numbers, and what is said of them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.text.file_lines import PIECE, text_lines
from evaluations.text.table_reader import Notes, Problems, RejectedFile, Table, pair_of, pointed

COLUMNS = ("item", "rater", "value")


def read(source, **options):
    """The rows of a table as lists of cells, with its notes."""
    table = Table(source, COLUMNS, ("text",), **options)
    return [[cells[name] for name in COLUMNS] for _, cells in table], list(table.notes)


def problems_of(source, **options):
    table = Table(source, COLUMNS, ("text",), **options)
    list(table)
    return [str(problem) for problem in table.problems.first]


def written(rows, delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


# --- encodings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_any_encoding_that_says_what_it_is(encoding):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    content = mark + "item,rater,value\né,ann,日本\n".encode(encoding)
    rows, notes = read(io.BytesIO(content))
    assert rows == [["é", "ann", "日本"]]
    assert notes == (["The file is read as UTF-16."] if "16" in encoding else [])


@pytest.mark.parametrize("far", [0, 10, PIECE, 3 * PIECE + 1])
def test_the_byte_that_is_no_text_is_named_with_its_line(far):
    """Also where it stands pieces of the file later than the first."""
    good = b"item,rater,value\n" + "ä,ann,yes\n".encode() * far
    with pytest.raises(RejectedFile) as error:
        read(io.BytesIO(good + b"x,\xe4,no\n"))
    (problem,) = error.value.problems
    assert problem.line == far + 2
    assert f"is not UTF-8 text (byte {len(good) + 3:,} of the file is 0xe4)" in problem.reason


def test_utf16_that_ends_within_a_character_is_refused():
    with pytest.raises(RejectedFile, match="line 2: is not UTF-16 text"):
        read(io.BytesIO("item,rater,value\n1,2,3".encode("utf-16") + b"\x00"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("item".encode("utf-32"), "UTF-32"),
        ("item,rater,value\n".encode("utf-16-le"), "NUL bytes"),
        (b"PK\x03\x04 a workbook", "compressed"),
        (b"\x1f\x8b more", "compressed"),
    ],
)
def test_what_is_no_text_is_refused_with_what_to_do(content, words):
    with pytest.raises(RejectedFile, match=words) as error:
        read(io.BytesIO(content))
    assert "save it as UTF-8" in str(error.value) or "save a workbook as CSV" in str(error.value)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6)
    )
)
def test_lines_are_the_same_from_text_bytes_and_pieces(parts):
    text = "a" + "\n".join(parts)
    whole = list(text_lines(io.BytesIO(text.encode()), Notes(), Problems()))
    assert "".join(whole) == text

    class Slow(io.BytesIO):
        def read(self, size=-1):
            return super().read(1)

    assert list(text_lines(Slow(text.encode()), Notes(), Problems())) == whole


def test_a_nul_is_a_problem_of_its_row():
    assert problems_of(["item,rater,value\n", "1,a,yes\n", "2,b\x00,no\n"]) == [
        "line 3: holds a NUL character, which no text has"
    ]


# --- delimiter and header ------------------------------------------------------------------------

CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).map(str.strip)


@given(
    st.sampled_from([",", ";", "\t"]),
    st.lists(st.lists(CELL, min_size=3, max_size=3).filter(any), max_size=6),
)
def test_any_delimiter_gives_the_cells_that_were_written(delimiter, rows):
    text = written([COLUMNS, *rows], delimiter)
    found, _ = read(io.BytesIO(text.encode()))
    assert found == rows


@given(st.permutations(["Item", " RATER ", "value", "My text"]))
def test_columns_are_found_whatever_their_order_case_and_blanks(names):
    table = Table([",".join(names), "1,2,3,4"], COLUMNS, ("my_text",))
    ((line, cells),) = table
    places = {name: str(at) for at, name in enumerate(names, start=1)}
    assert line == 2
    assert cells == {
        "item": places["Item"],
        "rater": places[" RATER "],
        "value": places["value"],
        "my_text": places["My text"],
    }
    assert "The column 'RATER' is read as 'rater'." in list(table.notes)
    assert table.further == []


def test_a_header_that_fits_two_delimiters_asks_for_a_line_that_tells():
    header = ["a,b;c\n", "1,2;3\n"]
    with pytest.raises(RejectedFile, match="commas or semicolons: write the line sep=;"):
        Table(header, (), ())
    assert Table(["sep=;\n", *header], (), ()).columns == ["a,b", "c"]


def test_the_delimiter_is_the_one_that_names_the_columns():
    table = Table(['item;rater;value;"a,b"\n', "1;2;3,5;4\n"], COLUMNS)
    assert table.further == ["a,b"]
    assert [cells["value"] for _, cells in table] == ["3,5"]


def test_further_columns_are_handed_over_and_those_without_a_name_are_left_out():
    table = Table([",item,Model,rater,value,\n", "0,1,m7,ann,yes,\n"], COLUMNS)
    assert table.further == ["Model"]
    ((_, cells),) = table
    assert cells["Model"] == "m7"
    assert "2 columns without a name left out." in list(table.notes)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("", "lacks item, rater, value: it must name item, rater, value, and it names nothing"),
        ("item;value", "lacks rater: .* and it names item, value"),
        ("item,rater,value,Item", "names 'item' twice"),
    ],
)
def test_a_header_that_lacks_or_repeats_a_column_is_refused(header, words):
    with pytest.raises(RejectedFile, match=words):
        Table([header, "1,2,3"] if header else [], COLUMNS)


def test_lines_are_counted_as_they_stand_in_the_file():
    lines = ["\n", "sep=,\n", "item,rater,value\n", '1,"a\n', 'b",x\n', "\n", "2,c\n"]
    assert problems_of(lines) == ["line 7: has 2 cells, the header has 3"]


def test_what_is_cut_off_is_said_with_its_first_line():
    rows, notes = read(["item,rater,value\n", "1,a,x\n", " 1 ,b, x\n", "2 ,a,x\n"])
    assert rows[1] == ["1", "b", "x"]
    assert notes == ["Blanks around cells are cut off: 3 cells, first in line 3."]


def test_verbatim_columns_keep_their_blanks():
    rows, notes = read(["item,rater,value\n", "1,a, x \n"], verbatim=["value"])
    assert rows == [["1", "a", " x "]] and notes == []


# --- numbers and pairs ---------------------------------------------------------------------------


@given(st.floats(-1e6, 1e6).map(lambda number: round(number, 2)))
def test_a_number_with_a_comma_is_the_number_with_a_point(number):
    text = f"{number:.2f}"
    assert pointed(text.replace(".", ",")) == text
    assert pointed(text) == text


@pytest.mark.parametrize("cell", ["1,234", "-12,345", "1,234,567", "1.234,5", "1,234.5", "1.2.3"])
def test_marks_that_may_stand_between_thousands_are_refused(cell):
    with pytest.raises(ValueError, match="thousands"):
        pointed(cell)


@pytest.mark.parametrize("cell", ["0,125", ",5", "1234,5", "1,2345", "2,5e3"])
def test_a_comma_that_can_only_be_decimal_is_a_point(cell):
    assert pointed(cell) == cell.replace(",", ".")


@pytest.mark.parametrize("cell", ["a,b", "1,0,-1", "yes", "1 000", ""])
def test_what_is_no_number_is_left_as_it_is(cell):
    assert pointed(cell) == cell


def test_a_point_beside_decimal_commas_may_stand_between_thousands():
    table = Table(COLUMNS, ("item",))
    for line, cell in enumerate(["1.234", "0,5", "12.5"], start=2):
        table.decimals.text(cell, line)
    table.decimals.check(table.problems)
    (problem,) = table.problems.first
    assert problem.line == 2 and "line 3 writes decimals behind a comma" in problem.reason


@given(
    st.integers(0, 100),
    st.integers(0, 100),
    st.sampled_from(["|", "||", " | ", "\n|\n|\n", " || ", "|\r\n|"]),
)
def test_a_pair_is_read_whatever_stands_around_its_bars(own, other, bars):
    assert pair_of(f"{own}{bars}{other}") == (own, other)
    assert pair_of(f" {own},5{bars}{other}.25\n") == (own + 0.5, other + 0.25)


@pytest.mark.parametrize("cell", ["85", "85|", "|85", "85|85|85", "85|x", "", "|"])
def test_what_shows_no_two_payoffs_is_no_pair(cell):
    assert pair_of(cell) is None
