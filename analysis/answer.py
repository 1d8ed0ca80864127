"""The answer in words: plain sentences made from the numbers of a report, nothing else."""

from __future__ import annotations

from typing import Any

from analysis.statistics.diagnostics import RARE
from analysis.wording import count, degrees, estimate, inside_brackets, level, number, share

Statistic = dict[str, Any]


def find(rows: list[Statistic], key: str) -> Statistic | None:
    """The statistic *key* of a section's list."""
    return next((row for row in rows if row["key"] == key), None)


def answer(result: dict[str, Any]) -> list[str]:
    """The headline sentences of a computed report, most important first."""
    if not result["overview"]["counts"]["judgments"]:
        return [
            "Nobody has judged an item of this study yet, so there is nothing to compare: the "
            "report fills as judgments come in."
        ]
    sentences = [*result["choices"], *_simulated(result["warnings"]), _humans(result)]
    sentences += _one_rating(result["humans"])
    for section in result["automated"]:
        sentences += _labels(section) if section["kind"] == "labels" else _angles(section)
    if not result["automated"]:
        sentences += _vectors(result["vectors"])
    return sentences + _all_trials(result["corrected"]) + _trials(result["trials"])


def _simulated(warnings: list[dict[str, str]]) -> list[str]:
    """That raters were simulated comes before anything they are said to agree on."""
    return [row["text"] for row in warnings if row["code"] == "simulated_raters"]


def _humans(result: dict[str, Any]) -> str:
    section, cuts = result["humans"], {row["code"]: row["value"] for row in result["thresholds"]}
    alpha = find(section["statistics"], section["headline"])
    if alpha is None or not alpha["defined"]:
        reason = alpha["reason"] if alpha else "nothing was judged"
        return f"Whether the raters agree among themselves cannot be said: {reason}."
    said = f"{_verdict(alpha['value'], cuts)} (alpha {_limits(alpha)})"
    if section["groups_apart"] < 2:
        return f"{said}."
    return (
        f"Within {section['groups_apart']} groups of raters that have no item in common: "
        f"{said[:1].lower()}{said[1:]}. Whether raters of different groups agree is not known."
    )


def _one_rating(section: dict[str, Any]) -> list[str]:
    """On a scale of numbers, what the rating of one rater is worth."""
    single = find(section["statistics"], "icc_a_1")
    if single is None or not single["defined"]:
        return []
    return [f"The intraclass correlation of one rating, ICC(A,1), is {estimate(single)}."]


def _limits(row: Statistic) -> str:
    """'0.81, 0.76 to 0.85', or the value alone: the tables give the reason."""
    if row["interval"] is None:
        return number(row["value"])
    low, high = row["interval"]["low"], row["interval"]["high"]
    return f"{number(row['value'])}, {number(low)} to {number(high)}"


def _verdict(alpha: float, cuts: dict[str, float]) -> str:
    """The word for *alpha* by the report's thresholds."""
    if alpha >= cuts["reliable"]:
        return "The raters agree well among themselves"
    if alpha >= cuts["tentative"]:
        return "The raters agree well enough for tentative conclusions"
    if alpha > 0:
        return "The raters agree too little among themselves for their labels to be relied on"
    return "The raters agree no better than by chance"


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
        f"{name} gives the label of the human consensus on {share(accuracy['value'])} of "
        f"{count(decided['items'], 'item')} (kappa "
        f"{_limits(kappa) if kappa['defined'] else inside_brackets(kappa)})."
    )
    more = [*_everything(section), *_beside_raters(section), *_stand_in(section["substitute"])]
    return [first, *more, *_worst(section), *_silent(section)]


def _everything(section: dict[str, Any]) -> list[str]:
    """The same with the items that one side gave no value, which the first number leaves out."""
    everything = section["everything"]
    same = find(everything["statistics"], "accuracy")
    if everything["same_as_decided"] or same is None or not same["defined"]:
        return []
    return [
        f"Counting also the items to which not both gave a value, it is {share(same['value'])} of "
        f"{count(everything['items'], 'item')} with a consensus."
    ]


def _beside_raters(section: dict[str, Any]) -> list[str]:
    """Whether the metric agrees with raters as they do with each other."""
    gap = section["substitute"]["gap"]
    if not gap["defined"]:
        return []
    sides = gap["details"]
    metric, raters = share(sides["automated_human"]), share(sides["human_human"])
    if gap["interval"] is None:
        return [f"It agrees with one rater on {metric} against {raters} between two raters."]
    low, high = gap["interval"]["low"], gap["interval"]["high"]
    apart = f"difference {_limits(gap)}"
    if low <= 0 <= high:
        return [
            f"It agrees with a rater on {metric} of pairs, another rater does on {raters} "
            f"({apart}): no difference is shown."
        ]
    how = "less often than" if high < 0 else "more often than"
    return [
        f"It agrees with a rater {how} another rater does ({metric} against {raters} of pairs, "
        f"{apart})."
    ]


def _stand_in(section: dict[str, Any]) -> list[str]:
    """The verdict of the alternative annotator test, where it has one."""
    rates = [row for row in section["rates"] if row["defined"] and row["passes"] is not None]
    if not rates:
        return []
    passed = [row for row in rates if row["passes"]]
    row = min(passed, key=_epsilon) if passed else max(rates, key=_epsilon)
    omega = f"winning rate omega {number(row['value'])}"
    if passed:
        return [
            "By the alternative annotator test it may stand in for a rater from an epsilon of "
            f"{row['epsilon']:g} on ({omega})."
        ]
    return [
        "By the alternative annotator test it may not stand in for a rater, even at an epsilon of "
        f"{row['epsilon']:g} ({omega})."
    ]


def _epsilon(row: Statistic) -> float:
    return float(row["epsilon"])


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
        return [f"It errs on {found}finds {hits}; no class of {RARE} items or more has an error."]
    return [f"It errs most on {found}finds {hits} (recall {number(row['recall']['value'])})."]


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


def _angles(section: dict[str, Any]) -> list[str]:
    bias = find(section["statistics"], "bias")
    if bias is None or not bias["defined"]:
        reason = bias["reason"] if bias else "there is nothing to compare"
        return [f"{section['name']} cannot be compared with the raters: {reason}."]
    sentences = [
        f"{section['name']} minus the raters' mean is {estimate(bias)} on average over "
        f"{count(section['items'], 'item')}."
    ]
    if bias["interval"] and bias["interval"]["low"] <= 0 <= bias["interval"]["high"]:
        sentences.append("The interval holds 0: no bias is shown.")
    concordance = find(section["statistics"], "ccc")
    if concordance and concordance["defined"]:
        sentences.append(f"Lin's concordance with their mean is {estimate(concordance)}.")
    return sentences + _stand_in(section["substitute"])


def _vectors(section: dict[str, Any] | None) -> list[str]:
    """Each metric beside the raters' mean vectors, or that there is none."""
    if section is None or not section["metrics"]:
        return ["The study has no automated labels to compare with the raters."]
    return [
        f"{metric['name']}: the mean over the {len(section['names'])} dimensions of Lin's "
        f"concordance with the raters' mean is {estimate(metric['macro'])}."
        for metric in section["metrics"]
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
        found.append(
            f"Of all {section['trials']:,} scored trials {share(hits['uncorrected'])} show the "
            f"target value by {section['name']}; corrected by what the raters say of "
            f"{section['judged']:,} of them it is {share(hits['value'])} ({low} to {high})."
        )
    return found


def _trials(section: dict[str, Any] | None) -> list[str]:
    if section is None:
        return []
    sd = find(section["statistics"], "within_sd")
    if sd is None or not sd["defined"]:
        reason = sd["reason"] if sd else "no trial has an angle"
        return [f"How far repeated trials of a cell scatter cannot be said: {reason}."]
    sentences = [f"Repeated trials of a cell scatter with an SD of {_in_degrees(sd)}."]
    mdc = find(section["statistics"], "mdc95")
    if mdc and mdc["defined"]:
        sentences.append(
            f"A difference of less than {_in_degrees(mdc)} between two single trials may be "
            "chance (MDC95)."
        )
    return sentences


def _in_degrees(row: Statistic) -> str:
    """'6.2° (95 % interval 5.4° to 7.2°)', or the value alone."""
    if row["interval"] is None:
        return degrees(row["value"])
    low, high = row["interval"]["low"], row["interval"]["high"]
    return f"{degrees(row['value'])} ({level(row)} {degrees(low)} to {degrees(high)})"
