"""The pages about projects and people: by keyboard, on phone and desk, light and dark."""

import pytest
from playwright.sync_api import Page, expect

from accounts.people.invitations import invite, path_of
from hvae_site.archiving import archive
from tests.e2e.conftest import (
    COLOUR_RULES,
    SIZES,
    darken,
    in_a_thread,
    overflow,
    violations,
)


def problems_of(page: Page) -> list[str]:
    """What is wrong with the page at any size, and in the dark."""
    problems = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        problems += [f"{size}: {found}" for found in violations(page)]
        if overflow(page) > 0:
            problems.append(f"{size}: {overflow(page)} px too wide")
    darken(page)
    return problems + [f"dark: {found}" for found in violations(page, COLOUR_RULES)]


PAGES = {
    "members": ("administrator", "/p/lab/members/"),
    "member": ("administrator", "/p/lab/members/{rater}/"),
    "archive": ("administrator", "/p/lab/archive/"),
    "overview": ("administrator", "/p/lab/"),
    "leave": ("rater", "/p/lab/leave/"),
    "new": ("researcher", "/projects/new/"),
    "all": ("owner", "/projects/all/"),
    "mine": ("owner", "/"),
    "invited": ("nobody", "{invited}"),
    "to join": ("stranger", "{invited}"),
    "made up": ("nobody", "/invited/made-up/"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_about_people_is_accessible_and_fits(open_as, cast, name):
    cast.reviewer.is_staff = True
    cast.reviewer.save()
    _, token = invite(cast.project, cast.administrator, "rater", 7, email="long.name@example.org")
    who, path = PAGES[name]
    page = open_as("reviewer" if who == "owner" else who, "phone")
    page.goto(path.format(rater=cast.rater.pk, invited=path_of(token)))
    assert problems_of(page) == []


def test_a_colleague_is_invited_and_joins_by_keyboard(open_as, cast):
    page = open_as("administrator")
    page.goto("/p/lab/members/")
    page.get_by_label("Role").select_option("reviewer")
    page.get_by_role("button", name="Make the invitation").focus()
    page.keyboard.press("Enter")
    link = page.get_by_label("Link for one person as reviewer").input_value()
    assert problems_of(page) == []

    colleague = open_as("stranger")
    colleague.goto(link)
    button = colleague.get_by_role("button", name="Join the project")
    button.focus()
    colleague.keyboard.press("Enter")
    expect(colleague.get_by_text("You have joined Lab.")).to_be_visible()
    expect(colleague.get_by_text("You are reviewer in this project.")).to_be_visible()


def test_an_archived_project_says_so_on_its_pages(open_as, cast):
    in_a_thread(archive, cast.project, cast.administrator)
    page = open_as("researcher", "phone")
    page.goto("/p/lab/runs/")
    expect(page.get_by_text("This project is archived")).to_be_visible()
    assert problems_of(page) == []
