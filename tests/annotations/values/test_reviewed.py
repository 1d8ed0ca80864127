"""A reviewer decides value by value, with what was marked and quoted laid over the text."""

import pytest

from annotations.disputes.disputes import refresh_study
from annotations.disputes.why_disputed import RATERS_SPLIT, Automated, dispute_reasons
from annotations.exchange.bulk import More, Said, store_judgments
from annotations.models import AutomatedLabel, Decision, Dispute
from annotations.values.questions import VALUE_SIGNS
from annotations.values.stances import BOTH_SIGNS, RARE_VALUE, SIGN_FLIP
from evaluations.instruments.values.circle import VALUES
from evaluations.text.passages.laid_over import Passage, laid_over
from evaluations.text.passages.spans import Span, digest
from tests.annotations.conftest import make_rater, make_text_study
from tests.annotations.values.test_stances import label

SCALE = VALUE_SIGNS.scale_for()
FOR, AGAINST = label(security="1"), label(security="-1")


def reasons(said, automated=None):
    return dispute_reasons(SCALE, SCALE.consensus(said), Automated(automated), places=3)


def test_a_sign_flip_is_disputed_and_a_zero_of_the_metric_is_not():
    assert reasons([FOR] * 3, AGAINST) == [SIGN_FLIP]
    assert reasons([FOR] * 3, label()) == []
    assert reasons([FOR] * 3, FOR) == []


def test_a_flip_is_found_where_another_value_has_no_majority():
    said = [label(security="1", power="1"), label(security="1", power="-1"), FOR]
    assert reasons(said, AGAINST) == [RATERS_SPLIT, SIGN_FLIP, RARE_VALUE]


def test_both_and_rare_values_are_looked_at_whoever_says_so():
    assert reasons([label(security="both"), FOR, FOR]) == [BOTH_SIGNS]
    assert reasons([label(hedonism="1"), label(), label()]) == [RARE_VALUE]


def test_passages_cut_a_text_where_they_begin_and_end():
    one = Passage(0, 3, "power", "1", "ada")
    other = Passage(2, 5, "power", "-1", "judge", is_metric=True)
    pieces = laid_over("abcdef", [one, other])
    assert [(piece.text, piece.sign) for piece in pieces] == [
        ("ab", "1"),
        ("c", "both"),
        ("de", "-1"),
        ("f", ""),
    ]
    assert [piece.is_of_metric for piece in pieces] == [False, False, True, False]


TEXT = "Lock the door. Obey."


@pytest.fixture
def dispute(cast) -> Dispute:
    study = make_text_study(
        cast.project, 1, kind="values", categories=list(VALUES), metric_name="judge"
    )
    study.items.update(text=TEXT)
    (item,) = study.items.values_list("pk", flat=True)
    span = Span(0, 14, "security", "1", "Lock the door.", digest(TEXT))
    labels = [FOR, FOR, label(security="1", conformity="1")]
    raters = [make_rater(study, name).pk for name in ("ada", "bo", "cy")]
    said = [
        Said(item, rater, one, more=More(marks=[span] if rater == raters[0] else []))
        for rater, one in zip(raters, labels, strict=True)
    ]
    store_judgments(said, in_detail=True)
    AutomatedLabel.objects.create(item_id=item, scorer="judge", label=AGAINST)
    refresh_study(study)
    return Dispute.objects.get()


@pytest.mark.django_db
def test_the_page_lays_marks_over_the_text_and_begins_with_what_is_settled(cast, dispute):
    page = cast.client("reviewer").get(f"/p/lab/disputes/{dispute.pk}/").content.decode()
    assert dispute.reasons == [SIGN_FLIP]
    assert '<mark class="passage" data-sign="1" title="ada: security">Lock the door.</mark>' in page
    assert "most say: supports" in page and "<strong>sign flip</strong>" in page
    checked = 'name="label-5" value="1" checked'
    assert checked in page


@pytest.mark.django_db
def test_a_decision_says_something_of_every_value_with_a_reason(cast, dispute):
    client, address = cast.client("reviewer"), f"/p/lab/disputes/{dispute.pk}/decide/"
    refused = client.post(address, {"label-5": "1", "reason": "The door."})
    assert (refused.status_code, Decision.objects.count()) == (422, 0)
    client.post(address, {"label-5": "1", "label-rest": "0", "reason": "The door."})
    assert (Decision.objects.get().label, Decision.objects.get().reason) == (FOR, "The door.")
