"""Do the raters agree across cultures as far as within each?

Alpha of each culture on all that it judged; two cultures on the items that both judged, as then
alone their alphas speak of the same items (``analysis.statistics.cultures.compare``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from analysis.data.frozen import BoolArray, IntArray
from analysis.sections.computing import Computing, entry, warning
from analysis.sections.humans.culture_labels import Matching, add_holm, labels_of_pair, matching
from analysis.sections.result.cultures import (
    CultureOfRaters,
    Cultures,
    CulturesApart,
    PairOfCultures,
)
from analysis.sections.result.statistic import Statistic, Warning
from analysis.sections.section import Section
from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Result, Undefined
from analysis.statistics.cultures.compare import FEW_RATERS, compare_cultures
from analysis.words.wording import count, listed
from evaluations.text.natural_order import natural

FEWEST_SHARED = 20
"""Items that both have to have judged: with fewer an interval says nothing."""
OF_VECTORS = (
    "the answers are vectors of values, and cultures are compared by single answers alone: ask for "
    "one value, or compare the values of each culture by reports on its raters alone"
)
NAMES = {
    "alpha_first": "Krippendorff's alpha of the first",
    "alpha_second": "Krippendorff's alpha of the second",
    "pooled": "Krippendorff's alpha of both as one",
    "cross": "xRR, agreement across",
    "normalised": "Normalised xRR",
    "association_first": "Association index of the first",
    "association_second": "Association index of the second",
    "difference": "Difference of the alphas, first minus second",
}
ALWAYS = (
    "The raters of a study are those who came and no nation, people or culture as a whole: no "
    "number here says what a culture values more than another.",
    "Language, country and the way in which raters were found differ together with culture unless "
    "the study crossed them: a difference may be of any of these.",
    "An xRR is read beside the alphas within each culture, never against a bar such as .6.",
)


@dataclass(frozen=True, slots=True)
class Sides:
    """``names`` of the cultures, ``of_rater`` (the place of each rater's, -1 for none) and
    ``judged`` (cultures x items: whether any of its raters judged it)."""

    names: list[str]
    of_rater: IntArray
    judged: BoolArray


def applies(computing: Computing) -> bool:
    """Whether raters of two cultures judged."""
    return len(set(filter(None, computing.data.cultures))) > 1


def cultures(computing: Computing) -> Cultures:
    """Each culture by itself, all as one, and each two with their items in common."""
    data = computing.data
    sides = _sides(computing)
    rows = [_culture(computing, sides, at) for at in range(len(sides.names))]
    without = int(np.count_nonzero(sides.of_rater < 0))
    shared = sides.judged.astype(np.int64) @ sides.judged.T.astype(np.int64)
    found: list[PairOfCultures] = []
    apart: list[CulturesApart] = []
    by, reason = matching(computing)
    for first, second in combinations(range(len(sides.names)), 2):
        both, items = [sides.names[first], sides.names[second]], int(shared[first, second])
        if items < FEWEST_SHARED:
            apart.append({"cultures": both, "items": items})
        elif computing.vectors is None:
            found.append(_pair(computing, sides, (first, second), by))
    add_holm([pair["labels"] for pair in found if pair["labels"]])
    everybody = data.ratings.of_raters(sides.of_rater >= 0)
    return {
        "rows": rows,
        "without": without,
        "pooled": _alpha(computing, everybody, "pooled", "Krippendorff's alpha of all as one"),
        "pairs": found,
        "apart": apart,
        "labels_reason": reason,
        "cautions": list(ALWAYS),
        "warnings": list(_warnings(rows, without, apart, len(found), by)),
    }


def _sides(computing: Computing) -> Sides:
    data = computing.data
    said = data.cultures
    names = sorted({name for name in said if name}, key=lambda name: (natural(name), name))
    at = {name: place for place, name in enumerate(names)}
    of_rater = np.array([at.get(name or "", -1) for name in said], dtype=np.int64)
    judged = np.zeros((len(names), data.n_items), dtype=bool)
    whose = of_rater[data.ratings.rater]
    judged[whose[whose >= 0], data.ratings.unit[whose >= 0]] = True
    return Sides(names, of_rater, judged)


def _culture(computing: Computing, sides: Sides, at: int) -> CultureOfRaters:
    ratings = computing.data.ratings.of_raters(sides.of_rater == at)
    return {
        "culture": sides.names[at],
        "raters": int(np.count_nonzero(sides.of_rater == at)),
        "items": int(np.count_nonzero(sides.judged[at])),
        "positions": computing.data.positions_where(sides.judged[at]),
        "judgments": ratings.n_judgments,
        "alpha": _alpha(computing, ratings, "alpha", "Krippendorff's alpha"),
    }


def _alpha(computing: Computing, ratings: Ratings, key: str, name: str) -> Statistic:
    if computing.vectors is not None:
        return entry(key, name, Undefined(OF_VECTORS, ratings.n()))
    result: Result = krippendorff_alpha(
        ratings,
        _scale(computing),
        clusters=computing.clusters,
        names=computing.data.categories or None,
        order_declared=bool(computing.data.study["categories"]),
        **computing.bootstrapped,
    )
    return entry(key, name, result)


def _scale(computing: Computing) -> Any:
    return computing.data.scale


def _pair(
    computing: Computing, sides: Sides, at: tuple[int, int], by: Matching | None
) -> PairOfCultures:
    data, (first, second) = computing.data, at
    culture = np.full(len(sides.of_rater), -1, dtype=np.int64)
    culture[sides.of_rater == first], culture[sides.of_rater == second] = 0, 1
    pair = compare_cultures(data.ratings, culture, _scale(computing), **computing.bootstrapped)
    both = sides.judged[first] & sides.judged[second]
    return {
        "cultures": [sides.names[first], sides.names[second]],
        "items": pair.shared,
        "positions": data.positions_where(both),
        "statistics": [entry(name, NAMES[name], value) for name, value in pair.values.items()],
        "p_cross": pair.p_cross,
        "p_difference": pair.p_difference,
        "permutations": pair.permutations,
        "labels": labels_of_pair(computing, culture, both, by) if by else None,
        "warnings": list(pair.warnings),
    }


def _warnings(
    rows: list[CultureOfRaters],
    without: int,
    apart: list[CulturesApart],
    compared: int,
    by: Matching | None,
) -> Iterator[Warning]:
    yield warning("cultures_are_no_nations", " ".join(ALWAYS[:2]))
    few = [f"{row['culture']} ({row['raters']})" for row in rows if row["raters"] < FEW_RATERS]
    if few:
        yield warning(
            "cultures_few_raters",
            f"Fewer than {FEW_RATERS} raters of a culture: {listed(few)}. What is said of it "
            "speaks of these raters alone.",
        )
    if without:
        yield warning(
            "cultures_unknown",
            f"{count(without, 'rater')} of no known culture {'is' if without == 1 else 'are'} left "
            "out where cultures are compared.",
        )
    if apart:
        yield warning(
            "cultures_apart",
            f"{len(apart)} of {count(compared + len(apart), 'pair')} of cultures share fewer than "
            f"{FEWEST_SHARED} items and are not compared.",
        )
    if by and compared:
        yield warning(
            "cultures_labels",
            "Judgments of one item and of one rater hang together, which the tests of labels at an "
            "equal number do not know: their p are too small.",
        )


SECTION = Section("cultures", "Cultures", cultures, applies, of_the_raters=True, optional=True)
