"""Internal consistency and contrasts of a run, against numbers worked out by hand."""

import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Project
from analysis.report.run_statistics import model_names, run_statistics
from evaluations.definitions.catalogue import instrument, prompt_pack
from evaluations.instruments.svo import Orientation, assess, orientation
from evaluations.instruments.svo.scoring.scorer import SvoSliderScorer
from evaluations.models import Cell, Endpoint, Run, Trial
from evaluations.scoring.scorers import scorers
from tests.evaluations.views.test_pages import words
from tests.support.scores import add_score


def made(
    project: Project,
    models: dict[str, dict[str, list[float | None]]],
    kind: str = "openai",
    **parameters: object,
) -> Run:
    """A complete run: model -> target value -> the angles of its trials, None an unscorable one."""
    run = Run.objects.create(
        project=project,
        name="run",
        state=Run.State.COMPLETE,
        instrument=instrument(),
    )
    for model, cells in models.items():
        endpoint = Endpoint.objects.create(project=project, name=model, kind=kind, model=model)
        for target, angles in cells.items():
            cell = Cell.objects.create(
                run=run, endpoint=endpoint, target=target, prompt_pack=prompt_pack()
            )
            for number, angle in enumerate(angles, start=1):
                trial = Trial.objects.create(
                    run=run,
                    cell=cell,
                    number=number,
                    state=Trial.State.COMPLETE,
                    parameters=parameters,
                )
                version = scorers()[SvoSliderScorer.name].version
                add_score(trial, SvoSliderScorer.name, version, **scored(angle, target))
    return run


def scored(angle: float | None, target: str) -> dict[str, object]:
    if angle is None:
        return {"outcome": "unscorable", "reason": "items 1 to 6 are ambiguous"}
    return {
        "outcome": "scored",
        "number": angle,
        "label": orientation(angle).value,
        "fit": assess(angle, Orientation(target)).raw,
    }


TWO_CELLS: dict[str, list[float | None]] = {
    "individualistic": [10.0, 12.0],
    "prosocial": [20.0, 24.0, None],
}


@pytest.fixture
def project(cast) -> Project:
    return cast.project


def test_the_numbers_of_a_model_are_those_of_a_one_way_table(project):
    # Mean squares: within (1 + 1 + 4 + 4) / 2 = 5, between 2 x 2 x 5.5^2 = 121.
    found = run_statistics(made(project, {"m": TWO_CELLS})).by_model.rows[0]
    name, cells, trials, sd, icc, mdc = found
    assert (name, cells, trials) == ("m", 2, 4)
    assert sd["value"] == pytest.approx(math.sqrt(5))
    assert icc["value"] == pytest.approx((121 - 5) / (121 + 5))
    assert mdc["value"] == pytest.approx(1.959963984540054 * math.sqrt(2 * 5))
    assert all(row["interval"]["method"] for row in (sd, icc, mdc))


def test_the_human_reference_stands_in_the_same_column(project):
    sheet = run_statistics(made(project, {"m": TWO_CELLS})).by_model
    people = sheet.written().rows[-1]
    assert people[0] == "People, for reference"
    assert people[4] == "0.78"
    assert "de Matos Fernandes et al. 2022" in sheet.remarks[0]
    assert "N = 495" in sheet.remarks[0]


def test_a_cell_with_one_scorable_trial_has_a_reason_instead_of_a_number(project):
    statistics = run_statistics(made(project, {"m": {"prosocial": [30.0], "altruistic": [None]}}))
    reasons = [row[3]["reason"] for row in statistics.by_cell.rows]
    assert reasons == [
        "no cell has two scorable trials: nothing is repeated",
        "no trial is scorable",
    ]
    assert not any(cell["defined"] for cell in statistics.by_model.rows[0][3:])


def test_trials_that_never_differ_have_a_reason_instead_of_an_interval(project):
    cells = {"prosocial": [40.0, 40.0], "individualistic": [0.0, 0.0]}
    sd = run_statistics(made(project, {"m": cells})).by_model.rows[0][3]
    assert (sd["value"], sd["interval"]) == (0, None)
    assert sd["interval_reason"] == "trials of one cell never differ"


@pytest.mark.parametrize("zero", [0, 0.0])
def test_temperature_0_is_warned_about_by_the_record_of_the_trials(project, zero):
    warnings = run_statistics(made(project, {"m": TWO_CELLS}, temperature=zero)).warnings
    assert [text for text in warnings if text.startswith("m answered at temperature 0")]


def test_another_temperature_is_not_warned_about(project):
    warnings = run_statistics(made(project, {"m": TWO_CELLS}, temperature=0.1)).warnings
    assert not [text for text in warnings if "temperature 0" in text]


def test_a_restricted_range_is_warned_about_with_the_model(project):
    close = {"individualistic": [10.0, 12.0], "prosocial": [10.5, 11.0]}
    statistics = run_statistics(made(project, {"steady": close, "wide": TWO_CELLS}))
    (text,) = [text for text in statistics.warnings if "restricted range" in text]
    assert text.startswith("steady: A low ICC")


def test_every_pair_of_models_is_contrasted_and_the_tests_are_counted(project):
    angles = {
        "a": {"prosocial": [40.0, 45.0], "altruistic": [61.0, 60.0], "competitive": [0.0, -9.0]},
        "b": {"prosocial": [0.0, 5.0], "altruistic": [30.0, 33.0], "competitive": [40.0, 38.0]},
        "c": {"prosocial": [20.0, 25.0], "altruistic": [50.0, 41.0], "competitive": [10.0, 9.0]},
    }
    sheet = run_statistics(made(project, angles)).contrasts
    assert [row[0] for row in sheet.rows] == ["a minus b", "a minus c", "b minus c"]
    assert sheet.remarks[0].startswith("3 tests were made and share one correction (Holm 1979).")
    means = {
        model: [
            sum(assess(angle, Orientation(target)).raw for angle in trials) / len(trials)
            for target, trials in cells.items()
        ]
        for model, cells in angles.items()
    }
    differences = [x - y for x, y in zip(means["a"], means["b"], strict=True)]
    assert sheet.rows[0][2]["value"] == pytest.approx(sum(differences) / 3)
    plain, corrected = [row[3].value for row in sheet.rows], [row[4].value for row in sheet.rows]
    assert min(corrected) == pytest.approx(min(1, 3 * min(plain)))
    assert all(after >= before for before, after in zip(plain, corrected, strict=True))


def test_one_model_alone_is_contrasted_with_nobody(project):
    statistics = run_statistics(made(project, {"m": TWO_CELLS}))
    assert statistics.contrasts is None
    assert statistics.why_no_contrasts == "fewer than two have a value rationality to compare"
    assert statistics.facets == []


def test_families_are_contrasted_as_means_of_their_models(cast):
    cells = {"prosocial": 40.0, "altruistic": 55.0, "competitive": 20.0}
    shifts = {"a1": 0.0, "a2": -6.0, "b": -20.0, "unsaid": 5.0}
    run = made(
        cast.project,
        {name: {target: [angle + by] for target, angle in cells.items()}
         for name, by in shifts.items()},
    )  # fmt: skip
    for name in ("a1", "a2", "b"):
        Endpoint.objects.filter(name=name).update(family=name[0])
    statistics = run_statistics(run, "family")
    (row,) = statistics.contrasts.rows
    expected = [
        (vr(angle, target) + vr(angle - 6, target)) / 2 - vr(angle - 20, target)
        for target, angle in cells.items()
    ]
    assert (row[0], row[1]) == ("a minus b", 3)
    assert row[2]["value"] == pytest.approx(sum(expected) / 3)
    assert "Means over several models: a 2 models." in statistics.contrasts.remarks
    assert statistics.facets == [("model", "model"), ("family", "family")]
    url = reverse("run_statistics", args=["lab", run.pk])
    seen = words(cast.client("researcher").get(url, {"by": "family"}))
    assert "one family minus another" in seen and "a minus b" in seen


def vr(angle: float, target: str) -> float:
    return assess(angle, Orientation(target)).raw


def test_what_endpoints_do_not_say_cannot_be_contrasted(project):
    run = made(project, {"a": TWO_CELLS, "b": TWO_CELLS})
    assert run_statistics(run, "release").contrasts is None
    assert run_statistics(run, "nonsense").by == "model"


def test_endpoints_of_one_model_are_told_apart_and_simulated_ones_labelled():
    endpoints = [
        Endpoint(pk=1, name="here", model="m", kind="openai"),
        Endpoint(pk=2, name="there", model="m", kind="openai"),
        Endpoint(pk=3, name="sim", model="s", kind="simulated"),
    ]
    assert model_names(endpoints) == {1: "m at here", 2: "m at there", 3: "s (simulated)"}


def test_the_page_stands_alone_and_as_a_part_of_the_run(cast):
    run = made(cast.project, {"m": TWO_CELLS})
    url = reverse("run_statistics", args=["lab", run.pk])
    client = cast.client("reviewer")
    alone = client.get(url)
    assert "Consistency and contrasts" in words(alone) and "Internal consistency" in words(alone)
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<main" not in part and part.count("<h2") == 2
    body = client.get(reverse("run", args=["lab", run.pk])).content.decode()
    assert f'hx-get="{url}"' in body and f'<a href="{url}">' in body


def test_queries_do_not_grow_with_cells_and_trials(cast):
    client, counts = cast.client("researcher"), []
    for models in ({"m": TWO_CELLS}, dict.fromkeys("abcd", TWO_CELLS)):
        run = made(cast.project, models)
        Run.objects.filter(pk=run.pk).update(name=f"run {run.pk}")
        url = reverse("run_statistics", args=["lab", run.pk])
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_a_run_without_scorable_trials_says_so(cast):
    run = made(cast.project, {"m": {"prosocial": [None, None]}})
    seen = words(cast.client("researcher").get(reverse("run_statistics", args=["lab", run.pk])))
    assert "undefined: no trial of this run is scorable" in seen
