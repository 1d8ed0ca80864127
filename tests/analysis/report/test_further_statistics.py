"""ICC in six forms, degrees, corrected angles, groups, repeats and value vectors in a report."""

import re

import numpy as np
import pytest
from django.urls import reverse

from analysis.data.dataset import freeze, thaw
from analysis.data.frozen import in_memory
from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.pages.rows import positions_behind
from analysis.render import RENDERERS
from analysis.render.figures.pdf import settled
from analysis.render.figures.rendering import drawings_of, drawn, table_of
from analysis.report.methods import methods
from analysis.report.report import compute
from analysis.sections.behind import NoSuchNumber
from analysis.svo.human_angle import ideal_angles
from analysis.words.wording import estimate
from evaluations.models import Endpoint
from tests.analysis.studies import (
    ORIENTATIONS,
    imported_study,
    judge_trials,
    orientation_of,
    trial_study,
)

pytestmark = pytest.mark.django_db
QUICK = Parameters(replicates=200)
IDEAL = {"altruistic": 61.0, "prosocial": 45.0, "individualistic": 0.0, "competitive": -16.0}


def statistic(rows, key):
    return next(row for row in rows if row["key"] == key)


def scale_rows(raters="abcdef", shift=10.0, items=20):
    """Raters who differ by a constant each, on items that differ as well."""
    rng = np.random.default_rng(5)
    return [
        (f"i{at}", rater, f"{20 * (at % 5) + shift * place + rng.normal(0, 3):.3f}")
        for at in range(items)
        for place, rater in enumerate(raters)
    ]


def result_of(study, parameters=QUICK):
    return make_report(study, parameters).result


@pytest.fixture
def numbers(project):
    metric = {f"i{at}": f"{20 * (at % 5) + 30 + at % 3}" for at in range(20)}
    return imported_study(project, scale_rows(), scale="interval", automated={"metric": metric})


def test_six_forms_stand_with_both_kinds_of_limits(numbers):
    humans = result_of(numbers)["humans"]
    assert [row["form"] for row in humans["icc"]] == [
        "ICC(1,1)",
        "ICC(A,1)",
        "ICC(C,1)",
        "ICC(1,k)",
        "ICC(A,k)",
        "ICC(C,k)",
    ]
    single = humans["icc"][1]
    assert single["f"]["interval"]["method"] == "F"
    assert "pivots" in single["simulated"]["interval"]["method"]
    assert single["f"]["value"] == single["simulated"]["value"]


@pytest.mark.parametrize(
    ("key", "form", "low", "high"),
    [("icc_a_1", "ICC(A,1)", 0.2, 0.9), ("icc_a_k", "ICC(A,k)", 0.6, 1.0)],
)
def test_rows_words_and_files_carry_the_simulated_limits(numbers, key, form, low, high):
    report = make_report(numbers, QUICK)
    humans = report.result["humans"]
    row = statistic(humans["statistics"], key)
    beside = next(part for part in humans["icc"] if part["form"] == form)
    assert "pivots" in row["interval"]["method"]
    assert row["interval"] == beside["simulated"]["interval"] != beside["f"]["interval"]
    assert low < row["interval"]["low"] < row["value"] < row["interval"]["high"] <= high
    shown = next(line for line in RENDERERS["markdown"](report).splitlines() if row["name"] in line)
    assert f"[{row['interval']['low']:.3f}, {row['interval']['high']:.3f}]" in shown
    assert key != "icc_a_1" or estimate(row) in " ".join(report.result["answer"])
    written = methods(report.result)["paragraph"]
    assert "ICC(A,1) and ICC(A,k) are simulated from the pivots" in written


def test_page_says_of_what_raters_intervals_speak_where_raters_differ(numbers, project):
    assert "these_raters" in {row["code"] for row in result_of(numbers)["warnings"]}
    alike = imported_study(project, scale_rows(shift=0.0), scale="interval", name="Alike")
    assert "these_raters" not in {row["code"] for row in result_of(alike)["warnings"]}


def test_missing_cells_leave_the_simulated_limits_alone(project):
    study = imported_study(project, scale_rows()[:-3], scale="interval", name="Missing")
    row = result_of(study)["humans"]["icc"][1]
    assert row["f"]["interval_reason"] == "F limits need every cell filled"
    assert "pivots" in row["simulated"]["interval"]["method"]


def test_few_raters_are_warned_of(project):
    study = imported_study(project, scale_rows("abc"), scale="interval", name="Few")
    assert any("only 3 raters" in row["text"].lower() for row in result_of(study)["warnings"])


def test_conger_stands_beside_fleiss(project):
    rows = [(f"i{at}", rater, "yes" if at % 3 else "no") for at in range(12) for rater in "abc"]
    rows[0] = ("i0", "a", "yes")
    study = imported_study(project, rows, categories=["yes", "no"])
    humans = result_of(study)["humans"]["statistics"]
    assert statistic(humans, "conger")["value"] == pytest.approx(
        statistic(humans, "fleiss")["value"], abs=0.02
    )


def test_limits_against_one_rater_are_wider_than_against_their_mean(numbers):
    section = result_of(numbers)["automated"][0]
    mean = statistic(section["statistics"], "upper_limit")
    one = statistic(section["one_rater"], "upper_one")
    assert "pivots" in one["interval"]["method"]
    assert one["value"] > mean["value"]
    assert one["n"] == {"units": 20, "raters": 6, "judgments": 120}


@pytest.fixture
def trials(project):
    """Five models, four target values; half of the trials judged by three raters who err a bit."""
    rng = np.random.default_rng(7)
    angles = {
        (f"m{model}", target): [
            float(np.clip(IDEAL[target] + rng.normal(0, 6), -16.2, 61.3)) for _ in range(6)
        ]
        for model in range(5)
        for target in ORIENTATIONS
    }
    study = trial_study(project, angles)
    said = [orientation_of(angle) for row in angles.values() for angle in row]
    after = dict(zip(ORIENTATIONS, [*ORIENTATIONS[1:], ORIENTATIONS[0]], strict=True))
    wrong = [after[label] if at % 7 == 0 else label for at, label in enumerate(said)]
    judge_trials(study, {"anna": said, "bert": wrong, "carl": said})
    for item in study.items.all():
        if item.position % 2 == 0:
            item.delete()
    study.items.update(stratum="cell", weight=2.0)
    for at, endpoint in enumerate(Endpoint.objects.order_by("model")):
        endpoint.family, endpoint.parameter_count = ("big", "70B") if at % 2 else ("small", "7B")
        endpoint.save()
    return study


def test_orientations_stand_for_their_ideal_angles():
    known = ideal_angles()
    assert known["altruistic"] == pytest.approx(61.3895, abs=1e-3)
    assert known["prosocial"] == pytest.approx(45.0)
    assert known["individualistic"] == pytest.approx(0.0, abs=1e-9)
    assert known["competitive"] == pytest.approx(-16.2602, abs=1e-3)


def test_degrees_of_a_label_study_say_that_they_are_coded(trials):
    section = result_of(trials)["automated"][0]["degrees"]
    assert section["kind"] == "coded"
    assert "ideal angle" in section["note"]
    assert statistic(section["statistics"], "bias")["interval"]["method"] == "t on units"
    assert [part["fact"] for part in section["by"]] == ["model", "target_value"]
    assert all(row["bias"]["defined"] for row in section["by"][0]["rows"])


def test_mean_angle_and_rationality_are_corrected_for_all_trials_and_each_model(trials):
    (section,) = result_of(trials)["corrected"]
    rows = {row["key"]: row for row in section["rows"]}
    assert {"angle", "rationality", "rationality_corrected", "hits", "prosocial"} == {*rows} - {
        "altruistic",
        "individualistic",
        "competitive",
    }
    angle = rows["angle"]["corrected"]
    assert angle["interval"]["low"] < angle["value"] < angle["interval"]["high"]
    assert rows["rationality"]["human"] < rows["rationality"]["uncorrected"]
    assert [part["model"] for part in section["models"]] == [f"m{at}" for at in range(5)]
    assert any("fewer than 50" in text for text in section["remarks"])


def test_coded_angle_of_raters_who_agree_with_the_metric_needs_no_correction(project):
    study = trial_study(project, {("m", "prosocial"): [45.0, 44.0, 46.0, 0.0, 1.0, 2.0] * 4})
    said = [orientation_of(x) for x in [45.0, 44.0, 46.0, 0.0, 1.0, 2.0] * 4]
    judge_trials(study, {"anna": said, "bert": said})
    study.items.filter(position__gt=12).delete()
    study.items.update(stratum="cell", weight=2.0)
    (section,) = result_of(study)["corrected"]
    row = next(row for row in section["rows"] if row["key"] == "angle")
    assert row["uncorrected"] == row["human"] == pytest.approx(22.5)
    assert row["corrected"]["value"] == pytest.approx(22.5)


def test_groups_speak_of_raters_and_of_what_is_known_of_models(trials):
    groups = result_of(trials)["groups"]
    facts = {part["fact"]: part["rows"] for part in groups["humans"]["by"]}
    assert [row["group"] for row in facts["family"]] == ["big", "small"]
    assert [row["group"] for row in facts["parameter_count"]] == ["70B", "7B"]
    assert "tuning_method" not in facts
    assert all(row["alpha"]["defined"] for row in facts["model"])
    metric = {part["fact"] for part in groups["metrics"][0]["by"]}
    assert metric == set(facts)


def test_condition_is_told_without_its_target_value(trials):
    groups = result_of(trials)["groups"]
    rows = {part["fact"]: part["rows"] for part in groups["humans"]["by"]}["condition"]
    assert [row["group"] for row in rows] == ["with goal"]


def test_group_rows_open_as_many_items_as_they_count(trials):
    report = make_report(trials, QUICK)
    for part in report.result["groups"]["humans"]["by"]:
        for row in part["rows"]:
            query = {"fact": part["fact"], "group": row["group"]}
            assert len(positions_behind(report, query)[1]) == row["judged"]


def test_counts_of_classes_raters_and_categories_open_their_items(trials):
    report = make_report(trials, QUICK)
    section = report.result["automated"][0]
    for row in section["classes"]:
        for key, column in (("consensus", "consensus"), ("automated", "automated")):
            query = {"metric": section["name"], "decided": "1", column: row["category"]}
            assert len(positions_behind(report, query)[1]) == row[key]
    for row in report.result["raters"]["rows"]:
        found = positions_behind(report, {"by": row["rater"]})[1]
        assert len(found) == row["judgments"]
    for row in report.result["humans"]["categories"]:
        if row["items"]:
            found = positions_behind(report, {"category": row["category"]})[1]
            assert len(found) == row["items"]


@pytest.mark.parametrize(
    "query",
    [
        {"at": "latent.items.nothing"},
        {"at": "answer"},
        {"at": "automated.9.positions"},
        {"by": "nobody"},
        {"category": "blue"},
        {"fact": "weather", "group": "fine"},
    ],
)
def test_a_number_that_is_not_there_is_refused(trials, query):
    with pytest.raises(NoSuchNumber):
        positions_behind(make_report(trials, QUICK), query)


def test_positions_that_the_report_holds_open(trials):
    report = make_report(trials, QUICK)
    found = positions_behind(report, {"at": "automated.0.degrees.positions"})[1]
    assert len(found) == report.result["automated"][0]["degrees"]["items"]


def test_every_figure_has_words_a_table_and_the_same_bytes_again(trials):
    result = result_of(trials)
    names = drawings_of(result)
    assert {"ring", "forest", "forest-humans", "bland-altman", "confusion"} <= set(names)
    for name in names:
        head, rows = table_of(result, names[name])
        assert rows
        assert all(len(row) == len(head) for row in rows)
    for name in ("ring", "forest"):
        for suffix in ("svg", "png", "pdf", "csv"):
            assert drawn(result, name, suffix, "light") == drawn(result, name, suffix, "light")


def test_settled_pdf_points_at_its_objects(trials):
    pdf = drawn(result_of(trials), "forest", "pdf", "light")
    start = int(re.findall(rb"startxref\n(\d+)", pdf)[-1])
    places = [int(line[:10]) for line in pdf[start:].splitlines() if line.endswith(b" n")]
    assert places
    for number, place in enumerate(places, start=1):
        assert pdf[place:].startswith(b"%d 0 obj" % number)
    assert settled(pdf) == pdf


def test_nothing_repeated_says_so(trials):
    section = result_of(trials)["repeats"]
    assert section["pairs"] == 0
    assert all(not row["defined"] for row in section["statistics"])
    assert "no repeated items" in section["statistics"][0]["reason"]


def with_repeats(study, repeats):
    content = thaw(freeze(study, QUICK))
    return compute(in_memory("x", content | {"repeats": repeats}), QUICK, {"numpy": "2"})


def test_repeated_labels_are_told_for_all_and_for_each_rater(trials):
    columns = {
        "item": [0, 1, 2, 3, 0, 1],
        "rater": [0, 0, 0, 0, 1, 1],
        "first": ["prosocial", "altruistic", "prosocial", "competitive", "prosocial", "unclear"],
        "again": ["prosocial", "altruistic", "prosocial", "prosocial", "prosocial", "unclear"],
    }
    section = with_repeats(trials, columns)["repeats"]
    assert section["pairs"] == 6
    assert statistic(section["statistics"], "percent")["value"] == pytest.approx(5 / 6)
    anna, bert = section["raters"]
    assert (anna["rater"], anna["pairs"]) == ("anna", 4)
    assert statistic(anna["statistics"], "percent")["value"] == pytest.approx(3 / 4)
    assert statistic(bert["statistics"], "percent")["value"] == 1
    assert section["warnings"]


def test_repeated_numbers_are_told_in_scale_units(numbers):
    columns = {"item": [0, 1], "rater": [0, 0], "first": [10.0, 20.0], "again": [12.0, 20.0]}
    section = with_repeats(numbers, columns)["repeats"]
    assert statistic(section["statistics"], "within_sd")["value"] == pytest.approx(1.0)


def test_own_angles_stand_beside_the_judgments_once_they_are_known(trials):
    unknown = result_of(trials)["own_angle"]
    assert "not known" in unknown["statistics"][0]["reason"]
    content = thaw(freeze(trials, QUICK))
    content["raters"]["own_angle"] = [30.0, -5.0, 50.0]
    section = compute(in_memory("x", content), QUICK, {"numpy": "2"})["own_angle"]
    assert [row["rater"] for row in section["raters"]] == ["anna", "bert", "carl"]
    assert statistic(section["statistics"], "own_slope")["defined"]
    assert section["raters"][0]["items"] == 60


VECTORS = [("1,0,-1", "1,0,-1"), ("0,1,-1", "0,1,0"), ("1,1,0", "1,1,0"), ("-1,0,1", "-1,0,1")] * 4


@pytest.fixture
def vectors(project):
    rows = [
        (f"i{at}", rater, said)
        for at, pair in enumerate(VECTORS)
        for rater, said in zip("ab", pair, strict=True)
    ]
    metric = {f"i{at}": pair[0] for at, pair in enumerate(VECTORS)}
    return imported_study(
        project,
        rows,
        scale="vector",
        categories=["self", "all", "power"],
        automated={"metric": metric},
        name="Vectors",
    )


def test_vectors_have_a_row_a_dimension_and_their_mean(vectors):
    result = result_of(vectors)
    rows = result["humans"]["statistics"]
    assert [row["key"] for row in rows] == ["alpha_macro", "alpha_1", "alpha_2", "alpha_3"]
    assert rows[1]["value"] == rows[2]["value"] == 1
    assert rows[3]["value"] < 1
    assert rows[0]["value"] == pytest.approx(np.mean([row["value"] for row in rows[1:]]))
    (metric,) = result["vectors"]["metrics"]
    assert metric["macro"]["n"]["dimensions"] == 3
    assert result["automated"] == []
    assert result["latent"] is None
    assert "alpha" in result["answer"][0]


def test_a_study_of_vectors_is_called_nominal_nowhere(vectors):
    report = make_report(vectors, QUICK)
    words = " ".join([methods(report.result)["paragraph"], RENDERERS["markdown"](report)])
    assert "nominal scale" not in words
    assert "Scale: vector" in words and "as vectors of " in words


def test_vectors_are_written_everywhere(vectors):
    report = make_report(vectors, QUICK)
    for name, render in RENDERERS.items():
        assert "power" in render(report), name


def test_ways_out_are_no_part_of_a_vector(project):
    rows = [(f"i{at}", rater, "1,0") for at in range(4) for rater in "ab"]
    rows += [("i4", rater, "0,1") for rater in "ab"] + [("i5", rater, "unclear") for rater in "ab"]
    study = imported_study(project, rows, scale="vector", categories=["a", "b"], name="Out")
    section = result_of(study)["vectors"]
    assert section["left_out"] == 2
    assert section["judgments"] == 10


def test_plain_labels_are_no_vectors_however_they_are_written(trials, project):
    assert result_of(trials)["vectors"] is None
    rows = [(f"i{at}", rater, f"{at % 2},{at % 3}") for at in range(9) for rater in "ab"]
    assert result_of(imported_study(project, rows, name="Words"))["vectors"] is None


def test_the_consensus_of_vectors_is_by_dimension(project):
    """Nobody gives 1,1: two of three raters give each half of it."""
    said = {"i0": ["1,1", "1,0", "0,1"], "i1": ["1,0", "1,0", "0,1"], "i2": ["1,0", "1,1", "1,-1"]}
    rows = [
        (item, rater, vector)
        for item, vectors in said.items()
        for rater, vector in zip("abc", vectors, strict=True)
    ]
    study = imported_study(project, rows, scale="vector", categories=["a", "b"], name="Halves")
    result = result_of(study)
    assert (
        result["overview"]["consensus_rule"] == "more than half of the judgments in each dimension"
    )
    split = next(row for row in result["quality"]["items"] if row["code"] == "split")
    assert split["positions"] == [3]


def test_new_statistics_are_in_files_methods_and_checklist(trials, numbers):
    report = make_report(trials, QUICK)
    markdown = RENDERERS["markdown"](report)
    for words in ("Mean angle, degrees", "Conger's kappa", "The raters among themselves, by model"):
        assert words in markdown
    assert "Mean angle, degrees" in RENDERERS["latex"](report)
    written = methods(report.result)
    assert "ideal angle" in written["paragraph"]
    assert any("Conger" in text for text in written["references"])
    assert any("Bland JM, Altman DG (2007)" in text for text in written["references"])
    angles = methods(result_of(numbers))
    assert "F limits" in angles["paragraph"]
    assert any("Carkeet" in text for text in angles["references"])


def test_page_shows_the_new_parts(cast, client):
    """Everything at once on one page, for a study of trials with confidence."""
    study = trial_study(
        cast.project,
        {(f"m{at}", target): [IDEAL[target]] * 4 for at in range(2) for target in ORIENTATIONS},
        name="Page",
    )
    said = [x for _ in range(2) for target in ORIENTATIONS for x in [target] * 4]
    judge_trials(study, {"a": said, "b": said[1:] + said[:1]})
    body = (
        cast.client("researcher").get(reverse("report", args=["lab", study.slug])).content.decode()
    )
    for words in (
        "Automated and human angles",
        "In degrees",
        "The raters among themselves, by target value",
        "Does a rater say the same again?",
        "What it draws, as a table",
    ):
        assert words in body
    assert "style=" not in body
