"""What a file declares of its items drives intervals, groups, filters and the corrected result."""

import csv
import io
import json
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from django.core.management import call_command
from django.urls import reverse

from analysis.data.canonical import canonical_bytes
from analysis.data.dataset import extract
from analysis.data.parameters import DEFAULTS, ParameterError, Parameters
from analysis.making.reporting import make_report
from analysis.render import RENDERERS
from analysis.render.archive.archive import archive
from analysis.report.answer import find
from analysis.report.methods import methods
from analysis.statistics.agreement.coefficients import percent_agreement
from analysis.statistics.agreement.confusion import accuracy
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.ppi import ppi_mean
from annotations.files.automated_files import read_automated
from annotations.files.judged_values import Values
from annotations.files.judgment_files import read_judgments
from annotations.studies.imports.judgments import import_judgments
from tests.analysis.pages.test_rows_behind import check, links, page

pytestmark = pytest.mark.django_db
QUICK = Parameters(replicates=200)
AB = Values("nominal", ("a", "b"))
RIGHT = [353, 360, 383, 406, 412]
"""Of 450 items of each of five models how many the metric gets right."""


def study_from(project, judgments, automated=None, values=AB, name="imported", **declared):
    """A study from the rows of both tables, the first of each being its header."""
    judged = read_judgments(table(judgments), values, properties=declared.get("properties", ()))
    labels = read_automated(table(automated), values, judged, **declared) if automated else []
    return import_judgments(project, name, values, judged, labels)


def table(rows):
    return io.BytesIO("\n".join(",".join(map(str, row)) for row in rows).encode())


def five_models(project, model="model", **named):
    """2,250 items that one rater calls 'a' and 'b' in turn; the metric errs by model."""
    judged = [("item", "rater", "value", model)]
    automated = [("item", "scorer", "value")]
    for number, right in enumerate(RIGHT):
        for at in range(450):
            truth, other = ("a", "b") if at % 2 else ("b", "a")
            item = f"{number}-{at}"
            judged.append((item, "ann", truth, f"m{number}"))
            automated.append((item, "auto", truth if at < right else other))
    return study_from(project, judged, automated, **named)


def agreement(report):
    (section,) = report.result["automated"]
    return find(section["decided"]["statistics"], "accuracy")


def limits(row, digits=3):
    return round(row["interval"]["low"], digits), round(row["interval"]["high"], digits)


# --- clusters -----------------------------------------------------------------------------------


def test_items_of_five_models_have_the_interval_of_five_models(project):
    report = make_report(five_models(project), QUICK)
    found = agreement(report)

    said = np.concatenate([[1] * right + [0] * (450 - right) for right in RIGHT])
    own = accuracy(np.ones(2250), said, 2, clusters=np.repeat(np.arange(5), 450))
    assert (found["interval"]["low"], found["interval"]["high"]) == pytest.approx(
        (own.interval.low, own.interval.high), abs=1e-12
    )
    assert limits(found) == (0.778, 0.924)
    assert report.result["overview"]["clusters"]["by"] == "model"
    assert "independent_items" not in {row["code"] for row in report.result["warnings"]}


def test_without_them_items_are_taken_as_independent_and_the_report_says_so(project):
    report = make_report(five_models(project, model="nobody asks"), QUICK)
    assert limits(agreement(report)) == (0.835, 0.865)
    (text,) = [
        row["text"] for row in report.result["warnings"] if row["code"] == "independent_items"
    ]
    assert "the intervals take items as independent of each other" in text


def test_documents_are_clusters_where_there_are_no_four_models(project):
    by_document = make_report(five_models(project, model="document"), QUICK)
    by_model = make_report(five_models(project, name="models"), QUICK)
    assert by_document.result["overview"]["clusters"]["by"] == "cluster"
    assert limits(agreement(by_document), 9) == limits(agreement(by_model), 9)


def test_three_models_are_too_few_to_be_sampled(project):
    judged = [("item", "rater", "value", "model")]
    judged += [(at, rater, "ab"[at % 2], f"m{at % 3}") for at in range(30) for rater in "xy"]
    result = make_report(study_from(project, judged), QUICK).result
    assert result["overview"]["clusters"]["by"] == ""
    codes = {row["code"] for row in result["warnings"]}
    assert "few_models" in codes


def test_raters_agreement_goes_by_clusters_too(project):
    judged = [("item", "rater", "value", "cluster")]
    for at in range(60):
        same = "ab"[at % 2]
        # In every third document the raters never agree.
        other = {"a": "b", "b": "a"}[same] if at // 6 % 3 == 0 else same
        judged += [(at, "x", same, at // 6), (at, "y", other, at // 6)]
    found = make_report(study_from(project, judged), QUICK).result["humans"]["statistics"]

    value = np.array([[at % 2, (at + (at // 6 % 3 == 0)) % 2] for at in range(60)], dtype=float)
    ratings = Ratings.from_long(
        np.repeat(np.arange(60), 2), np.tile([0, 1], 60), value.ravel(), n_units=60, n_raters=2
    )
    own = percent_agreement(ratings, 2, clusters=np.arange(60) // 6)
    row = find(found, "percent")
    assert limits(row, 9) == (round(own.interval.low, 9), round(own.interval.high, 9))


# --- groups and filters -------------------------------------------------------------------------


@pytest.fixture
def by_topic(cast):
    judged = [("item", "rater", "value", "model", "target_value", "topic")]
    for at in range(80):
        said = "ab"[at % 2]
        facts = (f"m{at % 4}", "a" if at % 8 < 4 else "", ("war", "art")[at // 40])
        judged += [(at, "x", said, *facts), (at, "y", said if at % 5 else "a", *facts)]
    automated = [("item", "scorer", "value"), *((at, "auto", "ab"[at % 3 % 2]) for at in range(80))]
    return study_from(cast.project, judged, automated, properties=("topic",))


def test_items_are_grouped_by_what_is_declared(by_topic):
    groups = make_report(by_topic, QUICK).result["groups"]
    found = {part["fact"]: part["rows"] for part in groups["humans"]["by"]}
    assert [(row["group"], row["judged"]) for row in found["topic"]] == [("art", 40), ("war", 40)]
    assert [row["group"] for row in found["model"]] == ["m0", "m1", "m2", "m3"]
    (metric,) = groups["metrics"]
    assert {part["fact"] for part in metric["by"]} == {"model", "target_value", "topic"}
    assert len(metric["contrasts"][0]["rows"]) == 6


def test_a_property_of_too_many_words_makes_no_groups(project):
    judged = [("item", "rater", "value", "cluster")]
    judged += [(at, rater, "ab"[at % 2], f"d{at}") for at in range(40) for rater in "xy"]
    groups = make_report(study_from(project, judged), QUICK).result["groups"]
    assert groups["too_many"] == [{"fact": "cluster", "groups": 40}]
    assert groups["humans"]["by"] == []


@pytest.mark.parametrize(
    ("choices", "kept"),
    [
        ({"models": ("m1",)}, 20),
        ({"models": ("m1", "m2")}, 40),
        ({"target_values": ("a",)}, 40),
        ({"target_values": ("none",)}, 40),
        ({"properties": ("topic=war",)}, 40),
        ({"properties": ("topic=war", "topic=art")}, 80),
        ({"properties": ("topic=war", "model=m1")}, 10),
        ({"properties": ("topic=war",), "models": ("m1",)}, 10),
    ],
)
def test_a_report_is_of_the_items_that_are_chosen(by_topic, choices, kept):
    content = extract(by_topic, Parameters(**choices))
    assert len(content["items"]["position"]) == kept


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"properties": ("topic=sport",)}, "No item has the topic sport. There is: art, war."),
        ({"properties": ("colour=red",)}, "No item has the colour red"),
        ({"models": ("m9",)}, "The study has no model m9"),
    ],
)
def test_what_no_item_is_cannot_be_chosen(by_topic, choices, words):
    with pytest.raises(ParameterError, match=words):
        extract(by_topic, Parameters(**choices))


def test_a_choice_names_a_property():
    with pytest.raises(ParameterError, match="chooses by no property"):
        Parameters(properties=("war",))


def test_page_and_command_choose_alike(cast, by_topic):
    shown = page(cast, by_topic, property="topic=war", model="m1")
    body = shown.content.decode()
    assert 'name="property" value="topic=war" checked' in body
    assert "Only items with the topic war." in body
    out = io.StringIO()
    options = ("--property", "topic=war", "--model", "m1", "--format", "json")
    call_command("agreement_report", by_topic.slug, *options, stdout=out)
    result = json.loads(out.getvalue())
    assert result["overview"]["counts"]["items"] == 10
    assert result["parameters"]["properties"] == ["topic=war"]


def test_every_number_of_such_a_report_opens_its_rows(cast, by_topic):
    found = links(page(cast, by_topic).content.decode())
    assert any("fact=topic" in address for address, _ in found)
    check(cast, found)


def test_the_archive_holds_what_is_declared(by_topic):
    bundle = zipfile.ZipFile(io.BytesIO(archive(make_report(by_topic, QUICK))))
    content = json.loads(bundle.read("data/data_set.json"))
    assert content["items"]["properties"]["topic"][0] == "war"
    assert content["items"]["properties"]["target_value"][4] is None


def test_raters_without_exception_are_counted_by_what_was_sampled(project, tmp_path):
    """Two raters who agree on all of 60 items of five models: five are what is known of models."""
    judged = [("item", "rater", "value", "model")]
    for at in range(60):
        judged += [(f"i{at}", rater, "ab"[at // 5 % 2], f"m{at % 5}") for rater in "xy"]
    report = make_report(study_from(project, judged), QUICK)
    row = find(report.result["humans"]["statistics"], "alpha")
    expected = 1 - 2 * 60 * 59 / (120 * 119)
    assert row["interval"]["low"] == pytest.approx(1 - (1 - 0.025 ** (1 / 5)) / expected)
    assert "models instead of 5 would settle it" in report.result["verdict"]["text"]
    assert "exact binomial on models" in methods(report.result)["paragraph"]
    with zipfile.ZipFile(io.BytesIO(archive(report))) as bundle:
        bundle.extractall(tmp_path)
    done = subprocess.run(
        [sys.executable, tmp_path / "recompute.py"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok   Krippendorff's alpha, limits" in done.stdout


def test_tables_of_the_archive_carry_what_is_known_of_items(by_topic):
    """Without the model an import of them would take items of one model for independent."""
    report = make_report(by_topic, QUICK)
    bundle = zipfile.ZipFile(io.BytesIO(archive(report)))
    known = json.loads(bundle.read("data/data_set.json"))["items"]["properties"]
    for name in ("data/judgments.csv", "data/automated.csv"):
        rows = list(csv.DictReader(io.StringIO(bundle.read(name).decode("utf-8-sig"))))
        assert rows
        for row in rows:
            at = int(row["item"]) - 1
            assert {column: row[column] for column in known} == {
                column: values[at] or "" for column, values in known.items()
            }


def test_a_study_of_no_declared_items_keeps_the_bytes_of_its_data_set(project):
    study = study_from(project, [("item", "rater", "value"), (1, "x", "a"), (1, "y", "b")])
    content = extract(study, DEFAULTS)
    assert "properties" not in content["items"]
    assert "properties" not in content["choices"]
    assert b"properties" not in canonical_bytes(content)


# --- unjudged items, and labels that are no valid ones -------------------------------------------


def scored_by_one(project, weights=False, name="scored"):
    """450 items of which 90 are judged: 333 the metric calls 'a', 106 'b', and 11 nothing valid."""
    said = ["a"] * 333 + ["b"] * 106 + ["n/a"] * 6 + [""] * 5
    order = np.random.default_rng(7).permutation(450)
    automated = [("item", "scorer", "value")]
    automated += [(at, "auto", said[order[at]]) for at in range(450)]
    judged = [("item", "rater", "value", *(["weight"] if weights else []))]
    for at in range(90):
        metric = said[order[at]]
        human = metric if metric in ("a", "b") and at % 9 else "b"
        judged += [(at, rater, human, *(["5"] if weights else [])) for rater in ("x", "y")]
    study = study_from(project, judged, automated, name=name, unscorable=["n/a"])
    human = [float(judged[1 + 2 * at][2] == "a") for at in range(90)]
    metric = [float(said[order[at]] == "a") for at in range(450)]
    return study, human, metric


def test_unjudged_items_feed_the_corrected_result(project):
    study, human, metric = scored_by_one(project)
    (section,) = make_report(study, QUICK).result["corrected"]
    own = ppi_mean(human, metric[:90], metric[90:], random_sample=False)

    assert (section["of"], section["judged"], section["trials"]) == ("items", 90, 450)
    assert section["unscorable"] == 11
    row = next(row for row in section["rows"] if row["key"] == "a")
    assert row["uncorrected"] == pytest.approx(0.74)  # 333 of 450; of those with a label .7585
    # The metric's mean over all items is known: the unjudged ones are moved to it.
    moved = np.array(metric[90:]) + (np.mean(metric) - np.mean(metric[90:]))
    own = ppi_mean(human, metric[:90], moved, random_sample=False, within=(0, 1))
    assert row["corrected"]["value"] == pytest.approx(own.value, abs=1e-12)
    assert limits(row["corrected"], 9) == (
        round(own.interval.low, 9),
        round(own.interval.high, 9),
    )


def test_the_report_says_what_nobody_judged_and_what_was_no_valid_label(project):
    study, _, _ = scored_by_one(project)
    overview = make_report(study, QUICK).result["overview"]
    assert overview["counts"]["items"] == 450
    assert overview["counts"]["items_judged"] == 90
    assert overview["unjudged"] == 360
    (scorer,) = overview["scorers"]
    assert (scorer["labelled"], scorer["unscorable"], scorer["missing"]) == (439, 11, 0)
    assert scorer["reasons"] == [{"reason": "n/a", "items": 6}]


def test_every_form_of_the_report_says_what_is_declared(by_topic, cast):
    text = RENDERERS["markdown"](make_report(by_topic, QUICK))
    assert "- Declared of the items: model, target" in text
    assert "- The intervals take the 4 models that the file names for what was sampled." in text
    study, _, _ = scored_by_one(cast.project)
    text = RENDERERS["markdown"](make_report(study, QUICK))
    assert "- 360 items judged by nobody" in text
    assert "450 items (11 without a valid label among them)" in text


def test_every_number_of_an_import_with_unjudged_items_opens_its_rows(cast):
    study, _, _ = scored_by_one(cast.project)
    check(cast, links(page(cast, study).content.decode()))


def test_the_page_says_it_in_words(cast):
    study, _, _ = scored_by_one(cast.project)
    address = reverse("report", args=["lab", study.slug])
    body = cast.client("researcher").get(address).content.decode()
    assert "What the raters would have said on all items" in body
    assert "with automated labels alone: they take part in the corrected result" in body


@pytest.mark.parametrize("weights", [False, True])
def test_declared_weights_make_it_a_sample_of_known_probability(project, weights):
    study, _, _ = scored_by_one(project, weights)
    (section,) = make_report(study, QUICK).result["corrected"]
    assert section["random_sample"] is weights


def test_weights_count_as_those_of_the_platforms_own_draw(project):
    """Half of the judged items stand for three of their kind: their answers weigh three times."""
    judged = [("item", "rater", "value", "weight")]
    judged += [(at, "x", "a" if at < 30 else "b", 3 if at < 30 else 1) for at in range(60)]
    automated = [("item", "scorer", "value"), *((at, "auto", "ab"[at % 2]) for at in range(200))]
    (section,) = make_report(study_from(project, judged, automated), QUICK).result["corrected"]
    row = next(row for row in section["rows"] if row["key"] == "a")
    assert row["human"] == pytest.approx(0.75)


# --- occasions ----------------------------------------------------------------------------------


def test_a_second_occasion_tells_how_raters_agree_with_themselves(project):
    judged = [("item", "rater", "value", "occasion")]
    for at in range(40):
        first = "ab"[at % 2]
        judged += [(at, "x", first, 1), (at, "y", first, 1)]
        if at < 20:
            judged.append((at, "x", first if at % 4 else "ba"[at % 2], 2))
    result = make_report(study_from(project, judged), QUICK).result
    assert result["repeats"]["pairs"] == 20
    assert find(result["repeats"]["statistics"], "percent")["value"] == pytest.approx(15 / 20)
    assert result["overview"]["counts"]["judgments"] == 80
