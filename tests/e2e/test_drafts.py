"""What a rater filled in lives in their browser until it is stored or they discard it."""

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect

from annotations.models import Assignment, Item, Judgment, Rater, Study
from tests.annotations.conftest import make_text_study
from tests.e2e.conftest import SIZES, overflow, violations

WORDS = "They take what they can, and say so."


@pytest.fixture
def study(cast) -> Study:
    return make_text_study(cast.project, 3, overlap=1)


@pytest.fixture
def judging(open_as, study) -> Page:
    page = open_as("rater")
    page.goto(f"/p/lab/studies/{study.slug}/judge/")
    page.wait_for_load_state("networkidle")
    return page


def fill_in(page: Page) -> None:
    page.get_by_label("Comment").fill(WORDS)
    page.get_by_role("radio", name="competitive").check()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send and go on").click()


def drafts(page: Page) -> int:
    return page.evaluate(
        "Object.keys(localStorage).filter(key => key.startsWith('valuecheck:draft:')).length"
    )


def lose_the_last_place(study: Study) -> None:
    """The rater's time runs out, and somebody else judges the item meanwhile."""
    Assignment.objects.update(state=Assignment.State.RELEASED)
    Item.objects.filter(study=study).update(taken=F("places"))


def test_a_study_that_was_closed_and_opened_again_gives_the_words_back(judging, study):
    fill_in(judging)
    Study.objects.update(state="closed")
    send(judging)
    notice = judging.locator("#main").get_by_text("The study was closed meanwhile").first
    expect(notice).to_be_visible()
    assert not Judgment.objects.exists()
    assert drafts(judging) == 1
    Study.objects.update(state="open")
    judging.goto(f"/p/lab/studies/{study.slug}/judge/")
    expect(judging.get_by_label("Comment")).to_have_value(WORDS)
    expect(judging.get_by_role("radio", name="competitive")).to_be_checked()
    send(judging)
    expect(judging.get_by_text("1 judged by you")).to_be_visible()
    assert Judgment.objects.get().comment == WORDS
    assert drafts(judging) == 0


@pytest.mark.parametrize("size", SIZES)
def test_a_lost_place_leaves_the_words_until_they_are_discarded(open_as, study, size):
    page = open_as("rater", size)
    page.goto(f"/p/lab/studies/{study.slug}/judge/")
    page.wait_for_load_state("networkidle")
    fill_in(page)
    lose_the_last_place(study)
    send(page)
    notice = page.locator("#judging").get_by_text("somebody else has judged it meanwhile")
    expect(notice).to_be_visible()
    kept = page.get_by_role("region", name="Filled in and not stored")
    expect(kept).to_contain_text(WORDS)
    expect(kept).to_contain_text("competitive")
    assert not Judgment.objects.exists()
    page.reload()
    expect(kept).to_contain_text(WORDS)
    assert overflow(page) <= 0
    assert violations(page) == []
    kept.get_by_role("button", name="Discard this").press("Enter")
    expect(kept).to_be_hidden()
    assert drafts(page) == 0


def test_what_comes_back_is_filled_in_and_stored(judging, study):
    fill_in(judging)
    lose_the_last_place(study)
    send(judging)
    kept = judging.get_by_role("region", name="Filled in and not stored")
    expect(kept).to_be_visible()
    Item.objects.filter(study=study).exclude(assignments__isnull=False).update(taken=1)
    Item.objects.filter(assignments__isnull=False).update(taken=0)
    judging.reload()
    expect(judging.get_by_label("Comment")).to_have_value(WORDS)
    expect(kept).to_be_hidden()
    send(judging)
    expect(judging.get_by_text("1 judged by you")).to_be_visible()
    assert drafts(judging) == 0


def test_what_is_stored_leaves_nothing_behind(judging):
    for judged in (1, 2):
        fill_in(judging)
        send(judging)
        expect(judging.get_by_text(f"{judged} judged by you")).to_be_visible()
        assert drafts(judging) == 0
    fill_in(judging)
    send(judging)
    expect(judging.get_by_text("At the moment nothing is left for you")).to_be_visible()
    assert drafts(judging) == 0


def test_a_refused_problem_report_or_answer_drops_nothing(judging):
    judging.get_by_label("Comment").fill(WORDS)
    send(judging)  # without an answer
    expect(judging.get_by_label("Comment")).to_have_value(WORDS)
    judging.reload()
    expect(judging.get_by_label("Comment")).to_have_value(WORDS)


def test_whose_part_was_ended_meanwhile_finds_their_words(judging, study, cast):
    fill_in(judging)
    Rater.objects.filter(study=study).update(excluded_at=timezone.now(), excluded_reason="left")
    send(judging)
    expect(judging.get_by_role("heading", name="Your part has ended")).to_be_visible()
    kept = judging.get_by_role("region", name="Filled in and not stored")
    expect(kept).to_contain_text(WORDS)
    kept.get_by_role("button", name="Discard this").click()
    expect(kept).to_be_hidden()
    assert drafts(judging) == 0


def test_another_question_brings_back_words_and_no_answer(judging, study):
    fill_in(judging)
    Study.objects.update(question_version=F("question_version") + 1)
    send(judging)
    notice = judging.locator("#judging").get_by_text("What is asked was changed meanwhile")
    expect(notice).to_be_visible()
    expect(judging.get_by_label("Comment")).to_have_value(WORDS)
    expect(judging.get_by_role("radio", name="competitive")).not_to_be_checked()


def test_two_people_at_one_browser_meet_their_own(judging, study, cast):
    fill_in(judging)
    lose_the_last_place(study)
    send(judging)
    expect(judging.get_by_text(WORDS)).to_be_visible()
    session = cast.client("second_rater").cookies["sessionid"].value
    judging.context.clear_cookies()
    judging.context.add_cookies(
        [{"name": "sessionid", "value": session, "url": judging.url.split("/p/")[0]}]
    )
    judging.goto(f"/p/lab/studies/{study.slug}/judge/")
    judging.wait_for_load_state("networkidle")
    expect(judging.get_by_text(WORDS)).to_be_hidden()
    assert drafts(judging) == 1
