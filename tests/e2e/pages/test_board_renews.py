"""The quality board renews itself while somebody sees it, and keeps what is folded."""

from django.urls import reverse
from playwright.sync_api import expect

from annotations.exchange.assignment import current_or_next
from annotations.judging.judging import submit
from annotations.judging.sent import Form
from annotations.taking_part.parts import rater_for


def test_the_board_renews_itself_on_return_and_rests_while_hidden(open_as, world, cast):
    asked = []
    page = open_as("researcher")
    page.on("request", lambda request: asked.append(request.headers.get("hx-request")))
    page.goto(reverse("rater_board", args=["lab", world.study.slug]))
    judged = page.locator(".tile__value").first
    expect(judged).to_have_text("9")
    page.get_by_text("By stratum", exact=True).click()
    page.evaluate("document.activeElement.blur()")

    rater = rater_for(world.study, cast.second_rater)
    submit(rater, Form(current_or_next(rater).pk, 0, "prosocial"))
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})"
    )
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_timeout(300)
    assert "true" not in asked
    expect(judged).to_have_text("9")

    page.evaluate("delete document.hidden")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(judged).to_have_text("10")
    expect(page.locator("#strata")).to_have_attribute("open", "")
