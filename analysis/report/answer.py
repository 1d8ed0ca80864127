"""The answer in words: plain sentences made from the numbers of a report, nothing else."""

from __future__ import annotations

from typing import Any

from analysis.kinds import kind_of
from analysis.statistics.core.diagnostics import RARE
from analysis.words.units import Unit
from analysis.words.verdicts import NOT_SAID, zero_inside
from analysis.words.wording import (
    count,
    estimate,
    inside_brackets,
    level,
    share,
    share_estimate,
)

Statistic = dict[str, Any]


def find(rows: list[Statistic], key: str) -> Statistic | None:
    """The statistic *key* of a section's list."""
    return next((row for row in rows if row["key"] == key), None)


def answer(result: dict[str, Any]) -> list[str]:
    """The headline sentences of a computed report, most important first.

    They speak of the study's metric alone; the others stand in one ranking table.
    """
    if not result["overview"]["counts"]["judgments"]:
        return [
            "Nobody has judged an item of this study yet, so there is nothing to compare: the "
            "report fills as judgments come in."
        ]
    sentences = [*result["choices"], *_simulated(result["warnings"]), _humans(result)]
    sentences += _one_rating(result["humans"])
    for section in result["automated"][:1]:
        sentences += _labels(section) if section["kind"] == "labels" else _numbers(section)
    if not result["automated"]:
        sentences += _vectors(result["vectors"])
    sentences += _further_metrics(result)
    return sentences + _all_trials(result["corrected"][:1]) + _trials(result)


def _further_metrics(result: dict[str, Any]) -> list[str]:
    """Where the metrics are that this answer is not about."""
    metrics = result["automated"] or (result["vectors"] or {"metrics": []})["metrics"]
    if len(metrics) < 2:
        return []
    others = len(metrics) - 1
    verb = "is" if others == 1 else "are"
    return [
        f"This answer speaks of {metrics[0]['name']}, the metric the study validates; "
        f"{count(others, 'further metric')} {verb} compared with the raters in the ranking table."
    ]


def _simulated(warnings: list[dict[str, str]]) -> list[str]:
    """That raters were simulated comes before anything they are said to agree on."""
    return [row["text"] for row in warnings if row["code"] == "simulated_raters"]


def _humans(result: dict[str, Any]) -> str:
    section, verdict = result["humans"], result["verdict"]
    said = str(verdict["text"])
    if section["groups_apart"] < 2 or verdict["code"] == NOT_SAID:
        return said
    return (
        f"Within {section['groups_apart']} groups of raters that have no item in common: "
        f"{said[:1].lower()}{said[1:-1]}. Whether raters of different groups agree is not known."
    )


def _one_rating(section: dict[str, Any]) -> list[str]:
    """On a scale of numbers, what the rating of one rater is worth."""
    single = find(section["statistics"], "icc_a_1")
    if single is None:
        return []
    if not single["defined"]:
        return [
            "The intraclass correlation of one rating, ICC(A,1), cannot be said: "
            f"{single['reason']}."
        ]
    return [f"The intraclass correlation of one rating, ICC(A,1), is {estimate(single)}."]


def _labels(section: dict[str, Any]) -> list[str]:
    name, decided = section["name"], section["decided"]
    if not decided["items"]:
        return [
            f"{name} cannot be compared with the raters: there is no item to which both the human "
            "consensus and the metric gave a value.",
            *_silent(section),
        ]
    accuracy = find(decided["statistics"], "accuracy")
    kappa = find(decided["statistics"], "kappa")
    assert accuracy is not None and kappa is not None  # noqa: S101  (every section has both)
    first = (
        f"{name} gives the label of the human consensus on {share_estimate(accuracy)} of "
        f"{count(decided['items'], 'item')} (kappa {inside_brackets(kappa)})."
    )
    more = [*_everything(section), *_substitute(section["substitute"])]
    return [first, *more, *_worst(section), *_silent(section)]


def _substitute(section: dict[str, Any]) -> list[str]:
    """Beside another rater, and the verdict of the alternative annotator test."""
    beside = section["beside_raters"]
    return [*([beside["text"]] if beside else []), section["verdict"]["text"]]


def _everything(section: dict[str, Any]) -> list[str]:
    """The same with the items that one side gave no value, which the first number leaves out."""
    everything = section["everything"]
    same = find(everything["statistics"], "accuracy")
    if everything["same_as_decided"] or same is None or not same["defined"]:
        return []
    return [
        f"Counting also the items to which not both gave a value, it is {share_estimate(same)} "
        f"of {count(everything['items'], 'item')} with a consensus."
    ]


def _worst(section: dict[str, Any]) -> list[str]:
    missed = [
        row for row in section["classes"] if row["recall"]["defined"] and row["recall"]["value"] < 1
    ]
    if not missed:
        return [_no_error(section["everything"])]
    enough = [row for row in missed if row["consensus"] >= RARE]
    row = min(enough or missed, key=lambda row: (row["recall"]["value"], row["category"]))
    hits = round(row["recall"]["value"] * row["consensus"])
    found = f"'{row['category']}': of {count(row['consensus'], 'item')} that the raters call so it "
    if not enough:
        return [
            f"On these items it errs on {found}finds {hits}; no class of {RARE} items or more has "
            "an error."
        ]
    recall = inside_brackets(row["recall"])
    return [f"On these items it errs most on {found}finds {hits} (recall {recall})."]


def _no_error(everything: dict[str, Any]) -> str:
    """That no value is wrong; and how many labels are, counting what is no value."""
    same = find(everything["statistics"], "accuracy")
    wrong = 0
    if same is not None and same["defined"]:
        wrong = everything["items"] - round(same["value"] * everything["items"])
    if not wrong:
        return "On these items it makes no error."
    return (
        "It makes no error where both gave a value, and gives another label than the consensus on "
        f"{count(wrong, 'further item')}."
    )


def _silent(section: dict[str, Any]) -> list[str]:
    matrix = section["matrix"]
    if "unscorable" not in matrix["columns"]:
        return []
    column = matrix["columns"].index("unscorable")
    counts = {row: line[column] for row, line in zip(matrix["rows"], matrix["counts"], strict=True)}
    total = sum(counts.values())
    said = f"It could not score {count(total, 'judged item')} of {matrix['items']:,}"
    ways_out = section["ways_out"]
    if not ways_out:
        return [f"{said}."]
    unsure = sum(counts.get(label, 0) for label in ways_out)
    return [f"{said}; the raters call {unsure:,} of these {' or '.join(ways_out)}."]


def _numbers(section: dict[str, Any]) -> list[str]:
    if section["other_scale"]:
        return _by_correlation(section)
    bias = find(section["statistics"], "bias")
    if bias is None or not bias["defined"]:
        reason = bias["reason"] if bias else "there is nothing to compare"
        return [f"{section['name']} cannot be compared with the raters: {reason}."]
    sentences = [
        f"{section['name']} minus the raters' mean is {estimate(bias)} on average over "
        f"{count(section['items'], 'item')}."
    ]
    if zero_inside(bias):
        sentences.append("The interval holds 0: no bias is shown.")
    concordance = find(section["statistics"], "ccc")
    if concordance and concordance["defined"]:
        sentences.append(f"Lin's concordance with their mean is {estimate(concordance)}.")
    return sentences + _substitute(section["substitute"])


def _by_correlation(section: dict[str, Any]) -> list[str]:
    """A metric on another scale than the raters'."""
    name, rows = section["name"], section["statistics"]
    pearson, spearman, kendall, ceiling, without = (
        find(rows, key) for key in ("pearson", "spearman", "kendall", "ceiling", "disattenuated")
    )
    assert pearson and spearman and kendall and ceiling and without  # noqa: S101  (all are there)
    if not pearson["defined"]:
        return [f"{name} cannot be compared with the raters: {pearson['reason']}."]
    sentences = [
        f"{name} is on another scale than the raters, so it is compared by correlations. With "
        f"their mean it has a Pearson correlation of {estimate(pearson)} over "
        f"{count(section['items'], 'item')}, Spearman's is {estimate(spearman)} and Kendall's "
        f"tau-b {estimate(kendall)}."
    ]
    if not ceiling["defined"]:
        sentences.append(
            f"How much the raters' own noise allows cannot be said: {ceiling['reason']}."
        )
    else:
        sentences.append(
            "Given the raters' own noise, a metric without any error would reach a correlation of "
            f"{estimate(ceiling)} with their mean; with that noise taken out, the Pearson "
            f"correlation is {estimate(without)}."
        )
    return [*sentences, section["substitute"]["verdict"]["text"]]


def _vectors(section: dict[str, Any] | None) -> list[str]:
    """Each metric beside the raters' mean vectors, or that there is none."""
    if section is None or not section["metrics"]:
        return ["The study has no automated labels to compare with the raters."]
    return [
        f"{metric['name']}: the mean over the {len(section['names'])} dimensions of Lin's "
        f"concordance with the raters' mean is {estimate(metric['macro'])}."
        for metric in section["metrics"][:1]
    ]


def _all_trials(sections: list[dict[str, Any]]) -> list[str]:
    """How often models act on their target value, over all scored trials, after the correction."""
    found = []
    for section in sections:
        rows = section["rows"] if section["defined"] else []
        hits = find([row | row["corrected"] | {"key": row["key"]} for row in rows], "hits")
        if hits is None or not hits["defined"] or hits["interval"] is None:
            continue
        low, high = share(hits["interval"]["low"]), share(hits["interval"]["high"])
        what = "scored trials" if section["of"] == "trials" else "items"
        found.append(
            f"Of all {section['trials']:,} {what} {share(hits['uncorrected'])} show the target "
            f"value by {section['name']}; corrected by what the raters say of "
            f"{section['judged']:,} of them it is {share(hits['value'])} ({low} to {high})."
        )
    return found


def _trials(result: dict[str, Any]) -> list[str]:
    section = result["trials"]
    if section is None:
        return []
    unit = kind_of(result["study"]).unit
    sd = find(section["statistics"], "within_sd")
    if sd is None or not sd["defined"]:
        reason = sd["reason"] if sd else f"no trial has {unit.a_value}"
        return [f"How far repeated trials of a cell scatter cannot be said: {reason}."]
    sentences = [f"Repeated trials of a cell scatter with an SD of {_in_unit(sd, unit)}."]
    mdc = find(section["statistics"], "mdc95")
    if mdc and mdc["defined"]:
        sentences.append(
            f"A difference of less than {_in_unit(mdc, unit)} between two single trials may be "
            "chance (MDC95)."
        )
    return sentences


def _in_unit(row: Statistic, unit: Unit) -> str:
    """'6.2° (95 % interval 5.4° to 7.2°)', or the value and why it has no interval."""
    if row["interval"] is None:
        return f"{unit.text(row['value'])} (no interval: {row['interval_reason']})"
    low, high = row["interval"]["low"], row["interval"]["high"]
    return f"{unit.text(row['value'])} ({level(row)} {unit.text(low)} to {unit.text(high)})"
