"""A real Chromium against a live server. Skips, with the reason, where no Chromium is found."""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

from tests.conftest import touches_browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FAILED_REQUESTS = (
    *("Failed to load resource", "Response Status Error Code"),
    *("htmx:sendError", "htmx:timeout", "htmx:afterRequest"),
)
"""What the browser and htmx log of a lost connection or a refusal, which tests bring about."""
ALL_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOUR_RULES = ("color-contrast", "link-in-text-block")
"""What a change of the colour scheme alone can break."""
SIZES = {"phone": (360, 740), "desktop": (1440, 900)}


def find_chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next((path for name in NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    # Playwright's loop lives in this thread; Django only needs to know that this is on purpose.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except Error as error:
            pytest.skip(
                f"no Chromium to drive (set CHROMIUM to one): {error.message.splitlines()[0]}"
            )
        yield browser
        browser.close()


@pytest.fixture
def open_as(browser: Browser, live_server, cast) -> Iterator[Callable[..., Page]]:
    """open_as(who, size, scheme) -> a page of a browser in which *who* is signed in."""
    contexts: list[BrowserContext] = []

    def open_as(who: str, size: str = "desktop", scheme: str = "light") -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            base_url=live_server.url,
            has_touch=size == "phone",
        )
        contexts.append(context)
        if who != "nobody":
            session = cast.client(who).cookies["sessionid"]
            context.add_cookies(
                [{"name": "sessionid", "value": session.value, "url": live_server.url}]
            )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: problems.append(f"script error: {error}"))
        page.on("console", lambda message: note_console(message, problems))
        return page

    problems: list[str] = []
    yield open_as
    for context in contexts:
        context.close()
    assert problems == []


def in_a_thread(work: Callable[..., Any], *arguments: Any) -> Any:
    """What *work* returns, away from the browser's event loop: as a worker would do it."""

    def alone() -> Any:
        try:
            return work(*arguments)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(alone).result()


def note_console(message, problems: list[str]) -> None:
    """A policy violation or a script error anywhere fails the test that met it."""
    if message.type == "error" and not message.text.startswith(FAILED_REQUESTS):
        problems.append(f"console: {message.text}")


def darken(page: Page) -> None:
    """Switch the page to its dark colours, and wait until they are painted."""
    page.emulate_media(color_scheme="dark")
    page.evaluate(
        """async () => {
            const frame = () => new Promise(requestAnimationFrame);
            await frame();
            await frame();
            const ending = one => one.effect.getTiming().iterations !== Infinity;
            const running = document.getAnimations().filter(ending);
            await Promise.allSettled(running.map(one => one.finished));
            await frame();
        }"""
    )


def violations(page: Page, rules: tuple[str, ...] = ALL_RULES) -> list[str]:
    """What axe finds on the page, as 'rule: element'."""
    found = Axe().run(page, options={"runOnly": list(rules)}).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in found
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """Pixels the page is wider than its window; a page must never scroll sideways."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if touches_browser(item):
            item.add_marker(pytest.mark.browser)
            # A browser on a busy machine may miss a moment: once more, and the summary says so.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture
def judging(open_as, study) -> Page:
    """The judging page of the test's study, as the second rater opens it."""
    page: Page = open_as("second_rater")
    page.goto(f"/p/lab/studies/{study.slug}/judge/")
    return page


def progress(page: Page, number: int) -> None:
    expect(page.get_by_text(f"{number} judged by you")).to_be_visible()
