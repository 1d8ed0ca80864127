"""What may be said in words of a statistic: no more than its interval holds.

A verdict goes by the unfavourable limit of the interval, the lower one for 'the raters agree'
(Krippendorff 2019, ch. 12), never by the estimate. Where the interval lies on both sides of what
would decide, it is too uncertain to say, with how many items would settle it; where there is no
interval there is no verdict, with the reason. Everything here reads a computed report and is pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.statistics.planning import units_to_settle
from analysis.words.wording import count, decimals, level, listed, number, share

Statistic = dict[str, Any]
MOST_ITEMS = 1_000_000
"""Items beyond which a number of them is no advice."""

RELIABLE, TENTATIVE, TOO_LITTLE = "reliable", "tentative", "too_little"
CHANCE, AGAINST, UNCERTAIN, NOT_SAID = "chance", "against", "uncertain", "not_said"
AGREEING = (RELIABLE, TENTATIVE)
"""Verdicts by which the raters' labels may be used at all."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A code to reason with, and a sentence to read."""

    code: str
    text: str

    def to_dict(self) -> dict[str, str]:
        return {"code": self.code, "text": self.text}


def agreement(
    alpha: Statistic | None, cuts: Mapping[str, float], sampled: str = "model"
) -> Verdict:
    """Whether the raters agree among themselves, by alpha and the cut-offs of the report.

    *sampled*: what the clusters of its interval are called, where it has some.
    """
    if alpha is None or not alpha["defined"]:
        reason = alpha["reason"] if alpha else "nothing was judged"
        text = f"Whether the raters agree among themselves cannot be said: {reason}."
        return Verdict(NOT_SAID, text)
    said = f"(alpha {figures(alpha, (0.0, *cuts.values()))})"
    if alpha["interval"] is None:
        text = f"Whether the raters agree among themselves cannot be said {said}."
        return Verdict(NOT_SAID, text)
    low, high = alpha["interval"]["low"], alpha["interval"]["high"]
    code = _agreement(low, high, cuts)
    if code == UNCERTAIN:
        more = settled_by(alpha, cuts[TENTATIVE], sampled)
        return Verdict(
            code,
            "Whether the raters agree well enough among themselves is too uncertain to say "
            f"{said}: {more}.",
        )
    return Verdict(code, f"{AGREEMENT[code]} {said}.")


AGREEMENT = {
    RELIABLE: "The raters agree well among themselves",
    TENTATIVE: "The raters agree well enough for tentative conclusions",
    TOO_LITTLE: "The raters agree too little among themselves for their labels to be relied on",
    CHANCE: "The raters agree too little among themselves for their labels to be relied on, and it "
    "is not shown that they agree better than by chance",
    AGAINST: "The raters disagree systematically, more than they would by chance, as when they "
    "read a scale in opposite directions",
}
"""What is said of the raters when the interval of alpha decides."""


def _agreement(low: float, high: float, cuts: Mapping[str, float]) -> str:
    """The code for an interval of alpha from *low* to *high*."""
    if low >= cuts[RELIABLE]:
        return RELIABLE
    if low >= cuts[TENTATIVE]:
        return TENTATIVE
    if high < 0:
        return AGAINST
    if high >= cuts[TENTATIVE]:
        return UNCERTAIN
    return TOO_LITTLE if low > 0 else CHANCE


def figures(row: Statistic, marks: tuple[float, ...] = (0.0,)) -> str:
    """'0.81, 95 % interval 0.76 to 0.85', or the value and why it has no interval.

    With as many decimals as keep each number apart from the *marks* that decide a verdict.
    """
    if row["interval"] is None:
        digits = decimals([row["value"]], 2, marks)
        return f"{number(row['value'], digits)}, no interval: {row['interval_reason']}"
    low, high = row["interval"]["low"], row["interval"]["high"]
    digits = decimals((row["value"], low, high), 2, marks)
    limits = f"{number(low, digits)} to {number(high, digits)}"
    return f"{number(row['value'], digits)}, {level(row)} {limits}"


OVER_CLUSTERS = re.compile(r" on (\d+) clusters")


def settled_by(row: Statistic, cut: float, sampled: str = "model") -> str:
    """How many items would settle on which side of *cut* a statistic lies, and what that takes for
    granted; how many *sampled* clusters where these are what was sampled. It has an interval."""
    value, interval = row["value"], row["interval"]
    limit = interval["low"] if value > cut else interval["high"]
    clusters = OVER_CLUSTERS.search(interval["method"])
    units = int(clusters[1]) if clusters else row["n"].get("units", row["n"].get("items", 0))
    what = sampled if clusters else "item"
    size = units_to_settle(value, limit, cut, units) if units else None
    needed = None if size is None else _two_digits(max(size.n, units + 1))
    if needed is None or needed > MOST_ITEMS:
        apart = number(cut, decimals([cut], 2))
        return f"the estimate lies so near to {apart} that no number of {what}s settles it"
    return (
        f"about {count(needed, what)} instead of {units:,} would settle it, if the estimate stays "
        f"what it is and its interval narrows with the square root of the number of {what}s"
    )


def _two_digits(n: int) -> int:
    """*n* rounded up to two significant digits: more would promise too much."""
    step = 10 ** max(0, len(str(n)) - 2)
    return -(-n // step) * step


LESS, MORE, SAME = "less", "more", "no difference shown"


def beside_raters(gap: Statistic, margin: float, sampled: str = "model") -> Verdict | None:
    """Whether a metric agrees with raters as they do with each other, by the interval of the
    difference (shares of agreeing pairs); *margin* is the difference that is granted."""
    if not gap["defined"]:
        return None
    sides = gap["details"]
    metric, raters = share(sides["automated_human"]), share(sides["human_human"])
    apart = f"difference {figures(gap, (0.0, -margin))}"
    if gap["interval"] is None:
        text = (
            f"It agrees with a rater on {metric} of pairs, another rater does on {raters} "
            f"({apart})."
        )
        return Verdict(NOT_SAID, text)
    low, high = gap["interval"]["low"], gap["interval"]["high"]
    beyond = _non_inferior(gap, margin, sampled)
    if low <= 0 <= high:
        text = (
            f"It agrees with a rater on {metric} of pairs, another rater does on {raters} "
            f"({apart}): no difference is shown, {beyond}."
        )
        return Verdict(SAME, text)
    code = LESS if high < 0 else MORE
    joined = f", {beyond}" if code == LESS else ""
    return Verdict(
        code,
        f"It agrees with a rater {code} often than another rater does ({metric} against {raters} "
        f"of pairs, {apart}){joined}.",
    )


def _non_inferior(gap: Statistic, margin: float, sampled: str) -> str:
    """Whether the difference is shown to be less than the margin in the metric's disfavour."""
    low, high = gap["interval"]["low"], gap["interval"]["high"]
    granted = f"the margin of {number(margin, decimals([margin], 2))} (the study's epsilon)"
    if low > -margin:
        return f"and it is shown to be worse, if at all, by less than {granted}"
    if high < -margin:
        return f"and it is shown to be worse by more than {granted}"
    more = settled_by(gap, -margin, sampled)
    return f"but it is not shown that it is worse by less than {granted}: {more}"


MAY, NOT_SHOWN, WITHHELD = "may_stand_in", "not_shown", "withheld"
PASSES = 0.5


def stand_in(section: Statistic, raters: Verdict, same: Verdict | None, varies: bool) -> Verdict:
    """The one verdict of the alternative annotator test of a metric, at the study's epsilon.

    *raters*: the verdict on their own agreement, *same*: of the metric's agreement with them beside
    it, *varies*: whether the metric gives more than one value. A test that is passed is no verdict
    where any of these contradicts it.
    """
    rate = section["rates"][0]
    at = _at(section, rate)
    if not rate["defined"]:
        return Verdict(
            NOT_SAID, f"Whether it may stand in for a rater cannot be said: {rate['reason']}."
        )
    won = round(rate["value"] * rate["n"]["humans"])
    omega = f"winning rate omega {number(rate['value'])}, {won} of {rate['n']['humans']} raters"
    omega += _family(section, rate)
    after = f" {note}" if (note := not_fixed(section)) else ""
    if not rate["passes"]:
        return Verdict(
            NOT_SHOWN,
            "By the alternative annotator test it is not shown that it may stand in for a rater at "
            f"{at} ({omega}; {PASSES} passes).{after}",
        )
    if against := _against(raters, same, varies):
        return Verdict(
            WITHHELD,
            f"It passes the alternative annotator test at {at} ({omega}), but no more follows from "
            f"that here: {listed(against)}.{after}",
        )
    return Verdict(
        MAY,
        f"By the alternative annotator test it may stand in for a rater at {at} ({omega}).{after}",
    )


def _against(raters: Verdict, same: Verdict | None, varies: bool) -> list[str]:
    """What stands against a test that is passed."""
    found = []
    if raters.code not in AGREEING:
        found.append("it is not shown that the raters agree well enough among themselves")
    if same is not None and same.code == LESS:
        found.append("it agrees with a rater less than another rater does")
    if not varies:
        found.append("it says the same of every item")
    return found


def _at(section: Statistic, rate: Statistic) -> str:
    """'an epsilon of 0.2, that for expert raters'."""
    epsilon = f"an epsilon of {rate['epsilon']:g}"
    return f"{epsilon}, that for {rate['raters']} raters" if section["declared"] else epsilon


def not_fixed(section: Statistic) -> str:
    """That epsilon was not fixed before the data; empty where it was."""
    rate = section["rates"][0]
    if section["declared"]:
        return ""
    return (
        "The study does not declare what kind of raters it has, so epsilon was not fixed before "
        f"the data: {rate['epsilon']:g} is taken, the most demanding one."
    )


def _family(section: Statistic, rate: Statistic) -> str:
    """Over how many tests the correction was made, where it was over several metrics."""
    if section["metrics_tested"] < 2:
        return ""
    return (
        f", corrected by Benjamini and Yekutieli for {rate['details']['tests']:,} tests of "
        f"{section['metrics_tested']:,} metrics"
    )


def judge(result: dict[str, Any]) -> None:
    """Put the verdicts into a computed report, in place, each a ``code`` and its ``text``: on the
    raters' agreement under ``verdict``, on each metric as a substitute within its section."""
    cuts = {row["code"]: row["value"] for row in result["thresholds"]}
    humans = result["humans"]
    rows = {row["key"]: row for row in humans["statistics"]}
    sampled = result["overview"]["clusters"]["by"] or "cluster"
    raters = agreement(rows.get(humans["headline"]), cuts, sampled)
    result["verdict"] = raters.to_dict()
    for section in result["automated"]:
        part = section["substitute"]
        same = None
        if section["kind"] == "labels":
            same = beside_raters(part["gap"], part["rates"][0]["epsilon"], sampled)
        elif worse := _farther(part["gap"]):
            same = worse
        part["beside_raters"] = None if same is None else same.to_dict()
        part["verdict"] = stand_in(part, raters, same, part["varies"]).to_dict()


def _farther(gap: Statistic) -> Verdict | None:
    """That a metric of numbers is farther from a rater than another rater is, where it is shown."""
    if not gap["defined"] or gap["interval"] is None or gap["interval"]["high"] >= 0:
        return None
    return Verdict(
        LESS,
        "It lies farther from a rater than another rater does (mean distances, difference "
        f"{figures(gap)} scale units).",
    )


def zero_inside(row: Statistic) -> bool:
    """Whether a statistic has an interval and it holds 0."""
    interval = row["interval"]
    return interval is not None and interval["low"] <= 0 <= interval["high"]
