"""What a run's page does in a browser: it brings its statistics, and works without scripts."""

import pytest
from playwright.sync_api import expect

from evaluations.running import trial_leases
from evaluations.running.conversations import advance
from tests.e2e.conftest import COLOUR_RULES, darken, in_a_thread, overflow, violations
from tests.evaluations.respondents.loopback import NO_MODEL, THOUGHT, loopback
from tests.evaluations.running.three import three
from tests.evaluations.views.test_pages import simulate


@pytest.fixture
def run(cast):
    found = simulate(cast.project, trials=3)
    in_a_thread(advance, found)
    return found


def test_the_statistics_come_into_the_page(open_as, run):
    page = open_as("reviewer")
    page.goto(f"/p/lab/runs/{run.pk}/")
    expect(page.get_by_role("heading", name="Internal consistency")).to_be_visible()
    expect(page.get_by_role("row", name="People, for reference")).to_contain_text("0.78")
    assert page.url.endswith(f"/runs/{run.pk}/")


def test_without_scripts_they_are_a_link_away(browser, live_server, cast, run):
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    session = cast.client("reviewer").cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": session.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"/p/lab/runs/{run.pk}/")
    page.get_by_role("link", name="How far repeated trials scatter").click()
    expect(page.get_by_role("heading", name="Internal consistency")).to_be_visible()
    context.close()


def test_a_figure_is_downloaded_under_the_name_of_the_run(open_as, run):
    page = open_as("researcher")
    page.goto(f"/p/lab/runs/{run.pk}/")
    with page.expect_download() as started:
        page.get_by_role("link", name="PDF").first.click()
    assert started.value.suggested_filename == "simulated-run-ring.pdf"


@pytest.mark.parametrize("name", ["runs", "run", "trial", "run_new", "endpoint"])
def test_twice_the_size_of_letters_fits_and_the_keyboard_is_seen(open_as, run, name):
    trial, endpoint = run.trials.first(), run.cells.first().endpoint
    address = {
        "runs": "/p/lab/runs/",
        "run": f"/p/lab/runs/{run.pk}/",
        "trial": f"/p/lab/trials/{trial.pk}/",
        "run_new": "/p/lab/runs/new/",
        "endpoint": f"/p/lab/runs/endpoints/{endpoint.pk}/",
    }[name]
    page = open_as("researcher")
    page.goto(address)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(page) <= 0
    outlines = []
    for _ in range(25):
        page.keyboard.press("Tab")
        outlines.append(page.evaluate("getComputedStyle(document.activeElement).outlineStyle"))
    assert set(outlines[:10]) == {"solid"}


@pytest.fixture
def three_endpoints(cast, monkeypatch):
    monkeypatch.setattr(trial_leases, "_next_attempt", lambda attempts, rest: None)
    monkeypatch.setattr(trial_leases, "MAX_ATTEMPTS", 2)
    with loopback() as servers:
        yield three(cast.project, servers)


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_of_three_endpoints_each_ends_as_it_should(open_as, three_endpoints, size):
    run, page = three_endpoints, open_as("researcher", size)
    page.goto(f"/p/lab/runs/{run.pk}/")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#progress")).to_contain_text("waiting for a worker")
    run.refresh_from_db()
    in_a_thread(advance, run)
    page.goto(f"/p/lab/runs/{run.pk}/")
    stopped = page.locator(".notice").filter(has_text="dead is asked nothing more")
    expect(stopped).to_contain_text(NO_MODEL)
    expect(stopped).to_contain_text("2 of its trials are left")
    progress = page.locator("#progress")
    expect(progress).to_contain_text("no whole answer from dripping within 1 s")
    assert violations(page) == [] and overflow(page) <= 0
    darken(page)
    assert violations(page, COLOUR_RULES) == []
    stopped.get_by_role("button", name="Drop it from this run").press("Enter")
    expect(page.get_by_text("dead is dropped: 2 trials are cancelled")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("complete")
    trial = run.trials.filter(state="complete").first()
    page.goto(f"/p/lab/trials/{trial.pk}/")
    thought = page.get_by_text(THOUGHT).first
    expect(thought).to_be_hidden()
    page.get_by_text("What the model thought before").first.press("Enter")
    expect(thought).to_be_visible()
    assert violations(page) == [] and overflow(page) <= 0
