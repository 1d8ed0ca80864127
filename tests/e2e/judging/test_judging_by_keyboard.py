"""A rater's way through a study with the keyboard alone, and what the network may do to it."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Judgment
from tests.e2e.conftest import progress

SIX = ["altruistic", "prosocial", "individualistic", "competitive", "unclear", "refusal"]


@pytest.fixture
def judging(open_as, world) -> Page:
    page = open_as("second_rater")
    page.goto(f"/p/lab/studies/{world.study.slug}/judge/")
    return page


def judged(cast) -> list[str]:
    own = Judgment.objects.current().filter(rater__user=cast.second_rater)
    return list(own.order_by("pk").values_list("label", flat=True))


@pytest.mark.parametrize("key", range(1, 7))
def test_a_number_chooses_and_enter_sends(judging, cast, key):
    judging.keyboard.press(str(key))
    judging.keyboard.press("Enter")
    progress(judging, 1)
    assert judged(cast) == [SIX[key - 1]]


def test_the_next_item_comes_without_a_new_page(judging, cast):
    judging.evaluate("window.stayed = true")
    for number in (1, 2, 3):
        judging.keyboard.press("2")
        judging.keyboard.press("Enter")
        progress(judging, number)
    assert judging.evaluate("window.stayed") is True
    assert judged(cast) == ["prosocial"] * 3


def test_after_a_choice_the_digits_are_those_of_confidence(judging, cast):
    for key in ("2", "4", "4", "1", "Enter"):  # the last two have nothing left to answer
        judging.keyboard.press(key)
    progress(judging, 1)
    judgment = Judgment.objects.get(rater__user=cast.second_rater)
    assert (judgment.label, judgment.confidence) == ("prosocial", 4)


def test_a_choice_by_mouse_or_arrow_is_a_choice_too(judging):
    marked = judging.locator("[data-question][data-active]")
    judging.get_by_role("radio", name="prosocial").click()
    expect(marked.locator("legend")).to_contain_text("How sure are you?")
    judging.keyboard.press("ArrowDown")
    expect(judging.get_by_role("radio", name="individualistic")).to_be_checked()
    judging.keyboard.press("4")
    expect(judging.get_by_role("radio", name="individualistic")).to_be_checked()
    expect(judging.locator("input[name=confidence][value='4']")).to_be_checked()


def test_backspace_goes_back_to_a_question_to_answer_it_anew(judging, cast):
    for key in ("2", "4", "Backspace", "Backspace", "1", "3", "Enter"):
        judging.keyboard.press(key)
    progress(judging, 1)
    judgment = Judgment.objects.get(rater__user=cast.second_rater)
    assert (judgment.label, judgment.confidence) == ("altruistic", 4)


def test_what_a_key_chose_and_what_is_next_is_said(judging):
    judging.keyboard.press("2")
    expect(judging.locator("#live")).to_have_text("prosocial")
    expect(judging.get_by_role("group", name="How sure are you?")).to_be_focused()
    judging.keyboard.press("Backspace")
    expect(judging.get_by_role("group", name="Which value orientation")).to_be_focused()


def test_letters_typed_into_the_comment_choose_nothing(judging, cast):
    judging.keyboard.press("1")
    judging.get_by_label("Comment").fill("")
    judging.get_by_label("Comment").press_sequentially("t 4 is what they take")
    judging.get_by_role("button", name="Send").click()
    progress(judging, 1)
    judgment = Judgment.objects.get(rater__user=cast.second_rater)
    assert (judgment.label, judgment.confidence) == ("altruistic", None)
    assert judgment.comment == "t 4 is what they take"


def test_a_draft_survives_a_reload(judging):
    judging.keyboard.press("4")
    judging.get_by_label("Comment").fill("half a thought")
    judging.reload()
    expect(judging.get_by_role("radio", name="competitive")).to_be_checked()
    expect(judging.get_by_label("Comment")).to_have_value("half a thought")


def test_a_lost_connection_loses_nothing(judging, cast):
    judging.keyboard.press("2")
    judging.context.set_offline(True)
    judging.keyboard.press("Enter")
    expect(judging.get_by_role("alert").or_(judging.get_by_role("status")).first).to_be_attached()
    expect(judging.get_by_role("radio", name="prosocial")).to_be_checked()
    assert judged(cast) == []
    judging.context.set_offline(False)
    judging.keyboard.press("Enter")
    progress(judging, 1)
    assert judged(cast) == ["prosocial"]


def test_sending_twice_counts_once(judging, cast):
    judging.keyboard.press("2")
    judging.evaluate(
        "() => { const form = document.querySelector('.judge__form');"
        " form.requestSubmit(); form.requestSubmit(); }"
    )
    progress(judging, 1)
    assert judged(cast) == ["prosocial"]


def test_sending_nothing_says_what_is_missing(judging, cast):
    judging.keyboard.press("Enter")
    judging.get_by_role("button", name="Send").click()
    expect(judging.get_by_role("radio", name="altruistic")).to_be_focused()
    assert judging.evaluate("document.activeElement.validity.valueMissing") is True
    assert judged(cast) == []


def test_a_key_leaves_the_reader_where_they_are(judging):
    judging.evaluate("window.scrollTo(0, 700)")
    judging.keyboard.press("6")
    expect(judging.get_by_role("radio", name="refusal")).to_be_checked()
    assert judging.evaluate("window.scrollY") == 700


def test_shortcuts_can_be_switched_off_and_stay_off(judging):
    switch = judging.get_by_role("switch", name="Keyboard shortcuts")
    expect(switch).to_be_checked()
    expect(judging.locator(".judge kbd").first).to_be_visible()
    switch.click()
    for _ in range(2):
        expect(judging.locator(".judge kbd").first).to_be_hidden()
        judging.keyboard.press("2")
        expect(judging.get_by_role("radio", name="prosocial")).not_to_be_checked()
        judging.reload()
    expect(switch).not_to_be_checked()
    switch.click()
    judging.keyboard.press("2")
    expect(judging.get_by_role("radio", name="prosocial")).to_be_checked()


def test_it_works_without_scripts(browser, live_server, cast, world):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    session = cast.client("second_rater").cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": session.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"/p/lab/studies/{world.study.slug}/judge/")
    page.get_by_role("radio", name="prosocial").check()
    page.get_by_role("button", name="Send").click()
    progress(page, 1)
    context.close()
    assert judged(cast) == ["prosocial"]
