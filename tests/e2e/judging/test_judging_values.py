"""The page of ten values: by keys alone, by touch on a phone, right to left, without scripts, and
what comes back after a reload."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Judgment, Mark, Study
from annotations.taking_part.parts import rater_for
from annotations.views.sent_forms import order_of
from evaluations.instruments.values.circle import VALUES
from tests.e2e.conftest import SIZES, overflow, progress, violations
from tests.e2e.judging.values_support import TEXT, values_study

MOST_PRESSES = 8


@pytest.fixture
def study(cast) -> Study:
    return values_study(cast.project)


def opened(open_as, study: Study, size: str = "desktop", language: str = "en") -> Page:
    page = open_as("second_rater", size)
    page.set_extra_http_headers({"Accept-Language": language})
    page.goto(f"/p/lab/studies/{study.slug}/judge/")
    expect(page.locator(".chip__button").first).to_be_visible()
    return page


def said() -> dict[str, str]:
    """What the only judgment says, without the values that are not involved."""
    label = Judgment.objects.get().label.split(",")
    return {name: stance for name, stance in zip(VALUES, label, strict=True) if stance != "0"}


def marked() -> list[tuple[str, str, str]]:
    found = Mark.objects.order_by("start")
    assert all(TEXT[mark.start : mark.end] == mark.quotation for mark in found)
    return [(mark.dimension, mark.sign, mark.quotation) for mark in found]


def chip(page: Page, name: str):
    return page.locator(f"[data-chip={name}] .chip__button")


def sentence(page: Page, number: int):
    return page.locator(f"[data-sentence='{number}'] [data-words]")


TWO = [
    ("tradition", "-1", "Your family has always done it this way."),
    ("power", "1", "If you are paid for it, ask for more than the others get."),
]


def test_two_values_with_evidence_take_eight_keys(open_as, study):
    page = opened(open_as, study)
    keys = ["w", "+", "3", "t", "-", "2", "Enter", "Enter"]
    assert len(keys) <= MOST_PRESSES
    for key in keys:
        page.keyboard.press(key)
    progress(page, 1)
    assert said() == {"power": "1", "tradition": "-1"}
    assert marked() == TWO
    assert len(Judgment.objects.get().at_once) == 8


@pytest.mark.parametrize("language", ["en", "es", "zh-hans", "ar"])
def test_on_a_phone_they_take_eight_taps_and_no_scrolling_sideways(open_as, study, language):
    page, taps = opened(open_as, study, "phone", language), 0
    steps = [
        *(chip(page, "power"), sentence(page, 3)),
        *(chip(page, "tradition"), chip(page, "tradition"), sentence(page, 2)),
        *(page.locator("[data-act=rest]"), page.locator("button[type=submit]").first),
    ]
    for step in steps:
        assert overflow(page) == 0
        step.tap()
        taps += 1
    expect(page.locator("progress")).to_have_attribute("value", "1")
    assert taps <= MOST_PRESSES
    assert said() == {"power": "1", "tradition": "-1"}
    assert marked() == TWO


@pytest.mark.parametrize(("size", "language"), [("phone", "ar"), ("desktop", "en")])
def test_no_rule_of_accessibility_is_broken(open_as, study, size, language):
    page = opened(open_as, study, size, language)
    # So high that no chip lies half under the bar: that counts as too small to hit.
    page.set_viewport_size({"width": SIZES[size][0], "height": 2400})
    assert violations(page) == []
    chip(page, "power").click()
    sentence(page, 3).click()
    page.locator("[data-act=rest]").click()
    expect(page.locator("[data-back]")).to_be_enabled()  # what changes meanwhile has no contrast
    assert violations(page) == []
    assert overflow(page) == 0


def test_the_text_stays_in_sight_on_a_phone_and_folds(open_as, study):
    page = opened(open_as, study, "phone")
    page.locator("[data-act=rest]").scroll_into_view_if_needed()
    expect(sentence(page, 1)).to_be_in_viewport()
    page.get_by_text("Fold the text").tap()
    expect(sentence(page, 1)).to_be_hidden()
    page.get_by_text("Show the text").tap()
    expect(sentence(page, 1)).to_be_visible()


def test_a_tap_goes_round_and_what_was_not_touched_is_not_sent(open_as, study):
    page = opened(open_as, study)
    stance = page.locator("[data-chip=security] .chip__stance")
    for word in ("supports", "opposes", "both", ""):
        chip(page, "security").click()
        expect(stance).to_have_text(
            {"supports": "+supports", "opposes": "−opposes", "both": "±both"}.get(word, word)
        )
    page.get_by_role("button", name="Send and go on").click()
    expect(page.get_by_text("Values without an answer: 10.")).to_be_visible()
    assert not Judgment.objects.exists()


def test_backspace_takes_back_step_by_step(open_as, study):
    page = opened(open_as, study)
    for key in ("w", "+", "3", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("mark.passage")).to_have_count(1)
    for left in ("+supports", "+supports", ""):
        page.keyboard.press("Backspace")
        expect(page.locator("[data-chip=power] .chip__stance")).to_have_text(left)
    expect(page.locator("mark.passage")).to_have_count(0)


def select(page: Page, words: str) -> None:
    """Select words of the first text, as a mouse or a finger does."""
    page.evaluate(
        """words => {
            const text = document.querySelector('[data-text]');
            const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
            let node = walker.nextNode();
            while (!node.textContent.includes(words)) node = walker.nextNode();
            const range = document.createRange();
            const at = node.textContent.indexOf(words);
            range.setStart(node, at);
            range.setEnd(node, at + words.length);
            window.getSelection().removeAllRanges();
            window.getSelection().addRange(range);
        }""",
        words,
    )


def test_selected_words_are_stored_with_a_value_and_its_sign_at_once(open_as, study):
    page = opened(open_as, study)
    select(page, "decide for yourself")
    offer = page.get_by_role("group", name="What do these words show?")
    assert violations(page) == []
    offer.get_by_role("button", name="self-direction").click()
    select(page, "whatever they say")
    offer.get_by_role("button", name="opposes").click()
    offer.get_by_role("button", name="conformity").click()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    progress(page, 1)
    assert marked() == [
        ("self-direction", "1", "decide for yourself"),
        ("conformity", "-1", "whatever they say"),
    ]


def test_passages_after_an_emoji_are_counted_as_the_server_counts(open_as, study):
    page = opened(open_as, study)
    for key in ("m", "+", "5", "Enter", "Enter"):
        page.keyboard.press(key)
    progress(page, 1)
    assert marked() == [("stimulation", "1", "😀 Sleep on it first.")]


def test_words_of_either_sign_make_both(open_as, study):
    page = opened(open_as, study)
    for key in ("w", "+", "3"):
        page.keyboard.press(key)
    select(page, "look after your share")
    page.get_by_role("button", name="opposes").last.click()
    page.locator(".offer__values").get_by_role("button", name="power").click()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    progress(page, 1)
    assert said() == {"power": "both"}
    assert [sign for _, sign, _ in marked()] == ["1", "-1"]


def test_cannot_tell_is_an_answer(open_as, study):
    page = opened(open_as, study)
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    progress(page, 1)
    assert Judgment.objects.get().label == "cannot tell"


def test_a_draft_comes_back_with_its_passages(open_as, study):
    page = opened(open_as, study)
    for key in ("w", "+", "3"):
        page.keyboard.press(key)
    page.reload()
    expect(page.locator("[data-chip=power] .chip__stance")).to_have_text("+supports")
    expect(page.locator("mark.passage")).to_have_text(TWO[1][2])


def test_the_order_is_a_raters_own_and_stays(open_as, study, cast):
    page = opened(open_as, study)
    order = page.locator("[data-chip]").evaluate_all("all => all.map(one => one.dataset.chip)")
    assert sorted(order) == sorted(VALUES) and order != list(VALUES)
    for key in ("x", "Enter"):
        page.keyboard.press(key)
    progress(page, 1)
    again = page.locator("[data-chip]").evaluate_all("all => all.map(one => one.dataset.chip)")
    assert again == order
    other = order_of(rater_for(study, cast.rater))
    assert other != order_of(rater_for(study, cast.second_rater))


def test_a_correction_begins_from_what_was_stored(open_as, study):
    page = opened(open_as, study)
    for key in ("w", "+", "3", "Enter", "Enter"):
        page.keyboard.press(key)
    progress(page, 1)
    page.goto(f"/p/lab/studies/{study.slug}/judge/last/")
    page.locator("main table a").first.click()
    expect(page.locator("mark.passage")).to_have_text(TWO[1][2])
    page.keyboard.press("w")
    page.keyboard.press("-")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your correction is stored.")).to_be_visible()
    newest = Judgment.objects.get(is_current=True)
    assert [mark.sign for mark in newest.marks.all()] == ["-1"]
    assert len(newest.at_once) == 9


def test_without_scripts_plain_fields_and_numbers_of_sentences_do(
    browser, live_server, cast, study
):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    session = cast.client("second_rater").cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": session.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"/p/lab/studies/{study.slug}/judge/")
    power = page.get_by_role("group", name="power")
    power.get_by_role("radio", name="supports").check()
    power.get_by_label("Sentences that show it, by number").fill("3")
    page.get_by_label("The others: not involved").check()
    page.get_by_role("button", name="Send and go on").click()
    expect(page.get_by_text("Your judgment is stored.")).to_be_visible()
    context.close()
    assert said() == {"power": "1"}
    assert marked() == TWO[1:]
