"""How well does a metric that gives numbers agree with raters who give numbers?"""

from __future__ import annotations

import numpy as np

from analysis.data.frozen import Automated
from analysis.sections.computing import Computing, entry
from analysis.sections.metrics.differences import differences, on_another_scale
from analysis.sections.metrics.other_scale import other_scale
from analysis.sections.result.metrics import NumbersMetric
from analysis.sections.result.statistic import Statistic
from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Undefined


def numbers(computing: Computing, scorer: Automated) -> NumbersMetric:
    """A metric that gives numbers, beside raters who give numbers."""
    human = computing.number
    assert human is not None  # noqa: S101  (an interval scale has its numbers)
    reason = other_scale(computing.data, scorer)
    parts = (
        on_another_scale(computing, scorer, human, reason)
        if reason
        else differences(computing, scorer, human)
    )
    return {
        "kind": "numbers",
        "scorer": scorer.scorer,
        "version": scorer.version,
        "name": scorer.name,
        **parts,
        "as_rater": _as_rater(computing, scorer, reason),
        "raters": [],
    }


def _as_rater(computing: Computing, scorer: Automated, reason: str) -> Statistic:
    """Alpha of the raters and the metric together, as if the metric were one more rater; *reason*:
    why it is on another scale."""
    name = f"Krippendorff's alpha, interval, raters and {scorer.scorer} together"
    if reason:
        return entry("alpha_together", name, Undefined(f"another scale: {reason}", {"units": 0}))
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
    return entry("alpha_together", name, alpha)
