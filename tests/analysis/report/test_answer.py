"""What the sentences of the answer say, on both sides of whatever decides about a sentence."""

import pytest

from analysis.report.answer import answer
from analysis.statistics.core.diagnostics import RARE


def row(key, value=0.5, low=0.4, high=0.6, **more):
    interval = {"low": low, "high": high, "level": 0.95, "method": "t"}
    return {
        "key": key,
        "defined": True,
        "value": value,
        "interval": interval,
        "interval_reason": None,
        "reason": None,
    } | more


def undefined(key, reason="too few"):
    return {"key": key, "defined": False, "value": None, "interval": None, "reason": reason}


def result(**parts):
    """A computed report that says as little as can be, but for *parts*."""
    return {
        "study": {},
        "overview": {"counts": {"judgments": 10}},
        "choices": [],
        "warnings": [],
        "humans": {"groups_apart": 1, "statistics": []},
        "verdict": {"code": "reliable", "text": "The raters agree well."},
        "automated": [],
        "vectors": None,
        "corrected": [],
        "trials": None,
    } | parts


def said(**parts):
    return answer(result(**parts))


SUBSTITUTE = {"beside_raters": None, "verdict": {"text": "Its verdict."}}


def labels(**parts):
    """A section on a metric that gives labels."""
    return {
        "kind": "labels",
        "name": "m",
        "decided": {"items": 40, "statistics": [row("accuracy", 0.9), row("kappa", 0.8)]},
        "everything": {"same_as_decided": True, "items": 40, "statistics": [row("accuracy", 1.0)]},
        "substitute": SUBSTITUTE,
        "classes": [],
        "matrix": {"columns": ["yes", "no"], "rows": ["yes", "no"], "counts": [], "items": 40},
        "ways_out": [],
    } | parts


def numbers(*statistics, **parts):
    return {
        "kind": "numbers",
        "name": "m",
        "items": 40,
        "other_scale": False,
        "statistics": list(statistics),
        "substitute": SUBSTITUTE,
    } | parts


def a_class(category, found, of):
    return {"category": category, "consensus": of, "recall": row("recall", found / of)}


# --- the raters -----------------------------------------------------------------------------------


def test_where_nobody_judged_nothing_else_is_said():
    found = said(overview={"counts": {"judgments": 0}})
    assert len(found) == 1
    assert found[0].startswith("Nobody has judged an item of this study yet")
    assert "Nobody has judged" not in said(overview={"counts": {"judgments": 1}})[0]


def test_choices_come_first_and_simulated_raters_before_what_they_say():
    simulated = {"code": "simulated_raters", "text": "Simulated."}
    other = {"code": "few_items", "text": "Few."}
    found = said(choices=["Without c."], warnings=[other, simulated])
    assert found[:3] == ["Without c.", "Simulated.", "The raters agree well."]
    assert "Few." not in found


def test_raters_in_groups_apart_are_spoken_of_within_their_groups():
    apart = {"groups_apart": 2, "statistics": []}
    assert said(humans=apart)[0] == (
        "Within 2 groups of raters that have no item in common: the raters agree well. Whether "
        "raters of different groups agree is not known."
    )
    unsaid = {"code": "not_said", "text": "It cannot be said."}
    assert said(humans=apart, verdict=unsaid)[0] == "It cannot be said."


def test_one_rating_is_said_with_its_value_or_why_it_has_none():
    known = {"groups_apart": 1, "statistics": [row("icc_a_1", 0.7)]}
    assert (
        "The intraclass correlation of one rating, ICC(A,1), is 0.70 (95 % interval 0.40 to 0.60)."
    ) in said(humans=known)
    unknown = {"groups_apart": 1, "statistics": [undefined("icc_a_1", "one rater")]}
    assert (
        "The intraclass correlation of one rating, ICC(A,1), cannot be said: one rater."
    ) in said(humans=unknown)


# --- a metric of labels ---------------------------------------------------------------------------


def test_a_metric_is_told_with_how_often_it_is_right_and_its_verdict():
    found = said(automated=[labels()])
    assert found[1] == (
        "m gives the label of the human consensus on 90 % (95 % interval 40 % to 60 %) of "
        "40 items (kappa 0.80, 95 % interval 0.40 to 0.60)."
    )
    assert found[2:] == ["Its verdict.", "On these items it makes no error."]


def test_what_it_is_beside_another_rater_is_told_before_its_verdict():
    beside = {"beside_raters": {"text": "Beside."}, "verdict": {"text": "Its verdict."}}
    assert said(automated=[labels(substitute=beside)])[2:4] == ["Beside.", "Its verdict."]


def test_without_an_item_that_both_decided_there_is_no_comparison():
    nothing = {"items": 0, "statistics": []}
    found = said(automated=[labels(decided=nothing)])
    assert found[1:] == [
        "m cannot be compared with the raters: there is no item to which both the human consensus "
        "and the metric gave a value."
    ]


def test_items_without_a_value_are_counted_too_where_there_are_any():
    everything = {"same_as_decided": False, "items": 50, "statistics": [row("accuracy", 0.7)]}
    assert (
        "Counting also the items to which not both gave a value, it is 70 % (95 % interval 40 % to "
        "60 %) of 50 items with a consensus."
    ) in said(automated=[labels(everything=everything)])
    everything |= {"statistics": [undefined("accuracy")]}
    assert not any(
        "Counting also" in line for line in said(automated=[labels(everything=everything)])
    )


def test_the_class_with_the_lowest_recall_is_named():
    classes = [a_class("yes", 20, 20), a_class("no", 12, 16), a_class("rare", 9, 10)]
    assert (
        "On these items it errs most on 'no': of 16 items that the raters call so it finds 12 "
        "(recall 0.75, 95 % interval 0.40 to 0.60)."
    ) in said(automated=[labels(classes=classes)])


def test_of_classes_with_the_same_recall_the_first_by_name_is_named():
    classes = [a_class("b", 5, 10), a_class("a", 5, 10)]
    assert any("errs most on 'a'" in line for line in said(automated=[labels(classes=classes)]))


@pytest.mark.parametrize(("of", "most"), [(RARE, True), (RARE - 1, False)])
def test_a_class_is_the_worst_only_with_enough_items(of, most):
    found = said(automated=[labels(classes=[a_class("no", of - 1, of)])])[-1]
    assert found.startswith(
        "On these items it errs most on 'no'" if most else "On these items it errs on 'no'"
    )
    assert found.endswith(f"no class of {RARE} items or more has an error.") != most


def test_labels_given_to_items_without_a_value_are_no_error_and_are_told():
    everything = {"same_as_decided": False, "items": 50, "statistics": [row("accuracy", 0.8)]}
    assert said(automated=[labels(everything=everything)])[-1] == (
        "It makes no error where both gave a value, and gives another label than the consensus on "
        "10 further items."
    )


def matrix(silent):
    return {
        "columns": ["yes", "no", "unscorable"],
        "rows": ["yes", "no", "unclear"],
        "counts": [[9, 1, silent], [0, 9, 2], [0, 0, 3]],
        "items": 1024 + silent,
    }


def test_items_it_could_not_score_are_counted_and_what_the_raters_say_of_them():
    assert said(automated=[labels(matrix=matrix(1))])[-1] == (
        "It could not score 6 judged items of 1,025."
    )
    with_way_out = labels(matrix=matrix(1), ways_out=["unclear", "refusal"])
    assert said(automated=[with_way_out])[-1] == (
        "It could not score 6 judged items of 1,025; the raters call 3 of these unclear or refusal."
    )


def test_the_answer_speaks_of_the_first_metric_and_counts_the_others():
    assert not any("This answer speaks" in line for line in said(automated=[labels()]))
    two = said(automated=[labels(), labels(name="n")])
    assert two[-1] == (
        "This answer speaks of m, the metric the study validates; 1 further metric is compared "
        "with the raters in the ranking table."
    )
    assert not any(line.startswith("n gives") for line in two)
    three = said(automated=[labels(), labels(name="n"), labels(name="o")])
    assert "2 further metrics are compared" in three[-1]


# --- a metric of numbers --------------------------------------------------------------------------


def test_a_bias_whose_interval_leaves_0_out_is_told_alone():
    found = said(automated=[numbers(row("bias", 2.0, 1.0, 3.0))])
    assert found[1:] == [
        "m minus the raters' mean is 2.00 (95 % interval 1.00 to 3.00) on average over 40 items.",
        "Its verdict.",
    ]


def test_a_bias_whose_interval_holds_0_is_not_shown():
    found = said(automated=[numbers(row("bias", 2.0, 0.0, 3.0))])
    assert found[2] == "The interval holds 0: no bias is shown."


def test_lins_concordance_is_told_where_it_is_defined():
    bias = row("bias", 2.0, 1.0, 3.0)
    assert ("Lin's concordance with their mean is 0.82 (95 % interval 0.40 to 0.60).") in said(
        automated=[numbers(bias, row("ccc", 0.82))]
    )
    for without in (numbers(bias, undefined("ccc")), numbers(bias)):
        assert not any("Lin's" in line for line in said(automated=[without]))


def test_numbers_that_cannot_be_compared_say_why():
    assert said(automated=[numbers(undefined("bias", "one item"))])[1:] == [
        "m cannot be compared with the raters: one item."
    ]
    assert said(automated=[numbers()])[1:] == [
        "m cannot be compared with the raters: there is nothing to compare."
    ]


def correlations(**changed):
    keys = ("pearson", "spearman", "kendall", "ceiling", "disattenuated")
    values = zip(keys, (0.5, 0.4, 0.3, 0.9, 0.6), strict=True)
    rows = {key: row(key, value) for key, value in values} | changed
    return numbers(*rows.values(), other_scale=True)


def test_a_metric_on_another_scale_is_compared_by_correlations():
    limits = "(95 % interval 0.40 to 0.60)"
    assert said(automated=[correlations()])[1:] == [
        "m is on another scale than the raters, so it is compared by correlations. With their mean "
        f"it has a Pearson correlation of 0.50 {limits} over 40 items, Spearman's is 0.40 {limits} "
        f"and Kendall's tau-b 0.30 {limits}.",
        "Given the raters' own noise, a metric without any error would reach a correlation of 0.90 "
        f"{limits} with their mean; with that noise taken out, the Pearson correlation is 0.60 "
        f"{limits}.",
        "Its verdict.",
    ]


def test_without_a_noise_ceiling_or_a_correlation_the_reason_is_told():
    found = said(automated=[correlations(ceiling=undefined("ceiling", "one rater"))])
    assert found[2] == "How much the raters' own noise allows cannot be said: one rater."
    assert said(automated=[correlations(pearson=undefined("pearson", "constant"))])[1:] == [
        "m cannot be compared with the raters: constant."
    ]


# --- vectors, all trials, repeated trials ---------------------------------------------------------


def test_vectors_are_told_by_the_mean_concordance_over_the_dimensions():
    metrics = [{"name": "m", "macro": row("macro", 0.7)}, {"name": "n", "macro": row("macro", 0.1)}]
    found = said(vectors={"names": ["a", "b", "c"], "metrics": metrics})
    assert found[1] == (
        "m: the mean over the 3 dimensions of Lin's concordance with the raters' mean is 0.70 "
        "(95 % interval 0.40 to 0.60)."
    )
    assert found[2].startswith("This answer speaks of m")
    assert len(found) == 3


@pytest.mark.parametrize("vectors", [None, {"names": ["a"], "metrics": []}])
def test_a_study_without_a_metric_says_so(vectors):
    assert said(vectors=vectors)[1:] == [
        "The study has no automated labels to compare with the raters."
    ]


def corrected(**parts):
    hits = {"key": "hits", "uncorrected": 0.6, "corrected": row("hits", 0.45, 0.3, 0.55)}
    return {
        "defined": True,
        "of": "trials",
        "name": "m",
        "trials": 1200,
        "judged": 150,
        "rows": [hits],
    } | parts


def test_the_share_of_all_trials_is_told_as_it_is_and_as_the_raters_correct_it():
    assert said(corrected=[corrected()])[-1] == (
        "Of all 1,200 scored trials 60 % show the target value by m; corrected by what the raters "
        "say of 150 of them it is 45 % (30 % to 55 %)."
    )
    assert "Of all 1,200 items 60 % show" in said(corrected=[corrected(of="items")])[-1]


def test_a_share_that_could_not_be_corrected_is_not_told():
    without = {"key": "hits", "uncorrected": 0.6}
    rows = [
        [without | {"corrected": undefined("hits")}],
        [without | {"corrected": row("hits") | {"interval": None}}],
        [{"key": "mean", "uncorrected": 0.6, "corrected": row("mean")}],
    ]
    sections = [corrected(rows=one) for one in rows] + [corrected(defined=False)]
    for section in sections:
        assert not any("corrected by what" in line for line in said(corrected=[section]))


def test_repeated_trials_are_told_by_their_scatter_and_what_it_hides():
    section = {"statistics": [row("within_sd", 6.2, 5.4, 7.2), row("mdc95", 17.1, 15.0, 20.0)]}
    assert said(trials=section)[-2:] == [
        "Repeated trials of a cell scatter with an SD of 6.2° (95 % interval 5.4° to 7.2°).",
        "A difference of less than 17.1° (95 % interval 15.0° to 20.0°) between two single trials "
        "may be chance (MDC95).",
    ]
    bare = row("within_sd", 6.2, interval=None, interval_reason="one cell")
    for without in ([bare], [bare, undefined("mdc95")]):
        assert said(trials={"statistics": without})[-1] == (
            "Repeated trials of a cell scatter with an SD of 6.2° (no interval: one cell)."
        )


def test_without_repeated_trials_the_reason_is_told():
    start = "How far repeated trials of a cell scatter cannot be said"
    assert said(trials={"statistics": []})[-1] == f"{start}: no trial has an angle."
    assert said(trials={"statistics": [undefined("within_sd", "one trial")]})[-1] == (
        f"{start}: one trial."
    )
