"""The whole way of people without an account: phone by touch, desk by keys, and from platforms."""

import re

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from annotations.models import Identity, Invitation, Judgment, OwnMeasure, Rater, Study
from annotations.taking_part.invitations import path_of
from tests.annotations.conftest import make_text_study
from tests.annotations.taking_part.way_support import make_invitation, make_whole_study
from tests.e2e.conftest import overflow, violations
from tests.e2e.platforms import Platform, simulated_platform


@pytest.fixture
def study(cast, live_server) -> Study:
    return make_whole_study(cast.project, texts=3)


@pytest.fixture
def invitation(cast, study) -> Invitation:
    return make_invitation(study, cast.researcher, completion="C0DE-42")


@pytest.fixture
def platform():
    with simulated_platform() as platform:
        yield platform


def checked(page: Page) -> None:
    """axe finds nothing, and nothing scrolls sideways."""
    assert violations(page) == []
    assert overflow(page) <= 0


def heading(page: Page | FrameLocator, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(name))


# --- on a phone, by touch ------------------------------------------------------------------------


def tap(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).tap()


def tap_answer(page: Page, label: str = "prosocial") -> None:
    page.get_by_role("radio", name=label).locator("xpath=ancestor::label").tap()
    tap(page, "Send")


def test_the_whole_way_on_a_phone_by_touch(open_as, study, invitation):
    page = open_as("nobody", "phone")
    page.goto(path_of(invitation))
    checked(page)
    tap(page, "Start")
    heading(page, "Do you agree")
    checked(page)
    tap(page, "I agree")
    heading(page, "your own choices")
    checked(page)
    for number in range(1, 7):
        page.locator(f"label:has(input[name=item-{number}])").nth(2).tap()
    tap(page, "Store my choices")
    heading(page, "Instructions")
    checked(page)
    tap(page, "I have read this")
    for _ in range(2):
        heading(page, "Practice")
        checked(page)
        tap_answer(page)
        expect(page.get_by_text("That is what was expected.")).to_be_visible()
        checked(page)
        page.get_by_role("link", name="Go on").tap()
    heading(page, "Practice is over")
    checked(page)
    tap(page, "Go on")
    for _ in range(2):
        heading(page, "A short test")
        tap_answer(page)
    for number in range(3):
        expect(page.get_by_text(f"{number} judged by you")).to_be_visible()
        checked(page)
        tap_answer(page)
    heading(page, "Done: thank you")
    expect(page.get_by_text("C0DE-42")).to_be_visible()
    checked(page)
    assert Judgment.objects.counted().count() == 3
    assert OwnMeasure.objects.get().choices == {str(number): 3 for number in range(1, 7)}
    page.reload()
    expect(page.get_by_text("C0DE-42")).to_be_visible()


# --- at a desk, by keyboard alone ----------------------------------------------------------------


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until *target* has the focus, as somebody without a mouse does."""
    for _ in range(150):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached by Tab")


def press(page: Page, name: str, role: str = "button") -> None:
    tab_to(page, page.get_by_role(role, name=name))  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def key_answer(page: Page) -> None:
    expect(page.get_by_role("radio", name="prosocial")).to_be_visible()
    # Keys do nothing before the page's script has run.
    expect(page.locator("html")).to_have_attribute("data-keys", "on")
    page.keyboard.press("2")
    page.keyboard.press("Enter")


def key_go_on(page: Page) -> None:
    expect(page.get_by_text("That is what was expected.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-keys", "on")
    page.keyboard.press("Enter")


def test_the_whole_way_at_a_desk_by_keyboard(open_as, study, invitation):
    page = open_as("nobody", "desktop", "dark")
    page.goto(path_of(invitation))
    press(page, "Start")
    heading(page, "Do you agree")
    checked(page)
    press(page, "I agree")
    heading(page, "your own choices")
    checked(page)
    for number in range(1, 7):
        tab_to(page, page.locator(f"input[name=item-{number}]").first)
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
    press(page, "Store my choices")
    heading(page, "Instructions")
    press(page, "I have read this")
    for _ in range(2):
        heading(page, "Practice")
        key_answer(page)
        key_go_on(page)
    press(page, "Go on")
    for _ in range(2):
        heading(page, "A short test")
        key_answer(page)
    for number in range(3):
        expect(page.get_by_text(f"{number} judged by you")).to_be_visible()
        key_answer(page)
    heading(page, "Done: thank you")
    checked(page)
    assert Judgment.objects.counted().count() == 3
    assert OwnMeasure.objects.get().choices == {str(number): 2 for number in range(1, 7)}


# --- leaving and coming back ---------------------------------------------------------------------


def test_a_closed_browser_goes_on_where_it_was(open_as, study, invitation):
    page = open_as("nobody")
    page.goto(path_of(invitation))
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="I agree").click()
    heading(page, "your own choices")
    page.get_by_role("link", name="Pause and come back later").click()
    link = page.get_by_role("main").get_by_role("link", name="/join/")
    back = link.get_attribute("href")
    page.context.clear_cookies(name="sessionid")
    page.goto(back)
    page.get_by_role("button", name="Go on").click()
    heading(page, "your own choices")
    assert Rater.objects.count() == 1


def test_two_tabs_walk_the_way_once(open_as, study, invitation):
    first = open_as("nobody")
    first.goto(path_of(invitation))
    first.get_by_role("button", name="Start").click()
    heading(first, "Do you agree")
    second = first.context.new_page()
    second.goto(first.url)
    first.get_by_role("button", name="I agree").click()
    heading(first, "your own choices")
    second.get_by_role("button", name="I agree").click()
    heading(second, "your own choices")
    assert Rater.objects.get().stage == "own_measure"


def test_my_data_are_deleted_in_the_browser(open_as, study, invitation):
    page = open_as("nobody", "phone")
    page.goto(path_of(invitation))
    tap(page, "Start")
    page.get_by_role("link", name="My data").tap()
    heading(page, "My data")
    checked(page)
    page.get_by_role("checkbox").tap()
    tap(page, "Delete my data")
    heading(page, "Your data are deleted")
    checked(page)
    assert not Identity.objects.exists()


# --- from platforms, simulated here --------------------------------------------------------------


def test_from_prolific_and_back_simulated(open_as, cast, live_server, platform: Platform):
    study = make_text_study(cast.project, 1)
    invitation = make_invitation(study, cast.researcher, platform="prolific", completion="PAID1")
    query = "?PROLIFIC_PID=5f0c&STUDY_ID=60aa&SESSION_ID=61bb"
    platform.show_link(live_server.url + path_of(invitation) + query)
    page = open_as("nobody", "phone")
    # What would go to Prolific goes to the simulated platform.
    page.route(
        "https://app.prolific.com/**",
        lambda route: route.fulfill(
            status=302,
            headers={"Location": platform.origin + route.request.url.partition(".com")[2]},
        ),
    )
    page.goto(platform.origin)
    page.get_by_role("link", name="Open the study").tap()
    tap(page, "Start")
    tap_answer(page)
    heading(page, "Done: thank you")
    checked(page)
    page.get_by_role("link", name="Back to Prolific").tap()
    expect(page.get_by_role("heading", name="Simulated crowd platform")).to_be_visible()
    assert platform.received == [("/submissions/complete", {"cc": "PAID1"})]
    assert Identity.objects.get().external_id == "5f0c"


@pytest.fixture
def turk(cast, settings, live_server, platform: Platform) -> Invitation:
    settings.MTURK_TEST_ORIGINS = [platform.origin]
    study = make_whole_study(cast.project, texts=1, asks_own_measure=False)
    return make_invitation(study, cast.researcher, platform="mturk", completion="PAY-ME")


def test_a_preview_inside_the_frame_simulated(open_as, live_server, platform, turk):
    address = live_server.url + path_of(turk)
    platform.show_frame(f"{address}?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId=h1")
    page = open_as("nobody")
    page.goto(platform.origin)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("This is a preview")).to_be_visible()
    expect(frame.get_by_role("button")).to_have_count(0)
    assert not Rater.objects.exists()


def test_the_whole_way_inside_the_frame_simulated(open_as, live_server, platform, turk):
    query = f"?assignmentId=a1&hitId=h1&workerId=w1&turkSubmitTo={platform.origin}"
    platform.show_frame((live_server.url + path_of(turk) + query).replace("&", "&amp;"))
    page = open_as("nobody")
    page.goto(platform.origin)
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Start").click()
    frame.get_by_role("button", name="I agree").click()
    frame.get_by_role("button", name="I have read this").click()
    for _ in range(2):
        frame.get_by_role("radio", name="prosocial").check()
        frame.get_by_role("button", name="Send").click()
        frame.get_by_role("link", name="Go on").click()
    frame.get_by_role("button", name="Go on").click()
    for number in range(2):
        expect(frame.get_by_text(f"{number} of 2 answered")).to_be_visible()
        frame.get_by_role("radio", name="prosocial").check()
        frame.get_by_role("button", name="Send").click()
    expect(frame.get_by_text("0 judged by you")).to_be_visible()
    frame.get_by_role("radio", name="prosocial").check()
    frame.get_by_role("button", name="Send").click()
    heading(frame, "Done: thank you")
    assert page.context.cookies() == []
    frame.get_by_role("button", name="Submit to Mechanical Turk").click()
    expect(frame.get_by_text("Simulated platform: received")).to_be_visible()
    fields = {"assignmentId": "a1", "code": "PAY-ME"}
    assert platform.received == [("/mturk/externalSubmit", fields)]
    assert Judgment.objects.counted().count() == 1


def test_another_site_cannot_frame_the_pages(browser, live_server, platform, turk, settings):
    settings.MTURK_TEST_ORIGINS = []
    platform.show_frame(live_server.url + path_of(turk))
    context = browser.new_context()
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(platform.origin)
    expect(page.frame_locator("iframe").get_by_text("This is a preview")).to_have_count(0)
    context.close()
    assert any("frame-ancestors" in text for text in refused)
