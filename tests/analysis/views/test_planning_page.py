"""The planning page: who may see it, what it answers, and what it takes from a pilot."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from annotations.models import Judgment
from evaluations.models import Trial
from tests.analysis.studies import imported_study, judge_trials, trial_study


@pytest.fixture
def page(cast):
    """GET the page as somebody, with a query."""

    def get(who="researcher", htmx=False, **query):
        url = reverse("planning", args=[cast.project.slug])
        headers = {"HX-Request": "true"} if htmx else {}
        return cast.client(who).get(url, query, headers=headers)

    return get


@pytest.mark.parametrize(
    ("who", "status"),
    [("researcher", 200), ("reviewer", 200), ("administrator", 200), ("rater", 403)],
)
def test_it_is_for_those_who_plan(page, who, status):
    assert page(who).status_code == status


def test_a_study_that_no_database_can_name_is_unknown(page, monkeypatch):
    """PostgreSQL refuses the character; SQLite does not."""

    def refuse(project, slug):
        raise ValueError("a string literal cannot contain NUL (0x00) characters")

    monkeypatch.setattr("analysis.views.planning.study_of", refuse)
    assert page(study="\0").status_code == 404


@pytest.mark.parametrize("ask", ["agreement", "numbers", "trials"])
def test_every_question_is_answered_at_once(page, ask):
    answer = page(ask=ask)
    assert answer.status_code == 200
    assert answer.context["plan"] is not None
    assert "style=" not in answer.content.decode()


def test_the_plan_follows_the_form(page):
    given = {"expected": "0.5", "width": "0.3", "raters": "4", "seconds": "36", "price": "10"}
    answer = page(ask="agreement", shares="50, 50", **given)
    chosen = answer.context["plan"].chosen
    assert chosen.raters == 4
    assert chosen.cost == pytest.approx(chosen.judgments * 36 / 3600 * 10)


def test_htmx_gets_the_same_answer_without_the_page_around_it(page):
    answer = page(htmx=True, ask="numbers")
    text = answer.content.decode()
    assert text.lstrip().startswith('<div id="planner"')
    assert "<html" not in text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("shares", "10, many", "numbers separated by commas"),
        ("shares", "100", "2 to 20 shares"),
        ("raters", "1", "greater than or equal to 2"),
        ("expected", "nan", "Enter a number"),
        ("expected", "0.1", "smaller width"),
    ],
)
def test_what_cannot_be_planned_is_said_in_the_form(page, field, value, words):
    answer = page(ask="agreement", **{field: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_numbers_are_simulated_with_the_raters_there_are(page):
    words = " ".join(
        page(ask="numbers", raters="3", pool="12", differ="40").content.decode().split()
    )
    assert "with 12 raters who differ by 40 % of the residual variance, gave ICC(A,1)" in words


def test_fewer_raters_than_judgments_of_an_item_are_refused(page):
    answer = page(ask="numbers", raters="6", pool="5")
    assert answer.status_code == 422
    assert "nobody judges an item twice" in answer.content.decode()


def test_an_unknown_pilot_is_not_found(page):
    assert page(study="nowhere").status_code == 404


def test_another_projects_study_is_no_pilot(cast, page):
    imported_study(cast.other_project, [("a", "x", "yes")], name="Elsewhere")
    assert page(study="elsewhere").status_code == 404


@pytest.fixture
def pilot(cast):
    """Twelve items, two raters who part on two of them; judgments take 10 or 20 seconds."""
    angles = {("m", "prosocial"): [30.0, 40.0] * 3, ("m", "altruistic"): [50.0, 60.0] * 3}
    study = trial_study(cast.project, angles, name="Pilot")
    first = ["prosocial"] * 6 + ["altruistic"] * 6
    judge_trials(study, {"a": first, "b": ["altruistic", *first[1:11], "prosocial"]})
    for judgment in Judgment.objects.all():
        seconds = 10.0 if judgment.rater.pseudonym == "a" else 20.0
        Judgment.objects.filter(pk=judgment.pk).supersede()
        Judgment.objects.create(
            assignment=judgment.assignment,
            item=judgment.item,
            rater=judgment.rater,
            label=judgment.label,
            revision=2,
            seconds=seconds,
        )
    return study


def test_a_pilot_gives_agreement_shares_and_speed(page, pilot):
    data = page(study=pilot.slug).context["form"].data
    assert data["expected"] == pytest.approx(0.68, abs=0.01)
    assert data["shares"] == "50, 50"
    assert data["seconds"] == 15.0


def test_what_is_typed_stands_before_the_pilot(page, pilot):
    assert page(study=pilot.slug, expected="0.8").context["form"].data["expected"] == "0.8"


def test_a_pilot_gives_the_spread_and_the_time_of_trials(page, pilot):
    start = timezone.now()
    Trial.objects.update(started_at=start, finished_at=start + timedelta(seconds=42))
    data = page(study=pilot.slug, ask="trials").context["form"].data
    assert data["within_sd"] == pytest.approx(5.48)
    assert data["cells"] == 2
    assert data["seconds"] == 42.0


def test_a_pilot_of_numbers_gives_its_icc(cast, page):
    rows = [(str(item), rater, str(item + off)) for item in range(9) for rater, off in AWAY]
    study = imported_study(cast.project, rows, scale="interval", name="Numbers")
    answer = page(study=study.slug, ask="numbers")
    assert answer.context["pilot"].consistency.defined
    data = answer.context["form"].data
    assert data["expected"] == pytest.approx(0.94, abs=0.02)
    assert data["pool"] == 3
    assert "no judgment of this study was timed" in answer.content.decode()


def test_a_pilot_of_vectors_is_not_taken_for_one_of_words(cast, page):
    rows = [(str(item), rater, f"{item % 2},1") for item in range(9) for rater in "ab"]
    study = imported_study(
        cast.project, rows, scale="vector", categories=["self", "all"], name="Vectors"
    )
    answer = page(study=study.slug)
    assert "this study judges vectors" in answer.context["pilot"].agreement.reason
    assert answer.context["pilot"].shares == ()


AWAY = (("a", 0.0), ("b", 1.0), ("c", -0.5))


def test_a_pilot_beyond_what_the_form_takes_still_gives_a_plan(cast, page):
    said = [f"kind {at % 25}" for at in range(100)]
    rows = [(str(item), f"r{at}", label) for item, label in enumerate(said) for at in range(2)]
    study = imported_study(cast.project, rows, categories=sorted(set(said)), overlap=60)
    answer = page(study=study.slug)
    assert answer.status_code == 200
    assert answer.context["form"].data["raters"] == 50
    assert len(answer.context["form"].data["shares"].split(",")) == 20


def test_excluded_raters_are_no_part_of_a_pilot(cast, page, pilot):
    before = page(study=pilot.slug).context["pilot"]
    pilot.raters.filter(pseudonym="b").update(
        excluded_at=timezone.now(), excluded_reason="too fast"
    )
    after = page(study=pilot.slug).context["pilot"]
    assert (before.judgments, after.judgments) == (24, 12)
    assert not after.agreement.defined


def test_a_pilot_is_read_once_while_the_study_stays_as_it_is(page, pilot, monkeypatch):
    first = page(study=pilot.slug).context["pilot"]
    monkeypatch.setattr("analysis.pages.planning.pilot.krippendorff_alpha", None)
    assert page(study=pilot.slug, width="0.3").context["pilot"].agreement == first.agreement


def test_a_study_nobody_judged_says_why_it_gives_no_estimate(cast, page):
    study = trial_study(cast.project, {("m", "prosocial"): [30.0]}, name="Empty")
    answer = page(study=study.slug)
    assert answer.status_code == 200
    assert "undefined: no unit was judged by two raters" in answer.content.decode()


def test_a_pilot_with_a_number_nobody_can_compute_with_says_so(cast, page):
    rows = [(f"i{at}", rater, str(at)) for at in range(6) for rater in "ab"]
    study = imported_study(
        cast.project, [*rows, ("i6", "a", "1e300")], scale="interval", name="Huge"
    )
    answer = page(study=study.slug, ask="numbers")
    assert "numbers cannot be computed with" in answer.content.decode()
