"""Judgments made elsewhere become a study as a whole, or are refused with line and reason."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Project
from annotations.models import AutomatedLabel, Dispute, Item, Judgment, Rater, Study
from tests.annotations.conftest import YES_NO, refused

pytestmark = pytest.mark.django_db

GOOD = "item,rater,value\n1,ann,yes\n1,bob,no\n2,ann,no\n2,bob,no\n"


def test_a_file_becomes_a_closed_study(load):
    out = load(GOOD, automated="item,scorer,value\n1,machine,yes\n2,machine,no\n")
    study = Study.objects.get()
    assert (study.source, study.state, study.metric_name) == ("import", "closed", "machine")
    assert study.categories == ["yes", "no"]
    assert "4 judgments of 2 items by 2 raters, 2 automated labels, 1 dispute." in out


@pytest.mark.parametrize(("option", "kind"), [((), ""), (("--raters-are", "expert"), "expert")])
def test_the_kind_of_raters_is_declared_at_import(load, option, kind):
    load(GOOD, *YES_NO, *option)
    assert Study.objects.get().raters_are == kind


NUMBERS = "item,rater,value\n1,ann,-80\n1,bob,90\n2,ann,10\n2,bob,0\n"
SCORES = "item,scorer,value\n1,m,2\n2,m,9.5\n"
RATERS = ("--scale", "interval", "--rater-range", "-100", "100")


def test_the_scales_of_raters_and_metrics_are_declared_at_import(load):
    load(NUMBERS, *RATERS, "--metric-range", "m", "0", "10", automated=SCORES)
    ranges = {"raters": [-100.0, 100.0], "metrics": {"m": [0.0, 10.0]}}
    assert Study.objects.get().ranges == ranges


def test_no_scale_has_to_be_declared(load):
    load(NUMBERS, "--scale", "interval", automated=SCORES)
    assert Study.objects.get().ranges == {}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--rater-range", "-50", "100"), "a rater gave item '1' the value -80, outside"),
        (("--rater-range", "100", "-100"), "give its lower and its upper end"),
        (("--rater-range", "0", "ten"), "give its lower and its upper end"),
        (("--metric-range", "m", "0", "9"), "the metric 'm' gave item '2' the value 9.5, outside"),
        (("--metric-range", "x", "0", "9"), "the automated labels have no metric 'x'"),
        (("--metric-range", "m", "0", "10") * 2, "a metric is given two ranges"),
    ],
)
def test_a_range_that_does_not_fit_is_refused(load, options, words):
    found = refused(load, NUMBERS, "--scale", "interval", *options, automated=SCORES)
    assert "Nothing was stored: " in found
    assert words in found


def test_labels_have_no_range(load):
    assert "ranges are for numbers" in refused(load, GOOD, *YES_NO, "--rater-range", "0", "1")


def test_raters_judgments_and_places_are_those_of_the_file(load):
    load(GOOD + "2,cleo,yes\n")
    assert {rater.pseudonym: rater.judged for rater in Rater.objects.all()} == {
        "ann": 2,
        "bob": 2,
        "cleo": 1,
    }
    assert set(Rater.objects.values_list("kind", flat=True)) == {"imported"}
    places = list(Item.objects.values_list("external_id", "places", "taken"))
    assert places == [("1", 2, 2), ("2", 3, 3)]
    assert Study.objects.get().overlap == 3
    said = Judgment.objects.values_list("item__external_id", "rater__pseudonym", "label")
    assert ("2", "cleo", "yes") in said


def test_items_raters_disagree_on_are_disputed(load):
    load(GOOD, automated="item,scorer,value\n2,machine,yes\n")
    reasons = dict(Dispute.objects.values_list("item__external_id", "reasons"))
    assert reasons == {"1": ["raters_split"], "2": ["automated_differs"]}


def test_byte_order_mark_line_ends_and_quoting_are_read(load):
    text = 'a "quoted", text\r\nof two lines'
    quoted = text.replace('"', '""')
    content = f'item,rater,value,text\r\n 1 ,ann,yes,"{quoted}"\r\n\r\n1,bob,no,\r\n'
    load(b"\xef\xbb\xbf" + content.encode())
    assert Item.objects.get().text == text
    assert Judgment.objects.count() == 2


def test_columns_stand_in_any_order_and_unknown_ones_are_named(load):
    out = load("value,note,rater,item\nyes,hm,ann,1\nno,,bob,1\n")
    assert "Ignored columns: note." in out
    assert Judgment.objects.get(rater__pseudonym="ann").label == "yes"


@pytest.mark.parametrize("categories", [["1,2,3,4,5"], ["1", "2", "3", "4", "5"]])
def test_categories_come_as_words_or_as_one_word_with_commas(load, categories):
    load(
        "item,rater,value\n1,ann,5.0\n1,bob,4\n", "--scale", "ordinal", "--categories", *categories
    )
    assert Study.objects.get().categories == ["1", "2", "3", "4", "5"]
    assert sorted(Judgment.objects.values_list("label", flat=True)) == ["4", "5"]


def test_a_numeric_automated_label_is_one_of_the_ordinal_categories(load):
    scale = ("--scale", "ordinal", "--categories", "1,2,3")
    rows = "item,rater,value\n1,ann,1\n"
    said = refused(load, rows, *scale, automated="item,scorer,value\n1,machine,2.5\n")
    assert "automated.csv: line 2: the value '2.5' is none of: 1, 2, 3" in said
    load(rows, *scale, automated="item,scorer,value\n1,machine,3.0\n")
    assert AutomatedLabel.objects.get().label == "3"


@pytest.mark.parametrize("scale", ["nominal", "ordinal"])
def test_a_number_is_the_category_of_that_number_on_any_scale(load, scale):
    """As a column of numbers with gaps leaves a data frame; 'unsure' stays the word it is."""
    out = load(
        "item,rater,value\n1,ann,1.0\n1,bob,unsure\n1,cleo,02\n",
        *("--scale", scale, "--categories", "1", "2", "unsure"),
    )
    assert sorted(Judgment.objects.values_list("label", flat=True)) == ["1", "2", "unsure"]
    note = "A number is read as the category of that number: 2 cells, first in line 2, '1.0' is '1'"
    assert note in out


def test_two_categories_of_one_number_are_told_apart_by_their_words(load):
    scale = ("--scale", "nominal", "--categories", "1", "1.0")
    load("item,rater,value\n1,ann,1.0\n1,bob,1\n", *scale)
    assert sorted(Judgment.objects.values_list("label", flat=True)) == ["1", "1.0"]
    with pytest.raises(CommandError, match=r"'1.00' is none of"):
        load("item,rater,value\n1,ann,1.00\n", *scale, name="again")


def test_a_table_as_a_spreadsheet_of_another_country_writes_it(load):
    content = "sep=;\r\nItem ;RATER;Value\r\n 1;ann;12,5\r\n1;bob;-3\r\n"
    out = load(content.encode("utf-16"), "--scale", "interval")
    assert sorted(Judgment.objects.values_list("label", "number")) == [("-3", -3.0), ("12.5", 12.5)]
    for words in (
        "The file is read as UTF-16.",
        "Columns are separated by semicolons.",
        "The column 'Item' is read as 'item'.",
        "Blanks around cells are cut off: 1 cell, in line 3.",
        "A decimal comma is read as a point: 1 cell, in line 3, '12,5' is 12.5.",
    ):
        assert f"judgments.csv: {words}" in out


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (("1,234", "5"), "line 2: '1,234' may be written with thousands or with decimals"),
        (("1.234", "0,5"), "line 2: '1.234' may be a decimal or thousands, as line 3 writes"),
    ],
)
def test_what_may_be_thousands_is_refused(load, cells, words):
    content = "item;rater;value\n" + "".join(f"1;r{n};{cell}\n" for n, cell in enumerate(cells))
    assert words in refused(load, content, "--scale", "interval")


def test_a_check_says_what_would_be_read_and_stores_nothing(load):
    out = load(GOOD.replace(",yes", ", yes"), *YES_NO, "--check")
    assert "Blanks around cells are cut off: 1 cell, in line 2." in out
    assert "Can be imported; nothing was stored: 4 judgments of 2 items by 2 raters, 0 auto" in out
    assert not Study.objects.exists()


def test_ordinal_categories_may_be_words(load):
    scale = ("--scale", "ordinal", "--categories", "low", "middle", "high")
    load("item,rater,value\n1,ann,low\n1,bob,high\n1,cleo,middle\n", *scale)
    assert not Dispute.objects.exists()


def test_interval_values_are_numbers(load):
    load("item,rater,value\n1,ann,12.5\n1,bob,-3\n", "--scale", "interval")
    assert sorted(Judgment.objects.values_list("number", flat=True)) == [-3.0, 12.5]


@pytest.mark.parametrize(
    ("scale", "kind", "tolerance"), [("interval", "declared", None), ("angle", "angle", 15.0)]
)
def test_only_what_is_declared_an_angle_is_one(load, scale, kind, tolerance):
    load("item,rater,value\n1,ann,7.5\n1,bob,10\n", "--scale", scale)
    study = Study.objects.get()
    assert (study.kind, study.scale, study.tolerance) == (kind, "interval", tolerance)
    assert Judgment.objects.filter(number=7.5).exists()


def test_an_angle_beyond_the_ring_is_refused(load):
    said = refused(load, "item,rater,value\n1,ann,62\n1,bob,-100.5\n", "--scale", "angle")
    assert "line 3: the value '-100.5' is no angle of the ring" in said


def test_vectors_come_in_by_their_dimensions(load):
    scale = ("--scale", "vector", "--categories", "kind", "fair")
    rows = 'item,rater,value\n1,ann,"+1, 0"\n1,bob,"1,0"\n1,cleo,"1,1"\n'
    said = refused(load, 'item,rater,value\n1,ann,"1,0,0"\n', *scale)
    assert "line 2: the value '1,0,0' is not -1, 0 or 1 for each of kind, fair" in said
    load(rows, *scale, automated='item,scorer,value\n1,machine,"1,1"\n')
    labels = Judgment.objects.order_by("id").values_list("label", flat=True)
    assert list(labels) == ["1,0", "1,0", "1,1"]
    assert Dispute.objects.get().reasons == ["automated_differs"]


def test_one_number_is_one_category_on_a_nominal_scale_too(load):
    load("item,rater,value\n1,ann,1.0\n1,bob,1\n", "--scale", "nominal", "--categories", "0,1")
    assert list(Judgment.objects.values_list("label", flat=True)) == ["1", "1"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("item,value\n1,yes\n", "line 1: the header lacks rater"),
        ("", "line 1: the header lacks item, rater, value"),
        ("item,rater,value,value\n1,ann,yes,no\n", "line 1: the header names 'value' twice"),
        ("item,rater,value\n", "no judgment, only a header"),
        ("item,rater,value\n1,ann,maybe\n", "line 2: the value 'maybe' is none of: yes, no"),
        ("item,rater,value\n1,ann,yes\n1,ann,no\n", "line 3: this rater judged this item already"),
        ("item,rater,value\n1,ann,\n", "line 2: the value is empty"),
        ("item,rater,value\n,ann,yes\n", "line 2: the item is empty"),
        ("item,rater,value\n1, ,yes\n", "line 2: the rater is empty"),
        ("item,rater,value\n1,ann,yes,no\n", "line 2: has 4 cells, the header has 3"),
        ("item,rater,value\n1,ann\n", "line 2: has 2 cells, the header has 3"),
        (f"item,rater,value\n1,{'x' * 81},yes\n", "line 2: the rater has 81 characters"),
        ("item,rater,value\n1,ann,yes\n2,a\x00b,yes\n", "line 3: holds a NUL character"),
        ('item,rater,value\n1,ann,"yes\n', "line 2: is no CSV"),
        (b"item,rater,value\n1,\xff,yes\n", "is not UTF-8 text"),
        (
            'item,rater,value,text\n1,ann,yes,"two\nlines"\n1,bob,yes,other\n',
            "line 4: this item has another text in an earlier line",
        ),
    ],
)
def test_a_bad_file_is_refused_with_line_and_reason(load, content, words):
    assert words in refused(load, content)


@pytest.mark.parametrize(
    "value", ["nan", "inf", "-Infinity", "three", "1_000", "1e999", "1e16", "1e-300", "１２"]
)
def test_what_is_no_number_or_out_of_size_is_refused_on_an_interval_scale(load, value):
    content = f"item,rater,value\n1,ann,{value}\n"
    assert "line 2: the value" in refused(load, content, "--scale", "interval")


@pytest.mark.parametrize(
    ("automated", "words"),
    [
        ("item,scorer,value\n9,machine,yes\n", "not one of its items was judged"),
        ("item,scorer,value\n1,m,yes\n1,m,no\n", "line 3: the scorer 'm' labelled this item"),
        ("item,scorer,value\n1,,yes\n", "line 2: the scorer is empty"),
        ("item,scorer,value\n1,m,perhaps\n", "line 2: the value 'perhaps' is none of"),
        ("item,value\n1,yes\n", "line 1: the header lacks scorer"),
    ],
)
def test_bad_automated_labels_refuse_the_whole_import(load, automated, words):
    assert words in refused(load, GOOD, automated=automated)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--scale", "nominal"), "needs its categories"),
        (("--scale", "ordinal", "--categories", "1"), "needs its categories"),
        (("--scale", "nominal", "--categories", "yes", "yes"), "named twice"),
        (("--scale", "interval", "--categories", "1,2"), "has numbers, no categories"),
    ],
)
def test_categories_must_fit_the_scale(load, options, words):
    assert words in refused(load, GOOD, *options)


def test_many_problems_are_counted(load):
    rows = "".join(f"{n},ann,maybe\n" for n in range(50))
    said = refused(load, "item,rater,value\n" + rows)
    assert "... and 30 more" in said
    assert "was not imported: 50 problems. Nothing was stored." in said


def test_a_study_name_that_is_taken_is_refused_before_anything_is_stored(load):
    load(GOOD)
    with pytest.raises(CommandError, match="There is a study called 'from afar'"):
        load(GOOD)
    assert Judgment.objects.count() == 4


def test_a_missing_file_is_said(cast):
    with pytest.raises(CommandError, match="there is no file nowhere"):
        arguments = ["nowhere.csv", "--study", "x", "--project", "lab", *YES_NO]
        call_command("import_judgments", *arguments)


@pytest.mark.shared_data
def test_two_hundred_real_texts_come_in_as_published(load, shared_data):
    with (shared_data / "pct_values_200.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    judgments, automated = io.StringIO(), io.StringIO()
    people, machine = csv.writer(judgments), csv.writer(automated)
    people.writerow(["item", "rater", "value", "text"])
    machine.writerow(["item", "scorer", "value"])
    for row in rows:
        for number in (1, 2):
            _, label = row[f"annot{number}_label"].split("_")
            people.writerow([row["id"], f"annot{number}", label, row["completion"]])
        raw = row["auto_classification_raw"].strip().rstrip(".").lower()
        label = raw if raw in ("agree", "disagree") else "other"
        machine.writerow([row["id"], "auto", label])
    scale = ("--scale", "nominal", "--categories", "agree,disagree,other")
    load(judgments.getvalue(), *scale, automated=automated.getvalue())
    split = Dispute.objects.filter(reasons=["raters_split"]).count()
    assert (Item.objects.count(), Judgment.objects.count(), split) == (200, 400, 5)
    assert AutomatedLabel.objects.count() == 200


def test_a_refused_file_leaves_no_new_project_behind(db, tmp_path):
    file = tmp_path / "j.csv"
    file.write_text("item,rater,value\n1,a,yes\n1,a,no\n")
    with pytest.raises(CommandError):
        call_command(
            "import_judgments", str(file), study="s", scale="nominal", categories=["yes", "no"]
        )
    assert not Project.objects.exists()


def test_a_long_text_is_taken(cast, tmp_path):
    file = tmp_path / "j.csv"
    file.write_text(f"item,rater,value,text\n1,a,yes,{'long ' * 80_000}\n1,b,no,\n")
    options = {"study": "s", "scale": "nominal", "categories": ["yes", "no"], "project": "lab"}
    call_command("import_judgments", str(file), **options)
    assert len(Item.objects.get(study__name="s").text) > 300_000


THREE = ("--scale", "nominal", "--categories", "comply", "refusal", "unclear")
SAID = "item,rater,value\n1,ann,comply\n1,bob,refusal\n2,ann,unclear\n2,bob,refusal\n"


def test_nothing_is_a_way_out_that_is_not_declared(load):
    load(SAID, *THREE)
    assert Study.objects.get().ways_out == []


@pytest.mark.parametrize("given", [["refusal", "unclear"], ["refusal,unclear"]])
def test_ways_out_are_declared(load, given):
    load(SAID, *THREE, "--ways-out", *given)
    assert Study.objects.get().ways_out == ["refusal", "unclear"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["skip"], "the way out 'skip' is none of: comply, refusal, unclear"),
        (["refusal", "refusal"], "a way out is named twice"),
        (["comply", "refusal", "unclear"], "every category is a way out"),
    ],
)
def test_what_cannot_be_a_way_out_is_refused(load, given, words):
    assert words in refused(load, SAID, *THREE, "--ways-out", *given)


def test_a_scale_of_numbers_has_no_ways_out(load):
    words = refused(
        load, "item,rater,value\n1,ann,3\n", "--scale", "interval", "--ways-out", "refusal"
    )
    assert "only categories can be ways out" in words


WRONG = "3,ann,perhaps\n2,ann,comply\n4,,comply\n"


def test_the_good_rows_go_in_on_request_and_the_bad_ones_into_a_file(load, tmp_path):
    with pytest.raises(CommandError) as told:
        load(SAID + WRONG, *THREE, "--partial")
    assert Judgment.objects.count() == 4
    rejects = tmp_path / "judgments.rejects.csv"
    assert rejects.read_text() == f"item,rater,value\n{WRONG}"
    words = str(told.value)
    for line, why in ((6, "is none of: comply"), (7, "judged this item already"), (8, "rater")):
        assert f"judgments.csv: line {line}" in words
        assert why in words
    assert f"3 problems: the rows are left out, and stand in {rejects}" in words


def test_rejects_go_where_they_are_wanted_and_none_are_written_for_none(load, tmp_path):
    where = tmp_path / "mend.csv"
    load(SAID, *THREE, "--partial", "--rejects", str(where), name="all")
    assert not where.exists()
    with pytest.raises(CommandError, match="1 problem: the rows are left out"):
        load(f"{SAID}3,ann,so\n", *THREE, "--partial", "--rejects", str(where), name="some")
    assert where.read_text() == "item,rater,value\n3,ann,so\n"
    assert Study.objects.count() == 2


def test_a_check_of_the_good_rows_stores_and_writes_nothing(load, tmp_path):
    with pytest.raises(CommandError, match="3 problems: the rows would be left out"):
        load(SAID + WRONG, *THREE, "--partial", "--check")
    assert not Study.objects.exists()
    assert not list(tmp_path.glob("*.rejects.*"))


def test_a_file_that_is_wrong_as_a_whole_has_no_good_rows(load):
    assert "the header lacks rater" in refused(load, "item,value\n1,comply\n", *THREE, "--partial")


def test_the_good_rows_of_lines_of_json_go_in_and_the_bad_ones_become_a_table(cast, tmp_path):
    file = tmp_path / "said.jsonl"
    rows = [{"item": "1", "rater": "ann", "value": "comply"}, {"item": "1", "rater": "bob"}]
    rows.append({"item": "1", "rater": "cyd", "value": "so"})
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    options = {"study": "s", "scale": "nominal", "categories": ["comply", "no"], "project": "lab"}
    err = io.StringIO()
    with pytest.raises(CommandError, match="1 problem: the rows are left out"):
        call_command("import_judgments", str(file), partial=True, stderr=err, **options)
    assert "said.jsonl: row 3: the value 'so' is none of" in err.getvalue()
    assert (tmp_path / "said.rejects.csv").read_text().splitlines()[1:] == ["1,cyd,so"]
    assert Judgment.objects.count() == 1


def test_a_file_of_trials_of_ours_is_told_for_what_it_is(load, tmp_path):
    head = "conversation,model,target_value,trial,role,content\n"
    words = refused(load, head, *THREE)
    assert "holds trials, no judgments (a table of trials, a row for each message)" in words
