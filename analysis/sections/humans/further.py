"""Do the raters agree on the further questions of the study? The first one is the report's subject.

The data set holds the answers under ``further`` (``analysis.data.further_columns``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.data.extreme_numbers import reason_of
from analysis.data.frozen import FloatArray, IntArray
from analysis.sections.computing import Computing, entry
from analysis.sections.result.humans import Further
from analysis.sections.result.statistic import Statistic
from analysis.sections.section import Section
from analysis.statistics.agreement.alpha import krippendorff_alpha
from analysis.statistics.agreement.vectors import vector_alpha
from analysis.statistics.core.ratings import Ratings
from analysis.statistics.core.result import Result, Undefined
from annotations.kinds import question_kind
from annotations.scales.numbers import Number
from annotations.scales.scale import Scale
from annotations.scales.vectors import Vector


def further(computing: Computing) -> list[Further]:
    """One entry a further question: what it asks, how often it was answered on which items, and
    Krippendorff's alpha by its scale (of a vector the macro mean, then each dimension)."""
    return [_section(computing, asked) for asked in computing.data.content.get("further", [])]


def _section(computing: Computing, asked: dict[str, Any]) -> Further:
    data = computing.data
    item, rater = (np.array(asked[name], dtype=np.int64) for name in ("item", "rater"))
    per_item = np.bincount(item, minlength=data.n_items)
    scale = question_kind(asked["kind"]).scale_for(tuple(asked["categories"]))
    statistics = (
        _vector(computing, scale, asked, item, rater)
        if isinstance(scale, Vector)
        else _single(computing, scale, asked, item, rater)
    )
    return {
        "key": asked["key"],
        "kind": asked["kind"],
        "question": asked["prompt"],
        "judgments": len(item),
        "items": int(np.count_nonzero(per_item)),
        "positions": data.positions_where(per_item > 0),
        "twice": int(np.count_nonzero(per_item > 1)),
        "twice_positions": data.positions_where(per_item > 1),
        "statistics": statistics,
    }


def _single(
    computing: Computing, asks: Scale, asked: dict[str, Any], item: IntArray, rater: IntArray
) -> list[Statistic]:
    scale: Any = asks.level
    values = _values(asked, asks)
    result: Result
    if reason := reason_of(values, "the raters'") if scale == "interval" else "":
        result = Undefined(reason, {"judgments": len(values)})
    else:
        ratings = Ratings.from_long(item, rater, values, n_units=computing.data.n_items)
        result = krippendorff_alpha(
            ratings, scale, clusters=computing.clusters, **computing.bootstrapped
        )
    return [entry("alpha", f"Krippendorff's alpha, {scale}", result)]


def _values(asked: dict[str, Any], asks: Scale) -> FloatArray:
    """Numbers as they are; labels as codes of the declared categories, then of any others."""
    if isinstance(asks, Number):
        return np.array(asked["said"], dtype=np.float64)
    others = sorted(set(asked["said"]) - set(asked["categories"]))
    at = {name: code for code, name in enumerate([*asked["categories"], *others])}
    return np.array([at[said] for said in asked["said"]], dtype=np.float64)


def _vector(
    computing: Computing, asks: Vector, asked: dict[str, Any], item: IntArray, rater: IntArray
) -> list[Statistic]:
    names = asks.dimensions
    parsed = [asks.numbers(said) for said in asked["said"]]
    there = np.array([vector is not None for vector in parsed], dtype=bool)
    table = np.array([vector for vector in parsed if vector is not None], dtype=np.float64)
    found = vector_alpha(
        item[there],
        rater[there],
        table.reshape(-1, len(names)),
        n_units=computing.data.n_items,
        clusters=computing.clusters,
        **computing.bootstrapped,
    )
    what = "Krippendorff's alpha, ordinal"
    return [
        entry("alpha_macro", f"{what}, macro mean", found.macro),
        *(
            entry(f"alpha_{at}", f"{what}: {name}", result)
            for at, (name, result) in enumerate(zip(names, found.dimensions, strict=True), start=1)
        ),
    ]


SECTION = Section("further", "The further questions", further)
