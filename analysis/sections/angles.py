"""Agreement on an interval scale: among the raters, and of a metric with their mean."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from analysis.crosscheck import crosscheck, impossible
from analysis.frozen import Automated, BoolArray, FloatArray
from analysis.sections.common import Computing, Section, entry, warning
from analysis.sections.substitute import substitute
from analysis.statistics.agreement_limits import LimitsOfAgreement, limits_of_agreement
from analysis.statistics.alpha import krippendorff_alpha
from analysis.statistics.concordance import concordance
from analysis.statistics.correlation import correlation
from analysis.statistics.icc import icc
from analysis.statistics.ratings import Ratings
from analysis.statistics.reliability import standard_error_of_measurement
from analysis.statistics.result import Estimate, Result, Undefined
from analysis.wording import sentence

MAX_SIDE, MAX_SIDE_TWICE = 700, 300
"""Largest smaller side (items or raters) of a design with missing cells whose variance components
are fitted at all, and fitted once more for the SEM: the time grows with its cube."""


def human_angles(computing: Computing) -> Section:
    """Alpha interval, ICC(A,1) and ICC(A,k) of the raters, and the error of one rating."""
    data = computing.data
    alpha = krippendorff_alpha(
        data.ratings, "interval", clusters=computing.clusters, **computing.bootstrapped
    )
    found = [entry("alpha", "Krippendorff's alpha, interval", alpha), *_components(computing)]
    return {
        "headline": "alpha",
        "statistics": found,
        "categories": [],
        "pairs": [],
        "pairs_reason": "kappa is for categories; the scale is interval",
        "crosscheck": _crosscheck(data.ratings),
        "warnings": _warnings(found),
    }


def _components(computing: Computing) -> list[dict[str, Any]]:
    """ICC(A,1), ICC(A,k) and the SEM of one rating, in units of the scale."""
    ratings = computing.data.ratings
    side = 0 if ratings.complete else min(ratings.n_units, ratings.n_raters)
    if side > MAX_SIDE:
        single = mean = error = Undefined(_too_large(side), ratings.n())  # type: Result
    else:
        forms = icc(ratings, **computing.bootstrapped)
        single, mean = forms["ICC(A,1)"], forms["ICC(A,k)"]
        error = _sem(computing, single, refit=side <= MAX_SIDE_TWICE)
    return [
        entry("icc_a_1", "ICC(A,1), one rater", single),
        entry("icc_a_k", "ICC(A,k), the mean of the raters", mean),
        entry("sem", "SEM of one rating, scale units", error),
    ]


def _too_large(side: int) -> str:
    return (
        f"with missing cells the variance components of {side:,} raters or items on the smaller "
        f"side would take minutes (the bound is {MAX_SIDE:,}); alpha speaks of all of them"
    )


def _sem(computing: Computing, single: Result, *, refit: bool) -> Result:
    """SEM agreement with its interval; on a large design from the components fitted already."""
    if refit or not single.defined:
        ratings = computing.data.ratings
        return standard_error_of_measurement(ratings, "agreement", **computing.bootstrapped)
    parts = {name: single.details[name] for name in ("var_rater", "var_residual")}
    value = math.sqrt(sum(parts.values()))
    reason = "the design is large: its components are fitted once, for the ICC"
    return Estimate.of(value, reason, single.n, (), parts)


def _crosscheck(ratings: Ratings) -> dict[str, Any]:
    """pingouin on the items that every rater judged."""
    if ratings.n_raters < 2:
        return impossible("there are fewer than two raters")
    full = ratings.per_unit() == ratings.n_raters
    if full.sum() < 2:
        return impossible("fewer than two items were judged by every rater")
    table = ratings.value[full[ratings.unit]].reshape(-1, ratings.n_raters)
    return crosscheck(table, "the items that every rater judged")


def _warnings(statistics: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What the statistics themselves warn of, each text once."""
    texts = dict.fromkeys(text for row in statistics for text in row["warnings"])
    return [warning("interval_scale", sentence(text)) for text in texts]


def automated_angles(computing: Computing, scorer: Automated) -> Section:
    """Bias, limits of agreement, concordance and correlation of a metric with the raters' mean of
    each item, in units of the scale."""
    data = computing.data
    mean = data.mean_number()
    both = ~np.isnan(mean) & ~np.isnan(scorer.number)
    limits = limits_of_agreement(scorer.number[both], mean[both], level=computing.parameters.level)
    return {
        "kind": "numbers",
        "scorer": scorer.scorer,
        "version": scorer.version,
        "name": scorer.name,
        "items": int(both.sum()),
        "positions": data.positions_where(both),
        "without_number": int((~np.isnan(mean) & np.isnan(scorer.number)).sum()),
        "statistics": _against_mean(computing, scorer.number[both], mean[both], both, limits),
        "as_rater": _as_rater(computing, scorer),
        "substitute": substitute(computing, scorer),
        "differences": _differences(scorer.number[both], mean[both]),
        "raters": [],
        "warnings": [
            warning("limits", sentence(f"{scorer.name}: {text}")) for text in limits.warnings
        ],
    }


MAX_POINTS = 2000


def _differences(metric: FloatArray, mean: FloatArray) -> list[list[float]]:
    """Mean and difference of each item for the Bland-Altman plot, evenly thinned above 2,000."""
    step = max(1, -(-len(metric) // MAX_POINTS))
    rows = np.column_stack([(metric + mean) / 2, metric - mean])[::step]
    return rows.tolist()


def _against_mean(
    computing: Computing,
    metric: FloatArray,
    mean: FloatArray,
    both: BoolArray,
    limits: LimitsOfAgreement,
) -> list[dict[str, Any]]:
    clusters = computing.clusters_where(both)
    level = computing.parameters.level
    together = concordance(metric, mean, clusters=clusters, **computing.bootstrapped)
    return [
        entry("bias", "Bias, metric minus raters' mean", limits.bias),
        entry("lower_limit", "Lower limit of agreement (Bland-Altman)", limits.lower),
        entry("upper_limit", "Upper limit of agreement (Bland-Altman)", limits.upper),
        entry("ccc", "Lin's concordance correlation", together),
        entry("pearson", "Pearson correlation", correlation(metric, mean, level=level)),
    ]


def _as_rater(computing: Computing, scorer: Automated) -> dict[str, Any]:
    """Alpha of the raters and the metric together, as if the metric were one more rater."""
    people = computing.data.ratings
    unit = np.nonzero(~np.isnan(scorer.number) & (people.per_unit() > 0))[0]
    together = Ratings.from_long(
        np.concatenate([people.unit, unit]),
        np.concatenate([people.rater, np.full(len(unit), people.n_raters)]),
        np.concatenate([people.value, scorer.number[unit]]),
        n_units=people.n_units,
        n_raters=people.n_raters + 1,
    )
    alpha = krippendorff_alpha(
        together, "interval", clusters=computing.clusters, **computing.bootstrapped
    )
    name = f"Krippendorff's alpha, interval, raters and {scorer.scorer} together"
    return entry("alpha_together", name, alpha)
