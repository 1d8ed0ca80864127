"""The section of a report that compares the cultures of raters."""

import json

import numpy as np
import pytest
from django.urls import reverse

from analysis.data.dataset import extract, freeze
from analysis.data.fingerprint import fingerprint
from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from analysis.sections.humans.cultures import FEWEST_SHARED
from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.cultures.compare import compare_cultures
from annotations.models import Rater
from tests.analysis.render.conforming import unlike_a_report
from tests.analysis.statistics.cultures.support import labelled
from tests.analysis.studies import ORIENTATIONS, imported_study, judge_trials, trial_study

pytestmark = pytest.mark.django_db
FEW = Parameters(replicates=200)


def study_of(project, shift, items=120, raters=6, seed=1, name="Shifted"):
    """Simulated raters of two cultures who label computed angles; the second reads every angle
    *shift* degrees higher."""
    table, culture, angles = labelled(items, raters, shift=shift, seed=seed)
    said = {("m", "prosocial"): angles.tolist()}
    study = trial_study(project, said, name=name, simulated=True)
    names = ["competitive", "individualistic", "prosocial", "altruistic"]
    said = {
        f"{'north' if side == 0 else 'south'} {at}": [names[int(code)] for code in column]
        for at, (side, column) in enumerate(zip(culture, table.T, strict=True))
    }
    judge_trials(study, said, kind="simulated")
    for name in ("north", "south"):
        study.raters.filter(pseudonym__startswith=name).update(culture=name)
    return study, table, culture


def by_key(pair):
    return {row["key"]: row for row in pair["statistics"]}


def test_a_known_difference_is_found_again(project):
    study, _, _ = study_of(project, shift=20)
    pair = make_report(study, FEW).result["cultures"]["pairs"][0]
    found = by_key(pair)
    assert found["normalised"]["interval"]["high"] < 1
    assert pair["p_cross"] < 0.05
    labels = {row["label"]: row for row in pair["labels"]["labels"]}
    # Who reads every angle 20 degrees higher says altruistic more, and individualistic less.
    assert labels["altruistic"]["delta"]["value"] > 0
    assert labels["individualistic"]["delta"]["interval"]["high"] < 0
    assert labels["individualistic"]["p_holm"] < 0.05
    assert labels["individualistic"]["size"] == "C"


def test_nothing_is_found_where_nothing_was(project):
    wrong = 0
    for seed in range(4):
        study, _, _ = study_of(project, shift=0, seed=seed, name=f"Same {seed}")
        pair = make_report(study, FEW).result["cultures"]["pairs"][0]
        wrong += not by_key(pair)["normalised"]["interval"]["high"] >= 1
        wrong += pair["p_cross"] < 0.01
        wrong += any(row["p_holm"] < 0.01 for row in pair["labels"]["labels"])
    assert wrong <= 1


def test_the_numbers_are_those_of_the_statistics(project):
    study, table, culture = study_of(project, shift=10, items=40)
    section = make_report(study, FEW).result["cultures"]
    # Codes in another order, items and raters as in the report: nominal values are the same.
    direct = compare_cultures(table, culture, replicates=200)
    for key, value in direct.values.items():
        assert by_key(section["pairs"][0])[key]["value"] == pytest.approx(value.value, abs=1e-12)
    for at, row in enumerate(section["rows"]):
        alone = krippendorff_alpha(table[:, culture == at], "nominal", replicates=200)
        assert row["alpha"]["value"] == pytest.approx(alone.value, abs=1e-12)
        assert (row["raters"], row["items"], row["judgments"]) == (6, 40, 240)
    assert section["pooled"]["value"] == pytest.approx(
        krippendorff_alpha(table, "nominal", replicates=200).value, abs=1e-12
    )


def words(project, cultures, items=24):
    rows = [
        (f"i{at}", rater, "yes" if (at + shift) % 3 else "no")
        for at in range(items)
        for shift, rater in enumerate(cultures)
    ]
    study = imported_study(project, rows, categories=["yes", "no"])
    for rater, culture in cultures.items():
        study.raters.filter(pseudonym=rater).update(culture=culture)
    return study


@pytest.mark.parametrize("cultures", [dict.fromkeys("abc", ""), dict.fromkeys("abc", "one")])
def test_a_report_of_fewer_than_two_cultures_has_no_such_section(project, cultures):
    result = make_report(words(project, cultures), FEW).result
    assert "cultures" not in result
    assert not any(row["code"].startswith("cultures") for row in result["warnings"])


def test_a_study_without_cultures_keeps_its_hash(project):
    study = words(project, dict.fromkeys("abc", ""))
    assert "culture" not in extract(study, FEW)["raters"]
    before, looked = freeze(study, FEW).sha256, fingerprint(study)
    study.raters.filter(pseudonym="a").update(culture="north")
    assert extract(study, FEW)["raters"]["culture"] == ["north", None, None]
    assert freeze(study, FEW).sha256 != before
    assert fingerprint(study) != looked
    study.raters.update(culture="")
    assert (freeze(study, FEW).sha256, fingerprint(study)) == (before, looked)


def test_pairs_with_too_few_items_in_common_say_how_many(project):
    study = words(project, {"a": "north", "b": "north", "c": "south", "d": "south"})
    study.raters.filter(pseudonym="d").update(culture="east")
    study.raters.get(pseudonym="d").judgments.filter(item__position__gte=FEWEST_SHARED).delete()
    section = make_report(study, FEW).result["cultures"]
    assert [pair["cultures"] for pair in section["pairs"]] == [["north", "south"]]
    assert section["apart"] == [
        {"cultures": ["east", "north"], "items": FEWEST_SHARED - 1},
        {"cultures": ["east", "south"], "items": FEWEST_SHARED - 1},
    ]
    told = {row["code"]: row["text"] for row in section["warnings"]}
    assert told["cultures_apart"].startswith("2 of 3 pairs of cultures share fewer than 20 items")
    assert "east (1), north (2) and south (1)" in told["cultures_few_raters"]


def test_a_culture_of_one_rater_has_an_undefined_alpha_with_the_reason(project):
    section = make_report(words(project, {"a": "x", "b": "y"}), FEW).result["cultures"]
    assert [row["alpha"]["defined"] for row in section["rows"]] == [False, False]
    found = by_key(section["pairs"][0])
    assert found["cross"]["defined"]
    assert not found["alpha_first"]["defined"]
    assert "twice within a culture" in found["alpha_first"]["reason"]


def test_labels_without_a_computed_number_are_not_matched(project):
    section = make_report(words(project, {"a": "x", "b": "y"}), FEW).result["cultures"]
    assert section["pairs"][0]["labels"] is None
    assert "no metric of the study has a number" in section["labels_reason"]


def test_raters_without_a_culture_are_counted_and_left_out(project):
    study = words(project, {"a": "x", "b": "x", "c": "y", "d": "y", "e": ""})
    section = make_report(study, FEW).result["cultures"]
    assert section["without"] == 1
    assert sum(row["judgments"] for row in section["rows"]) == 4 * 24
    assert any("1 rater of no known culture is left out" in w["text"] for w in section["warnings"])


def test_vectors_are_refused_with_the_reason(project):
    rows = [(f"i{at}", rater, f"{at % 2},{at % 3}") for at in range(24) for rater in "abcd"]
    study = imported_study(project, rows, scale="vector", categories=["p", "q"])
    study.raters.filter(pseudonym__in="ab").update(culture="x")
    study.raters.filter(pseudonym__in="cd").update(culture="y")
    section = make_report(study, FEW).result["cultures"]
    assert section["pairs"] == []
    assert section["rows"][0]["alpha"]["reason"].startswith("the answers are vectors of values")


@pytest.mark.parametrize("scale", ["ordinal", "interval"])
def test_ordered_answers_and_numbers_are_compared_by_their_scale(project, scale):
    rng = np.random.default_rng(3)
    rows = [
        (f"i{at}", rater, str(1 + (at + int(rng.integers(0, 2))) % 4))
        for at in range(30)
        for rater in "abcd"
    ]
    levels = list("1234") if scale == "ordinal" else ()
    study = imported_study(project, rows, scale=scale, categories=levels)
    study.raters.filter(pseudonym__in="ab").update(culture="x")
    study.raters.filter(pseudonym__in="cd").update(culture="y")
    found = by_key(make_report(study, FEW).result["cultures"]["pairs"][0])
    values = np.array([float(row[2]) for row in rows]).reshape(30, 4)
    direct = compare_cultures(values, [0, 0, 1, 1], scale, replicates=200)
    assert found["cross"]["value"] == pytest.approx(direct.values["cross"].value, abs=1e-12)


def test_the_json_is_of_its_type_and_every_format_says_what_may_not_be_concluded(cast):
    study, _, _ = study_of(cast.project, shift=10, items=40)
    report = make_report(study, FEW)
    assert unlike_a_report(json.loads(RENDERERS["json"](report))) == []
    page = cast.client("researcher").get(reverse("report", args=["lab", study.slug]))
    for text in (page.content.decode(), RENDERERS["markdown"](report), RENDERERS["json"](report)):
        assert "no nation, people or culture as a whole" in text
    assert "Paritosh" in RENDERERS["markdown"](report)
    assert Rater.objects.filter(study=study, kind="simulated").count() == 12
    assert set(ORIENTATIONS) >= {
        row["label"] for row in report.result["cultures"]["pairs"][0]["labels"]["labels"]
    }
