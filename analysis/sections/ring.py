"""The angles of the judged trials on the SVO ring, by what the raters call them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from analysis.frozen import Automated
from analysis.sections.common import Computing, Section

NO_CONSENSUS = "no consensus"


def ring(computing: Computing) -> Section | None:
    """Points (angle in degrees, human consensus) of the first metric that gives angles of trials;
    None when there is none or raters gave numbers instead of categories."""
    if computing.data.is_interval:
        return None
    for scorer in computing.data.automated:
        if len(scorer.trial_number):
            return _points(computing, scorer)
    return None


def _points(computing: Computing, scorer: Automated) -> Section:
    data = computing.data
    items, trials = data.content["items"], data.content["trials"]
    code, judged = computing.consensus.code.tolist(), computing.consensus.judged.tolist()
    points = []
    for at in np.nonzero(~np.isnan(scorer.number))[0].tolist():
        if not judged[at]:
            continue
        points.append(
            {
                "position": items["position"][at],
                "trial": trials["id"][items["trial"][at]],
                "angle": float(scorer.number[at]),
                "automated": scorer.label[at],
                "consensus": _consensus(computing, code[at]),
            }
        )
    return {
        "scorer": scorer.name,
        "points": points,
        "without_angle": sum(judged[at] > 0 for at in np.nonzero(np.isnan(scorer.number))[0]),
        "by_consensus": _by_consensus(computing, points),
    }


def _consensus(computing: Computing, code: int) -> str:
    return computing.data.categories[code] if code >= 0 else NO_CONSENSUS


def _by_consensus(computing: Computing, points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    angles: dict[str, list[float]] = defaultdict(list)
    for point in points:
        angles[point["consensus"]].append(point["angle"])
    order = [*computing.data.categories, NO_CONSENSUS]
    return [
        {
            "consensus": name,
            "items": len(angles[name]),
            "mean": float(np.mean(angles[name])),
            "low": min(angles[name]),
            "high": max(angles[name]),
        }
        for name in order
        if name in angles
    ]
