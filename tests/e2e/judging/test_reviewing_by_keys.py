"""Disputes settled one after another with the keyboard alone, and with a thumb."""

import pytest
from playwright.sync_api import Page, expect

from annotations.models import Decision, Dispute
from tests.annotations.conftest import make_text_study
from tests.e2e.conftest import overflow, violations

CASES = 20
PLAIN = ("2", "1", "Enter")
"""A label, a quick reason, and on: at most four presses for a plain case."""


@pytest.fixture
def study(cast, live_server):
    study = make_text_study(cast.project, CASES)
    Dispute.objects.bulk_create(
        Dispute(item=item, reasons=["raters_split"]) for item in study.items.order_by("position")
    )
    return study


def at_case(page: Page, number: int) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"item {number}")


def test_twenty_plain_cases_are_decided_by_keys_alone(open_as, study):
    page = open_as("reviewer")
    page.goto("/p/lab/disputes/")
    page.keyboard.press("Enter")
    for number in range(1, CASES + 1):
        at_case(page, number)
        for key in PLAIN:
            page.keyboard.press(key)
    expect(page.get_by_text("it was the last case")).to_be_visible()
    said = Decision.objects.order_by("pk").values_list("dispute__item__position", "label", "reason")
    label = study.categories[1]
    assert list(said) == [(n, label, "The words say it plainly.") for n in range(1, CASES + 1)]


def test_keys_lead_through_the_queue_and_take_the_last_decision_back(open_as, study):
    page = open_as("reviewer")
    page.goto(f"/p/lab/disputes/{Dispute.objects.first().pk}/")
    for key, number in (("j", 2), ("j", 3), ("k", 2)):
        page.keyboard.press(key)
        at_case(page, number)
    for key in PLAIN:
        page.keyboard.press(key)
    at_case(page, 3)
    page.keyboard.press("z")
    at_case(page, 2)
    expect(page.get_by_text("The dispute is open again")).to_be_visible()
    assert Dispute.objects.filter(state="open").count() == CASES


def test_words_of_ones_own_are_a_key_away_and_are_not_taken_for_keys(open_as, study):
    page = open_as("reviewer")
    page.goto(f"/p/lab/disputes/{Dispute.objects.first().pk}/")
    page.keyboard.press("2")
    page.keyboard.press("o")
    page.keyboard.type("j1 says so")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    at_case(page, 2)
    assert Decision.objects.get().reason == "j1 says so"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_way_on_and_to_the_decision_is_in_reach(open_as, study, scheme):
    page = open_as("reviewer", size="phone", scheme=scheme)
    page.goto(f"/p/lab/disputes/{Dispute.objects.first().pk}/")
    bar = page.get_by_role("navigation", name="Queue of disputes")
    expect(bar.get_by_role("link", name="Next")).to_be_in_viewport()
    bar.get_by_role("link", name="To the decision").click()
    expect(page.get_by_role("heading", name="Decide")).to_be_in_viewport()
    assert overflow(page) == 0
    assert violations(page) == []
