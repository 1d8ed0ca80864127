"""The rater board: what each rater did, beside what the others said of the same items.

It serves the talk with raters, not their ranking: disagreeing with the others is not being wrong.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.frozen import BoolArray, Frozen, IntArray
from analysis.sections.common import Computing, Section

LONG_RUN = 12
"""Equal answers in a row, in the order of judging, from which a rater is worth asking."""


def raters(computing: Computing) -> Section:
    """One row a rater: judgments, agreement with the consensus of the others, median seconds,
    longest run of one answer; and agreement by the confidence given."""
    data = computing.data
    agrees, compared = with_others(computing)
    turns = data.turn
    rows = []
    for rater, name in enumerate(data.pseudonyms):
        mine = data.rater == rater
        against = (data.ratings.rater == rater) & compared
        seconds = data.seconds[mine] if len(data.seconds) else np.empty(0)
        run = longest_run(data.code[mine][np.argsort(turns[mine])]) if len(turns) else None
        rows.append(
            {
                "rater": name,
                "kind": data.content["raters"]["kind"][rater],
                "judgments": int(mine.sum()),
                "compared": int(against.sum()),
                "agreement": _share(agrees[against]),
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
    """For each judgment on the scale: is it the majority label of the others, and have they one?"""
    data, ratings = computing.data, computing.data.ratings
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


def longest_run(codes: IntArray) -> int:
    """The length of the longest stretch of equal values."""
    if not len(codes):
        return 0
    ends = np.concatenate([np.nonzero(np.diff(codes))[0], [len(codes) - 1]])
    return int(np.diff(np.concatenate([[-1], ends])).max())


def _calibration(data: Frozen, agrees: BoolArray, compared: BoolArray) -> list[dict[str, Any]]:
    """Agreement with the others at each confidence from 1 to 5: does being sure mean being met?"""
    if not len(data.confidence):
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


def _mixed_up(data: Frozen) -> list[dict[str, Any]]:
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


def _median(seconds: Any) -> float | None:
    known = seconds[~np.isnan(seconds)]
    return float(np.median(known)) if len(known) else None
