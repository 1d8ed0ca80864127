"""A researcher has a run scored by a model: from its page, and back to what came of it."""

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from evaluations.models import Endpoint, Scoring
from evaluations.respondents.respondent import RespondentError
from evaluations.running.conversations import advance
from evaluations.running.scorings import ScoringWorker
from tests.e2e.conftest import COLOUR_RULES, darken, in_a_thread, overflow, violations
from tests.evaluations.scoring.test_rubric_scorer import Judge
from tests.evaluations.views.test_pages import simulate


@pytest.fixture
def run(cast):
    Endpoint.objects.create(
        project=cast.project,
        name="judge",
        kind="openai",
        model="judge-model",
        base_url="http://127.0.0.1:9/v1",
        input_price=2,
        output_price=8,
        concurrency=1,
    )
    found = simulate(cast.project, trials=3)
    in_a_thread(advance, found)
    return found


def work(*replies: object) -> None:
    """Do what a worker does that gets these replies from the model."""
    worker = ScoringWorker(Scoring.objects.get().pk, respondent=Judge(*replies))
    in_a_thread(worker.work)
    connections.close_all()


def check(page: Page) -> None:
    """The page as it is now is fit for a phone, a screen reader and the dark."""
    assert violations(page) == []
    assert overflow(page) <= 0


def test_a_run_is_scored_by_a_model(open_as, run):
    page = open_as("researcher", "phone")
    page.goto(f"/p/lab/runs/{run.pk}/")
    page.get_by_role("link", name="Score with a model").click()
    expect(page.locator("#plan-figures")).to_contain_text("Choose the endpoint that is to be asked")
    page.get_by_label("Endpoint").select_option(label="judge: judge-model")
    expect(page.locator("#plan-figures")).to_contain_text("svo-orientation-en/judge-model")
    expect(page.locator("#plan-figures").get_by_text("USD")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Start").click()
    scorings = page.locator("#scorings")
    expect(scorings).to_contain_text("waiting for a worker")
    check(page)
    work("prosocial", RespondentError("key", "judge refused the key", stops_endpoint=True))
    expect(scorings).to_contain_text("1 of 3 complete trials scored")
    expect(scorings).to_contain_text("judge refused the key")
    check(page)
    scorings.get_by_role("button", name="Score the rest").click()
    work("competitive")
    expect(scorings).to_contain_text("3 of 3 complete trials scored")
    expect(scorings.get_by_role("button")).to_have_count(0)
    darken(page)
    assert violations(page, COLOUR_RULES) == []
