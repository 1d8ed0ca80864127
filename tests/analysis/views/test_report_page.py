"""The report page and the files and rows behind it."""

import json

import pytest
from django.urls import reverse

from analysis.models import Computation, Report
from tests.analysis.studies import add_judgments, imported_study, judge_trials, trial_study

ROWS = [
    *((f"t{at}", rater, "agree" if at < 12 else "disagree") for at in range(20) for rater in "ab"),
    ("t20", "a", "agree"),
    ("t20", "b", "disagree"),
]
METRIC = {f"t{at}": "agree" if at < 10 else "disagree" for at in range(21)}


@pytest.fixture
def study(cast):
    return imported_study(
        cast.project, ROWS, categories=["agree", "disagree"], automated={"classifier": METRIC}
    )


def address(study, name="report", **more):
    return reverse(name, kwargs={"project_slug": "lab", "study_slug": study.slug} | more)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("nobody", 302),
        ("stranger", 404),
        ("other_researcher", 404),
        ("rater", 403),
        ("researcher", 200),
        ("reviewer", 200),
        ("administrator", 200),
    ],
)
@pytest.mark.parametrize("page", ["report", "report_items", "report_file"])
def test_who_may_read(cast, study, who, status, page):
    more = {"file_format": "json"} if page == "report_file" else {}
    response = cast.client(who).get(address(study, page, **more), {"quality": "split"})
    assert response.status_code == status


def test_page_shows_answer_matrix_and_hash(cast, study):
    body = cast.client("researcher").get(address(study)).content.decode()
    assert "Whether the raters agree well enough" in body
    assert Computation.objects.get().sha256 in body
    assert "items by human consensus (rows) and automated label (columns)" in body
    assert "style=" not in body


def test_confusion_cell_opens_its_items(cast, study):
    query = {"metric": "classifier", "consensus": "agree", "automated": "disagree"}
    response = cast.client("researcher").get(address(study, "report_items"), query)
    assert [item.external_id for item in response.context["items"]] == ["t10", "t11"]


def test_cells_of_the_page_link_to_as_many_items_as_they_count(cast, study):
    client = cast.client("researcher")
    (matrix,) = client.get(address(study)).context["metrics"][0]["tables"]["matrix"]
    cells = [cell for row in matrix.rows for cell in row if cell.href]
    assert [str(cell.said) for cell in cells] == ["10", "2", "12", "8", "8", "1", "1"]
    for cell in cells:
        assert str(client.get(cell.href).context["count"]) == str(cell.said)


def test_the_matrix_is_shaded_by_the_share_of_the_row(cast, study):
    response = cast.client("researcher").get(address(study))
    agree = response.context["metrics"][0]["tables"]["matrix"][0].rows[0]
    shades = [cell.shade and (cell.shade.share, cell.shade.heat, cell.shade.hit) for cell in agree]
    assert shades == [None, ("83.3 %", 8, True), ("16.7 %", 2, False), None]


def test_without_a_number_all_items_are_listed(cast, study):
    response = cast.client("researcher").get(address(study, "report_items"))
    assert response.context["count"] == 21


def test_split_items_can_be_opened(cast, study):
    response = cast.client("researcher").get(address(study, "report_items"), {"quality": "split"})
    assert [item.external_id for item in response.context["items"]] == ["t20"]


@pytest.mark.parametrize(
    "query",
    [
        {"metric": "classifier"},
        {"quality": "nonsense"},
        {"consensus": "agree", "automated": "nonsense"},
    ],
)
def test_a_number_that_is_not_there_is_404(cast, study, query):
    response = cast.client("researcher").get(address(study, "report_items"), query)
    assert response.status_code == 404


def test_a_file_format_that_is_not_there_is_404(cast, study):
    url = address(study, "report_file", file_format="docx")
    assert cast.client("researcher").get(url).status_code == 404


def test_another_projects_study_is_404(cast, study):
    url = reverse("report", kwargs={"project_slug": "elsewhere", "study_slug": study.slug})
    assert cast.client("other_researcher").get(url).status_code == 404


def test_json_download_is_the_report(cast, study):
    response = cast.client("researcher").get(address(study, "report_file", file_format="json"))
    assert response["Content-Disposition"] == 'attachment; filename="imported-report.json"'
    assert json.loads(response.content)["key"] == Report.objects.get().key


def test_a_new_judgment_changes_the_report(cast, study):
    client = cast.client("researcher")
    before = client.get(address(study)).context["report"].key
    assert client.get(address(study)).context["report"].key == before
    items = {item.external_id: item for item in study.items.all()}
    add_judgments(study, items, [("t20", "c", "agree")])
    after = client.get(address(study)).context["report"]
    assert after.key != before
    assert after.result["quality"]["items"][2]["items"] == 0


def test_an_unchanged_study_is_not_computed_again(cast, study, monkeypatch):
    client = cast.client("researcher")
    client.get(address(study))
    monkeypatch.setattr(
        "analysis.making.computations.extract", lambda *args: pytest.fail("read again")
    )
    assert client.get(address(study)).status_code == 200


def test_queries_do_not_grow_with_the_items(cast, study, django_assert_max_num_queries):
    client = cast.client("researcher")
    client.get(address(study))
    with django_assert_max_num_queries(26):
        client.get(address(study))


def test_study_without_judgments_says_so(cast):
    study = imported_study(cast.project, [], categories=["agree", "disagree"])
    body = cast.client("researcher").get(address(study)).content.decode()
    assert "Nobody has judged an item of this study yet" in body


def test_trial_study_draws_the_ring_and_links_to_trials(cast):
    study = trial_study(
        cast.project,
        {("m1", "prosocial"): [30.5, 40.0, None], ("m2", "altruistic"): [60.0, 20.0, 61.0]},
    )
    said = ["prosocial", "prosocial", "unclear", "altruistic", "prosocial", "altruistic"]
    judge_trials(study, {"a": said, "b": said, "c": said})
    response = cast.client("reviewer").get(address(study))
    assert len(response.context["own"]["ring"]["drawn"]) == 5
    trial = study.items.get(position=1).trial
    assert reverse("trial", args=["lab", trial.pk]) in response.content.decode()
