import csv
import io
import math
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from evaluations.instruments.svo.files.answer_files import score_file
from evaluations.text.table_reader import RejectedFile

HEADER = "id,item1,item2,item3,item4,item5,item6"
ALL = HEADER + "".join(f",item{number}" for number in range(7, 16))


def scored(text, **options):
    """The rows of the result, and the summary."""
    result = io.StringIO()
    summary = score_file(io.StringIO(text), result, **options)
    return list(csv.DictReader(io.StringIO(result.getvalue()))), summary


def problems(text):
    return [str(problem) for problem in scored(text)[1].problems.first]


@pytest.mark.shared_data
def test_all_757_people_get_their_published_angle(shared_data, tmp_path):
    people = list(csv.DictReader((shared_data / "svo_human_757.csv").open(encoding="utf-8")))
    answers, out = tmp_path / "answers.csv", tmp_path / "angles.csv"
    rows = [[row["row"], *(row[f"svo_{item}"] for item in range(1, 7))] for row in people]
    answers.write_text("\n".join([HEADER, *map(",".join, rows)]), encoding="utf-8")
    call_command("score_svo", str(answers), "--out", str(out), stderr=StringIO())
    result = list(csv.DictReader(out.open(encoding="utf-8")))
    agree = [
        math.isclose(float(mine["angle"]), float(theirs["svo_angle"]), abs_tol=1e-9)
        for mine, theirs in zip(result, people, strict=True)
    ]
    assert sum(agree) == len(people) == 757


def test_numbers_letters_and_payoffs_are_the_same_answers():
    rows, _ = scored(
        f"{HEADER}\na,1,9,1,1,9,9\nb,A,i,a,A,I,i\nc,85|85,100|50,50|100,50|100,50|100,85|85\n"
    )
    assert [row["angle"] for row in rows] == [rows[0]["angle"]] * 3
    assert float(rows[0]["angle"]) == pytest.approx(61.3895, abs=1e-4)
    assert rows[0]["orientation"] == "altruistic" and rows[0]["items_used"] == "6"


def test_flags_are_given():
    (row,), _ = scored(f"{HEADER}\n1,A,A,A,A,A,A\n")
    assert row["straight_lining"] == "yes"
    assert row["orientation"] == "prosocial"
    assert float(row["angle"]) == pytest.approx(30.4655, abs=1e-4)


def test_secondary_items_give_the_index_and_leave_the_angle_alone():
    short, _ = scored(f"{HEADER}\n1,1,9,9,5,5,9\n")
    (row,), _ = scored(f"{ALL}\n1,1,9,9,5,5,9,6,5,4,7,5,8,5,3,2\n")
    assert row["secondary_index"] == "0.0"
    assert row["angle"] == short[0]["angle"]


def test_a_missing_answer_leaves_the_angle_undefined_with_the_reason():
    (row,), summary = scored(f"{HEADER}\n1,1,2,,4,5,6\n")
    assert (row["angle"], row["orientation"], row["items_used"]) == ("", "", "5")
    assert row["reason"] == "no usable answer to primary item 3"
    assert (summary.scored, summary.undefined) == (0, 1)


def test_what_is_there_is_scored_when_asked_for():
    (row,), _ = scored(f"{HEADER}\n1,1,2,,4,5,6\n", allow_incomplete=True)
    assert row["angle"] != "" and row["items_used"] == "5"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("1,1,2,3,4,5,0", "line 2, item6: '0' is no option: give 1 to 9, A to I or self|other"),
        ("1,1,2,3,4,5,10", "line 2, item6: '10' is no option"),
        ("1,1,2,3,4,5,J", "line 2, item6: 'J' is no option"),
        ("1,1,2,3,4,5,-1", "line 2, item6: '-1' is no option"),
        ("1,1,2,3,4,5,1.5", "line 2, item6: '1.5' is no option"),
        ("1,1,2,3,4,5,²", "line 2, item6: '²' is no option"),
        ("1,84|85,2,3,4,5,1", "line 2, item1: '84|85' is none of the item's options: 85|85"),
        ("1,85|x,2,3,4,5,1", "line 2, item1: '85|x' is none of"),
        ("1,85|nan,2,3,4,5,1", "line 2, item1: '85|nan' is none of"),
        (",1,2,3,4,5,6", "line 2, id: is empty"),
        ("1,2,3", "line 2: has 3 cells, the header has 7"),
        ("1,1,2,3,4,5,6,7", "line 2: has 8 cells, the header has 7"),
    ],
)
def test_a_bad_row_is_named_by_line_column_and_reason(row, problem):
    found = problems(f"{HEADER}\n{row}\n")
    assert len(found) == 1 and found[0].startswith(problem)


def test_every_bad_cell_of_every_row_is_named():
    found = problems(f"{HEADER}\n1,x,2,3,4,5,y\n1,1,2,3,4,5,6\n")
    assert [problem.split(":")[0] for problem in found] == [
        "line 2, item1",
        "line 2, item6",
        "line 3, id",
    ]


def test_a_row_after_a_quoted_line_break_keeps_its_line_number():
    found = problems(f'{HEADER}\n"a\nb",1,2,3,4,5,6\nc,0,2,3,4,5,6\n')
    assert [problem.split(":")[0] for problem in found] == ["line 4, item1"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the header lacks id, item1, item2"),
        (HEADER, "a header and no rows"),
        ("id,item1,item2\n1,2,3\n", "the header lacks item3, item4, item5, item6"),
        (f"{HEADER},item7\n", "the header lacks item8"),
        (f"{HEADER},age\n", "the unknown column 'age'"),
        (f"{HEADER},item1\n", "names 'item1' twice"),
        (f'{HEADER}\n1,"2"x,3,4,5,6,7\n', "line 2: is no CSV"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text, reason):
    with pytest.raises(RejectedFile, match=reason):
        scored(text)


@pytest.mark.parametrize("pair", ["85\n|\n|\n85", "85||85", "85 | 85", "85,0|85.0"])
def test_a_pair_as_a_survey_tool_exports_the_slider_is_the_option_it_shows(pair):
    plain, _ = scored(f"{HEADER}\n1,1,9,1,1,9,9\n")
    (row,), summary = scored(f'{HEADER}\n1,"{pair}",100||50,1.0,1,9,9\n')
    assert row["angle"] == plain[0]["angle"]
    assert float(row["angle"]) == pytest.approx(61.38954033403479)
    noted = [note for note in summary.notes if note.startswith("A pair of payoffs is read")]
    assert len(noted) == 1


def test_columns_may_stand_in_any_order_and_cells_be_quoted():
    rows, _ = scored('item6,item5,item4,item3,item2,item1,id\n"9"," 9 ",1,1,9,1,"x, y"\n')
    assert rows[0]["id"] == "x, y" and rows[0]["orientation"] == "altruistic"


@pytest.fixture
def answers(tmp_path):
    def write(content):
        path = tmp_path / "answers.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_a_file_as_a_spreadsheet_saves_it_is_read(answers, tmp_path):
    out = tmp_path / "out.csv"
    path = answers(b"\xef\xbb\xbf" + f"{HEADER}\r\n1,1,9,1,1,9,9\r\n\r\n".encode())
    call_command("score_svo", str(path), "--out", str(out), stderr=StringIO())
    assert out.read_text().splitlines()[1].startswith("1,61.38954")


def test_the_result_goes_to_the_screen_by_default(answers):
    out, summary = StringIO(), StringIO()
    call_command(
        "score_svo", str(answers(f"{HEADER}\n1,1,9,1,1,9,9\n")), stdout=out, stderr=summary
    )
    assert out.getvalue().startswith("id,angle,orientation,items_used,")
    assert "1 rows scored, 0 without an angle (see reason), none rejected." in summary.getvalue()


@pytest.mark.parametrize("content", [f"{HEADER}\n1,1,9,1,1,9,9\n2,x,1,1,1,1,1\n", b"id,\xff\n", ""])
def test_nothing_is_left_behind_when_something_is_rejected(answers, tmp_path, content):
    out, screen = tmp_path / "out.csv", StringIO()
    path = answers(content)
    for options in (["--out", str(out)], []):
        with pytest.raises(CommandError, match="nothing was written"):
            call_command("score_svo", str(path), *options, stdout=screen, stderr=StringIO())
    assert [file.name for file in tmp_path.iterdir()] == ["answers.csv"]
    assert screen.getvalue() == ""


def test_an_older_result_stays_when_the_new_one_is_rejected(answers, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("older")
    with pytest.raises(CommandError):
        call_command(
            "score_svo", str(answers(f"{HEADER}\n1\n")), "--out", str(out), stderr=StringIO()
        )
    assert out.read_text() == "older"
