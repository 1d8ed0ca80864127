"""A report speaks on the scale that was asked for: degrees of angles alone, '15' is 15.0."""

import json
import re
from html import unescape

import pytest
from django.urls import reverse

from analysis.data.dataset import extract
from analysis.data.frozen import in_memory
from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from analysis.render.figures.rendering import drawings_of, drawn, table_of
from analysis.report.methods import methods
from analysis.sections.overview import BLIND
from analysis.svo.human_angle import number_of
from annotations.disputes.adjudication import decide
from annotations.disputes.disputes import consensus_of, refresh_study
from annotations.models import Dispute, OwnMeasure, Study
from tests.analysis.studies import add_judgments, imported_study, trial_study

pytestmark = pytest.mark.django_db
QUICK = Parameters(replicates=100)
OF_ANGLES = re.compile(r"degree|°|angle|\bring\b|orientation|rationality", re.IGNORECASE)


def numbers(project, **fields):
    """Twelve items from 0 to 10, three raters, a metric."""
    rows = [
        (f"i{at}", rater, f"{(at * 3 + shift * (at % 4)) % 11}")
        for at in range(12)
        for shift, rater in enumerate("abc")
    ]
    metric = {f"i{at}": f"{(at * 3 + 1) % 11}" for at in range(12)}
    return imported_study(
        project, rows, scale="interval", automated={"politeness": metric}, **fields
    )


def said(value):
    """A part of a report without what is null: a section that does not apply says nothing."""
    if isinstance(value, dict):
        return {key: said(part) for key, part in value.items() if part is not None}
    return [said(part) for part in value] if isinstance(value, list) else value


def everything(client, study):
    """Every text of a report on *study*, by where it stands."""
    report = make_report(study, QUICK)
    found = {name: render(report) for name, render in RENDERERS.items()}
    found["json"] = json.dumps(said(json.loads(found["json"])), ensure_ascii=False)
    found["methods"] = json.dumps(methods(report.result), ensure_ascii=False)
    page = client.get(reverse("report", args=[study.project.slug, study.slug])).content.decode()
    body = page[page.index("<main") : page.index("</main>")]
    found["page"] = unescape(re.sub(r"<svg.*?</svg>|<[^>]*>", " ", body, flags=re.DOTALL))
    for name, drawing in drawings_of(report.result).items():
        found[name] = json.dumps(table_of(report.result, drawing), ensure_ascii=False)
        drawing = drawn(report.result, name, "svg", "light").decode()
        found[f"{name} drawn"] = re.sub(r"<[^>]*>", " ", drawing)
    return found


def test_numbers_on_another_scale_are_no_degrees(cast, client):
    client.force_login(cast.researcher)
    found = everything(client, numbers(cast.project))
    assert {"json", "markdown", "latex", "page", "methods", "bland-altman"} <= set(found)
    wrong = {name: OF_ANGLES.findall(text) for name, text in found.items()}
    assert {name: words for name, words in wrong.items() if words} == {}


def test_numbers_that_were_judged_here_are_no_degrees_either(cast, client):
    """Raters who took the slider measure say how polite texts are, from 0 to 10."""
    client.force_login(cast.researcher)
    study = numbers(cast.project)
    Study.objects.filter(pk=study.pk).update(source="trials", unit="text", asks_own_measure=True)
    for rater, angle in zip(study.raters.order_by("pk"), (10.0, 30.0, 50.0), strict=True):
        OwnMeasure.objects.create(rater=rater, choices=[], angle=angle)
    found = everything(client, Study.objects.get(pk=study.pk))
    wrong = {
        name: OF_ANGLES.findall(text.replace(BLIND.format(value="angle"), ""))
        for name, text in found.items()
    }
    assert {name: words for name, words in wrong.items() if words} == {}


@pytest.mark.parametrize(
    ("facts", "bounds"),
    [
        ({"ranges": {"raters": [0, 10]}}, (0.0, 10.0)),
        ({}, (0.0, 9.0)),
        ({"kind": "angle"}, pytest.approx((-16.26, 61.39), abs=0.01)),
    ],
)
def test_the_ends_of_a_scale_are_its_own(project, facts, bounds):
    rows = [(f"i{at}", rater, str(at)) for at in range(10) for rater in "ab"]
    content = extract(imported_study(project, rows, scale="interval"), Parameters())
    content["study"] |= facts
    assert number_of(in_memory("", content)).bounds == bounds


def test_what_was_imported_as_angles_is_said_in_degrees(cast, client):
    client.force_login(cast.researcher)
    found = everything(client, numbers(cast.project, asks="angle", tolerance=15.0))
    for name in ("json", "markdown", "latex", "page"):
        assert "The mean of the angles, in degrees, that the raters gave" in found[name], name
    assert json.loads(found["json"])["study"]["kind"] == "angle"
    assert "Scale: interval, in degrees" in found["markdown"]
    assert "interval, in degrees" in found["page"]


@pytest.mark.parametrize(
    ("kind", "angles"), [("orientation", True), ("angle", True), ("declared", False)]
)
def test_only_what_scores_answer_stands_on_the_ring(project, kind, angles):
    study = trial_study(project, {("m", "prosocial"): [30.5, 40.0, 1.0, -5.0]})
    fields = {"kind": kind, "scale": "nominal"}
    values = ["prosocial"] * 4
    if kind != "orientation":
        fields |= {"scale": "interval", "categories": []}
        values = ["8", "9", "7", "8"]
    Study.objects.filter(pk=study.pk).update(**fields)
    study.refresh_from_db()
    items = {str(item.position): item for item in study.items.all()}
    rows = [(str(at), r, value) for at, value in enumerate(values, 1) for r in "ab"]
    add_judgments(study, items, rows)
    result = make_report(study, QUICK).result
    assert (result["ring"] is not None) is angles
    assert (result["own_angle"] is not None) is angles
    assert bool(OF_ANGLES.search(json.dumps([result["ring"], result["own_angle"]]))) is angles


def test_a_decision_confirms_a_number_however_it_is_written(cast):
    """Two items: the raters' mean is 15 twice, the metric says 15.0 and 40."""
    rows = [
        (item, rater, value)
        for item in "xy"
        for rater, value in zip("abc", ["10", "15.0", "20"], strict=True)
    ]
    study = imported_study(
        cast.project,
        rows,
        scale="interval",
        tolerance=5,
        automated={"metric": {"x": "15.0", "y": "40"}},
        overlap=3,
    )
    refresh_study(study)
    first, second = Dispute.objects.order_by("item__position")
    decide(first, cast.reviewer, "15", "Read again.")
    decide(second, cast.reviewer, "4e1", "Read again.")
    done = make_report(study, QUICK).result["quality"]["adjudicated"]
    assert (done["confirm_consensus"], done["against_consensus"]) == (0, 0)
    assert done["confirm_metric"] == {"metric": 2}
    Study.objects.filter(pk=study.pk).update(tolerance=None)
    done = make_report(Study.objects.get(pk=study.pk), QUICK).result["quality"]["adjudicated"]
    assert (done["confirm_consensus"], done["against_consensus"]) == (1, 1)


def test_items_whose_raters_lie_too_far_apart_are_told_as_split(project):
    rows = [("x", "a", "10"), ("x", "b", "26"), ("y", "a", "10"), ("y", "b", "25")]
    study = imported_study(project, rows, scale="interval", asks="angle", tolerance=15)
    split = next(
        row
        for row in make_report(study, QUICK).result["quality"]["items"]
        if row["code"] == "split"
    )
    assert split["positions"] == [1]
    assert consensus_of(study, ["10", "26"]).label is None
    assert consensus_of(study, ["10", "25"]).label == "17.5"


def test_a_metrics_angle_is_confirmed_by_a_decision_in_degrees(cast):
    study = trial_study(cast.project, {("m", "prosocial"): [30.0, 45.5]})
    Study.objects.filter(pk=study.pk).update(
        kind="angle", scale="interval", categories=[], tolerance=15.0
    )
    study.refresh_from_db()
    items = {str(item.position): item for item in study.items.all()}
    rows = [
        (at, rater, value)
        for at in "12"
        for rater, value in zip("abc", ["0", "5", "40"], strict=True)
    ]
    add_judgments(study, items, rows)
    for item in study.items.all():
        dispute = Dispute.objects.create(item=item, reasons=["raters_split"])
        decide(dispute, cast.reviewer, "30.0", "Read again.")
    done = make_report(study, QUICK).result["quality"]["adjudicated"]
    assert done["confirm_metric"] == {"svo-slider 1.0": 1}
