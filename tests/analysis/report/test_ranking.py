"""Several metrics, and metrics on another scale than the raters': one table, a short answer."""

import csv

import numpy as np
import pytest
from scipy.stats import pearsonr, spearmanr

from analysis.data.frozen import in_memory
from analysis.render.sheets.every import by_section
from analysis.report.methods import methods
from analysis.sections.metrics.other_scale import APART, other_scale
from tests.analysis.contents import content_of, report_of


def numbers(metrics, *, spread=100.0, noise=20.0, items=60, raters="abcde", **study):
    """Raters from -*spread* to *spread*; *metrics*: name -> (width of its scale, noise)."""
    rng = np.random.default_rng(5)
    truth = rng.uniform(-1, 1, items)
    rows = [
        (f"i{at:02}", rater, f"{np.clip(spread * x + rng.normal(0, noise), -spread, spread):.2f}")
        for at, x in enumerate(truth.tolist())
        for rater in raters
    ]
    automated = {
        name: {
            f"i{at:02}": f"{width * (x + 1) / 2 + width * rng.normal(0, error):.3f}"
            for at, x in enumerate(truth.tolist())
        }
        for name, (width, error) in metrics.items()
    }
    return content_of(rows, scale="interval", automated=automated, **study)


def statistics_of(result, at=0):
    return {row["key"]: row for row in result["automated"][at]["statistics"]}


def test_a_metric_from_0_to_10_beside_raters_from_minus_100_to_100_has_no_bias():
    result = report_of(numbers({"m": (10, 0.05)}))
    found = statistics_of(result)
    assert set(found) == {"pearson", "spearman", "kendall", "ceiling", "disattenuated"}
    assert all(row["interval"] for row in found.values())
    said = " ".join(result["answer"])
    assert "minus the raters' mean" not in said
    assert "m is on another scale than the raters, so it is compared by correlations." in said
    assert "Whether it may stand in for a rater cannot be said: the metric is on another" in said
    assert found["pearson"]["value"] < found["ceiling"]["value"] < 1
    assert found["disattenuated"]["value"] == pytest.approx(
        min(1.0, found["pearson"]["value"] / found["ceiling"]["value"])
    )


def test_a_change_of_scale_changes_no_correlation(shared_data):
    judged, said = portrait(shared_data)
    same = statistics_of(report_of(content_of(judged, scale="interval", automated={"m": said})))
    wide = [(item, rater, str(40 * (float(x) - 3.5))) for item, rater, x in judged]
    far = report_of(content_of(wide, scale="interval", automated={"m": said}))
    other = statistics_of(far)
    assert "bias" in same and "bias" not in other
    for kind in ("pearson", "spearman", "kendall", "ceiling", "disattenuated"):
        assert other[kind]["value"] == pytest.approx(same[kind]["value"], abs=1e-9)
    people = {item: np.mean([float(x) for key, _, x in judged if key == item]) for item in said}
    pairs = np.array([(people[item], float(x)) for item, x in said.items()])
    assert other["pearson"]["value"] == pytest.approx(pearsonr(*pairs.T).statistic, abs=1e-12)
    assert other["spearman"]["value"] == pytest.approx(spearmanr(*pairs.T).statistic, abs=1e-12)


def portrait(shared_data):
    """The ratings of the first group of people, and those of a model, 1 to 6 both."""
    with (shared_data / "vp_human_ratings.csv").open(newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["group"] == "1"]
    judged = [(f"{r['portrait_id']}-{r['option_id']}", r["rater"], r["rating"]) for r in rows]
    items = {row[0] for row in judged}
    with (shared_data / "vp_llm_ratings.csv").open(newline="") as handle:
        said = {
            f"{r['portrait_id']}-{r['option_id']}": r["numeric_response"]
            for r in csv.DictReader(handle)
            if r["model"].startswith("gpt-4o-2024")
        }
    return judged, {key: value for key, value in said.items() if key in items}


def scale_of(people, metric, **declared):
    """What `other_scale` says of columns of numbers."""
    rows = [(f"i{at}", "a", str(x)) for at, x in enumerate(people)]
    said = {"m": {f"i{at}": str(x) for at, x in enumerate(metric)}}
    study = {"ranges": declared} if declared else {}
    data = in_memory("", content_of(rows, scale="interval", automated=said, **study))
    return other_scale(data, data.automated[0])


LINE = np.linspace(0, 1, 21)


@pytest.mark.parametrize(("times", "other"), [(APART - 0.1, False), (APART + 0.1, True)])
def test_undeclared_scales_differ_where_one_is_far_wider(times, other):
    assert bool(scale_of(LINE, times * LINE)) is other
    assert bool(scale_of(times * LINE, LINE)) is other


def test_one_wild_number_is_no_other_scale():
    assert scale_of(LINE, [*LINE[:-1], 900.0]) == ""


def test_a_metric_that_says_the_same_of_all_is_on_no_other_scale():
    assert scale_of(LINE, np.full(21, 0.5)) == ""


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ({"raters": [0, 20], "metrics": {"m": [0, 20]}}, ""),
        ({"raters": [0, 20], "metrics": {"m": [0, 10]}}, "its scale is declared from 0 to 10"),
        ({"raters": [0, 20]}, ""),
        ({"raters": [0, 9]}, "its numbers run from 0 to 10, the raters' scale from 0 to 9"),
        ({"metrics": {"m": [0, 10]}}, "the raters' numbers run from 0 to 20"),
        ({"metrics": {"m": [0, 30]}}, ""),
    ],
)
def test_a_declared_scale_decides(declared, words):
    found = scale_of(20 * LINE, 10 * LINE, **declared)
    assert found.startswith(words) if words.startswith("its") else words in found
    assert bool(found) is bool(words)


def test_declared_as_one_scale_numbers_far_apart_are_compared_as_they_are():
    ends = [-100, 100]
    content = numbers({"m": (10, 0.05)}, ranges={"raters": ends, "metrics": {"m": ends}})
    assert "bias" in statistics_of(report_of(content))


def test_forty_six_metrics_give_a_short_answer_and_one_table():
    result = report_of(numbers({f"m{at:02}": (10, 0.02 + at / 40) for at in range(46)}, items=40))
    assert len(result["answer"]) <= 8
    assert not any("m01" in text for text in result["answer"])
    assert len(result["warnings"]) <= 4
    assert "45 further metrics are compared with the raters in the ranking table." in (
        " ".join(result["answer"])
    )
    (sheet,) = by_section(result)["ranking"]
    assert len(sheet.rows) == 46
    values = [row["statistics"][0]["value"] for row in result["ranking"]["rows"]]
    assert values == sorted(values, reverse=True)
    assert methods(result)["paragraph"].count("was compared with") == 1


def test_labels_are_ranked_by_kappa_with_the_undefined_last():
    truth = ["yes", "no"] * 30
    rows = [(f"i{at:02}", rater, x) for at, x in enumerate(truth) for rater in "abc"]
    metrics = {
        "none": {},
        "poor": {f"i{at:02}": "yes" if at % 3 else x for at, x in enumerate(truth)},
        "good": {f"i{at:02}": x for at, x in enumerate(truth)},
    }
    metrics["none"] = {"i00": "elsewhere"}
    result = report_of(content_of(rows, categories=["yes", "no"], automated=metrics))
    assert [row["name"] for row in result["ranking"]["rows"]] == ["good", "poor", "none"]
    assert result["ranking"]["keys"] == ["kappa", "accuracy", "macro_f1"]


def test_a_single_metric_needs_no_ranking():
    result = report_of(numbers({"m": (10, 0.05)}))
    assert result["ranking"] is None
    assert "further metric" not in " ".join(result["answer"])
