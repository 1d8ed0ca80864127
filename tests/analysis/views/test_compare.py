"""Two studies, scorers or groups of raters side by side."""

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from analysis import tasks
from analysis.data.dataset import extract
from analysis.data.frozen import in_memory
from analysis.data.parameters import Parameters
from analysis.making import comparisons, computations
from analysis.report.answer import find
from analysis.report.comparison import Side, compare
from analysis.report.report import compute
from analysis.statistics.agreement.confusion import classification
from evaluations.background.leases import Held
from tests.analysis.studies import imported_study, judge_trials, trial_study

pytestmark = pytest.mark.django_db
VALUES = ["yes", "no"]
ROWS = [
    (f"i{at}", rater, VALUES[(at % 2) ^ (at % every == 0)])
    for at in range(40)
    for rater, every in (("ann", 99), ("ben", 7), ("cy", 3), ("di", 4))
]
GOOD = {f"i{at}": VALUES[at % 2] for at in range(40)}
POOR = {f"i{at}": VALUES[(at % 2) ^ (at % 5 == 0)] for at in range(40)}


@pytest.fixture
def study(cast):
    labels = {"good": GOOD, "poor": POOR}
    return imported_study(cast.project, ROWS, categories=VALUES, automated=labels)


def side(study, **choices):
    parameters = Parameters(replicates=200, **choices)
    data = in_memory("", extract(study, parameters))
    return Side(data, parameters, compute(data, parameters, {}))


def row(found, part, key):
    return next(row for row in found["rows"] if (row["part"], row["key"]) == (part, key))


def test_two_groups_of_raters_on_the_same_items(study):
    first, second = side(study, raters=("ann", "ben")), side(study, raters=("cy", "di"))
    alpha = row(compare(first, second), "humans", "alpha")
    values = [find(s.result["humans"]["statistics"], "alpha")["value"] for s in (first, second)]
    assert [alpha["first"]["value"], alpha["second"]["value"]] == values
    gap = alpha["difference"]
    assert gap["value"] == pytest.approx(values[0] - values[1])
    assert gap["interval"]["low"] < gap["value"] < gap["interval"]["high"]
    assert gap["n"]["units"] == 40


def test_two_scorers_in_one_study(study):
    found = compare(side(study, scorer="good"), side(study, scorer="poor"))
    accuracy = row(found, "automated", "accuracy")
    gap = accuracy["difference"]
    assert gap["value"] == pytest.approx(accuracy["first"]["value"] - accuracy["second"]["value"])
    assert gap["interval"]["low"] > 0
    for key in ("kappa", "macro_f1"):
        known = row(found, "automated", key)
        assert known["difference"]["details"]["first"] == pytest.approx(known["first"]["value"])


def test_a_side_beside_itself_differs_by_nothing(study):
    one = side(study)
    gap = row(compare(one, one), "humans", "alpha")["difference"]
    assert gap["value"] == 0
    assert "no spread" in gap["interval_reason"]


@pytest.mark.parametrize("scale", ["nominal", "ordinal"])
def test_every_difference_starts_from_the_numbers_of_the_report(cast, scale):
    rows = [
        (f"i{at}", rater, str(1 + (at + (at % 5 == 0) * shift + (at % 7 == 0)) % 4))
        for at in range(60)
        for shift, rater in enumerate("abcd")
    ]
    labels = {
        "one": {f"i{at}": str(1 + at % 4) for at in range(60)},
        "two": {f"i{at}": str(1 + (at + at % 3 // 2) % 4) for at in range(60)},
    }
    study = imported_study(
        cast.project, rows, scale=scale, categories="1234", automated=labels, name=scale
    )
    found = compare(
        side(study, scorer="one", raters=("a", "b")), side(study, scorer="two", raters=("c", "d"))
    )
    compared = [one for one in found["rows"] if one["difference"]["defined"]]
    keys = {(one["part"], one["key"]) for one in compared}
    wanted = {("humans", key) for key in ("alpha", "percent", "gwet_ac", "fleiss")}
    wanted |= {("automated", key) for key in ("kappa", "gwet_ac", "accuracy", "macro_f1")}
    wanted |= {("automated", "balanced_accuracy"), ("humans", "brennan_prediger")}
    assert wanted <= keys
    for one in compared:
        if one["part"] == "humans" or one["first"]["n"]["units"] == one["difference"]["n"]["units"]:
            inside = one["difference"]["details"]
            assert inside["first"] == pytest.approx(one["first"]["value"]), one["key"]


def test_what_is_not_resampled_says_so(project):
    rows = [(f"i{at}", rater, str(at + at % 3)) for at in range(12) for rater in "abc"]
    study = imported_study(project, rows, scale="interval")
    gap = row(compare(side(study), side(study)), "humans", "icc_a_1")["difference"]
    assert "see the two intervals" in gap["reason"]


def test_items_that_are_not_shared_have_no_difference(cast, study):
    rows = [(f"other {item}", rater, value) for item, rater, value in ROWS]
    other = imported_study(cast.project, rows, categories=VALUES, name="Other")
    found = compare(side(study), side(other))
    assert found["shared"] == 0
    gap = row(found, "humans", "alpha")["difference"]
    assert "only 0 items belong to both sides" in gap["reason"]
    assert row(found, "automated", "kappa")["second"] is None


def test_degrees_are_not_compared_with_numbers_on_another_scale(project):
    rows = [(f"i{at}", rater, str(at + at % 3)) for at in range(12) for rater in "abc"]
    study = imported_study(project, rows, scale="interval")
    angles = imported_study(project, rows, scale="interval", asks="angle", name="Angles")
    gap = row(compare(side(study), side(angles)), "humans", "alpha")["difference"]
    assert gap["reason"] == "the scales differ: interval and angle"


def test_other_categories_have_no_difference(cast, study):
    rows = [(item, rater, f"{value}!") for item, rater, value in ROWS]
    other = imported_study(cast.project, rows, categories=["yes!", "no!"], name="Other")
    gap = row(compare(side(study), side(other)), "humans", "alpha")["difference"]
    assert gap["reason"] == "the categories differ"


def test_trials_in_two_studies_are_the_same_items(project):
    angles = {("m", "prosocial"): [30.5, 60.0] * 8}
    first = trial_study(project, angles)
    second = imported_study(project, [], name="Second")
    second.source, second.categories = first.source, first.categories
    second.save()
    for item in first.items.order_by("-position")[:12]:
        second.items.create(position=item.position, trial=item.trial, places=3)
    said = ["prosocial", "altruistic"] * 8
    judge_trials(first, {"a": said, "b": said})
    judge_trials(second, {"c": ["", "", "", "", *said[4:]], "d": ["", "", "", "", *said[3:-1]]})
    found = compare(side(first), side(second))
    assert found["shared"] == 12
    assert row(found, "humans", "percent")["difference"]["details"]["first"] == 1


def test_numbers_are_compared_by_bias_and_concordance(project):
    rows = [
        (f"i{at}", rater, str(10.0 * at + (at * shift) % 7))
        for at in range(20)
        for shift, rater in enumerate("abc")
    ]
    near = {f"i{at}": str(10.0 * at + 2 + at % 2) for at in range(20)}
    far = {f"i{at}": str(9.0 * at + at % 5) for at in range(20)}
    study = imported_study(project, rows, scale="interval", automated={"near": near, "far": far})
    found = compare(side(study, scorer="near"), side(study, scorer="far"))
    for key in ("bias", "ccc"):
        known = row(found, "automated", key)
        wanted = known["first"]["value"] - known["second"]["value"]
        assert known["difference"]["value"] == pytest.approx(wanted)


def test_scores_of_tables_are_those_of_the_report():
    from analysis.statistics import paired

    truth, said = [0, 0, 1, 1, 2, 2, 0], [0, 1, 1, 1, 2, 0, 0]
    scores = classification(truth, said, 4, replicates=100)
    table = scores.table.astype(float)
    assert paired.accuracy(table) == pytest.approx(scores.accuracy.value)
    assert paired.macro_f1(table) == pytest.approx(scores.macro_f1.value)


# --- the page -------------------------------------------------------------------------------------


def page(cast, **query):
    return cast.client("researcher").get(reverse("compare", args=["lab"]), query)


def test_page_without_a_choice_asks_for_one(cast, study):
    response = page(cast)
    assert response.status_code == 200
    assert "comparison" not in response.context


def test_page_shows_both_sides_and_their_difference(cast, study):
    response = page(cast, a=study.slug, b=study.slug, a_scorer="good", b_scorer="poor")
    body = response.content.decode()
    assert response.context["comparison"]["shared"] == 40
    assert "Automated metric: poor alone." in body
    assert "percentile bootstrap over units" in body
    assert "style=" not in body


def test_a_group_of_raters_is_chosen_in_the_address(cast, study):
    response = page(cast, a=study.slug, a_rater=["ann", "ben"], b_rater=["cy", "di"])
    sides = response.context["sides"]
    assert [side.parameters.raters for side in sides] == [("ann", "ben"), ("cy", "di")]
    assert "?rater=ann&amp;rater=ben" in response.content.decode()


def test_a_choice_the_study_has_not_is_said(cast, study):
    response = page(cast, a=study.slug, a_rater="zoe")
    assert response.status_code == 400
    assert "The study has no rater zoe" in response.content.decode()


def test_another_projects_study_is_404(cast, study):
    other = imported_study(cast.other_project, ROWS, categories=VALUES, name="Hidden")
    assert page(cast, a=study.slug, b=other.slug).status_code == 404


@pytest.fixture
def long(monkeypatch, study):
    """Each report is short, both together are long."""
    monkeypatch.setattr("analysis.making.computations.AT_ONCE", len(ROWS))


def progress_of(comparison):
    return reverse("compare_progress", args=["lab", comparison.pk])


def test_a_long_comparison_is_made_by_a_worker_and_tells_how_far_it_is(
    cast, study, long, monkeypatch, django_capture_on_commit_callbacks
):
    told, real = [], Held.renew

    def renew(held, **columns):
        told.append((columns["share"], columns["doing"]))
        real(held, **columns)

    monkeypatch.setattr(Held, "renew", renew)
    asked = {"a": study.slug, "a_scorer": "good", "b_scorer": "poor"}
    with django_capture_on_commit_callbacks(execute=True):
        response = page(cast, **asked)
    waiting = response.context["waiting"]
    assert response.context["comparison"] is None
    assert f'hx-get="{progress_of(waiting)}"' in response.content.decode()
    client = cast.client("researcher")
    body = client.get(progress_of(waiting)).content.decode()
    assert "<progress" in body
    assert "a_scorer=good&amp;b=imported&amp;b_scorer=poor" in body
    told.clear()
    (queued,) = DBTaskResult.objects.all()
    assert queued.args_kwargs["args"] == [waiting.pk]
    assert tasks.compare_reports.func(waiting.pk)
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert told[:2] == [
        (0, "Reading the data"),
        (0, "Difference of Krippendorff's alpha, nominal"),
    ]
    assert client.get(progress_of(waiting))["HX-Refresh"] == "true"
    assert page(cast, **asked).context["comparison"]["shared"] == 40


def test_a_comparison_that_was_made_is_not_made_again(cast, study, monkeypatch):
    first = page(cast, a=study.slug, b_scorer="poor").context["comparison"]
    monkeypatch.setattr(
        "analysis.making.comparisons.compare", lambda *a: pytest.fail("compared again")
    )
    assert page(cast, a=study.slug, b_scorer="poor").context["comparison"] == first


def test_a_comparison_that_failed_says_why_and_is_taken_up_again(cast, study, long, monkeypatch):
    waiting = page(cast, a=study.slug).context["waiting"]
    with monkeypatch.context() as broken:
        broken.setattr("analysis.making.comparisons.compare", lambda *a: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tasks.compare_reports.func(waiting.pk)
    again = reverse("compare_again", args=["lab", waiting.pk])
    body = page(cast, a=study.slug).content.decode()
    assert "The comparison could not be computed" in body
    assert "ZeroDivisionError" in body
    assert f'action="{again}"' in body
    response = cast.client("researcher").post(again)
    assert response["Location"] == f"{reverse('compare', args=['lab'])}?a=imported&b=imported"
    assert tasks.compare_reports.func(waiting.pk)


def test_another_projects_comparison_is_not_shown(cast, study):
    hidden = imported_study(cast.other_project, ROWS, categories=VALUES, name="Hidden")
    made = computations.look(hidden, Parameters(replicates=200)).made
    comparison = comparisons.look(made, made)
    response = cast.client("researcher").get(progress_of(comparison))
    assert response.context["waiting"] is None


def test_the_report_hands_its_choices_on_to_the_comparison(cast, study):
    address = reverse("report", args=["lab", study.slug])
    response = cast.client("researcher").get(address, {"exclude": "di", "scorer": "good"})
    assert "?a=imported&amp;a_scorer=good&amp;a_exclude=di" in response.content.decode()


def test_choices_that_the_form_does_not_offer_are_not_lost_by_it(cast, study):
    body = page(cast, a=study.slug, a_exclude="di", b_reliable="0.9").content.decode()
    assert '<input type="hidden" name="a_exclude" value="di">' in body
    assert '<input type="hidden" name="b_reliable" value="0.9">' in body


def test_long_reports_are_waited_for(cast, study, monkeypatch):
    monkeypatch.setattr("analysis.making.computations.AT_ONCE", 1)
    response = page(cast, a=study.slug)
    assert response.context["comparison"] is None
    assert "Waiting for a worker" in response.content.decode()
