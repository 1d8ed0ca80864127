"""The rows behind a number: the items that a cell of a report counts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

import numpy as np
from django.db.models import Prefetch, QuerySet

from analysis.dataset import thaw
from analysis.frozen import Frozen, in_memory
from analysis.models import Computed
from analysis.sections.common import BY, facts_of
from annotations.models import Item, Judgment, Study


class NoSuchNumber(LookupError):
    """The report has no number of that kind."""


def positions_behind(
    study: Study, report: Computed, query: Mapping[str, str]
) -> tuple[str, list[int]]:
    """What the number is, in words, and the positions of the items it counts.

    *query* is one of ``quality=CODE``; ``metric=NAME`` with ``consensus=ROW``, ``automated=COLUMN``
    or both, and ``decided`` for values alone; ``rater=NAME``; ``category=NAME``; ``fact=FACT`` with
    ``group=NAME``; ``at=PATH`` of positions that the report itself holds. Without any of these it
    is the number of items of the study. NoSuchNumber for another one.
    """
    known = {"quality", "metric", "consensus", "automated", "rater", "category", "fact", "at"}
    asked = known & set(query)
    if not asked:
        positions = study.items.order_by("position").values_list("position", flat=True)
        return "All items of the study.", list(positions)
    if "quality" in asked:
        return _of_quality(report.result, query["quality"])
    if "at" in asked:
        return _at(report.result, query["at"])
    if {"rater", "category", "fact"} & asked:
        return _of_data(_frozen(report), query)
    return _of_matrix(report.result, query)


def _at(result: dict[str, Any], path: str) -> tuple[str, list[int]]:
    """The items of a part of the report that lists them, by its keys and places: 'a.0.b'."""
    part: Any = result
    for step in path.split("."):
        if isinstance(part, list) and step.isdecimal() and int(step) < len(part):
            part = part[int(step)]
        elif isinstance(part, dict) and step in part:
            part = part[step]
        else:
            raise NoSuchNumber(f"The report has nothing at {path!r}.")
        if isinstance(part, list) and step.endswith("positions"):
            return AT.get(step, "Items behind this number."), part
    raise NoSuchNumber(f"What the report has at {path!r} lists no items.")


AT = {
    "settled_positions": "Items without a majority that the model settles.",
    "differ_positions": "Items on which the majority and the model differ.",
}


def _frozen(report: Computed) -> Frozen:
    """The data set that the report was computed from."""
    return in_memory(report.data_set.sha256, thaw(report.data_set))


def _of_data(data: Frozen, query: Mapping[str, str]) -> tuple[str, list[int]]:
    """Items judged by a rater, called a category by anybody, or of a group."""
    if name := query.get("rater"):
        if name not in data.pseudonyms:
            raise NoSuchNumber(f"The report has no rater {name!r}.")
        mine = np.bincount(
            data.item[data.rater == data.pseudonyms.index(name)], minlength=data.n_items
        )
        return f"Judged by {name}.", data.positions_where(mine > 0)
    if name := query.get("category"):
        if name not in data.categories:
            raise NoSuchNumber(f"The report has no category {name!r}.")
        counts = data.ratings.category_counts(len(data.categories))
        called = counts[:, data.categories.index(name)] > 0
        return f"Called {name} by at least one rater.", data.positions_where(called)
    fact, group = query.get("fact", ""), query.get("group", "")
    if fact not in BY:
        raise NoSuchNumber(f"Items are not grouped by {fact!r}.")
    mask = facts_of(data, fact) == group
    judged = data.ratings.per_unit() > 0
    return f"{BY[fact]}: {group}, judged.", data.positions_where(mask & judged)


def _of_quality(result: dict[str, Any], code: str) -> tuple[str, list[int]]:
    for row in result["quality"]["items"]:
        if row["code"] == code:
            return row["text"], row["positions"]
    raise NoSuchNumber(f"The report has no data quality row {code!r}.")


def _of_matrix(result: dict[str, Any], query: Mapping[str, str]) -> tuple[str, list[int]]:
    """A cell of a confusion matrix, or the whole row or column of one label; with ``decided`` only
    the cells in which both sides gave a value."""
    metric, row, column = query.get("metric", ""), query.get("consensus"), query.get("automated")
    for section in result["automated"]:
        if section["kind"] != "labels" or metric not in ("", section["name"]):
            continue
        matrix = section["matrix"]
        rows, columns = matrix["rows"], matrix["columns"]
        if row is column is None or row not in (None, *rows) or column not in (None, *columns):
            continue
        usable = section["values"] if "decided" in query else [*rows, *columns]
        cells = [
            matrix["positions"][at][to]
            for at, one in enumerate(rows)
            for to, other in enumerate(columns)
            if row in (None, one) and column in (None, other) and {one, other} <= set(usable)
        ]
        who = "" if row is None else f"Raters: {row}."
        said = "" if column is None else f" {section['name']}: {column}."
        return f"{who}{said}".strip(), sorted(chain.from_iterable(cells))
    raise NoSuchNumber(f"No confusion matrix has the cell {row!r}, {column!r}.")


def items_at(study: Study, positions: list[int]) -> QuerySet[Item]:
    """The items at *positions* with their trial and current judgments, by position."""
    current = Judgment.objects.current().select_related("rater").order_by("rater__pseudonym")
    return (
        Item.objects.filter(study=study, position__in=positions)
        .select_related("trial")
        .prefetch_related(Prefetch("judgments", queryset=current, to_attr="current_judgments"))
        .order_by("position")
    )
