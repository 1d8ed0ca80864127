"""Two cultures of raters on the same items: how far each agrees within itself, and across.

Alphas of both and of all raters as one, xRR, normalised xRR, association indices and the difference
of the alphas (see ``cross_replication``), on the items that both judged. Two intervals: items and
raters drawn together (Owen & Eckles 2012; raters within their culture, a rater drawn twice is no
pair with themselves), shown first, as raters are a sample too; and items alone. The null: labels of
culture are permuted over the raters, sizes kept; p = (1 + as extreme)/(1 + permutations)
(Phipson & Smyth 2010).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics.core.bootstrap import (
    REPLICATES,
    draw_counts,
    percentile_interval,
    resampled_sums,
)
from analysis.statistics.core.ratings import FloatArray, Ratings, RatingsLike, as_ratings
from analysis.statistics.core.result import (
    ANY,
    AT_MOST_ONE,
    COEFFICIENT,
    Estimate,
    Interval,
    Range,
    Result,
    Undefined,
    of_difference,
)
from analysis.statistics.core.rounding import RELATIVE, SAME
from analysis.statistics.cultures.cross_replication import (
    VALUES,
    disagreements,
    features,
    refusal,
    sums_of,
    values_of,
)
from analysis.statistics.cultures.moments import CrossScale, Points

PERMUTATIONS = 999
FEW_ITEMS = 100
FEW_JUDGMENTS = 3
FEW_RATERS = 5
_CELLS_AT_ONCE = 1 << 17
_SIZE = SAME / RELATIVE
"""Resamples closer than ``SAME`` show no spread: rounding grows where one agreement is divided by
another that is near zero."""
_RANGES: dict[str, Range] = {
    "alpha_first": COEFFICIENT,
    "alpha_second": COEFFICIENT,
    "pooled": COEFFICIENT,
    "cross": AT_MOST_ONE,
    "normalised": ANY,
    "association_first": ANY,
    "association_second": ANY,
    "difference": of_difference(COEFFICIENT, COEFFICIENT),
}
_NO_VALUE = {
    "normalised": "an alpha within a culture is not above zero, so there is nothing to divide by",
    "association_first": "agreement across is not above zero, so there is nothing to divide by",
    "association_second": "agreement across is not above zero, so there is nothing to divide by",
}


@dataclass(frozen=True, slots=True)
class CulturePair:
    """Two cultures compared; ``values`` by the names of ``cross_replication.VALUES``.

    ``p_cross``: how often labels dealt out at random gave an xRR as low; ``p_difference``: a
    difference of alphas as far from zero. None where the value is undefined. ``shared``: items
    that both judged.
    """

    values: Mapping[str, Result]
    p_cross: float | None
    p_difference: float | None
    permutations: int
    shared: int
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "values": {name: value.to_dict() for name, value in self.values.items()},
            "p_cross": self.p_cross,
            "p_difference": self.p_difference,
            "permutations": self.permutations,
            "shared": self.shared,
            "warnings": list(self.warnings),
        }


def compare_cultures(
    ratings: RatingsLike,
    culture: ArrayLike,
    scale: CrossScale = "nominal",
    *,
    level: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> CulturePair:
    """Compare the raters whose ``culture`` is 0 with those whose is 1; others are left out.

    ``ratings``: items x raters with NaN for a missing cell, or ``Ratings``; ``culture``: one whole
    number a rater. The interval of each value draws items and raters; ``details['over_items']`` is
    the one that draws items alone, or its reason. With fewer than five raters in a culture raters
    are not drawn, and a warning says so. ValueError when there is not one culture a rater.
    """
    data, first = _two_sides(as_ratings(ratings), np.asarray(culture))
    points = Points(data, scale)
    sides = np.stack([first, ~first]).astype(float)
    a, b = points.moments(sides[:1]), points.moments(sides[1:])
    shared = (a.m[0] > 0) & (b.m[0] > 0)
    counts = _counts(data, first, shared)
    if reason := refusal(a, b):
        nothing = Undefined(reason, counts)
        return CulturePair(dict.fromkeys(VALUES, nothing), None, None, 0, counts["items"], ())
    table = features(a, b)[0][shared]
    found = values_of(table.sum(axis=0))
    rng = np.random.default_rng(seed)
    over_items = values_of(resampled_sums(table, replicates, rng, counted=points.labelled))
    drawn = None
    if min(counts["raters_first"], counts["raters_second"]) >= FEW_RATERS:
        drawn = _collected(_drawn_raters(points, first, shared, replicates, rng))
    permutations = min(replicates, PERMUTATIONS)
    dealt = _collected(_dealt_cultures(points, first, permutations, rng))
    values = {
        name: _estimate(at, found, counts, over_items, drawn, level)
        for at, name in enumerate(VALUES)
    }
    cross, difference = VALUES.index("cross"), VALUES.index("difference")
    values["cross"] = _with_details(
        values["cross"],
        disagreements(table.sum(axis=0), points.halved) | _null(dealt[:, cross], "cross"),
    )
    return CulturePair(
        values,
        _share(dealt[:, cross], lambda null: null <= found[cross] + SAME, found[cross]),
        _share(
            dealt[:, difference],
            lambda null: np.abs(null) >= abs(found[difference]) - SAME,
            found[difference],
        ),
        permutations,
        counts["items"],
        tuple(_warnings(counts, a.m[0][shared], b.m[0][shared])),
    )


def _two_sides(data: Ratings, culture: np.ndarray) -> tuple[Ratings, np.ndarray]:
    if culture.shape != (data.n_raters,):
        raise ValueError(
            f"one culture for each of the {data.n_raters} raters is needed, got {culture.shape}"
        )
    judged = data.per_rater() > 0
    chosen = np.nonzero(((culture == 0) | (culture == 1)) & judged)[0]
    number = np.full(data.n_raters, -1, dtype=np.int64)
    number[chosen] = np.arange(len(chosen))
    rows = number[data.rater] >= 0
    kept = Ratings(
        data.unit[rows], number[data.rater[rows]], data.value[rows], data.n_units, len(chosen)
    )
    return kept, culture[chosen] == 0


def _counts(data: Ratings, first: np.ndarray, shared: np.ndarray) -> dict[str, int]:
    rows = shared[data.unit]
    raters = np.bincount(data.rater[rows], minlength=len(first)) > 0
    return {
        "items": int(shared.sum()),
        "raters_first": int((raters & first).sum()),
        "raters_second": int((raters & ~first).sum()),
        "judgments": int(rows.sum()),
    }


def _batches(points: Points, replicates: int) -> Iterator[int]:
    step = max(1, _CELLS_AT_ONCE // max(1, points.n_units * (points.width + 4)))
    for start in range(0, replicates, step):
        yield min(step, replicates - start)


def _drawn_raters(
    points: Points,
    first: np.ndarray,
    shared: np.ndarray,
    replicates: int,
    rng: np.random.Generator,
) -> Iterator[FloatArray]:
    """Values of samples in which items, and raters within each culture, are drawn anew."""
    items = np.nonzero(shared)[0]
    for rows in _batches(points, replicates):
        weights = np.zeros((2, rows, len(first)))
        for side, members in enumerate((first, ~first)):
            weights[side][:, members] = draw_counts(int(members.sum()), rows, rng)
        drawn = np.zeros((rows, points.n_units))
        drawn[:, items] = draw_counts(len(items), rows, rng)
        sides = points.moments(weights[0]), points.moments(weights[1])
        yield values_of(sums_of(*sides, drawn))


def _dealt_cultures(
    points: Points, first: np.ndarray, replicates: int, rng: np.random.Generator
) -> Iterator[FloatArray]:
    """Values of samples in which the labels of culture are dealt out to the raters at random."""
    for rows in _batches(points, replicates):
        dealt = rng.permuted(np.tile(first, (rows, 1)), axis=1).astype(float)
        sides = points.moments(dealt), points.moments(1 - dealt)
        yield values_of(sums_of(*sides, np.ones((rows, points.n_units))))


def _collected(samples: Iterator[FloatArray]) -> FloatArray:
    return np.concatenate([np.empty((0, len(VALUES))), *samples])


def _estimate(
    at: int,
    found: FloatArray,
    counts: dict[str, int],
    over_items: FloatArray,
    drawn: FloatArray | None,
    level: float,
) -> Result:
    name = VALUES[at]
    if not np.isfinite(found[at]):
        return Undefined(_NO_VALUE.get(name, _no_alpha(name)), counts)
    items, _ = percentile_interval(
        over_items[:, at], level, method="bootstrap over items", size=_SIZE
    )
    interval = items
    if drawn is not None:
        method = "bootstrap over items and raters"
        interval, _ = percentile_interval(drawn[:, at], level, method=method, size=_SIZE)
    kept = items.inside(_RANGES[name]).to_dict() if isinstance(items, Interval) else items
    details = {"over_items": kept}
    return Estimate.of(found[at], interval, counts, (), details, within=_RANGES[name])


def _no_alpha(name: str) -> str:
    if name == "cross":
        return "every judgment is the same on both sides: agreement cannot be told from chance"
    return (
        "no item was judged twice within a culture, or every judgment of it is the same: "
        "agreement within it cannot be told from chance"
    )


def _with_details(result: Result, more: dict[str, Any]) -> Result:
    if not result.defined:
        return result
    outcome = result.interval or str(result.interval_reason)
    details = {**result.details, **more}
    return Estimate.of(
        result.value, outcome, result.n, result.warnings, details, within=result.within
    )


def _null(dealt: FloatArray, name: str) -> dict[str, float]:
    kept = dealt[np.isfinite(dealt)]
    return {f"{name}_by_chance": float(kept.mean())} if len(kept) else {}


def _share(dealt: FloatArray, extreme: Any, value: float) -> float | None:
    kept = dealt[np.isfinite(dealt)]
    if not len(kept) or not np.isfinite(value):
        return None
    return float((1 + np.count_nonzero(extreme(kept))) / (1 + len(kept)))


def _warnings(counts: dict[str, int], a: FloatArray, b: FloatArray) -> Iterator[str]:
    if counts["items"] < FEW_ITEMS or min(a.mean(), b.mean()) < FEW_JUDGMENTS:
        yield (
            f"{counts['items']} items were judged by both cultures, with {a.mean():.1f} and "
            f"{b.mean():.1f} raters an item: below {FEW_ITEMS} items with {FEW_JUDGMENTS} raters "
            "of each culture the difference of two alphas is known to within ±.14 at best"
        )
    few = min(counts["raters_first"], counts["raters_second"])
    if few < FEW_RATERS:
        yield (
            f"a culture has {few} raters, fewer than {FEW_RATERS}: raters are not drawn anew, so "
            "the intervals speak of these raters and not of others of their culture"
        )
