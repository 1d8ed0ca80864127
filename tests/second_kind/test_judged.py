"""What another kind of instrument measured is judged by people and reported on; nothing outside
knows it."""

import html
import re

import pytest
from django.urls import reverse

from analysis import kinds
from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.render.json import as_json
from analysis.render.markdown import as_markdown
from annotations.files.item_files import ControlRow
from annotations.models import Assignment, Judgment, Study
from annotations.studies.control_items import ControlsRefused, add_controls
from annotations.studies.studies import StudyRefused, change_state, create_study
from evaluations.definitions.catalogue import instrument, store
from evaluations.models import Endpoint, Instrument, PromptPack, Run
from evaluations.running.conversations import advance, resume
from evaluations.running.planning import Design, create_run
from tests.annotations.conftest import judge_url, send
from tests.second_kind.kind import INSTRUMENT, PACK
from tests.second_kind.registered import HOW_WARM, register

pytestmark = pytest.mark.django_db

QUICK = Parameters(replicates=200)
FOREIGN = re.compile(r"degrees?\b(?! of freedom)|orientation|°|\bSVO\b|prosocial|\bangles?\b", re.I)
"""Words of the slider measure."""


@pytest.fixture(autouse=True)
def warmth(monkeypatch):
    register(monkeypatch)


@pytest.fixture
def run(cast) -> Run:
    """Two people of whom one is warm and one is cool, four trials each."""
    people = [
        Endpoint.objects.create(
            project=cast.project,
            name=f"person-{warmth}",
            kind=Endpoint.Kind.SIMULATED,
            model=f"person-{warmth}",
            parameters={"warmth": warmth},
        )
        for warmth in (7, 2)
    ]
    material = (
        store(Instrument, INSTRUMENT, "warmth", cast.project),
        store(PromptPack, PACK, "pack", cast.project),
    )
    design = Design(["warm", ""], own={"tone": ["plain"]}, trials_per_cell=2)
    made = create_run(cast.project, "warm run", design, people, *material)
    resume(made)
    advance(made)
    return made


@pytest.fixture
def study(cast, run) -> Study:
    made = create_study(cast.project, "How warm", [run], overlap=2)
    return change_state(made, None, Study.State.OPEN)


def judge_all(cast, study: Study, who: str, off: float) -> None:
    """Every item, each judged *off* beside what its model was given."""
    client = cast.client(who)
    for _ in range(study.items.count()):
        client.get(judge_url(study))
        mine = Assignment.objects.filter(item__study=study, rater__user=getattr(cast, who))
        at = mine.get(state=Assignment.State.RESERVED)
        given = at.item.trial.cell.endpoint.parameters["warmth"]
        send(client, study, assignment=at.pk, label=str(given + off))


@pytest.fixture
def judged_study(cast, study) -> Study:
    judge_all(cast, study, "rater", 0.0)
    judge_all(cast, study, "second_rater", 1.0)
    assert Judgment.objects.filter(item__study=study).count() == 16
    return study


def test_a_study_of_it_asks_its_question_and_validates_its_metric(study):
    assert (study.kind, study.scale, study.metric_name) == ("how_warm", "interval", "warmth-mean")
    assert study.question == HOW_WARM.prompt
    assert study.metric_in_force.version == "1"


def test_raters_read_what_was_asked_and_nothing_of_the_target(cast, study):
    page = cast.client("rater").get(judge_url(study)).content.decode()
    assert page.count("What it was asked") == 3
    assert all(statement in page for statement in INSTRUMENT["statements"])
    assert "From 0 to 10, how far" not in page and "Be warm" not in page


def test_a_number_beyond_the_ends_of_its_scale_is_refused(cast, study):
    client = cast.client("rater")
    client.get(judge_url(study))
    held = Assignment.objects.get(rater__user=cast.rater, state=Assignment.State.RESERVED)
    for said in ("11", "-0.5"):
        response = send(client, study, assignment=held.pk, label=said)
        assert "A number from 0 to 10 is needed." in response.content.decode()
    assert not Judgment.objects.exists()
    controls = [ControlRow("gold", "11", trial=held.item.trial.pk)]
    with pytest.raises(ControlsRefused, match="A number from 0 to 10 is needed"):
        add_controls(study, None, controls)
    send(client, study, assignment=held.pk, label="10")
    assert Judgment.objects.get().label == "10"


def test_runs_of_two_kinds_are_no_study(cast, run):
    other = Run.objects.create(project=cast.project, name="other", instrument=instrument())
    with pytest.raises(StudyRefused, match="different kinds, svo, warmth"):
        create_study(cast.project, "Both", [run, other])


def test_its_report_tells_agreement_and_how_close_its_metric_is(judged_study):
    result = make_report(judged_study, QUICK).result
    assert result["study"]["instrument"] == "warmth"
    among = {row["key"]: row["value"] for row in result["humans"]["statistics"]}
    (metric,) = result["automated"]
    close = {row["key"]: row["value"] for row in metric["statistics"] if row["defined"]}
    assert (metric["kind"], metric["name"]) == ("numbers", "warmth-mean 1")
    assert close["bias"] == pytest.approx(-0.5)
    assert close["ccc"] == pytest.approx(0.9804, abs=1e-4)
    assert among["alpha"] == pytest.approx(0.9279, abs=1e-4)
    (covered,) = result["overview"]["scorers"]
    assert (covered["labelled"], covered["unscorable"], covered["missing"]) == (8, 0, 0)
    assert result["answer"][-1].startswith("A difference of less than 0.0 points")


def test_its_report_says_nothing_of_another_kind(cast, judged_study):
    report = make_report(judged_study, QUICK)
    page = cast.client("researcher").get(
        reverse("report", args=[judged_study.project.slug, judged_study.slug])
    )
    texts = {"JSON": as_json(report), "Markdown": as_markdown(report)}
    texts["page"] = page.content.decode()
    found = {where: FOREIGN.findall(text) for where, text in texts.items()}
    assert found == {"JSON": [], "Markdown": [], "page": []}


def test_a_kind_that_reports_do_not_know_has_the_general_sections_and_they_say_so(
    cast, judged_study, monkeypatch
):
    monkeypatch.delitem(kinds.KINDS, "warmth")
    report = make_report(judged_study, QUICK)
    first = report.result["warnings"][0]
    assert (first["code"], "kind, warmth:" in first["text"]) == ("unknown_kind", True)
    assert {row["key"]: row["value"] for row in report.result["humans"]["statistics"]}["alpha"]
    address = reverse("report", args=[judged_study.project.slug, judged_study.slug])
    page = cast.client("researcher").get(address).content.decode()
    for text in (html.unescape(page), as_markdown(report)):
        assert first["text"] in text
        assert FOREIGN.findall(text) == []


def test_trials_of_it_are_planned_in_its_unit(cast, judged_study):
    address = reverse("planning", args=[judged_study.project.slug])
    asked = {"ask": "trials", "study": judged_study.slug}
    text = cast.client("researcher").get(address, asked).content.decode()
    assert "Between two cells, in points." in text
    assert re.search(r'<td class="num">[\d.]+ points</td>', text)
    assert FOREIGN.findall(text) == []


def test_trials_behind_a_number_of_it_can_be_listed(cast, judged_study):
    address = reverse("report", args=[judged_study.project.slug, judged_study.slug])
    client = cast.client("researcher")
    page = client.get(address).content.decode()
    (asked, *_) = re.findall(r'href="([^"]*trials=warmth[^"]*)"', page)
    text = client.get(html.unescape(asked)).content.decode()
    assert ">Warmth</th>" in text and "7.0 points" in text
    assert FOREIGN.findall(text) == []
