"""Agreement on the questions that a study asks beside its first one."""

import pytest
from django.urls import reverse

from analysis.data.dataset import extract
from analysis.data.parameters import DEFAULTS, Parameters
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from analysis.report.methods import methods
from analysis.statistics.agreement.alpha import krippendorff_alpha
from annotations.models import Judgment
from tests.analysis.studies import imported_study

pytestmark = pytest.mark.django_db
QUICK = Parameters(replicates=200)
ASKED = [
    {"key": "tone", "kind": "nominal", "prompt": "Which tone?", "categories": ["kind", "cold"]},
    {"key": "care", "kind": "ordinal", "prompt": "How much care?", "categories": ["1", "2", "3"]},
    {"key": "angle", "kind": "angle", "prompt": "At which angle?"},
    {"key": "values", "kind": "vector", "prompt": "Which values?", "categories": ["self", "all"]},
    {"kind": "reason", "prompt": "Why?"},
]


def answers(at, rater):
    off = (at % 5 == 0) * "abc".index(rater)
    return {
        "tone": ["kind", "cold"][(at + (off > 1)) % 2],
        "care": str(1 + (at + off) % 3),
        "angle": float(at + off),
        "values": f"{(at + off) % 3 - 1},{at % 2}",
    }


@pytest.fixture
def study(cast):
    rows = [(f"i{at}", rater, "yes" if at % 3 else "no") for at in range(15) for rater in "abc"]
    made = imported_study(cast.project, rows, categories=["yes", "no"])
    made.further_questions = ASKED
    made.save()
    for judgment in Judgment.objects.select_related("item", "rater"):
        at, rater = int(judgment.item.external_id[1:]), judgment.rater.pseudonym
        said = answers(at, rater)
        if at == 14:
            said = {} if rater == "c" else {"tone": said["tone"]}
        Judgment.objects.filter(pk=judgment.pk).supersede()
        Judgment.objects.create(
            assignment=judgment.assignment,
            item=judgment.item,
            rater=judgment.rater,
            label=judgment.label,
            revision=2,
            answers=said,
        )
    return made


def test_each_has_its_alpha_by_its_scale(study):
    tone, care, angle, values = make_report(study, QUICK).result["further"]
    names = [part["statistics"][0]["name"] for part in (tone, care, angle, values)]
    assert [name.rpartition("alpha, ")[2] for name in names] == [
        "nominal",
        "ordinal",
        "interval",
        "ordinal, macro mean",
    ]
    assert (tone["judgments"], tone["items"], tone["twice"]) == (44, 15, 15)
    assert (care["judgments"], care["items"]) == (42, 14)
    table = [[answers(at, rater)["angle"] for rater in "abc"] for at in range(14)]
    found = angle["statistics"][0]
    assert found["value"] == pytest.approx(krippendorff_alpha(table, "interval").value)
    assert found["interval"]["low"] < found["value"] < found["interval"]["high"]
    assert [row["key"] for row in values["statistics"]] == ["alpha_macro", "alpha_1", "alpha_2"]
    assert values["statistics"][2]["value"] == 1


def test_the_first_question_stays_the_subject(study):
    result = make_report(study, QUICK).result
    assert result["humans"]["statistics"][0]["value"] == 1
    assert "agree well" in result["answer"][0]


def test_what_is_left_out_of_the_report_is_left_out_of_them(study):
    tone = make_report(study, Parameters(replicates=200, exclude_raters=("b",))).result["further"][
        0
    ]
    assert tone["judgments"] == 29


def test_they_stand_on_the_page_and_open_their_items_with_the_answers(cast, study):
    client = cast.client("researcher")
    body = client.get(reverse("report", args=["lab", study.slug])).content.decode()
    assert "Do the raters agree on the further questions?" in body
    rows = reverse("report_items", args=["lab", study.slug])
    assert f'{rows}?at=further.1.twice_positions">14</a>' in body
    page = client.get(rows, {"at": "further.1.positions"})
    assert page.context["count"] == 14
    assert "care: <bdi>2</bdi>" in page.content.decode()


def test_they_are_in_the_files_and_the_methods(study):
    report = make_report(study, QUICK)
    assert "## Further questions" in RENDERERS["markdown"](report)
    assert "tab:further" in RENDERERS["latex"](report)
    assert "Agreement on 4 further questions is given" in methods(report.result)["paragraph"]


def test_a_study_without_them_has_the_data_set_it_had(cast):
    assert "further" not in extract(imported_study(cast.project, [("i", "a", "x")]), DEFAULTS)
