"""The metric as another rater, the second consensus, corrected results, groups and rater board."""

import re

import numpy as np
import pytest
from django.db import connection

from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.models import DataSet
from analysis.report.methods import methods
from analysis.sections.humans.rater_by_rater import longest_run
from analysis.sections.overview import short_reason
from annotations.models import Judgment
from evaluations.models import Score
from tests.analysis.studies import (
    ORIENTATIONS,
    add_judgments,
    imported_study,
    judge_trials,
    trial_study,
)

pytestmark = pytest.mark.django_db
QUICK = Parameters(replicates=200)
RAGGED = {
    (model, target): [60.0, 61.0, 30.0, 31.0, 0.0, 1.0]
    for model in ("m1", "m2")
    for target in ("prosocial", "altruistic", "individualistic")
}
"""36 trials: the same angles in every cell."""


def truth_of(study):
    """The metric's orientation of each item, in order."""
    scores = Score.objects.filter(trial__item__study=study).order_by("trial__item__position")
    return list(scores.values_list("label", flat=True))


def other(label):
    return ORIENTATIONS[(ORIENTATIONS.index(label) + 1) % 4]


@pytest.fixture
def study(project):
    """Two raters who agree with the metric, and one who errs on every third item."""
    made = trial_study(project, RAGGED)
    truth = truth_of(made)
    wrong = [other(label) if at % 3 == 0 else label for at, label in enumerate(truth)]
    judge_trials(made, {"anna": truth, "bert": truth, "carl": wrong})
    return made


def drawn(study):
    """Leave every second trial out of the study, as if it had been drawn at random."""
    for item in study.items.all():
        if item.position % 2 == 0:
            item.delete()
    study.items.update(stratum="cell", weight=2.0)


def result_of(study, parameters=QUICK):
    return make_report(study, parameters).result


def test_metric_that_agrees_with_everybody_may_stand_in(study):
    section = result_of(study)["automated"][0]["substitute"]
    assert [row["epsilon"] for row in section["rates"]] == [0.1]
    assert all(row["passes"] for row in section["rates"])
    assert {row["rater"] for row in section["humans"]} == {"anna", "bert", "carl"}


def test_agreement_gap_is_the_difference_of_both_sides(study):
    gap = result_of(study)["automated"][0]["substitute"]["gap"]
    # The metric agrees with 2 1/3 of 3 raters on a third of the items and with all on the others.
    assert gap["details"]["automated_human"] == pytest.approx(1 - 1 / 9)
    assert gap["details"]["human_human"] == pytest.approx(1 - 2 / 9)
    assert gap["value"] == pytest.approx(1 / 9)
    assert gap["interval"]["low"] > 0


def test_too_few_shared_items_are_named_by_rater(project):
    study = trial_study(project, {("m", "prosocial"): [30.0, 31.0, 0.0]})
    judge_trials(study, {"anna": truth_of(study), "bert": truth_of(study)})
    section = result_of(study)["automated"][0]["substitute"]
    assert all(row["passes"] is None for row in section["rates"])
    assert any("anna and bert" in text for text in section["remarks"])


def test_two_raters_are_too_few_to_be_stood_in_for(project):
    made = trial_study(project, RAGGED)
    judge_trials(made, {"anna": truth_of(made), "bert": truth_of(made)})
    result = result_of(made)
    section = result["automated"][0]["substitute"]
    for row in section["rates"]:
        assert (row["defined"], row["passes"]) == (False, None)
        assert row["reason"].startswith("too few raters: the test asks for 3")
    assert section["advantage"]["defined"]
    assert not any("Calderon" in text for text in methods(result)["references"])


def test_second_consensus_settles_ties_by_the_better_rater(project):
    rows = []
    for at in range(60):
        truth = "yes" if at % 2 else "no"
        noisy = truth if at % 3 else ("no" if truth == "yes" else "yes")
        rows += [(f"i{at}", rater, truth) for rater in "ab"] + [(f"i{at}", "c", noisy)]
    rows += [("tie", "a", "yes"), ("tie", "c", "no")]
    study = imported_study(project, rows, categories=["yes", "no"], overlap=3)
    latent = result_of(study)["latent"]
    assert latent["items"]["split"] == 1
    assert latent["items"]["settled_by_model"] == 1
    sensitivity = {row["rater"]: row["sensitivity"][0] for row in latent["raters"]}
    assert sensitivity["a"] > 0.95
    assert sensitivity["c"] == pytest.approx(2 / 3, abs=0.1)
    assert sum(row["latent"] for row in latent["prevalence"]) == pytest.approx(1)


def test_second_consensus_without_a_second_judgment_says_why(project):
    study = imported_study(project, [("x", "a", "yes")], categories=["yes", "no"])
    latent = result_of(study)["latent"]
    assert not latent["defined"]
    assert "judged twice" in latent["reason"]


def test_corrected_shares_equal_the_metrics_where_raters_confirm_it(study):
    drawn(study)
    Judgment.objects.filter(rater__pseudonym="carl").delete()
    (section,) = result_of(study)["corrected"]
    assert section["defined"]
    rows = {row["key"]: row for row in section["rows"]}
    assert rows["prosocial"]["uncorrected"] == pytest.approx(1 / 3)
    assert rows["prosocial"]["human"] == pytest.approx(1 / 3)
    assert rows["prosocial"]["corrected"]["value"] == pytest.approx(1 / 3)
    assert any("fewer than 50" in text for text in section["remarks"])


def test_corrected_share_moves_towards_the_raters(study):
    drawn(study)
    (section,) = result_of(study)["corrected"]
    row = next(row for row in section["rows"] if row["key"] == "prosocial")
    # One of three raters calls every altruistic trial prosocial: 1/3 + 1/3 * 1/3.
    assert row["uncorrected"] == pytest.approx(1 / 3)
    assert row["corrected"]["value"] == pytest.approx(4 / 9)


def test_no_trial_is_both_judged_and_corrected(study):
    drawn(study)
    (section,) = result_of(study)["corrected"]
    counted = [row["corrected"]["n"] for row in section["rows"]]
    assert counted == [{"labelled": 18, "predicted_only": 18}] * len(counted)


def test_cells_keep_their_part_where_one_was_judged_more(project):
    """Three cells of six trials, one label each; of the first cell five are judged, else three."""
    angles = {"m1": [30.0] * 6, "m2": [0.0] * 6, "m3": [0.0] * 6}
    study = trial_study(project, {(model, "prosocial"): at for model, at in angles.items()})
    judge_trials(study, dict.fromkeys(["anna", "bert"], truth_of(study)))
    study.items.filter(position__in=[6, 10, 11, 12, 16, 17, 18]).delete()
    study.items.filter(position__lte=5).update(stratum="first", weight=6 / 5)
    study.items.filter(position__gt=5).update(stratum="others", weight=2.0)
    (section,) = result_of(study)["corrected"]
    row = next(row for row in section["rows"] if row["key"] == "prosocial")
    assert row["corrected"]["details"]["lam"] > 0
    assert row["human"] == pytest.approx(1 / 3)
    assert row["corrected"]["value"] == pytest.approx(1 / 3)


def test_labels_keep_their_part_where_one_was_drawn_more(project):
    """One cell of six prosocial and twelve other trials; five of the six are judged, else four."""
    study = trial_study(project, {("m", "prosocial"): [30.0] * 6 + [0.0] * 12})
    judge_trials(study, dict.fromkeys(["anna", "bert"], truth_of(study)))
    study.items.filter(position__in=[6, *range(11, 19)]).delete()
    study.items.filter(position__lte=5).update(stratum="prosocial", weight=6 / 5)
    study.items.filter(position__gt=5).update(stratum="others", weight=3.0)
    (section,) = result_of(study)["corrected"]
    row = next(row for row in section["rows"] if row["key"] == "prosocial")
    assert row["corrected"]["details"]["lam"] > 0
    assert row["corrected"]["value"] == pytest.approx(1 / 3)


def test_items_that_were_not_drawn_at_random_are_corrected_with_a_warning(study):
    drawn(study)
    study.items.update(stratum="")
    (section,) = result_of(study)["corrected"]
    assert section["defined"]
    assert not section["random_sample"]
    assert any("not drawn at random" in text for text in section["remarks"])


def test_nothing_is_corrected_where_every_trial_was_judged(study):
    study.items.update(stratum="cell")
    (section,) = result_of(study)["corrected"]
    assert "every scored trial was judged" in section["reason"]


def test_groups_hold_each_model_and_refuse_small_ones(study):
    groups = result_of(study)["groups"]
    by = {part["fact"]: part["rows"] for part in groups["metrics"][0]["by"]}
    assert [(row["group"], row["items"]) for row in by["model"]] == [("m1", 18), ("m2", 18)]
    assert by["model"][0]["accuracy"]["value"] == 1.0
    assert [row["items"] for row in by["target_value"]] == [12, 12, 12]


@pytest.fixture
def four_models(project):
    angles = [60.0, 61.0, 30.0, 31.0, 0.0, 1.0]
    made = trial_study(project, {(f"m{at}", "prosocial"): angles for at in range(4)})
    truth = truth_of(made)
    # The raters leave the metric more often for some models than for others.
    said = [other(label) if at % 6 < at // 6 else label for at, label in enumerate(truth)]
    judge_trials(made, {"anna": said, "bert": said})
    return made


def test_groups_that_span_models_have_intervals_over_models(four_models):
    (metric,) = result_of(four_models)["groups"]["metrics"]
    by = {part["fact"]: part["rows"][0] for part in metric["by"]}
    methods = {
        fact: [row[key]["interval"]["method"][:15] for key in ("accuracy", "kappa")]
        for fact, row in by.items()
        if fact != "model"
    }
    assert methods == dict.fromkeys(methods, ["t on 4 clusters"] * 2)


def test_kappa_with_one_rater_has_an_interval_over_models(four_models):
    (section,) = result_of(four_models)["automated"]
    methods = [row["interval"]["method"][:15] for row in section["raters"]]
    assert methods == ["t on 4 clusters"] * 2


def test_small_group_has_a_reason(project):
    study = trial_study(project, {("m", "prosocial"): [30.0, 31.0, 0.0]})
    judge_trials(study, {"anna": truth_of(study), "bert": truth_of(study)})
    row = result_of(study)["groups"]["metrics"][0]["by"][0]["rows"][0]
    assert row["accuracy"]["reason"] == "fewer than 10 items to compare"


def test_contrasts_count_their_tests(project):
    study = trial_study(project, RAGGED)
    scores = Score.objects.filter(trial__item__study=study)
    for at, score in enumerate(scores.order_by("trial_id")):
        value = 0.9 - 0.01 * (at % 5) - (0.3 if score.trial.cell.endpoint.model == "m2" else 0)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE evaluations_score SET fit = %s, fit_corrected = %s WHERE id = %s",
                [value, value, score.pk],
            )
    judge_trials(study, {"anna": truth_of(study), "bert": truth_of(study)})
    result = result_of(study)
    contrast = result["groups"]["metrics"][0]["contrasts"][1]
    assert (contrast["what"], contrast["tests"]) == ("Value rationality", 1)
    (row,) = contrast["rows"]
    assert row["value"] == pytest.approx(0.3, abs=0.02)
    assert row["p_holm"] == row["p"] < 0.001
    assert {row["target_value"] for row in result["rationality"]["rows"]} == {
        "prosocial",
        "altruistic",
        "individualistic",
    }


def test_rater_board_compares_with_the_others(study):
    rows = {row["rater"]: row for row in result_of(study)["raters"]["rows"]}
    assert rows["carl"]["agreement"] == pytest.approx(24 / 36)
    assert rows["anna"]["compared"] == 24
    assert rows["anna"]["agreement"] == 1.0
    assert rows["anna"]["median_seconds"] is None


def test_same_answer_many_times_is_straight_lining(project):
    study = trial_study(project, RAGGED)
    judge_trials(study, {"anna": truth_of(study), "bert": ["prosocial"] * 36})
    rows = {row["rater"]: row for row in result_of(study)["raters"]["rows"]}
    assert (rows["bert"]["longest_run"], rows["bert"]["straight_lining"]) == (36, True)
    assert not rows["anna"]["straight_lining"]


@pytest.mark.parametrize(
    ("codes", "run"), [([], 0), ([3], 1), ([1, 1, 2, 2, 2, 1], 3), ([1, 2, 1], 1)]
)
def test_longest_run(codes, run):
    assert longest_run(np.array(codes, dtype=np.int64)) == run


def test_checklist_is_honest_about_what_is_not_known(study):
    rows = result_of(study)["grras"]["rows"]
    assert [row["number"] for row in rows] == list(range(1, 16))
    assert not rows[4]["recorded"]
    assert rows[6]["text"] == "not recorded"
    assert "36 items judged" in rows[10]["text"]
    for row in rows:
        assert row["recorded"] is ("not recorded" not in row["text"]), row
    assert [rows[at - 1]["status"] for at in (2, 9, 12, 14)] == [
        *("recorded", "recorded"),
        *("partly recorded", "partly recorded"),
    ]


def test_checklist_names_what_could_not_be_computed_as_such(project):
    rows = [(f"i{at}", rater, "yes") for at in range(12) for rater in "ab"]
    result = result_of(imported_study(project, rows, categories=["yes", "no"]))
    analysis, estimates = (result["grras"]["rows"][at]["text"] for at in (9, 12))
    computed, undefined = analysis.split("; undefined here: ")
    assert "percent agreement" in computed
    assert "Krippendorff's alpha" not in computed
    assert "Krippendorff's alpha (nominal)" in undefined
    defined = sum(row["defined"] for row in result["humans"]["statistics"])
    assert estimates.startswith(f"{defined} coefficient")


def test_raters_in_groups_without_a_common_item_are_told_apart(project):
    rows = [
        (f"{raters}{at}", rater, "yes" if at % 2 else "no")
        for raters in ("ab", "cd")
        for at in range(20)
        for rater in raters
    ]
    # A rater whom nobody shares an item with is in no group.
    rows.append(("alone", "e", "yes"))
    study = imported_study(project, rows, categories=["yes", "no"])
    result = result_of(study)
    assert result["humans"]["groups_apart"] == 2
    assert result["answer"][0].startswith(
        "Within 2 groups of raters that have no item in common: the raters agree well"
    )
    assert "groups_apart" in {row["code"] for row in result["warnings"]}
    items = {item.external_id: item for item in study.items.all()}
    add_judgments(study, items, [("ab0", "c", "no")])
    joined = result_of(study)
    assert joined["humans"]["groups_apart"] == 1
    assert joined["answer"][0].startswith("The raters agree well among themselves")


def test_answer_begins_with_a_short_sentence(study):
    first = result_of(study)["answer"][0]
    assert first.startswith(
        "Whether the raters agree well enough among themselves is too uncertain"
    )
    assert re.search(r"\(alpha 0\.\d+, 95 % interval 0\.\d+ to 0\.\d+\): the estimate lies", first)


def test_answer_does_not_measure_cells_by_people(study):
    result = result_of(study)
    words = " ".join(result["answer"])
    assert "scatter with an SD of" in words
    assert "MDC95" in words
    assert "people" not in words
    assert "not the same thing" in result["trials"]["reference"]["caution"]


def test_blindness_is_what_this_platform_showed_or_not_known(study, project):
    assert result_of(study)["overview"]["blindness"].startswith("This platform showed raters")
    imported = imported_study(project, [("x", "a", "yes")], categories=["yes", "no"])
    assert "not known" in result_of(imported)["overview"]["blindness"]


def test_reasons_for_unscorable_trials_are_counted():
    assert short_reason("items 1, 2 and 4 are ambiguous") == "3 answers ambiguous"
    assert (
        short_reason("item 1 is ambiguous; item 2 names no option")
        == "1 answer ambiguous, 1 answer naming no option"
    )
    assert (
        short_reason("items 2, 3, 4 and 6 are ambiguous; items 1 and 5 name no option")
        == "4 answers ambiguous, 2 answers naming no option"
    )
    assert short_reason("item 1 was refused; item 2 is ambiguous") == (
        "1 answer ambiguous, 1 answer refused"
    )
    assert short_reason("2 of 6 items have no choice") == "2 of 6 items have no choice"


def test_a_data_set_of_an_earlier_day_still_opens(study):
    from analysis.data.dataset import thaw
    from analysis.data.frozen import in_memory

    make_report(study, QUICK)
    content = thaw(DataSet.objects.get())
    del content["judgments"]["seconds"], content["judgments"]["turn"]
    assert in_memory("", content).turn.size == 0


def test_chance_corrected_rationality_is_not_averaged_over_targets_in_silence(study):
    drawn(study)
    (section,) = result_of(study)["corrected"]
    labels = {row["key"]: row["label"] for row in section["rows"]}
    assert ", mean over 3 target values" in labels["rationality_corrected"]
    assert "mean over" not in labels["rationality"]
    (said,) = [text for text in section["remarks"] if text.startswith("Chance-corrected")]
    floors = "altruistic \N{MINUS SIGN}1.01, prosocial \N{MINUS SIGN}2.50"
    assert floors in said


def test_of_one_target_value_the_mean_is_one(project):
    made = trial_study(project, {("m", "prosocial"): RAGGED["m1", "prosocial"] * 2})
    truth = truth_of(made)
    judge_trials(made, {"anna": truth, "bert": truth})
    drawn(made)
    (section,) = result_of(made)["corrected"]
    labels = {row["key"]: row["label"] for row in section["rows"]}
    assert "mean over" not in labels["rationality_corrected"]
    assert not any(text.startswith("Chance-corrected") for text in section["remarks"])
