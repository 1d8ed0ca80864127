"""The rater board: what each rater did, beside what the others said of the same items.

It serves the talk with raters, not their ranking: disagreeing with the others is not being wrong.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.data.frozen import BoolArray, Frozen, IntArray
from analysis.sections.computing import Computing
from analysis.sections.result.humans import AgreementBySureness, MixedUp, RaterRow, Raters
from analysis.sections.section import Section
from analysis.statistics.core.ratings import FloatArray

LONG_RUN = 12
"""Equal answers in a row, in the order of judging, from which a rater is worth asking."""


def raters(computing: Computing) -> Raters:
    """One row a rater: judgments, agreement with the consensus of the others, mean absolute
    difference from their mean, median seconds, longest run of one answer; and agreement by the
    confidence given."""
    data = computing.data
    agrees, compared = with_others(computing)
    apart = _from_mean_of_others(computing)
    turns = data.turn
    rows: list[RaterRow] = []
    for rater, name in enumerate(data.pseudonyms):
        mine = data.rater == rater
        given = data.ratings.rater == rater
        against = given & compared
        seconds = data.seconds[mine] if len(data.seconds) else np.empty(0)
        run = longest_run(data.code[mine][np.argsort(turns[mine])]) if len(turns) else None
        rows.append(
            {
                "rater": name,
                "kind": data.content["raters"]["kind"][rater],
                "judgments": int(mine.sum()),
                "compared": int(against.sum()),
                "agreement": None if data.is_interval else _share(agrees[against]),
                "difference": _mean(apart[given]),
                "median_seconds": _median(seconds),
                "longest_run": run,
                "straight_lining": run is not None and run >= LONG_RUN,
            }
        )
    return {
        "long_run": LONG_RUN,
        "rows": rows,
        "calibration": _calibration(data, agrees, compared),
        "mixed_up": [] if computing.vectors else _mixed_up(data),
    }


def with_others(computing: Computing) -> tuple[BoolArray, BoolArray]:
    """For each judgment on the scale: is it the majority label of the others, and have they one?

    Numbers have no majority: there the second says whether anybody else judged the item.
    """
    data, ratings = computing.data, computing.data.ratings
    if data.is_interval:
        alone = ratings.per_unit()[ratings.unit] < 2
        return np.zeros(ratings.n_judgments, dtype=bool), ~alone
    single = not data.is_interval and computing.vectors is None and data.categories
    if not single or not ratings.n_judgments:
        nothing = np.zeros(ratings.n_judgments, dtype=bool)
        return nothing, nothing
    code = ratings.value.astype(np.int64)
    counts = ratings.category_counts(len(data.categories))[ratings.unit]
    counts[np.arange(len(code)), code] -= 1
    others = counts.sum(axis=1)
    settled = (others > 0) & (2 * counts.max(axis=1) > others)
    return settled & (counts.argmax(axis=1) == code), settled


def _from_mean_of_others(computing: Computing) -> FloatArray:
    """For each judgment on the scale, |it - mean of the others' of its item|, NaN without others.

    In the unit of an interval scale; on an ordinal one in steps, its categories counted as equally
    far apart. All NaN on other scales, which know no distance.
    """
    data, ratings = computing.data, computing.data.ratings
    if not (data.is_interval or data.scale == "ordinal"):
        return np.full(ratings.n_judgments, np.nan)
    others = ratings.per_unit()[ratings.unit] - 1
    sums = np.bincount(ratings.unit, weights=ratings.value, minlength=data.n_items)[ratings.unit]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(others > 0, np.abs(ratings.value - (sums - ratings.value) / others), np.nan)


def longest_run(codes: IntArray) -> int:
    """The length of the longest stretch of equal values."""
    if not len(codes):
        return 0
    ends = np.concatenate([np.nonzero(np.diff(codes))[0], [len(codes) - 1]])
    return int(np.diff(np.concatenate([[-1], ends])).max())


def _calibration(data: Frozen, agrees: BoolArray, compared: BoolArray) -> list[AgreementBySureness]:
    """Agreement with the others at each confidence from 1 to 5: does being sure mean being met?"""
    if data.is_interval or not len(data.confidence):
        return []
    sure = data.confidence[data.on_scale]
    return [
        {
            "confidence": step,
            "judgments": int(((sure == step) & compared).sum()),
            "agreement": _share(agrees[(sure == step) & compared]),
        }
        for step in range(1, 6)
        if ((sure == step) & compared).any()
    ]


def _mixed_up(data: Frozen) -> list[MixedUp]:
    """When one rater said the one label, how often did another rater of the item say the other?

    Over all ordered pairs of judgments of an item; labels that nobody had company in are left out.
    """
    if data.is_interval or not data.categories or not data.n_items:
        return []
    counts = data.ratings.category_counts(len(data.categories))
    pairs = counts.T @ counts - np.diag(counts.sum(axis=0))
    totals = pairs.sum(axis=1)
    return [
        {"one": one, "other": other, "share": float(pairs[a, b] / totals[a]), "of": int(totals[a])}
        for a, one in enumerate(data.categories)
        if totals[a]
        for b, other in enumerate(data.categories)
    ]


def _share(flags: BoolArray) -> float | None:
    return float(flags.mean()) if len(flags) else None


def _mean(values: FloatArray) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else None


def _median(seconds: Any) -> float | None:
    known = seconds[~np.isnan(seconds)]
    return float(np.median(known)) if len(known) else None


SECTION = Section("raters", "Rater by rater", raters)
