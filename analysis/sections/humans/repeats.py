"""Does a rater say the same of an item shown a second time? Planned repeats, apart from the rest.

The data set holds them under ``repeats``: columns ``item`` and ``rater`` (places, from 0),
``first`` and ``again`` (what the rater said each time: a label, or a number on an interval scale).
The first judgment is the one that counts everywhere else.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.data.extreme_numbers import reason_of
from analysis.data.frozen import FloatArray, Frozen, IntArray
from analysis.sections.computing import Computing, entry, warning
from analysis.sections.result.humans import Repeats as RepeatsSection
from analysis.sections.result.humans import RepeatsOfRater
from analysis.sections.result.statistic import Statistic, Warning
from analysis.sections.section import Section
from analysis.statistics.intra_rater import FEW_PAIRS, Repeats, repeated_labels, repeated_numbers

NAMES = {
    "percent": "Same label again",
    "alpha": "Krippendorff's alpha of first and repeated judgment",
    "kappa": "Cohen's kappa of first and repeated judgment",
    "within_sd": "Within-rater SD, scale units",
    "repeatability": "Repeatability: 95 % of repeats differ by less, scale units",
}


def repeats(computing: Computing) -> RepeatsSection:
    """Each statistic over all pairs and for each rater; undefined where nothing was repeated."""
    data = computing.data
    item, rater, first, again = _columns(data)
    made = _statistics(computing, rater, first, again)
    rows: list[RepeatsOfRater] = [
        {
            "rater": data.pseudonyms[at],
            "pairs": int((rater == at).sum()),
            "positions": sorted({data.positions[one] for one in item[rater == at].tolist()}),
            "statistics": _entries(found),
        }
        for at, found in made.raters.items()
    ]
    return {
        "pairs": len(item),
        "positions": sorted({data.positions[one] for one in item.tolist()}),
        "statistics": _entries(made.overall),
        "raters": rows,
        "warnings": _warnings(len(item)),
    }


def _entries(found: dict[str, Any]) -> list[Statistic]:
    return [entry(key, NAMES[key], result) for key, result in found.items()]


def _columns(data: Frozen) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Item, rater, first and repeated judgment of the pairs whose two halves lie on the scale."""
    held = data.content.get("repeats") or {name: [] for name in ("item", "rater", "first", "again")}
    first, again = (_values(data, held[name]) for name in ("first", "again"))
    there = ~np.isnan(first) & ~np.isnan(again)
    if data.beyond or reason_of(again, "the raters'"):
        there[:] = False
    item, rater = (np.array(held[name], dtype=np.int64) for name in ("item", "rater"))
    return item[there], rater[there], first[there], again[there]


def _values(data: Frozen, said: list[Any]) -> FloatArray:
    """Numbers as they are; labels as codes of the study's categories, NaN for any other."""
    if data.is_interval:
        return np.array([np.nan if x is None else x for x in said], dtype=np.float64)
    at = {name: code for code, name in enumerate(data.categories)}
    return np.array([at.get(label, np.nan) for label in said], dtype=np.float64)


def _statistics(
    computing: Computing, rater: IntArray, first: FloatArray, again: FloatArray
) -> Repeats:
    data = computing.data
    if data.is_interval:
        return repeated_numbers(rater, first, again, level=computing.parameters.level)
    return repeated_labels(
        rater,
        first,
        again,
        max(1, len(data.categories)),
        scale=data.scale,  # type: ignore[arg-type]
        **computing.bootstrapped,
    )


def _warnings(pairs: int) -> list[Warning]:
    if not 0 < pairs < FEW_PAIRS:
        return []
    text = f"Only {pairs} judgments were repeated: how steady raters are is hardly known."
    return [warning("few_repeats", text)]


SECTION = Section("repeats", "Raters against themselves", repeats, of_the_raters=True)
