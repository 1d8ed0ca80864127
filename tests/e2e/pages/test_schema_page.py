"""The page on which the API is read and tried: under our policy, at every size, by keyboard.

What it shows is drawn by Swagger UI, whose markup is its own; that it can be read, and reached, is
ours to see to. A message of the console fails each test (`open_as`).
"""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ALL_RULES, SIZES, darken, overflow, violations

OF_SWAGGER_UI = (
    *("heading-order", "nested-interactive", "scrollable-region-focusable"),
    *("select-name", "target-size", "landmark-main-is-top-level"),
)
"""Rules that its markup breaks, which it draws anew whenever something is opened."""
SLOW = 60_000
"""Milliseconds: the schema is long, and is made when it is first asked for."""


@pytest.fixture
def opened(open_as):
    """``opened(size)``: the page with its list of resources."""

    def open_at(size: str = "desktop") -> Page:
        page: Page = open_as("researcher", size)
        page.set_default_timeout(SLOW)
        page.goto("/api/v1/docs/")
        page.wait_for_selector(".opblock-tag")
        return page

    return open_at


def expand(page: Page, resource: str) -> None:
    """Open the acts of a resource and the first of them, by keyboard alone."""
    page.locator(f"#operations-tag-{resource} button").focus()
    page.keyboard.press("Enter")
    act = page.locator(f"#operations-tag-{resource} + * .opblock-summary-control").first
    act.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".opblock-body .parameters")


def ours(found: list[str]) -> list[str]:
    return [line for line in found if line.partition(":")[0] not in OF_SWAGGER_UI]


@pytest.mark.parametrize("size", SIZES)
def test_it_is_read_at_every_size_in_light_and_dark(opened, world, size):
    page = opened(size)
    expand(page, "endpoints")
    for scheme in ("light", "dark"):
        if scheme == "dark":
            darken(page)
        assert ours(violations(page, ALL_RULES)) == [], scheme
        assert overflow(page) <= 0, scheme


def test_an_act_is_tried_by_keyboard_and_answered(opened, world):
    page = opened()
    expand(page, "endpoints")
    page.get_by_role("button", name="Try it out").focus()
    page.keyboard.press("Enter")
    page.get_by_placeholder("project_slug").fill("lab")
    page.get_by_role("button", name="Execute").focus()
    page.keyboard.press("Enter")
    answer = page.locator(".live-responses-table .response-col_status").last
    expect(answer).to_contain_text("200", timeout=SLOW)


def test_the_schema_says_how_to_change_only_what_one_has_seen(opened, world):
    page = opened()
    page.locator("#operations-tag-endpoints button").click()
    page.locator(".opblock-patch .opblock-summary-control").first.click()
    expect(page.get_by_text("If-Match", exact=True)).to_be_visible()
