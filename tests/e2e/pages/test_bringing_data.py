"""A file is brought in the browser: looked at, followed while a worker is at it, imported."""

import pytest

from annotations.models import Judgment, Study, Upload
from annotations.studies.imports import working
from tests.e2e.conftest import COLOUR_RULES, SIZES, darken, in_a_thread, overflow, violations

pytestmark = pytest.mark.browser

JUDGED = b"item,rater,value\n" + b"".join(
    b"i%d,%s,yes\n" % (number, rater) for number in range(50) for rater in (b"anna", b"bert")
)
WRONG = JUDGED + b"i51,anna,perhaps\n" + b"i52,anna,a value that is " + b"very " * 12 + b"long\n"


def fill_in(page, content):
    page.set_input_files("[name=file]", {"name": "j.csv", "mimeType": "", "buffer": content})
    page.get_by_label("Name of the new study").fill("Brought")
    page.get_by_label("Categories", exact=False).first.fill("yes\nno")


def looks_fine(page):
    problems = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        problems += [f"{size}: {found}" for found in violations(page)]
        if overflow(page) > 0:
            problems.append(f"{size}: {overflow(page)} px too wide")
    darken(page)
    problems += [f"dark: {found}" for found in violations(page, COLOUR_RULES)]
    page.emulate_media(color_scheme="light")
    return problems


def work():
    in_a_thread(working.work, Upload.objects.get().pk)


def test_from_the_empty_project_to_the_study_by_keyboard(open_as, cast):
    page = open_as("researcher")
    page.goto("/p/lab/")
    page.get_by_role("link", name="Bring your own data").press("Enter")
    assert looks_fine(page) == []
    page.get_by_role("link", name="Import judgments").press("Enter")
    nav = page.get_by_role("navigation", name="Project Lab")
    assert nav.get_by_role("link", name="Import").get_attribute("aria-current")
    assert looks_fine(page) == []
    fill_in(page, JUDGED)
    page.get_by_role("button", name="Look at the file").press("Enter")
    page.get_by_text("A closed study Brought: 100 judgments of 50 items by 2 raters").wait_for()
    assert looks_fine(page) == []
    assert not Study.objects.exists()
    page.get_by_role("button", name="Import").press("Enter")
    page.get_by_role("heading", name="Brought").wait_for()
    assert Judgment.objects.count() == 100


def test_rejected_rows_are_told_and_the_good_ones_go_in(open_as, cast):
    page = open_as("researcher")
    page.goto("/p/lab/import/judgments/")
    fill_in(page, WRONG)
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_text("cannot be imported as it is").wait_for()
    assert looks_fine(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="line, column, reason and row").click()
    assert b"perhaps" in download.value.path().read_bytes()
    page.goto("/p/lab/import/judgments/")
    fill_in(page, WRONG)
    page.get_by_label("Import the good rows although others are rejected").check()
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_text("2 problems left out").wait_for()
    page.get_by_role("button", name="Import").click()
    page.get_by_role("heading", name="Brought").wait_for()


def test_a_large_file_is_followed_to_its_end(open_as, cast, monkeypatch):
    monkeypatch.setattr(working, "AT_ONCE", 0)
    page = open_as("researcher")
    page.goto("/p/lab/import/judgments/")
    fill_in(page, JUDGED)
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_text("Waiting for a worker").wait_for()
    assert looks_fine(page) == []
    work()
    page.get_by_text("This is what importing does").wait_for()
    page.get_by_role("button", name="Import").click()
    page.get_by_role("heading", name="The file is being imported").wait_for()
    page.reload()
    page.get_by_role("heading", name="The file is being imported").wait_for()
    work()
    page.get_by_role("link", name="Open what it became").click()
    page.get_by_role("heading", name="Brought").wait_for()


def test_a_large_file_is_followed_without_scripts(browser, live_server, cast, monkeypatch):
    monkeypatch.setattr(working, "AT_ONCE", 0)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    session = cast.client("researcher").cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": session.value, "url": live_server.url}])
    page = context.new_page()
    page.goto("/p/lab/import/judgments/")
    fill_in(page, JUDGED)
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_text("Waiting for a worker").wait_for()
    work()
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("button", name="Import").click()
    work()
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("link", name="Open what it became").wait_for()
    context.close()
