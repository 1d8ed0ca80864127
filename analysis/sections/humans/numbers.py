"""Agreement of the raters among themselves on an interval scale."""

from __future__ import annotations

import math
from typing import Literal

from analysis.sections.computing import Computing, entry, warning
from analysis.sections.crosscheck import crosscheck, impossible
from analysis.sections.humans.confidence import confidence
from analysis.sections.result.humans import Form as FormRow
from analysis.sections.result.humans import HumansByScale
from analysis.sections.result.statistic import Statistic, Warning
from analysis.sections.result.trials import Crosscheck
from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import NOT_NEGATIVE, Estimate, Result, Undefined
from analysis.statistics.numbers.icc import icc
from analysis.statistics.numbers.icc_forms import FORMS, Form, is_two_way, rater_part
from analysis.statistics.numbers.reliability import (
    minimum_detectable_change,
    standard_error_of_measurement,
)
from analysis.words.wording import sentence, share

MAX_SIDE, MAX_SIDE_TWICE = 700, 300
"""Largest smaller side (items or raters) of a design with missing cells whose variance components
are fitted at all, and fitted once more for the SEM: the time grows with its cube."""


def human_numbers(computing: Computing) -> HumansByScale:
    """Alpha interval, all forms of the ICC, and the error of one rating."""
    data = computing.data
    alpha = krippendorff_alpha(
        data.ratings, "interval", clusters=computing.clusters, **computing.bootstrapped
    )
    components = _Components(computing)
    forms, error = components.forms, components.sem()
    found = [
        entry("alpha", "Krippendorff's alpha, interval", alpha),
        entry("icc_a_1", "ICC(A,1), one rater", forms["ICC(A,1)"]),
        entry("icc_a_k", "ICC(A,k), the mean of the raters", forms["ICC(A,k)"]),
        entry("sem", "SEM of one rating, scale units", error),
        entry("mdc95", "MDC95 of one rating, scale units", minimum_detectable_change(error)),
    ]
    return {
        "headline": "alpha",
        "statistics": found,
        "icc": components.table(),
        "categories": [],
        "pairs": [],
        "pairs_reason": "kappa is for categories; the scale is interval",
        "confidence": confidence(computing),
        "crosscheck": _crosscheck(data.ratings),
        "warnings": _warnings(found) + components.warnings(),
    }


SAYS: dict[Form, str] = {
    "ICC(1,1)": "one rating, raters differ from item to item",
    "ICC(A,1)": "one rating, absolute agreement",
    "ICC(C,1)": "one rating, consistency: raters may differ by a constant",
    "ICC(1,k)": "mean of the raters, raters differ from item to item",
    "ICC(A,k)": "mean of the raters, absolute agreement",
    "ICC(C,k)": "mean of the raters, consistency",
}
RATERS_COUNT = 0.25
"""Rater variance as a part of the residual one from which intervals that sample items alone are
warned of: of other raters they covered 87 to 91 % at a quarter and 44 to 78 % where both are equal
(docs/coverage.md)."""


class _Components:
    """The ICC of the raters with limits simulated from the pivots of the variances, and with F
    limits where every cell is filled."""

    def __init__(self, computing: Computing) -> None:
        self.computing, self.ratings = computing, computing.data.ratings
        self.complete = self.ratings.complete
        self.side = 0 if self.complete else min(self.ratings.n_units, self.ratings.n_raters)
        self.forms: dict[Form, Result] = self._forms("pivot")
        self.by_f = self._forms("F") if self.complete else self.forms

    def _forms(self, limits: Literal["F", "pivot"]) -> dict[Form, Result]:
        if self.side > MAX_SIDE:
            return dict.fromkeys(FORMS, Undefined(_too_large(self.side), self.ratings.n()))
        return icc(self.ratings, limits=limits, **self.computing.bootstrapped)

    def sem(self) -> Result:
        single = self.forms["ICC(A,1)"]
        if self.side > MAX_SIDE:
            return single
        return _sem(self.computing, single, refit=self.side <= MAX_SIDE_TWICE)

    def table(self) -> list[FormRow]:
        """Each form with its simulated limits and with F limits."""
        return [
            {
                "form": form,
                "says": SAYS[form],
                "simulated": entry("icc_simulated", form, self._with_pivots(form)),
                "f": entry("icc_f", form, self._with_f(form)),
            }
            for form in FORMS
        ]

    def _with_f(self, form: Form) -> Result:
        result = self.by_f[form]
        if self.complete or not result.defined:
            return result
        reason = "F limits need every cell filled"
        return result.with_interval(reason)

    def _with_pivots(self, form: Form) -> Result:
        result = self.forms[form]
        if not result.defined or not self.complete or is_two_way(form):
            return result
        reason = (
            "this form takes each item to have raters of its own; its F limits are exact there and "
            "too narrow where the same raters judged every item"
        )
        return result.with_interval(reason)

    def warnings(self) -> list[Warning]:
        """Which intervals speak of these raters alone, said where raters differ."""
        part = rater_part(self.forms["ICC(A,1)"]) or 0.0
        if part < RATERS_COUNT:
            return []
        text = (
            f"The raters differ among themselves by {share(part)} of the residual variance. "
            "The intervals of alpha and of ICC(1, .) sample items, not raters, so they speak "
            "of these raters: what other raters would give they held in 44 to 91 % of "
            "simulated studies instead of 95. For any raters like these read ICC(A, .)."
        )
        return [warning("these_raters", text)]


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
    return Estimate.of(value, reason, single.n, (), parts, within=NOT_NEGATIVE)


def _crosscheck(ratings: Ratings) -> Crosscheck:
    """pingouin on the items that every rater judged."""
    if ratings.n_raters < 2:
        return impossible("there are fewer than two raters")
    full = ratings.per_unit() == ratings.n_raters
    if full.sum() < 2:
        return impossible("fewer than two items were judged by every rater")
    table = ratings.value[full[ratings.unit]].reshape(-1, ratings.n_raters)
    return crosscheck(table, "the items that every rater judged")


def _warnings(statistics: list[Statistic]) -> list[Warning]:
    """What the statistics themselves warn of, each text once."""
    texts = dict.fromkeys(text for row in statistics for text in row["warnings"])
    return [warning("interval_scale", sentence(text)) for text in texts]
