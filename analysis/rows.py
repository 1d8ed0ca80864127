"""The rows behind a number: the items that a cell of a report counts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet

from analysis.models import Computed
from annotations.models import Item, Judgment, Study


class NoSuchNumber(LookupError):
    """The report has no number of that kind."""


def positions_behind(
    study: Study, report: Computed, query: Mapping[str, str]
) -> tuple[str, list[int]]:
    """What the number is, in words, and the positions of the items it counts.

    *query* is ``quality=CODE``, or ``metric=NAME`` with ``consensus=ROW`` and ``automated=COLUMN``;
    without any of these it is the number of items of the study. NoSuchNumber for another one.
    """
    if not {"quality", "metric", "consensus", "automated"} & set(query):
        positions = study.items.order_by("position").values_list("position", flat=True)
        return "All items of the study.", list(positions)
    if code := query.get("quality"):
        return _of_quality(report.result, code)
    return _of_matrix(
        report.result,
        query.get("metric", ""),
        query.get("consensus", ""),
        query.get("automated", ""),
    )


def _of_quality(result: dict[str, Any], code: str) -> tuple[str, list[int]]:
    for row in result["quality"]["items"]:
        if row["code"] == code:
            return row["text"], row["positions"]
    raise NoSuchNumber(f"The report has no data quality row {code!r}.")


def _of_matrix(result: dict[str, Any], metric: str, row: str, column: str) -> tuple[str, list[int]]:
    found = [part for part in result["automated"] if part["kind"] == "labels"]
    for section in found:
        matrix = section["matrix"]
        if metric in ("", section["name"]) and row in matrix["rows"]:
            if column not in matrix["columns"]:
                continue
            at = matrix["rows"].index(row), matrix["columns"].index(column)
            what = f"Raters: {row}. {section['name']}: {column}."
            return what, matrix["positions"][at[0]][at[1]]
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
