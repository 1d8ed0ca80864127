"""From an endpoint to a trial with its score, in the browser, against a real local model.

The structure is asserted, not what the model says.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from evaluations.models import Run
from evaluations.respondents import local_model
from evaluations.respondents.local_model import NAME, LocalModel
from evaluations.running.conversations import advance
from tests.e2e.conftest import in_a_thread


@pytest.mark.local_model
def test_a_small_experiment_with_a_real_model(open_as, cast):
    if reason := local_model.missing():
        pytest.skip(reason)
    page = open_as("researcher")
    with LocalModel() as model:
        describe_endpoint(page, model.base_url)
        describe_run(page)
        page.get_by_role("button", name="Start").click()
        expect(page.locator("#progress")).to_contain_text("0 of 1 trials have ended")
        address = page.url
        page.goto("about:blank")
        assert in_a_thread(advance, Run.objects.get()) == {"complete": 1}
    page.goto(address)
    expect(page.get_by_text(re.compile("[01] of 1 trial is scorable"))).to_be_visible()
    page.get_by_role("link", name="trial 1", exact=True).click()
    expect(page.get_by_role("heading", name=re.compile("Model, item"))).to_have_count(6)
    expect(page.locator("mark.evidence").first).to_be_visible()
    expect(page.locator("dl", has_text="Model returned")).to_contain_text(NAME)


def describe_endpoint(page: Page, base_url: str) -> None:
    page.goto("/p/lab/runs/endpoints/new/")
    page.locator("#id_name").fill("local model")
    page.locator("#id_kind").select_option("openai")
    page.locator("#id_model").fill(NAME)
    page.locator("#id_base_url").fill(base_url)
    page.locator("#id_parameters").fill('{"temperature": 1, "max_tokens": 24}')
    page.locator("#id_concurrency").fill("1")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("local model answered in")).to_be_visible(timeout=60_000)


def describe_run(page: Page) -> None:
    page.goto("/p/lab/runs/new/")
    page.locator("#id_name").fill("small")
    page.get_by_label("local model").check()
    for value in ("altruistic", "individualistic", "competitive"):
        page.locator(f"[name=target_values][value={value}]").uncheck()
    page.locator("[name=with_goal][value=no]").uncheck()
    page.locator("[name=answer_formats][value=free]").uncheck()
    page.locator("[name=answer_formats][value=constrained]").check()
    page.locator("#id_trials_per_cell").fill("1")
    expect(page.locator("#plan-figures")).to_contain_text(re.compile(r"Trials\s*1\s*Calls\s*9"))
    page.get_by_role("button", name="Save as a draft").click()
