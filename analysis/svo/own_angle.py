"""The raters' own orientation beside what they see in the responses.

The data set holds each rater's own angle on the slider measure under ``raters.own_angle`` (degrees,
null where it is not known). It is compared with their judgments in degrees, given or coded.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.sections.common import Computing, Section, entry
from analysis.statistics.core.result import Result, Undefined
from analysis.statistics.own_angle import own_angle_effect
from analysis.svo.human_angle import human_angle

NOT_ASKED = "the raters' own angles are not known: they did not take the measure themselves"


def own_angle(computing: Computing) -> Section | None:
    """Slope and correlation of the raters' leanings on their own angles, and each rater's; None
    where judgments stand for no angle, or are imported ones whose raters' angles are not."""
    data, human = computing.data, human_angle(computing.data)
    asked = bool(data.content["raters"].get("own_angle"))
    if human is None or (data.study["source"] == "import" and not asked):
        return None
    held = data.content["raters"].get("own_angle") or [None] * len(data.pseudonyms)
    own = np.array([np.nan if angle is None else angle for angle in held], dtype=np.float64)
    if np.isnan(own).all():
        nothing: Result = Undefined(NOT_ASKED, {"raters": 0})
        return _section(nothing, nothing, [])
    found = own_angle_effect(own, human.ratings, level=computing.parameters.level)
    rows: list[dict[str, Any]] = [
        {
            "rater": name,
            "own_angle": float(own[at]),
            "leaning": None if np.isnan(found.leaning[at]) else float(found.leaning[at]),
            "items": int(found.items[at]),
        }
        for at, name in enumerate(data.pseudonyms)
        if not np.isnan(own[at])
    ]
    return _section(found.slope, found.correlation, rows)


def _section(slope: Result, together: Result, rows: list[dict[str, Any]]) -> Section:
    return {
        "statistics": [
            entry("own_slope", "Leaning a degree of own angle", slope),
            entry("own_correlation", "Correlation of leaning and own angle", together),
        ],
        "raters": rows,
    }
