"""The angles of the judged trials on the SVO ring, by what the raters call them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from analysis.data.frozen import Automated
from analysis.sections.computing import Computing
from analysis.sections.metrics.labels import NO_CONSENSUS
from analysis.sections.section import Section
from analysis.sections.trials import has_numbers
from analysis.svo.human_angle import human_angle
from analysis.svo.result import CalledAlike, Point, Ring
from analysis.words.wording import sentence
from evaluations.instruments.svo.measure.cutoffs import Orientation, orientation


def applies(computing: Computing) -> bool:
    """Whether a metric gives angles of trials and raters were asked for the same."""
    return computing.data.scores_answer and has_numbers(computing)


def ring(computing: Computing) -> Ring:
    """Points (automated and human angle in degrees, human consensus) of the first metric that
    gives angles of trials."""
    scored = (scorer for scorer in computing.data.automated if len(scorer.trial_number))
    return _points(computing, next(scored))


def _points(computing: Computing, scorer: Automated) -> Ring:
    data, human = computing.data, human_angle(computing)
    items, trials = data.content["items"], data.content["trials"]
    judged = data.ratings.per_unit() > 0
    called = _consensus(computing)
    mean = human.mean.tolist() if human else [float("nan")] * data.n_items
    points: list[Point] = [
        {
            "position": items["position"][at],
            "trial": trials["id"][items["trial"][at]],
            "angle": float(scorer.number[at]),
            "automated": scorer.label[at],
            "human": None if np.isnan(mean[at]) else mean[at],
            "consensus": called[at],
        }
        for at in np.nonzero(judged & ~np.isnan(scorer.number))[0].tolist()
    ]
    return {
        "scorer": scorer.name,
        "human_note": sentence(human.note) if human else "",
        "points": points,
        "without_angle": int((judged & np.isnan(scorer.number)).sum()),
        "by_consensus": _by_consensus(points),
    }


def _consensus(computing: Computing) -> list[str]:
    """What the raters call each item: their consensus, or the orientation of their mean angle."""
    data = computing.data
    if data.is_interval:
        return [
            NO_CONSENSUS if np.isnan(mean) else str(orientation(mean))
            for mean in data.mean_number().tolist()
        ]
    return [
        data.categories[code] if code >= 0 else NO_CONSENSUS
        for code in computing.consensus.code.tolist()
    ]


def _by_consensus(points: list[Point]) -> list[CalledAlike]:
    angles: dict[str, list[float]] = defaultdict(list)
    for point in points:
        angles[point["consensus"]].append(point["angle"])
    order = [*(str(target) for target in Orientation), *sorted(angles), NO_CONSENSUS]
    return [
        {
            "consensus": name,
            "items": len(angles[name]),
            "mean": float(np.mean(angles[name])),
            "low": min(angles[name]),
            "high": max(angles[name]),
        }
        for name in dict.fromkeys(order)
        if name in angles
    ]


SECTION = Section("ring", "The ring of angles", ring, applies)
