"""Every kind of page, on phone and desk, light and dark: axe finds nothing, nothing overflows."""

import pytest
from django.urls import reverse

from tests.e2e.conftest import COLOUR_RULES, SIZES, darken, overflow, violations

PAGES = {
    "home": "nobody",
    "account_login": "nobody",
    "account_reset_password": "nobody",
    "account_email": "researcher",
    "mfa_index": "researcher",
    "project": "researcher",
    "tokens": "researcher",
    "runs": "researcher",
    "run": "researcher",
    "run_statistics": "researcher",
    "run_new": "researcher",
    "scoring_new": "researcher",
    "endpoints": "researcher",
    "endpoint_new": "researcher",
    "endpoint": "researcher",
    "definitions": "researcher",
    "definition_new": "researcher",
    "instrument": "researcher",
    "prompt_pack": "researcher",
    "frame": "researcher",
    "trial": "researcher",
    "studies": "researcher",
    "study_new": "researcher",
    "study": "researcher",
    "study_settings": "researcher",
    "study_metric": "researcher",
    "study_guidelines": "researcher",
    "study_guideline": "researcher",
    "study_controls": "researcher",
    "study_rater": "researcher",
    "rater_board": "researcher",
    "judge": "second_rater",
    "judge_last": "rater",
    "judge_correct": "rater",
    "judge_preview": "researcher",
    "join": "nobody",
    "way_pause": "participant",
    "own_data": "participant",
    "invitations": "researcher",
    "disputes": "reviewer",
    "dispute": "reviewer",
    "report": "researcher",
    "report_items": "researcher",
    "planning": "researcher",
    "compare": "researcher",
}
ARGUMENTS = {
    "run": ["project_slug", "run_id"],
    "run_statistics": ["project_slug", "run_id"],
    "scoring_new": ["project_slug", "run_id"],
    "endpoint": ["project_slug", "endpoint_id"],
    "instrument": ["project_slug", "instrument_id"],
    "prompt_pack": ["project_slug", "pack_id"],
    "frame": ["project_slug", "frame_id"],
    "trial": ["project_slug", "trial_id"],
    "judge_correct": ["project_slug", "study_slug", "assignment_id"],
    "dispute": ["project_slug", "dispute_id"],
    "join": ["token"],
    "study_guideline": ["project_slug", "study_slug", "version"],
    "study_rater": ["project_slug", "study_slug", "rater_id"],
}
OF_THE_PROJECT = {
    *("project", "runs", "run_new", "endpoints", "endpoint_new", "definitions", "definition_new"),
    *("tokens", "studies", "study_new", "planning", "compare", "disputes"),
}
OF_A_STUDY = ["project_slug", "study_slug"]


def address(name: str, arguments: dict[str, object]) -> str:
    if name.startswith(("account_", "mfa_")) or name == "home":
        return reverse(name)
    parts = ["project_slug"] if name in OF_THE_PROJECT else ARGUMENTS.get(name, OF_A_STUDY)
    return reverse(name, args=[arguments[part] for part in parts])


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_and_fits(open_as, world, name):
    page, problems = open_as(PAGES[name], "phone"), []
    response = page.goto(address(name, world.arguments))
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
