"""Are raters equally sure of the same item?"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.sections.computing import Computing, entry
from analysis.sections.result.statistic import Statistic
from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.coefficients import fleiss_kappa, gwet_ac
from analysis.statistics.core.ratings import Ratings

STEPS = 5
"""Confidence is given from 1 to 5."""


def confidence(computing: Computing) -> list[Statistic]:
    """How far raters are equally sure of the same item; empty when nobody gave a confidence.

    Confidence is an ordered scale whatever the scale of the question.
    """
    data = computing.data
    given = np.nonzero(data.confidence > 0)[0] if len(data.confidence) else np.empty(0, np.int64)
    if not len(given):
        return []
    sure = Ratings.from_long(
        data.item[given],
        data.rater[given],
        data.confidence[given] - 1.0,
        n_units=data.n_items,
        n_raters=len(data.pseudonyms),
    )
    options: dict[str, Any] = {
        "clusters": computing.clusters,
        "level": computing.parameters.level,
        "names": [str(step) for step in range(1, STEPS + 1)],
    }
    alpha = krippendorff_alpha(sure, "ordinal", **options | computing.bootstrapped)
    ac2 = gwet_ac(sure, STEPS, weights="quadratic", **options)
    fleiss = fleiss_kappa(sure, STEPS, weights="quadratic", **options)
    return [
        entry("alpha_confidence", "Krippendorff's alpha of the confidence, ordinal", alpha),
        entry("ac2_confidence", "Gwet's AC2 of the confidence, quadratic weights", ac2),
        entry("fleiss_confidence", "Weighted kappa of the confidence (Fleiss), quadratic", fleiss),
    ]
