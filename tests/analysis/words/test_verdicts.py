"""What the words of a report may say: no more than the interval holds, on both sides of every
threshold."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.data.parameters import Parameters
from analysis.statistics.agreement.alt_test import EPSILON
from analysis.statistics.planning import units_to_settle
from analysis.words import verdicts
from analysis.words.verdicts import agreement, beside_raters, settled_by, stand_in
from tests.analysis.contents import content_of, labelled, report_of
from tests.support.examples import examples

CUTS = {"reliable": 0.8, "tentative": 0.667}


def statistic(value, low=None, high=None, **more):
    interval = None
    if low is not None:
        interval = {"low": low, "high": high, "level": 0.95, "method": "percentile bootstrap"}
    return {
        "defined": True,
        "value": value,
        "interval": interval,
        "interval_reason": None if interval else "one model alone gives no interval",
        "n": {"units": 50},
        "details": {"automated_human": 0.8, "human_human": 0.8 - value},
    } | more


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.8, 0.95, "The raters agree well among themselves (alpha"),
        (0.79, 0.95, "The raters agree well enough for tentative conclusions (alpha"),
        (0.667, 0.95, "The raters agree well enough for tentative conclusions (alpha"),
        (0.66, 0.95, "is too uncertain to say (alpha"),
        (-0.5, 0.85, "is too uncertain to say (alpha"),
        (0.0, 1.0, "is too uncertain to say (alpha"),
        (0.3, 0.667, "is too uncertain to say (alpha"),
        (0.3, 0.66, "for their labels to be relied on (alpha"),
        (0.01, 0.2, "for their labels to be relied on (alpha"),
        (0.0, 0.2, "it is not shown that they agree better than by chance (alpha"),
        (-0.3, 0.0, "it is not shown that they agree better than by chance (alpha"),
        (-0.3, -0.01, "The raters disagree systematically"),
    ],
)
def test_the_unfavourable_limit_decides_how_the_raters_agree(low, high, words):
    assert words in agreement(statistic((low + high) / 2, low, high), CUTS).text


def test_the_estimate_alone_decides_nothing():
    assert agreement(statistic(0.99, 0.1, 1.0), CUTS).code == verdicts.UNCERTAIN
    nothing = agreement(statistic(1.0), CUTS)
    assert nothing.code == verdicts.NOT_SAID
    assert nothing.text == (
        "Whether the raters agree among themselves cannot be said (alpha 1.00, no interval: one "
        "model alone gives no interval)."
    )


def test_raters_who_read_a_scale_the_other_way_round_disagree_systematically():
    rows = [
        (f"i{at:02}", rater, "yes" if (at + (rater == "b")) % 2 else "no")
        for at in range(30)
        for rater in "ab"
    ]
    result = report_of(content_of(rows, categories=["yes", "no"]))
    assert result["humans"]["statistics"][0]["value"] == pytest.approx(-0.9667, abs=1e-4)
    assert result["answer"][0].startswith("The raters disagree systematically, more than they")


def test_two_items_are_too_few_to_agree_well_on():
    result = labelled(["yes", "no"], None, "ab")
    assert result["humans"]["statistics"][0]["value"] == 1
    assert result["answer"][0] == (
        "Whether the raters agree well enough among themselves is too uncertain to say (alpha "
        "1.00, 95 % interval \N{MINUS SIGN}0.26 to 1.00): about 29 items instead of 2 would settle "
        "it, if the estimate stays what it is and its interval narrows with the square root of the "
        "number of items."
    )


def test_an_icc_of_one_from_a_pair_has_its_reason():
    rows = [(item, rater, str(value)) for item, value in (("x", 1), ("y", 5)) for rater in "ab"]
    said = " ".join(report_of(content_of(rows, scale="interval"))["answer"])
    assert "ICC(A,1), is 1.00 (no interval: " in said


@pytest.mark.parametrize(
    ("value", "limit", "cut", "units", "n"),
    [(0.85, -0.5, 0.667, 2, 109), (0.7, 0.6, 0.667, 100, 919), (0.5, 0.7, 0.667, 30, 44)],
)
def test_items_that_settle_it_go_by_the_root_of_their_number(value, limit, cut, units, n):
    size = units_to_settle(value, limit, cut, units)
    assert size is not None
    assert size.n == n
    left = abs(value - limit) * (units / size.n) ** 0.5
    assert left <= abs(value - cut)


@pytest.mark.parametrize(("value", "limit"), [(0.667, 0.5), (0.7, 0.8)])
def test_no_number_of_items_moves_a_limit_past_the_estimate(value, limit):
    assert units_to_settle(value, limit, 0.667, 10) is None


@pytest.mark.parametrize("sampled", ["model", "cluster"])
@pytest.mark.parametrize("way", ["t on {}", "exact binomial on {} without exception"])
def test_what_was_sampled_is_what_is_counted(sampled, way):
    row = statistic(0.75, 0.5, 0.9)
    row["interval"]["method"] = way.format("5 clusters")
    said = settled_by(row, 0.667, sampled)
    assert said.startswith(f"about 46 {sampled}s instead of 5 would settle it")
    assert sampled in agreement(row, CUTS, sampled).text


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-0.2, -0.11, "less often than another rater does"),
        (-0.2, -0.01, "less often than another rater does"),
        (-0.2, 0.0, "no difference is shown"),
        (-0.02, 0.2, "no difference is shown"),
        (0.0, 0.2, "no difference is shown"),
        (0.01, 0.2, "more often than another rater does"),
    ],
)
def test_whether_it_agrees_as_raters_do_goes_by_both_limits(low, high, words):
    found = beside_raters(statistic((low + high) / 2, low, high), 0.1)
    assert found is not None
    assert words in found.text


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-0.09, 0.2, "and it is shown to be worse, if at all, by less than the margin of 0.10"),
        (-0.1, 0.2, "but it is not shown that it is worse by less than the margin of 0.10"),
        (-0.3, -0.05, "but it is not shown that it is worse by less than the margin of 0.10"),
        (-0.3, -0.11, "and it is shown to be worse by more than the margin of 0.10"),
    ],
)
def test_the_margin_stands_beside_the_difference(low, high, words):
    found = beside_raters(statistic((low + high) / 2, low, high), 0.1)
    assert found is not None
    assert words in found.text


def test_a_difference_without_an_interval_has_no_verdict():
    found = beside_raters(statistic(0.0), 0.1)
    assert found is not None
    assert found.code == verdicts.NOT_SAID
    assert "no interval: one model alone" in found.text
    assert "difference is shown" not in found.text


def test_a_limit_that_is_not_0_is_not_written_as_0():
    found = beside_raters(statistic(-0.03, -0.07, -0.0034), 0.1)
    assert found is not None
    plain = found.text.replace("\N{MINUS SIGN}", "-")
    assert "difference -0.030, 95 % interval -0.070 to -0.003)" in plain


TRUTH = ["yes", "no"] * 60


@pytest.mark.parametrize(("kind", "epsilon"), list(EPSILON.items()))
def test_the_kind_of_raters_fixes_the_one_epsilon(kind, epsilon):
    result = labelled(TRUTH, TRUTH, errs={"c": 12}, raters_are=kind)
    (rate,) = result["automated"][0]["substitute"]["rates"]
    assert (rate["epsilon"], rate["raters"]) == (epsilon, kind)
    said = " ".join(result["answer"])
    assert f"may stand in for a rater at an epsilon of {epsilon:g}, that for {kind} raters" in said
    assert "not fixed before" not in said


def test_a_kind_of_raters_that_was_not_declared_is_told_and_asks_for_most():
    said = " ".join(labelled(TRUTH, TRUTH, errs={"c": 12})["answer"])
    assert "it may stand in for a rater at an epsilon of 0.1 (winning rate omega 1.00, 3" in said
    assert "so epsilon was not fixed before the data: 0.1 is taken, the most demanding one." in said


def worse_than_a_rater(every: int) -> list[str]:
    return [{"yes": "no", "no": "yes"}[x] if not at % every else x for at, x in enumerate(TRUTH)]


def test_a_metric_that_fails_at_the_declared_epsilon_gets_no_other():
    # It errs on every sixth item, raters hardly ever: within .2 of them, not within .1.
    metric = worse_than_a_rater(9)
    crowd = labelled(TRUTH, metric, errs={"c": 40}, raters_are="crowd")["automated"][0]
    expert = labelled(TRUTH, metric, errs={"c": 40}, raters_are="expert")["automated"][0]
    assert [row["passes"] for row in crowd["substitute"]["rates"]] == [False]
    assert [row["passes"] for row in expert["substitute"]["rates"]] == [True]
    assert crowd["substitute"]["verdict"]["code"] == verdicts.NOT_SHOWN
    assert "is not shown that it may stand in" in crowd["substitute"]["verdict"]["text"]


def test_raters_who_do_not_agree_give_no_substitute():
    result = labelled(TRUTH, TRUTH, errs={"a": 2, "b": 3, "c": 4}, raters_are="expert")
    part = result["automated"][0]["substitute"]
    assert part["rates"][0]["passes"]
    assert part["verdict"]["code"] == verdicts.WITHHELD
    assert "it is not shown that the raters agree well enough" in part["verdict"]["text"]


def test_where_everybody_says_the_same_nothing_can_stand_in():
    result = labelled(["yes"] * 60, ["yes"] * 60, raters_are="expert")
    part = result["automated"][0]["substitute"]
    assert part["rates"][0]["passes"]
    assert part["verdict"]["code"] == verdicts.WITHHELD
    assert "it says the same of every item" in part["verdict"]["text"]


def test_what_agrees_less_than_a_rater_does_not_stand_in_in_the_same_breath():
    result = labelled(TRUTH, worse_than_a_rater(15), raters_are="expert")
    part = result["automated"][0]["substitute"]
    assert part["rates"][0]["passes"]
    assert part["beside_raters"]["code"] == verdicts.LESS
    assert part["verdict"]["code"] == verdicts.WITHHELD
    said = " ".join(result["answer"])
    assert "less often than another rater does" in said
    assert "may stand in" not in said


def test_tests_of_several_metrics_are_corrected_together_and_counted():
    rows = [(f"i{at:03}", rater, x) for at, x in enumerate(TRUTH) for rater in "abc"]
    # Four errors of a metric in 120: one test of three raters rejects, and ten metrics' do not.
    good = {f"i{at:03}": x for at, x in enumerate(TRUTH)}
    bad = dict.fromkeys(good, "yes")
    one = report_of(content_of(rows, categories=["yes", "no"], automated={"m0": good}))
    many = report_of(
        content_of(
            rows,
            categories=["yes", "no"],
            automated={"m0": good} | {f"m{at}": bad for at in range(1, 10)},
        )
    )
    first, later = (r["automated"][0]["substitute"]["rates"][0] for r in (one, many))
    assert (first["details"]["tests"], later["details"]["tests"]) == (3, 30)
    said = " ".join(many["answer"])
    assert "corrected by Benjamini and Yekutieli for 30 tests of 10 metrics" in said
    assert "tests of" not in " ".join(one["answer"])


@pytest.mark.parametrize(("code", "passes"), [(True, verdicts.MAY), (False, verdicts.NOT_SHOWN)])
def test_the_verdict_follows_the_test(code, passes):
    rate = {"defined": True, "value": 0.5 if code else 0.49, "passes": code, "epsilon": 0.1}
    rate |= {"raters": "crowd", "n": {"humans": 4}, "details": {"tests": 4}}
    section = {"rates": [rate], "declared": True, "metrics_tested": 1}
    agreed = agreement(statistic(0.9, 0.85, 0.95), CUTS)
    assert stand_in(section, agreed, None, varies=True).code == passes


FEW = Parameters(replicates=100)
LABELS = st.sampled_from(["yes", "no", "other"])
VALUES = st.sampled_from(["-100", "0", "0.25", "3", "7", "1e9"])


@st.composite
def odd_data(draw, scale):
    """Few or many items and raters, holes, agreement, contradiction and constancy."""
    values = VALUES if scale == "interval" else LABELS
    items, raters = draw(st.integers(1, 45)), draw(st.integers(1, 4))
    chance = draw(st.sampled_from([0.0, 0.05, 0.3, 1.0]))
    random = draw(st.randoms(use_true_random=False))
    known = draw(st.lists(values, min_size=1, max_size=3))

    def say(truth):
        return random.choice(known) if random.random() < chance else truth

    truth = [random.choice(known) for _ in range(items)]
    turned = draw(st.booleans())
    rows = [
        (f"i{at:02}", f"r{rater}", known[0] if turned and rater == 0 else say(truth[at]))
        for at in range(items)
        for rater in range(raters)
        if random.random() < 0.9 or not at
    ]
    metrics = {
        f"m{one}": {f"i{at:02}": say(truth[at]) for at in range(items) if random.random() < 0.95}
        for one in range(draw(st.integers(0, 2)))
    }
    more = {"raters_are": draw(st.sampled_from(["crowd", "skilled", "expert"]))}
    more = more if draw(st.booleans()) else {}
    metrics = {name: said for name, said in metrics.items() if said}
    categories = [] if scale == "interval" else ["yes", "no", "other"]
    return content_of(rows, scale=scale, categories=categories, automated=metrics, **more)


@pytest.mark.parametrize("scale", ["nominal", "ordinal", "interval"])
@settings(max_examples=examples(70), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_sentence_says_more_than_its_interval(scale, data):
    result = report_of(data.draw(odd_data(scale)), FEW)
    for text in result["answer"]:
        check(text, result)


def limits(row):
    return (row["interval"]["low"], row["interval"]["high"]) if row["interval"] else None


def check(text, result):
    """Every word of a verdict in *text* has its interval on its side."""
    humans = {row["key"]: row for row in result["humans"]["statistics"]}
    alpha = humans[result["humans"]["headline"]]
    held = limits(alpha) if alpha["defined"] else None
    sides = {
        "agree well among themselves (": lambda low, high: low >= 0.8,
        "agree well enough for tentative": lambda low, high: 0.667 <= low < 0.8,
        "agree too little among": lambda low, high: high < 0.667,
        "not shown that they agree better than by chance": lambda low, high: low <= 0 <= high,
        "disagree systematically": lambda low, high: high < 0,
        "is too uncertain to say": lambda low, high: low < 0.667 <= high,
    }
    for words, right in sides.items():
        if words in text:
            assert held is not None, text
            assert right(*held), (text, held)
    if held is None and "Whether the raters agree among themselves" in text:
        assert "cannot be said" in text
    metrics = result["automated"]
    if not metrics:
        return
    first = metrics[0]
    part = first["substitute"]
    gap = limits(part["gap"]) if part["gap"]["defined"] else None
    epsilon = part["rates"][0]["epsilon"]
    of_gap = {
        "no difference is shown": lambda low, high: low <= 0 <= high,
        "less often than another rater": lambda low, high: high < 0,
        "more often than another rater": lambda low, high: low > 0,
        "shown to be worse, if at all, by less": lambda low, high: low > -epsilon,
        "it is shown to be worse by more": lambda low, high: high < -epsilon,
    }
    for words, right in of_gap.items():
        if words in text:
            assert gap is not None, text
            assert right(*gap), (text, gap)
    if re.search(r"test it may stand in for a rater", text):
        assert part["rates"][0]["passes"], text
        assert held is not None, text
        assert held[0] >= 0.667, text
        assert gap is None or gap[1] >= 0, text
    if "no bias is shown" in text:
        bias = next(row for row in first["statistics"] if row["key"] == "bias")
        low, high = limits(bias)
        assert low <= 0 <= high


@pytest.mark.parametrize("low", [-0.3, -0.1, 0.1])
def test_a_margin_is_said_to_be_the_studys_epsilon(low):
    said = beside_raters(statistic(low + 0.05, low, low + 0.1), 0.15).text
    assert ("the margin of 0.15 (the study's epsilon)" in said) == (low < 0)
