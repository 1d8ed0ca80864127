"""The report in a browser: folded on a phone, filtered without a page load, waited for."""

import pytest
from django.urls import reverse

from analysis.making.computations import work
from analysis.models import Computation
from tests.analysis.studies import judge_trials, trial_study
from tests.e2e.conftest import overflow, violations

pytestmark = pytest.mark.django_db(transaction=True)
SAID = ["prosocial", "prosocial", "altruistic", "altruistic", "prosocial"] * 2


@pytest.fixture
def study(cast):
    angles = {("m1", "prosocial"): [30.5, 40.0, 61.0, 35.0, 20.0], ("m2", "prosocial"): [30.0] * 5}
    made = trial_study(cast.project, angles)
    judge_trials(made, {"ann": SAID, "ben": SAID, "cy": SAID[::-1]})
    return made


def address(study):
    return reverse("report", args=["lab", study.slug])


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("query", ["?open=all", "?model=m1&reliable=0.9"])
def test_the_whole_report_is_clean(open_as, study, size, query):
    page = open_as("researcher", size)
    page.goto(address(study) + query)
    assert violations(page) == []
    assert overflow(page) <= 0


def test_on_a_phone_the_answer_comes_first_and_the_rest_is_folded(open_as, study):
    page = open_as("researcher", "phone")
    page.goto(address(study))
    answer = page.get_by_role("heading", name="The answer in words")
    assert answer.bounding_box()["y"] < 1200
    height = page.evaluate("document.documentElement.scrollHeight")
    folds = page.locator("details.fold")
    assert folds.count() > 4
    assert page.get_by_role("table", name="Agreement among the raters").is_hidden()
    page.locator("summary", has_text="The raters among themselves").click()
    assert page.get_by_role("table", name="Agreement among the raters").is_visible()
    assert page.evaluate("document.documentElement.scrollHeight") > height


def test_a_filter_exchanges_the_report_and_its_address(open_as, study):
    page = open_as("researcher")
    page.goto(address(study))
    page.evaluate("window.sameDocument = true")
    page.get_by_text("Filter, raters and thresholds").click()
    page.get_by_role("checkbox", name="m1").check()
    page.wait_for_url("**/report/?model=m1")
    page.get_by_text("Only model m1.").first.wait_for()
    assert page.evaluate("window.sameDocument") is True


def test_a_long_report_appears_when_it_is_done(open_as, study, monkeypatch):
    monkeypatch.setattr("analysis.making.computations.AT_ONCE", 1)
    page = open_as("researcher")
    page.goto(address(study))
    page.get_by_text("Waiting for a worker").wait_for()
    assert violations(page) == []
    work(Computation.objects.get().pk)
    page.get_by_role("heading", name="The answer in words").wait_for()
