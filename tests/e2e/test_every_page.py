"""Every page, on phone and desk, light and dark: axe finds nothing, nothing overflows."""

import pytest

from tests.cast import PARTS
from tests.e2e.conftest import COLOUR_RULES, SIZES, darken, overflow, violations
from tests.support.addresses import MATRIX, url_of

NO_PAGES = {
    *("trail_file", "site_trail_file", "own_data_file", "judgments_file", "participants_file"),
    *("run_figure", "report_figure", "report_file", "report_archive", "api-schema"),
    *("run_plan", "scoring_plan", "scorings", "run_preview", "run_progress"),
    *("upload_file", "upload_progress", "run_file", "report_progress", "compare_progress"),
    *("live", "ready"),
}
"""Addresses that answer with a file, a part of a page, or figures for machines."""
OWN_TESTS = {
    "api-docs": "drawn by what drf-spectacular brings: tests/e2e/pages/test_schema_page.py",
    "report": "at every choice of its own: tests/e2e/test_report.py",
}
IN_ORDER = (
    "researcher",
    "administrator",
    "reviewer",
    "second_rater",
    "rater",
    "nobody",
    "stranger",
)
"""Whose browser a page is opened in: the first of these who gets in."""
RATERS_PAGES = {"judge": "second_rater", "way_pause": "participant", "own_data": "participant"}


def who_opens(name: str) -> str | None:
    if name in RATERS_PAGES:
        return RATERS_PAGES[name]
    answers = dict(zip(PARTS, MATRIX[name], strict=False))
    return next((who for who in IN_ORDER if answers.get(who) == 200), None)


PAGES = {
    name: who
    for name in sorted(set(MATRIX) - NO_PAGES - set(OWN_TESTS))
    if (who := who_opens(name))
}


@pytest.mark.parametrize("name", sorted(NO_PAGES & {n for n in MATRIX if who_opens(n)}))
def test_what_is_no_page_is_none(cast, arguments, name):
    found = cast.client(who_opens(name)).get(url_of(name, arguments))
    is_html = found.headers.get("Content-Type", "").startswith("text/html")
    assert not is_html or b"<html" not in found.content


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_fits(open_as, arguments, name):
    page, problems = open_as(PAGES[name], "phone"), []
    response = page.goto(url_of(name, arguments))
    assert response is not None
    assert response.status == 200
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        problems += [f"{size}: {found}" for found in violations(page)]
        if overflow(page) > 0:
            problems.append(f"{size}: {overflow(page)} px too wide")
    darken(page)
    problems += [f"dark: {found}" for found in violations(page, COLOUR_RULES)]
    assert problems == []


def test_an_error_page_has_a_way_out(open_as, world):
    page = open_as("stranger")
    response = page.goto("/p/lab/runs/")
    assert response is not None
    assert response.status == 404
    assert violations(page) == []
    assert page.get_by_role("main").get_by_role("link").count() > 0
