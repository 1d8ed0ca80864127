"""Do two cultures give the same label where a metric's number is the same?

Judgments of the items that both judged are matched by the number that the study's metric computed,
which the raters did not make: in five strata of equally many judgments for Mantel-Haenszel, as it
is and squared for the logistic regressions, since a label of the middle is given less on both
sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.data.frozen import BoolArray, FloatArray, IntArray
from analysis.sections.computing import Computing, entry
from analysis.sections.result.cultures import LabelOfPair, LabelsOfPair
from analysis.statistics.core.result import Result
from analysis.statistics.cultures.logistic_dif import LogisticDif, logistic_dif
from analysis.statistics.cultures.mantel_haenszel import (
    generalised_mantel_haenszel,
    mantel_haenszel,
)
from analysis.statistics.numbers.contrasts import holm

STRATA = 5
DEGREE = 2
MODERATE, LARGE = 500, 300
"""Judgments of a culture that find a |delta| of 1 (power .73) and of 1.5 (.86)."""
NO_LABELS = "raters give numbers, or several values at once, and no single labels"
NO_NUMBER = "no metric of the study has a number on the items, so there is nothing to match by"


@dataclass(frozen=True, slots=True)
class Matching:
    """A metric's ``number`` on each item, NaN for none."""

    metric: str
    number: FloatArray


def matching(computing: Computing) -> tuple[Matching | None, str]:
    """What labels are matched by: the number of the first metric that has one. Else why nothing."""
    data = computing.data
    if data.is_interval or computing.vectors is not None:
        return None, NO_LABELS
    for scorer in data.automated:
        if np.isfinite(scorer.number).any():
            return Matching(scorer.name, scorer.number), ""
    return None, NO_NUMBER


def labels_of_pair(
    computing: Computing, culture: IntArray, shared: BoolArray, by: Matching
) -> LabelsOfPair:
    """Labels of two cultures; *culture*: 0, 1, or -1 of each rater; *shared*: items of both."""
    data = computing.data
    ratings, there = data.ratings, shared & np.isfinite(by.number)
    rows = there[ratings.unit] & (culture[ratings.rater] >= 0)
    focal, number = culture[ratings.rater[rows]], by.number[ratings.unit[rows]]
    label = ratings.value[rows].astype(np.int64)
    edges = _edges(number)
    counts = np.zeros((len(edges) + 1, 2, max(1, len(data.categories))))
    np.add.at(counts, (np.searchsorted(edges, number, side="right"), focal, label), 1)
    judged = [int(np.count_nonzero(focal == side)) for side in (0, 1)]
    return {
        "metric": by.metric,
        "items": int(np.count_nonzero(there)),
        "positions": data.positions_where(there),
        "judgments": judged,
        "edges": edges.tolist(),
        "together": entry(
            "generalised", "Generalised Mantel-Haenszel", generalised_mantel_haenszel(counts)
        ),
        "labels": [
            _label(
                name,
                np.stack([counts[..., at], counts.sum(axis=2) - counts[..., at]], axis=2),
                logistic_dif(label == at, focal, number, degree=DEGREE),
                computing.parameters.level,
            )
            for at, name in enumerate(data.categories)
            if counts[..., at].any()
        ],
        "warnings": _few(judged),
    }


def _edges(number: FloatArray) -> FloatArray:
    """Four edges of five strata; fewer where many judgments have the same number."""
    if not len(number):
        return np.empty(0)
    edges = np.unique(np.quantile(number, np.arange(1, STRATA) / STRATA))
    return edges[edges > number.min()]


def _label(name: str, counts: FloatArray, logistic: LogisticDif, level: float) -> LabelOfPair:
    """*counts*: strata x (first, second) x (used, not used)."""
    found = mantel_haenszel(counts, level=level)
    sizes = {found.size, *_sizes(logistic.uniform)}
    return {
        "label": name,
        "judgments": int(counts[..., 0].sum()),
        "delta": entry("delta", "Mantel-Haenszel delta", found.delta),
        "standardised": entry("standardised", "Difference of shares", found.standardised),
        "p": found.p_corrected,
        "p_holm": None,
        "size": found.size,
        "uniform": entry("uniform", "Change of R squared, uniform", logistic.uniform),
        "p_uniform_holm": None,
        "non_uniform": entry("non_uniform", "Change, non-uniform", logistic.non_uniform),
        "p_non_uniform_holm": None,
        "disagree": len(sizes - {None}) > 1,
    }


def _sizes(change: Result) -> list[str]:
    if not change.defined:
        return []
    return [change.details["zumbo_thomas"], change.details["jodoin_gierl"]]


def _few(judged: list[int]) -> list[str]:
    least = min(judged)
    if least >= MODERATE:
        return []
    missed = "a delta of 1 or of 1.5" if least < LARGE else "a delta of 1"
    wanted = f"{LARGE} for 1.5 and {MODERATE} for 1" if least < LARGE else f"{MODERATE}"
    return [
        f"a culture has {least:,} judgments of items with a number: {missed} may well be missed, "
        f"for which a culture needs {wanted}"
    ]


def add_holm(parts: list[LabelsOfPair]) -> None:
    """Write the p values by Holm into *parts*, over all labels of all pairs of one test."""
    rows: list[Any] = [row for part in parts for row in part["labels"]]
    tests = {
        "p_holm": [row["p"] for row in rows],
        "p_uniform_holm": [_p(row["uniform"]) for row in rows],
        "p_non_uniform_holm": [_p(row["non_uniform"]) for row in rows],
    }
    for key, found in tests.items():
        there = [at for at, p in enumerate(found) if p is not None]
        for at, p in zip(there, holm([found[at] for at in there]), strict=True):
            rows[at][key] = p


def _p(change: Any) -> float | None:
    return change["details"]["p"] if change["defined"] else None
