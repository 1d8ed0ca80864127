"""Take the screenshots of docs/screens from a fresh demo, as its three people see it, and of the
whole way of somebody who takes part by an invitation.

python scripts/screenshots.py            # what the documents show
python scripts/screenshots.py --all DIR  # every page at both widths in both schemes, to look at
"""

import argparse
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from os import environ
from pathlib import Path

import screenshots_way as way
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tests.e2e.conftest import FLAGS, SIZES, find_chromium  # noqa: E402

STUDY = "which-value-orientation-do-these-answers-show"
SET_UP = f"/p/demo/studies/{way.SLUG}/"

# name: (who, how to get there, sizes and schemes that the documents show)
SHOTS = {
    "welcome": ("", "/", []),
    "sign-in": ("", "/account/login/", []),
    "overview": ("researcher", "/p/demo/", ["desktop-light"]),
    "runs": ("researcher", "/p/demo/runs/", []),
    "run": ("researcher", "a run", ["desktop-light"]),
    "run-simulated": ("researcher", "the simulated run", []),
    "run-statistics": ("researcher", "the statistics of the simulated run", ["desktop-light"]),
    "trial": ("researcher", "a trial", ["desktop-light", "phone-light"]),
    "run-new": ("researcher", "/p/demo/runs/new/", []),
    "studies": ("researcher", "/p/demo/studies/", []),
    "study-new": ("researcher", "/p/demo/studies/new/", ["desktop-light"]),
    "study": ("researcher", f"/p/demo/studies/{STUDY}/", []),
    "study-settings": ("researcher", f"{SET_UP}settings/", []),
    "study-guidelines": ("researcher", f"{SET_UP}guidelines/", ["desktop-light"]),
    "study-controls": ("researcher", f"{SET_UP}controls/", ["desktop-light"]),
    "study-invitations": ("researcher", f"{SET_UP}invitations/", ["desktop-light"]),
    "preview": ("researcher", f"/p/demo/studies/{STUDY}/judge/preview/", ["desktop-light"]),
    "rater-board": ("researcher", f"/p/demo/studies/{STUDY}/raters/", ["desktop-light"]),
    "rater": ("researcher", "a rater", ["desktop-light"]),
    "planning": ("researcher", "/p/demo/planning/", []),
    "compare": ("researcher", "/p/demo/compare/", []),
    "report": ("researcher", f"/p/demo/studies/{STUDY}/report/", ["desktop-light", "desktop-dark"]),
    "rater-studies": ("rater", "/p/demo/studies/", []),
    "instructions": ("rater", f"/p/demo/studies/{STUDY}/way/", []),
    "judge": (
        "rater",
        "an item to judge",
        ["desktop-light", "desktop-dark", "phone-light"],
    ),
    "disputes": ("reviewer", "/p/demo/disputes/", ["desktop-light"]),
    "dispute": ("reviewer", "a dispute", ["desktop-light"]),
}
WHOLE_PAGE = {"report", "run", "run-simulated", "run-statistics", "trial", "dispute", "judge"}

# look: (language, names that the documents show; None: all)
WALKS = {
    "phone-light": ("en", None),
    "desktop-light": ("en", None),
    "phone-dark": ("en", {"way-judging"}),
    "phone-light-ar": ("ar", {"way-judging"}),
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_demo() -> Iterator[tuple[str, dict[str, str]]]:
    """A demo of its own, in a folder of its own: (address, passwords by user name)."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        demo = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--port", str(port)],
            cwd=PROJECT,
            env={**environ, "VAR_DIR": folder},
            stdout=subprocess.PIPE,
            text=True,
        )
        passwords = {}
        for line in demo.stdout or ():
            print(line, end="")
            if found := re.match(r"  (researcher|rater|reviewer) +(\S+)", line):
                passwords[found[1]] = found[2]
            if line.startswith("Ctrl-C"):
                break
        try:
            yield f"http://127.0.0.1:{port}", passwords
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(timeout=30)


def sign_in(page: Page, who: str, password: str) -> None:
    page.goto("/account/login/")
    page.get_by_label(re.compile("user name|username|login", re.I)).fill(who)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").last.click()
    page.wait_for_url(re.compile("/p/demo/"))


def reach(page: Page, place: str) -> None:
    """Go to an address, or find one of something as a person would."""
    if place.startswith("/"):
        page.goto(place)
    elif place.endswith(("a run", "the simulated run", "a trial")):
        page.goto("/p/demo/runs/")
        name = "Simulated" if place.endswith("the simulated run") else "SmolLM2, free answers"
        page.get_by_role("link", name=re.compile(name)).first.click()
        if place == "the statistics of the simulated run":
            page.goto(f"{page.url}statistics/")
        if place == "a trial":
            page.locator("a[href*='/trials/']").first.click()
    elif place == "an item to judge":
        page.goto(f"/p/demo/studies/{STUDY}/judge/")
        if (read := page.get_by_role("button", name="I have read this")).count():
            read.click()
    elif place == "a rater":
        page.goto(f"/p/demo/studies/{STUDY}/raters/")
        page.locator("main a[href*='/raters/']").first.click()
    elif place == "a dispute":
        page.goto("/p/demo/disputes/")
        page.locator("main a[href*='/disputes/']").first.click()
    page.wait_for_load_state("networkidle")


def photograph(
    browser: Browser, base: str, passwords: dict[str, str], folder: Path, everything: bool
) -> None:
    for name, (who, place, shown) in SHOTS.items():
        looks = [f"{size}-{scheme}" for size in SIZES for scheme in ("light", "dark")]
        for look in looks if everything else shown:
            context = opened(browser, base, look)
            page = context.new_page()
            if who:
                sign_in(page, who, passwords[who])
            reach(page, place)
            whole = everything and name in WHOLE_PAGE
            page.screenshot(path=folder / f"{name}-{look}.png", full_page=whole)
            context.close()
            print(f"{name}-{look}")


def opened(browser: Browser, base: str, look: str, language: str = "en") -> BrowserContext:
    """A browser of the size and scheme that *look* names."""
    size, scheme = look.split("-")[:2]
    width, height = SIZES[size]
    return browser.new_context(
        viewport={"width": width, "height": height},
        has_touch=size == "phone",
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        locale=language,
        base_url=base,
    )


def photograph_way(
    browser: Browser, base: str, link: str, folder: Path, only: set[str], everything: bool
) -> None:
    """Walk the whole way by *link* in each look; *only* these pages where some are named."""
    if only and not any(name.startswith("way-") for name in only):
        return
    for look, (language, shown) in WALKS.items():
        wanted = only or (None if everything else shown)
        context = opened(browser, base, look, language)
        page = context.new_page()

        def shoot(name: str, page: Page = page, look: str = look, wanted=wanted) -> None:
            if wanted and name not in wanted:
                return
            page.screenshot(path=folder / f"{name}-{look}.png", full_page=everything)
            print(f"{name}-{look}")

        way.walk(page, link, shoot)
        context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="DIR", help="every page and look, into DIR")
    parser.add_argument("--only", nargs="*", default=[], help="names of pages")
    options = parser.parse_args()
    folder = options.all or PROJECT / "docs" / "screens"
    folder.mkdir(parents=True, exist_ok=True)
    for name in set(SHOTS) - set(options.only or SHOTS):
        del SHOTS[name]
    with running_demo() as (base, passwords), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        with opened(browser, base, "desktop-light") as context:
            page = context.new_page()
            sign_in(page, "researcher", passwords["researcher"])
            link = way.set_up(page)
        photograph_way(browser, base, link, folder, set(options.only), bool(options.all))
        photograph(browser, base, passwords, folder, everything=bool(options.all))
        browser.close()


if __name__ == "__main__":
    main()
