"""What the files of an import say of their items beside the judgments comes in with them."""

import pytest

from annotations.exchange.assignment import current_or_next
from annotations.models import Assignment, AutomatedLabel, Dispute, Item, Judgment, Rater, Study
from annotations.studies.studies import change_state
from annotations.taking_part.parts import rater_for
from tests.annotations.conftest import YES_NO, refused
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(load):
    """As for every file that is imported, with judgments of yes and no."""
    return lambda content, *options, **named: load(content, *YES_NO, *options, name="s", **named)


def items() -> dict[str, Item]:
    return {item.external_id: item for item in Item.objects.all()}


# --- properties ---------------------------------------------------------------------------------


def test_what_is_known_of_items_comes_in(load):
    load(
        "item,rater,value,Model,target value,condition,document,weight\n"
        "1,ann,yes,m1,prosocial,warm,d1,2.5\n"
        "1,bob,yes,,,,,\n"  # said in one row, it need not be said again
        "2,ann,no,m2,,,d1,\n"
    )
    one, two = items()["1"], items()["2"]
    assert one.properties == {
        "model": "m1",
        "target_value": "prosocial",
        "condition": "warm",
        "cluster": "d1",
    }
    assert two.properties == {"model": "m2", "cluster": "d1"}
    assert (one.weight, two.weight) == (2.5, 1.0)
    assert Study.objects.get().properties == ["cluster", "condition", "model", "target_value"]


def test_further_properties_count_where_they_are_named(load):
    rows = "item,rater,value,topic,source\n1,ann,yes,war,web\n"
    out = load(rows, "--properties", "topic")
    assert items()["1"].properties == {"topic": "war"}
    assert "Ignored columns: source" in out


def test_a_file_without_them_has_none(load):
    load("item,rater,value\n1,ann,yes\n")
    assert items()["1"].properties == {}
    assert Study.objects.get().properties == []


@pytest.mark.parametrize(
    ("rows", "options", "words"),
    [
        (
            "item,rater,value,model\n1,ann,yes,m1\n1,bob,no,m2\n",
            (),
            "line 3: this item has another model in an earlier line: 'm1', not 'm2'",
        ),
        ("item,rater,value,weight\n1,ann,yes,0\n", (), "line 2: the weight '0' is no number above"),
        ("item,rater,value,weight\n1,ann,yes,nan\n", (), "line 2: the weight 'nan' is no number"),
        (
            "item,rater,value,weight\n1,ann,yes,2\n1,bob,yes,3\n",
            (),
            "line 3: this item has another weight",
        ),
        (
            "item,rater,value,cluster,document\n1,ann,yes,a,b\n",
            (),
            "both cluster and document",
        ),
        ("item,rater,value\n1,ann,yes\n", ("--properties", "topic"), "has a column 'topic'"),
        ("item,rater,value\n1,ann,yes\n", ("--properties", "rater"), "it means something else"),
    ],
)
def test_what_cannot_be_of_an_item_is_refused(load, rows, options, words):
    assert words in refused(load, rows, *options)


# --- occasions ----------------------------------------------------------------------------------


def test_a_second_occasion_is_a_repeat_that_takes_no_place(load):
    load(
        "item,rater,value,occasion\n"
        "1,ann,no,2\n"  # the rows need not stand in the order of the occasions
        "1,ann,yes,1\n"
        "1,bob,yes,1\n"
        "2,ann,no,1\n"
    )
    counted = Judgment.objects.counted().values_list(
        "item__external_id", "rater__pseudonym", "label"
    )
    assert sorted(counted) == [("1", "ann", "yes"), ("1", "bob", "yes"), ("2", "ann", "no")]
    again = Assignment.objects.get(round=1)
    assert (again.is_regular, again.item.external_id, again.rater.pseudonym) == (False, "1", "ann")
    assert again.judgments.get().label == "no"
    assert {item.external_id: (item.places, item.taken) for item in Item.objects.all()} == {
        "1": (2, 2),
        "2": (1, 1),
    }
    assert Rater.objects.get(pseudonym="ann").judged == 2
    assert Study.objects.get().repeat_share == pytest.approx(1 / 3)


def test_occasions_count_by_their_order(load):
    load("item,rater,value,occasion\n1,ann,no,30\n1,ann,yes,20\n1,ann,no,25\n")
    rounds = Assignment.objects.order_by("round").values_list("round", "judgments__label")
    assert list(rounds) == [(0, "yes"), (1, "no"), (2, "no")]
    assert Study.objects.get().repeat_share == 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            "item,rater,value,occasion\n1,ann,yes,1\n1,ann,no,1.0\n",
            "line 3: this rater judged this item already on this occasion in line 2",
        ),
        ("item,rater,value,occasion\n1,ann,yes,\n", "line 2: the occasion '' is no number"),
        (
            "item,rater,value,occasion\n1,ann,yes,monday\n",
            "line 2: the occasion 'monday' is no number",
        ),
        ("item,rater,value\n1,ann,yes\n1,ann,no\n", "line 3: this rater judged this item already"),
    ],
)
def test_the_same_occasion_twice_is_refused(load, rows, words):
    assert words in refused(load, rows)


# --- automated labels of items nobody judged -----------------------------------------------------

JUDGED = "item,rater,value\n1,ann,yes\n1,bob,yes\n1,cleo,yes\n"


def test_an_item_nobody_judged_has_no_place_and_no_dispute(load):
    out = load(JUDGED, automated="item,scorer,value,model\n1,auto,yes,m1\n2,auto,no,m2\n")
    unjudged = items()["2"]
    assert (unjudged.places, unjudged.taken, unjudged.kind) == (0, 0, "regular")
    assert unjudged.properties == {"model": "m2"}
    assert items()["1"].properties == {"model": "m1"}
    assert not Dispute.objects.exists()
    assert "3 judgments of 1 item by 3 raters, 2 automated labels, 0 disputes." in out
    assert "1 item that nobody judged, with automated labels alone" in out


def test_no_rater_meets_an_item_nobody_judged(load, cast: Cast):
    load(JUDGED, automated="item,scorer,value\n1,auto,yes\n2,auto,no\n")
    study = change_state(Study.objects.get(), cast.administrator, Study.State.OPEN)
    assert current_or_next(rater_for(study, cast.rater)) is None


def test_no_valid_label_is_one_with_its_count(load):
    out = load(
        JUDGED,
        "--unscorable",
        "n/a",
        "invalid",
        automated="item,scorer,value\n1,auto,\n2,auto,n/a\n3,auto,n/a\n4,auto,invalid\n5,auto,no\n",
    )
    labels = AutomatedLabel.objects.order_by("item__external_id")
    assert list(labels.values_list("label", "reason")) == [
        ("", ""),
        ("", "n/a"),
        ("", "n/a"),
        ("", "invalid"),
        ("no", ""),
    ]
    assert "4 labels that are no valid ones: 1 empty, 1 'invalid', 2 'n/a'" in out
    assert not Dispute.objects.exists()


def test_a_word_that_was_not_declared_unscorable_is_refused(load):
    words = refused(load, JUDGED, automated="item,scorer,value\n1,auto,n/a\n")
    assert "line 2: the value 'n/a' is none of: yes, no" in words


def test_labels_of_other_items_altogether_are_refused(load):
    words = refused(load, JUDGED, automated="item,scorer,value\n7,auto,yes\n8,auto,yes\n")
    assert "not one of its items was judged" in words
