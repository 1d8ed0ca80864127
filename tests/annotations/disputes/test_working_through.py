"""A queue of disputes that is worked through: what follows, one's pace, what is undone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import QuerySet

from annotations.disputes.working import UNDONE, pace
from annotations.models import Decision, Dispute, Item
from tests.annotations.conftest import make_text_study

pytestmark = pytest.mark.django_db

DISPUTES = "/p/lab/disputes/"
SAID = {"label": "kind", "quick": "As most raters say."}
START = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def study(cast):
    """Three open disputes on texts that are kind or not."""
    study = make_text_study(cast.project, 3, categories=["kind", "unkind"], ways_out=[])
    for item in Item.objects.order_by("position"):
        Dispute.objects.create(item=item, reasons=["raters_split"])
    return study


def page_of(cast, address):
    return cast.client("reviewer").get(address).content.decode()


def decide(cast, dispute, query="", **said):
    return cast.client("reviewer").post(f"{DISPUTES}{dispute.pk}/decide/{query}", SAID | said)


def test_a_decision_brings_the_next_open_case_and_after_the_last_the_first_one_left(cast, study):
    first, second, third = Dispute.objects.all()
    assert decide(cast, second).headers["Location"] == f"{DISPUTES}{third.pk}/"
    assert decide(cast, third).headers["Location"] == f"{DISPUTES}{first.pk}/"
    assert decide(cast, first).headers["Location"] == DISPUTES


def test_the_queue_stays_what_was_filtered(cast, study):
    other = make_text_study(
        cast.project, 1, name="other", categories=["kind", "unkind"], ways_out=[]
    )
    Dispute.objects.create(item=other.items.get(), reasons=["flagged"])
    last = Dispute.objects.filter(item__study=study).last()
    answer = decide(cast, last, "?study=" + study.slug)
    first = Dispute.objects.first()
    assert answer.headers["Location"] == f"{DISPUTES}{first.pk}/?study={study.slug}"
    assert "Case 1 of 2" in page_of(cast, answer.headers["Location"])


def test_the_cases_before_and_after_are_a_key_away(cast, study):
    first, second, third = Dispute.objects.all()
    page = page_of(cast, f"{DISPUTES}{second.pk}/")
    assert f'rel="prev" href="{DISPUTES}{first.pk}/" data-key="k"' in page
    assert f'rel="next" href="{DISPUTES}{third.pk}/" data-key="j"' in page


def test_a_quick_reason_is_the_reason_and_own_words_stand_beside_it(cast, study):
    first, second, _ = Dispute.objects.all()
    decide(cast, first)
    decide(cast, second, reason="He smiles.")
    said = list(Decision.objects.values_list("reason", flat=True))
    assert said == ["As most raters say.", "As most raters say.\nHe smiles."]


def test_a_reason_may_be_left_out_where_the_study_allows_it(cast, study):
    first, second, _ = Dispute.objects.all()
    assert decide(cast, first, quick="").status_code == 422
    study.reason_required = False
    study.save()
    assert decide(cast, second, quick="").status_code == 302
    assert Decision.objects.get().reason == ""


def test_the_last_decision_is_offered_to_be_undone_and_stays_on_record(cast, study):
    first, second, _ = Dispute.objects.all()
    decide(cast, first)
    page = page_of(cast, f"{DISPUTES}{second.pk}/")
    assert f'action="{DISPUTES}{first.pk}/reopen/"' in page and 'data-key="z"' in page
    cast.client("reviewer").post(f"{DISPUTES}{first.pk}/reopen/", {"reason": "Undone."})
    first.refresh_from_db()
    assert first.state == Dispute.State.OPEN and Decision.objects.count() == 1
    assert 'data-key="z"' not in page_of(cast, f"{DISPUTES}{second.pk}/")


def test_somebody_elses_decision_or_an_old_one_is_not_offered_to_be_undone(cast, study):
    first, second, _ = Dispute.objects.all()
    decide(cast, first)
    other = cast.client("administrator").get(f"{DISPUTES}{second.pk}/").content.decode()
    assert 'data-key="z"' not in other
    old = Decision.objects.get().created_at - UNDONE - timedelta(seconds=1)
    QuerySet(Decision).update(created_at=old)
    assert 'data-key="z"' not in page_of(cast, f"{DISPUTES}{second.pk}/")


def test_a_pace_is_the_median_of_times_without_a_break():
    seconds = [0, 10, 30, 50, 50 + 4000, 4060]
    found = pace([START + timedelta(seconds=at) for at in seconds])
    assert (found.today, found.seconds) == (6, 15)
    assert [found.minutes_for(cases) for cases in (1, 12)] == [1, 3]


def test_of_few_decisions_there_is_no_pace():
    found = pace([START, START + timedelta(seconds=5)])
    assert found.seconds is None and found.minutes_for(10) is None


def test_the_page_of_a_case_lists_a_few_around_it(cast, study):
    many = make_text_study(
        cast.project, 60, name="many", categories=["kind", "unkind"], ways_out=[]
    )
    Dispute.objects.bulk_create(
        Dispute(item=item, reasons=["raters_split"]) for item in many.items.all()
    )
    middle = Dispute.objects.filter(item__study=many)[30]
    page = page_of(cast, f"{DISPUTES}{middle.pk}/?study={many.slug}")
    assert (
        "Case 31 of 60" in page
        and page.partition("queue__list")[2].partition("</ol>")[0].count("<li>") == 17
    )
