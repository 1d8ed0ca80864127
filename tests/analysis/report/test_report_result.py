"""What a computed report says, and that it says it again."""

import json
import re

import numpy as np
import pytest

from analysis.data.parameters import ParameterError, Parameters
from analysis.making.reporting import make_report
from analysis.models import Report
from analysis.render import RENDERERS
from analysis.report.answer import find
from tests.analysis.studies import imported_study, judge_trials, trial_study
from tests.support.scores import add_score

pytestmark = pytest.mark.django_db
QUICK = Parameters(replicates=200)
CHECKED = Parameters(replicates=200, crosscheck=True)
ANGLES = {
    ("m1", "prosocial"): [30.5, 40.0, None, 35.0],
    ("m1", "altruistic"): [60.0, 61.0, 58.0, 20.0],
    ("m2", "individualistic"): [0.0, 5.0, 2.0, None],
}
SAID = [
    *("prosocial", "prosocial", "unclear", "individualistic"),
    *("altruistic", "altruistic", "altruistic", "prosocial"),
    *("individualistic", "individualistic", "prosocial", "refusal"),
]


@pytest.fixture
def trials(project):
    study = trial_study(project, ANGLES)
    judge_trials(study, {"a": SAID, "b": SAID, "c": [*SAID[:-1], "competitive"]})
    return study


def codes(result):
    return {row["code"] for row in result["warnings"]}


def test_same_data_gives_the_same_bytes(trials):
    first = make_report(trials, QUICK)
    texts = {name: render(first) for name, render in RENDERERS.items()}
    Report.objects.all().delete()
    again = Report.objects.get(pk=make_report(trials, QUICK).pk)
    assert again.key == first.key
    assert {name: render(again) for name, render in RENDERERS.items()} == texts


def test_a_stored_report_reads_as_the_computed_one(trials):
    made = make_report(trials, QUICK)
    stored = Report.objects.get(pk=made.pk)
    assert made.result is not stored.result
    for render in RENDERERS.values():
        assert render(made) == render(stored)


@pytest.mark.parametrize("change", [{"seed": 1}, {"replicates": 300}, {"level": 0.9}])
def test_another_choice_is_another_report_on_the_same_data(trials, change):
    first, other = make_report(trials, QUICK), make_report(trials, Parameters(**change))
    assert first.data_set == other.data_set
    assert first.key != other.key


def test_no_number_that_is_not_finite(trials):
    text = RENDERERS["json"](make_report(trials, QUICK))
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in the report"))


def test_matrix_counts_every_judged_item_and_names_it(trials):
    (section,) = make_report(trials, QUICK).result["automated"]
    matrix = section["matrix"]
    assert matrix["columns"][-1] == "unscorable"
    assert matrix["rows"][-1] == "no consensus"
    counts = np.array(matrix["counts"])
    assert counts.sum() == 12
    row, column = matrix["rows"].index("unclear"), matrix["columns"].index("unscorable")
    assert matrix["positions"][row][column] == [3]
    lengths = [[len(cell) for cell in line] for line in matrix["positions"]]
    assert lengths == matrix["counts"]


def test_classes_leave_out_what_one_side_gave_no_value(trials):
    (section,) = make_report(trials, QUICK).result["automated"]
    assert section["values"] == ["altruistic", "prosocial", "individualistic", "competitive"]
    assert section["decided"]["items"] == 10
    assert section["everything"]["items"] == 12
    prosocial = section["classes"][1]
    assert (prosocial["consensus"], prosocial["automated"]) == (4, 3)
    assert prosocial["recall"]["value"] == pytest.approx(2 / 4)
    assert prosocial["precision"]["value"] == pytest.approx(2 / 3)


def test_two_metrics_are_held_to_the_same_people(trials):
    """A classification by a model has orientations and no angle; it stands beside the angle's."""
    for item in trials.items.select_related("trial"):
        orientation = "altruistic" if item.position in (5, 6, 7) else ""
        add_score(
            item.trial,
            "rubric/judge",
            "1+abcdef01",
            outcome="scored" if orientation else "unscorable",
            label=orientation,
            reason="" if orientation else "the model found the answers unclear",
        )
    report = make_report(trials, QUICK)
    slider, judge = report.result["automated"]
    assert [slider["scorer"], judge["scorer"]] == ["svo-slider", "rubric/judge"]
    assert slider["everything"]["items"] == judge["everything"]["items"] == 12
    altruistic = judge["classes"][0]
    assert (altruistic["consensus"], altruistic["automated"]) == (3, 3)
    assert altruistic["recall"]["value"] == altruistic["precision"]["value"] == 1
    unscorable = judge["matrix"]["columns"].index("unscorable")
    assert sum(row[unscorable] for row in judge["matrix"]["counts"]) == 9
    for render in RENDERERS.values():
        assert render(report)


def test_metric_is_no_part_of_the_consensus(project):
    rows = [("x", "a", "yes"), ("x", "b", "no"), ("y", "a", "yes"), ("y", "b", "yes")]
    study = imported_study(
        project, rows, categories=["yes", "no"], automated={"metric": {"x": "yes", "y": "yes"}}
    )
    (section,) = make_report(study, QUICK).result["automated"]
    assert section["matrix"]["split"] == 1
    assert section["matrix"]["counts"][-1] == [1, 0]


def test_trials_of_a_cell(trials):
    section = make_report(trials, QUICK).result["trials"]
    assert (section["trials"], section["scored"]) == (12, 10)
    means = [row["mean"] for row in section["cells"]]
    assert means == pytest.approx([35.1666667, 49.75, 2.3333333])
    sd = find(section["statistics"], "within_sd")["value"]
    groups = [[30.5, 40, 35], [60, 61, 58, 20], [0, 5, 2]]
    pooled = sum(np.var(group) * len(group) for group in groups) / (10 - 3)
    assert sd == pytest.approx(np.sqrt(pooled))
    assert find(section["statistics"], "mdc95")["value"] == pytest.approx(
        1.96 * 2**0.5 * sd, rel=1e-4
    )
    assert find(section["statistics"], "icc_1_1")["defined"]


def test_pingouin_agrees_on_the_complete_part(trials):
    check = make_report(trials, CHECKED).result["trials"]["crosscheck"]
    assert (check["targets"], check["raters"]) == (3, 3)
    assert check["agrees"]
    assert all(row["difference"] is None or row["difference"] <= 1e-8 for row in check["rows"])
    assert any(row["difference"] is not None for row in check["rows"])


def test_pingouin_on_cells_that_do_not_vary_is_named_not_printed(project):
    study = trial_study(project, {("m", "prosocial"): [30.5] * 3, ("m", "altruistic"): [30.5] * 3})
    section = make_report(study, CHECKED).result["trials"]
    assert not find(section["statistics"], "icc_1_1")["defined"]
    for row in section["crosscheck"]["rows"]:
        assert row["ours"] is None
        assert "undefined here" in row["note"] or "pingouin gave no result" in row["note"]


def test_ring_holds_the_angle_of_each_judged_trial(trials):
    ring = make_report(trials, QUICK).result["ring"]
    assert len(ring["points"]) == 10
    assert ring["without_angle"] == 2
    assert ring["points"][0]["consensus"] == "prosocial"
    assert {row["consensus"]: row["items"] for row in ring["by_consensus"]}["altruistic"] == 3


def test_simulated_raters_are_said_first(project):
    study = trial_study(project, ANGLES, simulated=True)
    judge_trials(study, {"a": SAID, "b": SAID, "c": SAID}, kind="simulated")
    result = make_report(study, QUICK).result
    assert {"simulated_raters", "simulated_respondent"} <= codes(result)
    assert result["answer"][0].startswith("36 of 36 judgments come from simulated raters")


def test_constant_rater_is_named(project):
    study = trial_study(project, ANGLES)
    judge_trials(study, {"anna": SAID, "bert": ["prosocial"] * 12, "carl": SAID})
    result = make_report(study, QUICK).result
    assert result["quality"]["constant_raters"] == ["bert"]
    assert "constant_raters" in codes(result)


def test_thin_data_are_warned_of(project):
    study = trial_study(project, ANGLES)
    judge_trials(study, {"a": SAID, "b": [*SAID[:3], *[""] * 9]})
    found = codes(make_report(study, QUICK).result)
    assert {"few_raters", "below_overlap", "single_judgment", "rare_targets", "coverage"} <= found


def test_prevalence_is_warned_of(project):
    rows = [(f"i{at}", rater, "yes") for at in range(40) for rater in "ab"]
    rows += [("j1", "a", "yes"), ("j1", "b", "no"), ("j2", "a", "no"), ("j2", "b", "yes")]
    study = imported_study(project, rows, categories=["yes", "no"])
    assert "prevalence" in codes(make_report(study, QUICK).result)


def test_four_models_make_intervals_speak_of_models(project):
    angles = {(f"m{at}", "prosocial"): [30.0 + at, 10.0, 40.0] for at in range(4)}
    study = trial_study(project, angles)
    said = ["prosocial", "individualistic", "prosocial"] * 4
    other = ["prosocial", "individualistic", "altruistic", *said[3:8], "altruistic", *said[9:]]
    judge_trials(study, {"a": said, "b": other, "c": said})
    alpha = find(make_report(study, QUICK).result["humans"]["statistics"], "alpha")
    assert "clusters" in alpha["interval"]["method"]


def test_study_without_judgments_says_so_in_words(project):
    result = make_report(imported_study(project, [], categories=["yes", "no"]), QUICK).result
    assert result["answer"] == [
        "Nobody has judged an item of this study yet, so there is nothing to compare: the report "
        "fills as judgments come in."
    ]
    assert "nothing to agree about" in find(result["humans"]["statistics"], "alpha")["reason"]


@pytest.mark.parametrize("scale", ["nominal", "ordinal", "interval"])
def test_a_single_judgment_gives_reasons_instead_of_numbers(project, scale):
    study = imported_study(
        project,
        [("x", "a", "1")],
        scale=scale,
        categories=[] if scale == "interval" else ["1", "2"],
        automated={"metric": {"x": "1"}},
    )
    report = make_report(study, QUICK)
    assert not find(report.result["humans"]["statistics"], "alpha")["defined"]
    for render in RENDERERS.values():
        assert not re.search(r"\bnan\b", render(report), re.IGNORECASE)


def test_interval_scale_compares_with_the_raters_mean(project):
    rng = np.random.default_rng(5)
    truth = rng.normal(30, 15, size=30)
    rows = [
        (f"i{at}", rater, f"{value + rng.normal(0, 4):.3f}")
        for at, value in enumerate(truth)
        for rater in "abcde"
    ]
    metric = {f"i{at}": f"{value + 3:.3f}" for at, value in enumerate(truth)}
    study = imported_study(project, rows, scale="interval", automated={"metric": metric})
    result = make_report(study, CHECKED).result
    bias = find(result["automated"][0]["statistics"], "bias")
    assert bias["value"] == pytest.approx(3, abs=1)
    assert find(result["humans"]["statistics"], "icc_a_1")["value"] > 0.8
    assert result["humans"]["crosscheck"]["agrees"]
    assert "metric minus the raters' mean is" in " ".join(result["answer"])


@pytest.mark.parametrize(
    "choice", [{"seed": -1}, {"replicates": 5}, {"level": 1.0}, {"level": 0.1}]
)
def test_impossible_choices_are_refused(choice):
    with pytest.raises(ParameterError):
        Parameters(**choice)


def test_choices_survive_storage():
    chosen = Parameters(
        scorer="a@1",
        exclude_raters=("x",),
        kinds=("person",),
        models=("m",),
        thresholds=(("reliable", 0.9),),
        seed=3,
    )
    assert Parameters.from_dict(json.loads(json.dumps(chosen.to_dict()))) == chosen


@pytest.mark.parametrize("huge", ["1e200", "-1e308", "1e-200"])
def test_a_stored_number_that_cannot_be_computed_with_leaves_statistics_undefined(project, huge):
    """Numbers of that size are refused today; older studies hold them."""
    rows = [(f"i{at}", rater, str(at)) for at in range(12) for rater in "abc"]
    study = imported_study(
        project,
        [*rows, ("i12", "a", huge), ("i12", "b", "3")],
        scale="interval",
        automated={"metric": {f"i{at}": str(at) for at in range(12)}},
    )
    result = make_report(study, Parameters(replicates=100)).result
    section = result["automated"][0]
    rows = [*result["humans"]["statistics"], *section["statistics"], section["substitute"]["gap"]]
    assert rows
    for row in rows:
        assert not row["defined"]
        assert row["reason"].startswith("1 of the raters' 38 numbers cannot be computed with")
    assert "1 of the raters' 38 numbers" in result["answer"][0]
    assert result["overview"]["counts"]["judgments"] == 38
    assert result["raters"]["rows"][0]["judgments"] == 13


def test_a_metrics_number_that_cannot_be_computed_with_leaves_the_raters_alone(project):
    rows = [(f"i{at}", rater, str(at)) for at in range(12) for rater in "abc"]
    labels = {f"i{at}": "1e200" if at == 3 else str(at) for at in range(12)}
    study = imported_study(project, rows, scale="interval", automated={"metric": labels})
    result = make_report(study, Parameters(replicates=100)).result
    assert result["humans"]["statistics"][0]["defined"]
    bias = result["automated"][0]["statistics"][0]
    assert bias["reason"].startswith("1 of metric's 12 numbers cannot be computed with")
