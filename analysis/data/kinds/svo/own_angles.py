"""The raters' own angles on the slider measure, where they took it."""

from __future__ import annotations

from typing import Any

from annotations.models import OwnMeasure, Study


def own_angles(study: Study, raters: list[int]) -> dict[str, list[Any]]:
    """``own_angle``: each of *raters* (ids) in degrees, None where unknown; empty when all are."""
    angles = _angles(study) if study.asks_own_measure else {}
    return {"own_angle": [angles.get(rater) for rater in raters] if angles else []}


def _angles(study: Study) -> dict[int, float]:
    """By rater id."""
    measures = OwnMeasure.objects.filter(rater__study=study, angle__isnull=False)
    return {
        rater: angle
        for rater, angle in measures.values_list("rater_id", "angle")
        if angle is not None
    }
