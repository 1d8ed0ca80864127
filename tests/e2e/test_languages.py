"""A rater's page in other languages: right to left, by keys of another script, without scripts."""

import pytest
from django.db.models import QuerySet
from playwright.sync_api import Page, expect

from annotations.models import Judgment
from annotations.svo.questions import ANGLE
from annotations.taking_part.invitations import path_of
from evaluations.models import Turn
from tests.annotations.conftest import make_text_study
from tests.annotations.taking_part.way_support import make_invitation, make_whole_study
from tests.e2e.conftest import COLOUR_RULES, SIZES, darken, overflow, violations

ARABIC = "?language=ar"


@pytest.fixture
def arabic(open_as, world) -> Page:
    """The page of somebody who judges in Arabic."""
    page = open_as("second_rater")
    page.goto(f"/p/lab/studies/{world.study.slug}/judge/{ARABIC}")
    return page


def is_right_to_left(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


def test_judging_in_arabic_by_keyboard(arabic):
    is_right_to_left(arabic)
    assert violations(arabic) == []
    arabic.keyboard.press("2")
    arabic.keyboard.press("5")
    arabic.keyboard.press("Enter")
    expect(arabic.get_by_text("قيّمت 1")).to_be_visible()
    is_right_to_left(arabic)
    assert violations(arabic) == []
    judgment = Judgment.objects.get(rater__user__username="second_rater")
    assert (judgment.label, judgment.confidence) == ("prosocial", 5)
    assert judgment.rater.language == "ar"


@pytest.mark.parametrize(
    ("key", "code", "value"),
    [("٢", "Digit2", "prosocial"), ("Process", "Digit4", "competitive")],
)
def test_keys_of_another_script_do_what_is_written_at_their_place(arabic, key, code, value):
    arabic.evaluate(
        "([key, code]) => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key, code, bubbles: true, cancelable: true}))",
        [key, code],
    )
    expect(arabic.locator(f"input[type=radio][value='{value}']")).to_be_checked()


@pytest.fixture
def ring(open_as, cast, live_server) -> Page:
    """The page of an angle question, in Arabic."""
    study = make_text_study(cast.project, 1, kind="angle", question=ANGLE.prompt, categories=[])
    page = open_as("rater")
    page.goto(f"/p/lab/studies/{study.slug}/judge/{ARABIC}")
    return page


def test_arrows_follow_the_picture_and_not_the_reading_direction(ring):
    slider, number = ring.locator("input[type=range]"), ring.locator("input[type=number]")
    number.fill("30")
    slider.focus()
    ring.keyboard.press("ArrowRight")
    expect(number).to_have_value("31")
    ring.keyboard.press("ArrowLeft")
    ring.keyboard.press("ArrowLeft")
    expect(number).to_have_value("29")
    # What grows to the right by key grows to the right by mouse.
    box = slider.bounding_box()
    slider.click(position={"x": box["width"] - 4, "y": box["height"] / 2})
    expect(number).to_have_value("62")


def test_the_ring_is_not_mirrored(ring):
    svg = ring.locator(".angle__svg")
    box = svg.bounding_box()
    centre = ring.locator(".angle__svg .ring__centre").bounding_box()
    level = centre["y"] + centre["height"] / 2 - box["y"]
    svg.click(position={"x": box["width"] * 0.8, "y": level})
    expect(ring.locator("input[type=number]")).to_have_value("0")
    assert violations(ring) == []


def test_the_language_is_changed_without_scripts_on_the_same_page(browser, live_server, cast):
    study = make_whole_study(cast.project)
    invitation = make_invitation(study, cast.researcher)
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto(path_of(invitation))
    page.get_by_role("link", name="العربيّة").click()
    is_right_to_left(page)
    page.get_by_role("button", name="ابدأ").click()
    is_right_to_left(page)
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("¿Aceptas participar?")
    page.get_by_role("button", name="Acepto").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Primero: tus propias elecciones")
    context.close()
    assert study.raters.get().language == "es"


@pytest.mark.parametrize("language", ["es", "zh-hans", "ar"])
def test_the_judging_page_fits_in_every_language(open_as, cast, live_server, language):
    further = [
        {"key": "place", "kind": "angle", "prompt": ANGLE.prompt},
        {"key": "values", "kind": "vector", "prompt": "Which?", "categories": ["care", "power"]},
    ]
    study = make_text_study(cast.project, 1, further_questions=further)
    problems = []
    for size in SIZES:
        page = open_as("rater", size)
        page.goto(f"/p/lab/studies/{study.slug}/judge/?language={language}")
        problems += violations(page)
        if overflow(page) > 0:
            problems.append(f"{size}: {overflow(page)} px too wide")
        darken(page)
        problems += violations(page, COLOUR_RULES)
    assert problems == []


def test_a_reviewer_reads_arabic_from_the_right_on_an_english_page(open_as, world):
    answered, commented = "أختار الخيار B لأنه عادل.", "إنه عادل للطرفين."
    QuerySet(Turn).update(text=answered)
    QuerySet(Judgment).update(comment=commented)
    page = open_as("reviewer")
    page.goto(f"/p/lab/disputes/{world.dispute.pk}/")
    for said, times in ((answered, 6), (commented, 2)):
        laid_out = page.evaluate(
            """said => [...document.querySelectorAll("main *")]
                .filter(one => [...one.childNodes].some(
                    node => node.nodeType === Node.TEXT_NODE && node.data.includes(said)))
                .map(one => getComputedStyle(one).direction)""",
            said,
        )
        assert len(laid_out) >= times, said
        assert set(laid_out) == {"rtl"}
