"""The answer of a report in words: what it says, how surely, and what it keeps to itself."""

import pytest

from analysis.data.parameters import Parameters
from analysis.making.reporting import make_report
from analysis.report import answer
from tests.analysis.studies import imported_study, judge_trials, trial_study

QUICK = Parameters(replicates=200)


def answer_of(project, by: float) -> list[str]:
    values = [3, 9, 14, 22, 31, 38, 45, 52, 57, 60, 66, 73]
    rows = [
        (f"i{at}", rater, str(value + step + at % 3))
        for at, value in enumerate(values)
        for rater, step in (("a", 0), ("b", 1))
    ]
    automated = {"m": {f"i{at}": str(value + by + 1) for at, value in enumerate(values)}}
    study = imported_study(project, rows, scale="interval", automated=automated)
    return make_report(study, Parameters(replicates=100)).result["answer"]


def test_a_bias_is_said_with_its_interval(project):
    said = " ".join(answer_of(project, by=20))
    assert "m minus the raters' mean is 19.50 (95 % interval" in said
    assert "no bias is shown" not in said


def test_an_interval_that_holds_0_shows_no_bias(project):
    assert any("no bias is shown" in line for line in answer_of(project, by=0.5))


def test_the_worth_of_one_rating_is_said_of_numbers(project):
    rows = [
        (f"i{at}", rater, str(10 * at + step * (at % 3)))
        for at in range(12)
        for step, rater in enumerate("abc")
    ]
    said = make_report(imported_study(project, rows, scale="interval"), QUICK).result["answer"]
    assert any("one rating, ICC(A,1), is 1.00 (95 % interval" in line for line in said)


def labelled(project, truth, metric, raters="abc"):
    """Raters who all say *truth*, but for the last, who errs on every sixth item."""
    rows = [
        (f"i{at}", rater, "no" if rater == raters[-1] and at % 6 == 0 else label)
        for at, label in enumerate(truth)
        for rater in raters
    ]
    automated = {"m": {f"i{at}": label for at, label in enumerate(metric)}}
    study = imported_study(project, rows, categories=["yes", "no", "rare"], automated=automated)
    return make_report(study, QUICK).result


def test_a_class_of_a_single_item_is_no_headline(project):
    truth = ["yes"] * 20 + ["no"] * 19 + ["rare"]
    metric = ["no"] * 2 + ["yes"] * 18 + ["no"] * 20
    said = " ".join(labelled(project, truth, metric)["answer"])
    assert "it errs most on 'yes': of 20 items that the raters call so it finds 18" in said


def test_where_only_a_small_class_has_errors_the_answer_says_so(project):
    truth = ["yes"] * 20 + ["no"] * 19 + ["rare"]
    said = " ".join(labelled(project, truth, [*truth[:-1], "no"])["answer"])
    assert "it errs on 'rare': of 1 item that the raters call so it finds 0; no class of 5" in said


def test_what_the_first_share_leaves_out_is_told(project):
    study = trial_study(project, {("m", "prosocial"): [40.0] * 8 + [None] * 4})
    judge_trials(study, {rater: ["prosocial"] * 10 + ["unclear"] * 2 for rater in "abc"})
    said = " ".join(make_report(study, QUICK).result["answer"])
    assert "on 100 % (95 % interval 67.6 % to 100 %) of 8 items" in said
    assert "to which not both gave a value, it is 66.7 % (95 % interval" in said
    assert "of 12 items with a consensus" in said


def test_trials_without_an_angle_are_the_reason_why_nothing_is_repeated(project):
    study = trial_study(project, {("m", "prosocial"): [None] * 6})
    judge_trials(study, {rater: ["unclear"] * 6 for rater in "abc"})
    result = make_report(study, QUICK).result
    assert "cannot be said: no trial of the cells has an angle." in result["answer"][-1]
    assert not any("speaks of the others" in row["text"] for row in result["warnings"])


def test_the_checklist_names_a_result_and_not_a_choice(project):
    study = trial_study(project, {("m", "prosocial"): [40.0] * 12})
    judge_trials(study, {rater: ["prosocial", "altruistic"] * 6 for rater in "abc"}, "simulated")
    result = make_report(study, Parameters(replicates=200, exclude_raters=("c",))).result
    assert result["answer"][0] == "Without c."
    assert result["grras"]["rows"][13]["text"].startswith("Whether the raters agree well enough")


@pytest.mark.parametrize("defined", [True, False])
def test_lins_concordance_is_said_where_it_is_defined(defined):
    known = {"defined": True, "value": 0.8, "interval": None, "interval_reason": "made here"}
    nothing = {"defined": False, "reason": "nothing varies"}
    section = {
        "name": "m",
        "other_scale": "",
        "items": 9,
        "statistics": [{"key": "bias"} | known, {"key": "ccc"} | (known if defined else nothing)],
        "substitute": {"beside_raters": None, "verdict": {"text": "A verdict."}},
    }
    said = " ".join(answer._numbers(section))
    assert ("Lin's concordance with their mean is 0.80" in said) is defined


def test_the_corrected_share_is_said_as_the_corrected_one():
    hits = {"defined": True, "value": 0.62, "interval": {"low": 0.55, "high": 0.7, "level": 0.95}}
    row = {"key": "hits", "uncorrected": 0.75, "corrected": {"key": "ppi"} | hits}
    part = {
        "defined": True,
        "of": "trials",
        "rows": [row],
        "trials": 900,
        "judged": 60,
        "name": "m",
    }
    (said,) = answer._all_trials([part])
    assert "scored trials 75 % show the target value by m" in said
    assert said.endswith("it is 62 % (55 % to 70 %).")
