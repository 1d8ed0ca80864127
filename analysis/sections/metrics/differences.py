"""Is a metric biased, and how far off is it? Differences from the raters in units of the scale.

Bland-Altman limits of the metric against the raters' mean, with the model as the unit that was
measured repeatedly where there are four or more, and against one rater, with items and raters both
repeated.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.data.frozen import Automated, BoolArray, FloatArray
from analysis.sections.computing import BY, SMALLEST, Computing, entry, warning
from analysis.sections.human_number import CODED, HumanNumber
from analysis.sections.result.metrics import BiasBy, GroupBias, InUnits
from analysis.sections.result.statistic import Statistic
from analysis.statistics.core.bootstrap import MIN_CLUSTERS
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Result, Undefined
from analysis.statistics.numbers.agreement_limits import (
    LimitsOfAgreement,
    limits_of_agreement,
    repeated_limits_of_agreement,
)
from analysis.statistics.numbers.concordance import concordance
from analysis.statistics.numbers.correlation import Kind, correlation
from analysis.statistics.numbers.crossed_limits import crossed_limits
from analysis.words.wording import sentence

MAX_POINTS = 2000


def differences(computing: Computing, scorer: Automated, human: HumanNumber) -> InUnits:
    """Bias, limits, concordance and correlation with the raters' mean; limits against one rater;
    bias by model and target value; the points of the plot."""
    both = ~np.isnan(human.mean) & ~np.isnan(scorer.number)
    metric, mean = scorer.number[both], human.mean[both]
    clusters = computing.clusters_where(both)
    limits = _limits(computing, metric, mean, clusters, human)
    together = concordance(metric, mean, clusters=clusters, **computing.bootstrapped)
    return {
        "other_scale": "",
        "note": sentence(human.note),
        "items": int(both.sum()),
        "positions": computing.data.positions_where(both),
        "without_number": int((~np.isnan(human.mean) & np.isnan(scorer.number)).sum()),
        "statistics": [
            entry("bias", "Bias, metric minus raters' mean", limits.bias),
            entry("lower_limit", "Lower limit of agreement (Bland-Altman)", limits.lower),
            entry("upper_limit", "Upper limit of agreement (Bland-Altman)", limits.upper),
            entry("slope", "Slope of the difference on the mean", limits.slope),
            entry("ccc", "Lin's concordance correlation", together),
            *correlations(computing, metric, mean, clusters),
        ],
        "one_rater": _one_rater(computing, scorer, human),
        "by": _by(computing, scorer, human, both),
        "differences": _differences(computing, metric, mean, both),
        "warnings": [
            warning("limits", f"{scorer.name}: {sentence(text)}") for text in _texts(limits, human)
        ],
    }


NAMES: dict[Kind, str] = {
    "pearson": "Pearson correlation",
    "spearman": "Spearman correlation",
    "kendall": "Kendall's tau-b",
}


def correlations(
    computing: Computing, metric: FloatArray, mean: FloatArray, clusters: Any
) -> list[Statistic]:
    """The metric with the raters' mean, in three ways that a change of scale does not touch."""
    level = computing.parameters.level
    return [
        entry(kind, name, correlation(metric, mean, kind, clusters=clusters, level=level))
        for kind, name in NAMES.items()
    ]


def on_another_scale(
    computing: Computing, scorer: Automated, human: HumanNumber, reason: str
) -> InUnits:
    """The same parts for a metric whose numbers are on another scale, *reason* says which: nothing
    in units of the raters' scale is computed, so these parts are empty."""
    both = ~np.isnan(human.mean) & ~np.isnan(scorer.number)
    metric, mean = scorer.number[both], human.mean[both]
    text = (
        f"{scorer.name} is on another scale than the raters ({reason}). It is compared by "
        "correlations: bias, limits of agreement, concordance and the alternative annotator test "
        "need one scale."
    )
    return {
        "other_scale": reason,
        "note": sentence(human.note),
        "items": int(both.sum()),
        "positions": computing.data.positions_where(both),
        "without_number": int((~np.isnan(human.mean) & np.isnan(scorer.number)).sum()),
        "statistics": correlations(computing, metric, mean, computing.clusters_where(both)),
        "one_rater": [],
        "by": [],
        "differences": [],
        "warnings": [warning("other_scale", text)],
    }


def _texts(limits: LimitsOfAgreement, human: HumanNumber) -> list[str]:
    """Warnings of the limits; coded numbers lie at few values and slope whatever the metric."""
    coded = human.kind == CODED
    return [text for text in limits.warnings if not (coded and text.startswith("proportional"))]


def _limits(
    computing: Computing, metric: FloatArray, mean: FloatArray, models: Any, human: HumanNumber
) -> LimitsOfAgreement:
    """Limits by item, or with the model as the unit that was measured repeatedly."""
    options: dict[str, Any] = {"level": computing.parameters.level, "bounds": human.bounds}
    if models is not None and len(set(models)) >= MIN_CLUSTERS:
        return repeated_limits_of_agreement(metric, mean, models, **options)
    return limits_of_agreement(metric, mean, **options)


def _one_rater(computing: Computing, scorer: Automated, human: HumanNumber) -> list[Statistic]:
    """Limits of the metric against a single rating: items and raters are both repeated."""
    ratings = human.ratings
    gap = scorer.number[ratings.unit] - ratings.value
    there = ~np.isnan(gap)
    differences = Ratings(
        ratings.unit[there], ratings.rater[there], gap[there], ratings.n_units, ratings.n_raters
    )
    limits = crossed_limits(differences, **computing.bootstrapped)
    return [
        entry("bias_one", "Bias, metric minus one rater", limits.bias),
        entry("lower_one", "Lower limit of agreement with one rater", limits.lower),
        entry("upper_one", "Upper limit of agreement with one rater", limits.upper),
    ]


def _by(
    computing: Computing, scorer: Automated, human: HumanNumber, both: BoolArray
) -> list[BiasBy]:
    """Bias and limits within each model and each target value."""
    found: list[BiasBy] = []
    for fact in ("model", "target_value"):
        facts = computing.facts(fact)
        names = sorted(set(facts[both].tolist()) - {""})
        rows = [_group(computing, scorer, human, both & (facts == name), name) for name in names]
        if rows:
            found.append({"fact": fact, "title": BY[fact], "rows": rows})
    return found


def _group(
    computing: Computing, scorer: Automated, human: HumanNumber, mask: BoolArray, name: str
) -> GroupBias:
    n = int(mask.sum())
    parts: dict[str, Result] = dict.fromkeys(
        ("bias", "lower", "upper"),
        Undefined(f"fewer than {SMALLEST} items to compare", {"units": n}),
    )
    if n >= SMALLEST:
        models = computing.clusters_where(mask)
        limits = _limits(computing, scorer.number[mask], human.mean[mask], models, human)
        parts = {"bias": limits.bias, "lower": limits.lower, "upper": limits.upper}
    return {
        "group": name,
        "items": n,
        "bias": entry("bias", "Bias", parts["bias"]),
        "lower": entry("lower", "Lower limit", parts["lower"]),
        "upper": entry("upper", "Upper limit", parts["upper"]),
    }


def _differences(
    computing: Computing, metric: FloatArray, mean: FloatArray, both: BoolArray
) -> list[list[float]]:
    """Mean, difference and position of each item for the plot, evenly thinned above 2,000."""
    step = max(1, -(-len(metric) // MAX_POINTS))
    position = np.array(computing.data.positions_where(both), dtype=np.float64)
    rows = np.column_stack([(metric + mean) / 2, metric - mean, position])[::step]
    return [[x, y, int(at)] for x, y, at in rows.tolist()]
