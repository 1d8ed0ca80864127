"""The raters' own orientation beside what they see in the responses.

The data set holds each rater's own angle on the slider measure under ``raters.own_angle`` (degrees,
null where it is not known). It is compared with their judgments in degrees, given or coded.
"""

from __future__ import annotations

import numpy as np

from analysis.sections.computing import Computing, entry
from analysis.sections.section import Section
from analysis.statistics.core.result import Result, Undefined
from analysis.statistics.leaning import leaning_effect
from analysis.svo.human_angle import human_angle
from analysis.svo.result import Leaning, OwnAngle
from analysis.svo.unit import ANGLE

NOT_ASKED = "the raters' own angles are not known: they did not take the measure themselves"


def applies(computing: Computing) -> bool:
    """Whether judgments stand for angles, and are no imported ones whose raters' angles are not
    known."""
    data = computing.data
    asked = bool(data.content["raters"].get("own_angle"))
    return human_angle(computing) is not None and (asked or data.study["source"] != "import")


def own_angle(computing: Computing) -> OwnAngle:
    """Slope and correlation of the raters' leanings on their own angles, and each rater's."""
    data, human = computing.data, human_angle(computing)
    assert human is not None  # noqa: S101  (applies)
    held = data.content["raters"].get("own_angle") or [None] * len(data.pseudonyms)
    own = np.array([np.nan if angle is None else angle for angle in held], dtype=np.float64)
    if np.isnan(own).all():
        nothing: Result = Undefined(NOT_ASKED, {"raters": 0})
        return _section(nothing, nothing, [])
    found = leaning_effect(own, human.ratings, level=computing.parameters.level, called=ANGLE.value)
    rows: list[Leaning] = [
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


def _section(slope: Result, together: Result, rows: list[Leaning]) -> OwnAngle:
    return {
        "statistics": [
            entry("own_slope", "Leaning a degree of own angle", slope),
            entry("own_correlation", "Correlation of leaning and own angle", together),
        ],
        "raters": rows,
    }


SECTION = Section(
    "own_angle", "The raters' own orientation", own_angle, applies, of_the_raters=True
)
