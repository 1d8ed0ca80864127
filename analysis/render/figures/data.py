"""What each figure draws, as rows taken from the result of a report; None when there is nothing."""

from __future__ import annotations

from typing import Any

from analysis.kinds import kind_of
from analysis.render.theme import Rows

Part = dict[str, Any]
MAX_GROUPS = 40


def first_labels(result: Part) -> Part | None:
    """The first metric that gives labels, which is the study's own where it has one."""
    return next((part for part in result["automated"] if part["kind"] == "labels"), None)


def confusion(result: Part) -> Rows:
    """Items by consensus and automated label, with the share of the row; empty rows left out."""
    section = first_labels(result)
    if section is None:
        return []
    matrix = section["matrix"]
    return [
        {"consensus": row, "automated": column, "items": n, "share": n / sum(counts)}
        for row, counts in zip(matrix["rows"], matrix["counts"], strict=True)
        if sum(counts)
        for column, n in zip(matrix["columns"], counts, strict=True)
    ]


def forest(result: Part) -> Rows:
    """Agreement of the first metric with the raters in each group that has an interval."""
    section = result["groups"]
    if section is None or not section["metrics"]:
        return []
    return _forest(section["metrics"][0]["by"], ("accuracy", "ccc"))


def forest_humans(result: Part) -> Rows:
    """Alpha of the raters in each group that has an interval."""
    section = result["groups"]
    return _forest(section["humans"]["by"], ("alpha",)) if section else []


def _forest(by: list[Part], keys: tuple[str, ...]) -> Rows:
    """The first groups first; a fact with one group compares nothing and is left out."""
    found: Rows = []
    for part in by:
        known = [
            {
                "by": part["title"],
                "group": row["group"],
                "items": row["items"],
                "statistic": row[key]["name"],
                "value": row[key]["value"],
                "low": row[key]["interval"]["low"],
                "high": row[key]["interval"]["high"],
            }
            for row in part["rows"]
            for key in keys
            if key in row and row[key]["defined"] and row[key]["interval"]
        ]
        if len(part["rows"]) > 1 or part["fact"] == "model":
            found += known
    return found[:MAX_GROUPS]


def corrected(result: Part) -> Rows:
    """What lies between 0 and 1 over all scored trials by the first corrected metric: as it says,
    and as corrected by the raters. A mean in another unit has no place on this axis."""
    section = next((part for part in result["corrected"] if part["defined"]), None)
    if section is None:
        return []
    beyond = ("mean", *kind_of(result["study"]).no_shares)
    return [
        {
            "what": row["label"],
            "uncorrected": row["uncorrected"],
            "corrected": row["corrected"]["value"],
            "low": row["corrected"]["interval"]["low"],
            "high": row["corrected"]["interval"]["high"],
        }
        for row in section["rows"]
        if row["key"] not in beyond and row["corrected"]["defined"] and row["corrected"]["interval"]
    ]


def bland_altman(result: Part) -> Rows:
    """Mean and difference of each item, for the first metric that has both in one unit."""
    section = differences(result)
    if section is None:
        return []
    return [
        {"item": int(position), "mean": x, "difference": y}
        for x, y, position in section["differences"]
    ]


def differences(result: Part) -> Part | None:
    """The first section that compares a metric with the raters in units of the scale."""
    beside = kind_of(result["study"]).beside_key
    parts = [
        part if part["kind"] == "numbers" else part.get(beside) for part in result["automated"]
    ]
    return next((part for part in parts if part and part["differences"]), None)


def calibration(result: Part) -> Rows:
    """Agreement with the other raters at each confidence."""
    rows = [row for row in result["raters"]["calibration"] if row["agreement"] is not None]
    return _columns(rows, "confidence", "judgments", "agreement")


def disagreement(result: Part) -> Rows:
    """When one rater said the one label, how often another said the other."""
    return _columns(result["raters"]["mixed_up"], "one", "other", "share", "of")


def _columns(rows: Rows, *names: str) -> Rows:
    """Rows with their columns in this order: PostgreSQL keeps the keys of a stored result in one
    of its own."""
    return [{name: row[name] for name in names} for row in rows]
