"""Two reports side by side: the same statistics, and their differences over shared items.

The columns are those of the two reports. A difference is taken over the items that both sides speak
of, resampled together; where there are too few of them it says why there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from analysis.data.frozen import Frozen, IntArray
from analysis.data.parameters import Parameters
from analysis.kinds import kind_of
from analysis.report.answer import find
from analysis.report.report import Tell, silent
from analysis.sections.computing import Computing, entry
from analysis.sections.metrics.labels import Comparison as AgainstRaters
from analysis.statistics import paired
from analysis.statistics.core.bootstrap import MIN_CLUSTERS
from analysis.statistics.core.result import Result, Undefined, json_safe
from analysis.statistics.paired import Sides, paired_difference
from analysis.words.simulated import simulated_note

FEWEST = 10
"""Shared items below which no difference is computed."""

DOING = 80
"""Letters of what is being done that are kept."""

Facts = dict[str, Any]
OTHERS = "no difference is computed for it: see the two intervals"


@dataclass(frozen=True)
class Side:
    """A report and the data set it was computed from."""

    data: Frozen
    parameters: Parameters
    result: Facts

    @cached_property
    def computing(self) -> Computing:
        return Computing(self.data, self.parameters, kind_of(self.data.study))

    @cached_property
    def metric(self) -> Facts | None:
        """The first metric of the report: the one chosen, or the study's own."""
        return self.result["automated"][0] if self.result["automated"] else None

    @cached_property
    def against(self) -> AgainstRaters:
        return AgainstRaters(self.computing, self.data.automated[0])

    @cached_property
    def identities(self) -> list[tuple[str, Any]]:
        """What each item is, the same in every study: its trial, or its key in an import."""
        items, trials = self.data.content["items"], self.data.content["trials"]["id"]
        return [
            ("key", key) if at is None else ("trial", trials[at])
            for key, at in zip(items["key"], items["trial"], strict=True)
        ]


def compare(first: Side, second: Side, tell: Tell = silent) -> Facts:
    """The statistics of both sides in rows, JSON-safe, and what stands in the way of differences.

    A row has ``first`` and ``second`` (a statistic of the report or None) and ``difference`` (first
    minus second over shared items, with both values there in its details). *tell* hears how far it
    is.
    """
    pairing = _Pairing(first, second)
    asked = [
        *_asked("humans", first.result["humans"], second.result["humans"]),
        *_asked("automated", *(_decided(side.metric) for side in pairing.sides)),
    ]
    rows = []
    for at, row in enumerate(asked):
        tell(at / len(asked), f"Difference of {row['name']}"[:DOING])
        gap = pairing.difference(row["part"], row["key"])
        rows.append(row | {"difference": entry(row["key"], "Difference", gap)})
    found = {
        "rows": rows,
        "shared": len(pairing.items[0]),
        "level": first.parameters.level,
        "remarks": pairing.remarks(),
    }
    return json_safe(found)


def _asked(part: str, first: Facts, second: Facts) -> list[Facts]:
    """A row for each statistic that either side has, in the order of the first."""
    sides = [section["statistics"] for section in (first, second)]
    keys = dict.fromkeys(row["key"] for side in sides for row in side)
    return [
        {
            "part": part,
            "key": key,
            "name": next(row["name"] for side in sides if (row := find(side, key))),
            "first": find(sides[0], key),
            "second": find(sides[1], key),
        }
        for key in keys
    ]


def _decided(metric: Facts | None) -> Facts:
    """The part of a metric's section whose statistics are compared."""
    return metric.get("decided", metric) if metric else {"statistics": []}


class _Pairing:
    """The shared items of two sides, as rows of each."""

    def __init__(self, first: Side, second: Side) -> None:
        self.sides = (first, second)
        at = {identity: row for row, identity in enumerate(second.identities)}
        shared = [(row, at[name]) for row, name in enumerate(first.identities) if name in at]
        both = np.array(shared, dtype=np.int64).reshape(-1, 2)
        self.items: tuple[IntArray, IntArray] = (both[:, 0], both[:, 1])

    def remarks(self) -> list[str]:
        """What to know before reading a difference."""
        first, second = (side.data for side in self.sides)
        found = []
        if first.study["question"] != second.study["question"]:
            found.append("The two studies ask different questions.")
        if first.study["slug"] == second.study["slug"] and set(first.pseudonyms) & set(
            second.pseudonyms
        ):
            found.append("Both sides have raters in common, whose judgments count on both.")
        for name, side in zip(("First", "Second"), self.sides, strict=True):
            if note := simulated_note(side.result):
                found.append(f"{name} side: {note[:1].lower()}{note[1:]}")
        return found

    def refusal(self) -> str | None:
        """Why no difference can be taken at all."""
        first, second = (side.data for side in self.sides)
        if first.asked.name != second.asked.name:
            return f"the scales differ: {first.asked.name} and {second.asked.name}"
        if first.categories != second.categories:
            return "the categories differ"
        if len(self.items[0]) < FEWEST:
            return self._few(len(self.items[0]), "belong to both sides")
        return None

    def _few(self, number: int, what: str) -> str:
        return f"only {number} items {what}; a difference needs {FEWEST}"

    def difference(self, part: str, key: str) -> Result:
        """First minus second of one statistic over the shared items, or why there is none."""
        if reason := self.refusal():
            return Undefined(reason, {"units": len(self.items[0])})
        found = self._humans(key) if part == "humans" else self._metrics(key)
        if isinstance(found, Undefined):
            return found
        sides, rows = found
        first = self.sides[0]
        return paired_difference(
            sides, clusters=self._clusters(rows), **first.computing.bootstrapped
        )

    def _clusters(self, rows: Any) -> Any:
        """The models of the items in *rows* of the shared ones, from four models on."""
        models = np.array([model or "" for model in self.sides[0].data.item_column("model")])
        here = models[self.items[0][rows]]
        return here if len(set(here.tolist()) - {""}) >= MIN_CLUSTERS else None

    def _humans(self, key: str) -> tuple[Sides, Any] | Undefined:
        if key not in {*ALPHAS, *AGREEMENTS}:
            return Undefined(OTHERS, {})
        held = [
            side.data.ratings.per_unit()[rows] >= 2
            for side, rows in zip(self.sides, self.items, strict=True)
        ]
        rows = np.nonzero(held[0] & held[1])[0]
        if len(rows) < FEWEST:
            return Undefined(self._few(len(rows), "were judged twice on both sides"), {})
        ratings = [
            side.data.ratings.of_units(items[rows])
            for side, items in zip(self.sides, self.items, strict=True)
        ]
        first = self.sides[0].data
        scale: Any = first.scale
        if key not in ALPHAS:
            weighted = scale == "ordinal" and key != "percent"
            weights: Any = "quadratic" if weighted else "unweighted"
            q, name = len(first.categories), AGREEMENTS[key]
            return paired.agreements(ratings[0], ratings[1], q, name, weights), rows
        try:
            return paired.alphas(ratings[0], ratings[1], ALPHAS[key] or scale), rows
        except ValueError as reason:
            return Undefined(str(reason), {"units": len(rows)})

    def _metrics(self, key: str) -> tuple[Sides, Any] | Undefined:
        if not all(side.data.automated for side in self.sides):
            return Undefined("one side has no automated metric", {})
        if self.sides[0].data.is_interval:
            return self._numbers(key)
        return self._labels(key)

    def _labels(self, key: str) -> tuple[Sides, Any] | Undefined:
        if key not in SCORES:
            return Undefined(OTHERS, {})
        decided = [
            side.against.decided[items] for side, items in zip(self.sides, self.items, strict=True)
        ]
        rows = np.nonzero(decided[0] & decided[1])[0]
        if len(rows) < FEWEST:
            return Undefined(self._few(len(rows), "have a consensus and a label on both sides"), {})
        columns = [
            _classified(side.against, items[rows])
            for side, items in zip(self.sides, self.items, strict=True)
        ]
        return paired.labelled(columns[0], columns[1], SCORES[key]), rows

    def _numbers(self, key: str) -> tuple[Sides, Any] | Undefined:
        if key not in MEASURES:
            return Undefined(OTHERS, {})
        columns = [
            (side.data.automated[0].number[items], side.data.mean_number()[items])
            for side, items in zip(self.sides, self.items, strict=True)
        ]
        known = [~np.isnan(metric) & ~np.isnan(people) for metric, people in columns]
        rows = np.nonzero(known[0] & known[1])[0]
        if len(rows) < FEWEST:
            return Undefined(self._few(len(rows), "have numbers from both on both sides"), {})
        first, second = ((metric[rows], people[rows]) for metric, people in columns)
        return MEASURES[key](first, second), rows


def _classified(against: AgainstRaters, items: IntArray) -> tuple[IntArray, IntArray, int]:
    """Consensus and metric of *items*, which both have decided, and the number of values."""
    every = np.ones(len(items), dtype=bool)
    truth, said = (
        against.codes(column[items], against.values, every)
        for column in (against.truth, against.said)
    )
    return truth, said, len(against.values)


ALPHAS: dict[str, Any] = {"alpha": None, "alpha_nominal": "nominal"}
"""The scale of each alpha; None for the study's own."""

AGREEMENTS: dict[str, paired.Coefficient] = {
    "percent": "percent",
    "gwet_ac": "gwet",
    "fleiss": "fleiss",
    "brennan_prediger": "brennan_prediger",
}
SCORES: dict[str, paired.Score] = {
    "accuracy": paired.accuracy,
    "balanced_accuracy": paired.balanced_accuracy,
    "gwet_ac": paired.gwet_ac1,
    "kappa": paired.kappa,
    "kappa_quadratic": paired.kappa_quadratic,
    "macro_f1": paired.macro_f1,
}
MEASURES: dict[str, Callable[..., Sides]] = {
    "bias": paired.biases,
    "ccc": paired.concordances,
}
