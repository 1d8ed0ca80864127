"""Intraclass correlations when cells are missing: REML components, intervals from their pivots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.statistics.core.diagnostics import constant_rater_warnings
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import SHARE, Estimate, Interval, Result, Undefined
from analysis.statistics.core.rounding import noise
from analysis.statistics.numbers.icc_forms import (
    EQUAL_TARGETS,
    FORMS,
    NO_VARIATION,
    ONE_RATER,
    ONE_TARGET,
    Form,
    few_raters_warnings,
    from_components,
    is_two_way,
)
from analysis.statistics.numbers.pivots import Draws, pivots
from analysis.statistics.numbers.variance_components import Design, design_parts

PIVOT_METHOD = "parametric simulation of the variance pivots"


def missing_cell_iccs(
    data: Ratings, level: float, replicates: int, seed: int
) -> dict[Form, Result]:
    """All six forms for an incomplete design; arguments as for ``icc.icc``."""
    n = data.n()
    refusal = _refusal(data, n)
    if refusal is not None:
        return {form: Undefined(refusal, n) for form in FORMS}
    warnings = [
        *constant_rater_warnings(data),
        *few_raters_warnings(n["raters"]),
        *_disconnected_warnings(data),
    ]
    if _agree_completely(data):
        reason = "all ratings of a target are equal, so no error variation is left to estimate from"
        return {form: Estimate.of(1.0, reason, n, warnings, within=SHARE) for form in FORMS}
    per_target = data.per_unit()[data.per_unit() > 0]
    k = float(1 / np.mean(1 / per_target))
    results: dict[Form, Result] = {}
    for two_way in (False, True):
        forms = tuple(form for form in FORMS if is_two_way(form) == two_way)
        results |= model_iccs(
            data, forms, k, level=level, replicates=replicates, seed=seed, warnings=warnings
        )
    return {form: results[form] for form in FORMS}


def model_iccs(
    data: Ratings,
    forms: tuple[Form, ...],
    k: float,
    *,
    level: float,
    replicates: int,
    seed: int,
    warnings: Sequence[str] = (),
) -> dict[Form, Result]:
    """Forms of one model, all one-way or all two-way, for judgments that vary within targets."""
    n = data.n()
    two_way = is_two_way(forms[0])
    known = pivots(data, two_way=two_way)
    if known is None:
        reason = (
            "targets and raters explain every rating completely, so there is no residual "
            "variation to compare with"
        )
        return {form: Undefined(reason, n, tuple(warnings)) for form in forms}
    try:
        fitted = Design(data, two_way=two_way).fit(known.moment_ratios())
    except ValueError as error:
        return {form: Undefined(str(error), n, tuple(warnings)) for form in forms}
    draws = known.draw(replicates, np.random.default_rng(seed))
    details: dict[str, Any] = {
        "var_target": fitted.target,
        "var_rater": fitted.rater,
        "var_residual": fitted.residual,
        "mean": fitted.mean,
        "loglik_reml": fitted.loglik,
        "k": k,
        "replicates": replicates,
        "seed": seed,
    }

    def result(form: Form) -> Result:
        value = float(from_components(form, fitted.target, fitted.rater, fitted.residual, k))
        return Estimate.of(
            value,
            pivot_interval(form, draws, k, level, value),
            n,
            warnings,
            details,
            within=SHARE,
        )

    return {form: result(form) for form in forms}


def pivot_interval(form: Form, draws: Draws, k: float, level: float, value: float) -> Interval:
    """Percentile limits of the coefficient over simulated components, widened to hold ``value``."""
    simulated = from_components(form, draws.target, draws.rater, draws.residual, k)
    low, high = np.quantile(simulated, [(1 - level) / 2, (1 + level) / 2])
    low, high = min(float(low), value), max(float(high), value)
    return Interval(low, high, level, PIVOT_METHOD)


def _disconnected_warnings(data: Ratings) -> list[str]:
    parts = design_parts(data)
    if parts == 1:
        return []
    return [
        f"the design is disconnected: raters and targets fall into {parts} groups without a common "
        "target, so differences between raters of different groups cannot be told from differences "
        "between their targets"
    ]


def _refusal(data: Ratings, n: dict[str, int]) -> str | None:
    if not n["judgments"]:
        return "there are no ratings"
    if n["raters"] < 2:
        return ONE_RATER
    if n["units"] < 2:
        return ONE_TARGET
    per_unit = data.per_unit()
    if per_unit.max() < 2:
        return "no target was rated by two raters, so there is nothing to agree about"
    if np.ptp(data.value) == 0:
        return NO_VARIATION
    means = data.sums(data.value)[per_unit > 0] / per_unit[per_unit > 0]
    if np.ptp(means) <= noise(data.value):
        return EQUAL_TARGETS
    return None


def _agree_completely(data: Ratings) -> bool:
    """Whether all ratings of each target are equal (rows are sorted by target)."""
    same_unit = data.unit[1:] == data.unit[:-1]
    return not np.any(data.value[1:][same_unit] != data.value[:-1][same_unit])
