"""What the judging page does when an answer does not get through, and where the reader is after."""

import pytest
from playwright.sync_api import Page, Route, expect

from annotations.models import Judgment, Study
from tests.annotations.conftest import make_text_study
from tests.e2e.conftest import SIZES, progress

RETRY_MS = 5000
"""As in static/js/judge.js."""


@pytest.fixture
def study(cast) -> Study:
    return make_text_study(cast.project, 4)


def fail_posts(page: Page) -> None:
    """Let the server be away for everything that is sent to it."""

    def away(route: Route) -> None:
        if route.request.method == "POST":
            route.abort("connectionrefused")
        else:
            route.continue_()

    page.route("**/judge/", away)


def test_what_a_server_that_was_away_missed_goes_out_by_itself(judging):
    fail_posts(judging)
    judging.keyboard.press("2")
    judging.keyboard.press("Enter")
    notice = judging.get_by_text("Not sent: the connection was lost")
    expect(notice).to_be_visible()
    judging.wait_for_timeout(RETRY_MS + 500)
    expect(notice).to_be_visible()
    judging.unroute_all()
    expect(judging.get_by_text("1 judged by you")).to_be_visible(timeout=RETRY_MS + 5000)
    assert Judgment.objects.count() == 1


def test_an_exchange_that_hangs_says_so(judging):
    judging.route("**/judge/", lambda route: None)
    form = judging.locator(".judge__form")
    assert '"timeout": 30000' in (form.get_attribute("hx-request") or "")
    form.evaluate("form => form.setAttribute('hx-request', '{\"timeout\": 300}')")
    judging.keyboard.press("2")
    judging.keyboard.press("Enter")
    expect(judging.get_by_text("Not sent: the connection was lost")).to_be_visible()
    expect(judging.get_by_role("button", name="Send and go on")).to_be_enabled()


def test_who_is_signed_out_meanwhile_is_told_so(judging):
    judging.context.clear_cookies()
    judging.keyboard.press("2")
    judging.keyboard.press("Enter")
    expect(judging.get_by_text("Not sent: you have been signed out")).to_be_visible()
    expect(judging.get_by_role("radio", name="prosocial")).to_be_checked()


def test_a_skip_that_was_lost_sends_no_judgment_later(judging):
    fail_posts(judging)
    judging.keyboard.press("2")
    judging.keyboard.press("s")
    judging.get_by_label("Why", exact=True).select_option("other")
    judging.get_by_role("button", name="Skip and go on").click()
    expect(judging.get_by_text("The server could not be reached")).to_be_visible()
    judging.unroute_all()
    judging.evaluate("window.dispatchEvent(new Event('online'))")
    judging.wait_for_timeout(1000)
    assert not Judgment.objects.exists()


def test_what_is_wrong_comes_into_view_on_a_phone(open_as, cast):
    study = make_text_study(cast.project, 2, kind="declared", scale="interval", question="How far?")
    study.items.update(text="A long text. " * 300)
    page = open_as("second_rater", "phone")
    page.goto(f"/p/lab/studies/{study.slug}/judge/")
    page.get_by_role("textbox", name="How far?").fill("far")
    page.get_by_role("button", name="Send").tap()
    expect(page.get_by_text("is not a number")).to_be_in_viewport()
    page.get_by_role("textbox", name="How far?").fill("3")
    page.get_by_role("button", name="Send").tap()
    progress(page, 1)
    page.goto(f"/p/lab/studies/{study.slug}/judge/last/{Judgment.objects.get().assignment_id}/")
    page.get_by_role("textbox", name="How far?").fill("far")
    page.get_by_role("button", name="Save the correction").tap()
    expect(page.get_by_text("is not a number")).to_be_in_viewport()


def test_the_next_item_begins_at_the_top_of_a_phone(open_as, study):
    page = open_as("second_rater", "phone")
    page.goto(f"/p/lab/studies/{study.slug}/judge/")
    page.locator("label.choice").nth(5).tap()
    page.get_by_role("button", name="Send").tap()
    progress(page, 1)
    expect(page.get_by_role("button", name="Pause")).to_be_in_viewport()
    box = page.locator("#item-heading").bounding_box()
    assert box is not None
    assert 0 < box["y"] < SIZES["phone"][1] / 3


def test_the_ways_out_are_in_sight_on_a_desk(judging):
    for name in ("Skip this item", "Report a problem"):
        expect(judging.get_by_text(name)).to_be_in_viewport(ratio=1)
    expect(judging.get_by_label("Comment")).to_be_in_viewport(ratio=1)
